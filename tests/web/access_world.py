"""Everybody who could ask, and one phiếu in every state that it can be in: what the table of rights is driven over.

Nothing that a request does is kept (`Rehearsal`), so that thousands of them can be made on one instance.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from survey.core.workflow import Role, RoundState, SubmissionState
from survey.services import make_charts
from survey.services.attach_evidence import EvidenceForm, add_evidence
from survey.services.create_account import Serves, create_account
from survey.services.evidence_files import Upload, admit_file, keep_bytes
from survey.services.fill import save_answers
from survey.services.import_agencies import import_agencies
from survey.services.instance import Session, change_setting, system_clock, upgrade
from survey.services.load_questionnaires import load_questionnaires
from survey.services.open_round import open_round
from survey.services.people import Person
from survey.services.request_kad import request_kad
from survey.services.review_submission import review_submission
from survey.services.saved_views import Change
from survey.services.send_for_approval import send_for_approval
from survey.services.sign_in import CheckedPassword, open_session
from survey.services.sign_off import approve
from survey.services.who_provides import choose_providers
from survey.storage.accounts import WebSession
from survey.storage.database import Database
from survey.storage.evidence import EvidenceRecord
from survey.storage.rounds import Round
from survey.storage.submission_rows import SubmissionRow, rows_of_round
from survey.storage.submissions import SignOff, Submission
from survey.web.app import create_app
from survey.web.expected import Target
from tests.core.handed_files import PDF
from tests.services.world import FULL, HERE, PASSWORD

AGENCIES = """code,name,kind,type,level,parent_code,questionnaire,cohort,assessed,has_tthc
TP,Ủy ban nhân dân Thành phố,nha_nuoc,ubnd,thanh_pho,,,,0,
SO-1,Sở Y tế,nha_nuoc,so,thanh_pho,TP,mau,so-nganh,1,1
SO-2,Sở Tài chính,nha_nuoc,so,thanh_pho,TP,mau,so-nganh,1,1
DU-1,Đảng ủy phường Ba Đình,dang,dang_uy_xa,xa_phuong,TP,mau,dang-uy-xa-phuong,1,1
"""
OWN, NEIGHBOUR, PARTY = "SO-1", "SO-2", "DU-1"
_clerk, _leader = Role.CLERK, Role.LEADER
ASKERS: dict[str, dict[str, Any]] = {  # what each is: bodies served, roles of the instance, khối
    "clerk": {"serves": [(OWN, _clerk)]},
    "leader": {"serves": [(OWN, _leader)]},
    "clerk_who_leads_another": {"serves": [(OWN, _clerk), (NEIGHBOUR, _leader)]},
    "leader_who_types_for_another": {"serves": [(OWN, _leader), (PARTY, _clerk)]},
    "neighbour": {"serves": [(NEIGHBOUR, _clerk), (NEIGHBOUR, _leader)]},
    "party": {"serves": [(PARTY, _clerk), (PARTY, _leader)]},
    "party_clerk_coordinating": {"serves": [(PARTY, _clerk)], "roles": [Role.COORDINATOR], "kinds": ["nha_nuoc"]},
    "coordinator": {"roles": [Role.COORDINATOR], "kinds": ["*"]},
    "coordinator_of_the_khoi": {"roles": [Role.COORDINATOR], "kinds": ["nha_nuoc", "mttq_ctxh"]},
    "coordinator_of_another_khoi": {"roles": [Role.COORDINATOR], "kinds": ["dang"]},
    "coordinator_of_totals": {"roles": [Role.COORDINATOR], "kinds": []},
    "administrator": {"roles": [Role.ADMINISTRATOR]},
    "auditor": {"roles": [Role.AUDITOR]},
}
ROUNDS = {  # state of the round, days until it opens, days until it closes
    "draft": (RoundState.DRAFT, 5, 20),
    "not_begun": (RoundState.OPEN, 5, 20),
    "open": (RoundState.OPEN, -5, 20),
    "late": (RoundState.OPEN, -5, -1),
    "closed": (RoundState.CLOSED, -5, 20),
}
STATES = tuple(SubmissionState)
DOCUMENT = EvidenceForm("12/QĐ-SYT", "02/03/2026", "Sở Y tế", "Quyết định phân công", "", not_secret=True)
KAD = "2.3"  # the indicator that is asked to be left out
GIVEN = "2.4"  # the indicator whose figures the neighbours give


class Rehearsal(Database):
    """The same database, but whatever a unit of work writes is taken back at its end."""

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """As always, without the commit."""
        with super().writing() as session:
            session.commit = session.flush  # type: ignore[method-assign]
            yield session


@dataclass
class Rights:
    """The instance, its application over a rehearsal of it, and everybody's cookie and person."""

    app: Flask
    database: Database
    people: dict[str, Person]
    cookies: dict[str, str]
    submissions: dict[str, int]  # by agency code
    document: int  # of the own phiếu
    file: int  # of that document
    signed: str  # hash of what its leader has approved
    accounts: dict[str, int]

    def put(self, when: str, state: SubmissionState) -> Target:
        """Bring the round and every phiếu into a state; what an address of them is then about."""
        make_charts._DRAWN.clear()  # what changes here leaves no event, so drawings would outlive it
        round_state, opens, closes = ROUNDS[when]
        now = system_clock()
        with self.database.writing() as session:
            opens_at, closes_at = now + timedelta(days=opens), now + timedelta(days=closes)
            session.execute(sa.update(Round).values(state=round_state, opens_at=opens_at, closes_at=closes_at))
            sent = state is SubmissionState.SENT
            session.execute(sa.update(Submission).values(state=state, sent_at=now if sent else None))
            session.execute(sa.update(SignOff).values(ended_at=None if sent else now))
        return self.target(when, state)

    def target(self, when: str, state: SubmissionState) -> Target:
        """What an address of them is about in a state."""
        round_state, _, closes = ROUNDS[when]
        seen = RoundState.DRAFT if when == "not_begun" else round_state
        givers = frozenset(one.agency_id for one in self.people["neighbour"].bodies)
        given = frozenset({"nha_nuoc", "dang"})
        return Target(self.agency, "nha_nuoc", state, seen, in_time=closes > 0, givers=givers, given=given)

    @property
    def agency(self) -> int:
        """The id of the body that addresses are about."""
        return next(one.agency_id for one in self.people["clerk"].bodies)


def build(folder: Path) -> Rights:
    """Make the instance: the neighbours' phiếu are the same as the own one, so that a leak would show."""
    (folder / "agencies.csv").write_text(AGENCIES, encoding="utf-8")
    url = f"sqlite:///{folder / 'rights.db'}"
    database = Database(url)
    upgrade(database)
    now = system_clock()
    with database.writing() as session:
        import_agencies(session, folder / "agencies.csv")
        load_questionnaires(session, HERE / "mau")
        change_setting(session, "second_factor", "0")
        opened = open_round(
            session, code="2026", title="Đợt đánh giá năm 2026", period="Năm 2026",
            opens_at=now - timedelta(days=5), closes_at=now + timedelta(days=20),
        )  # fmt: skip
        accounts = {login: _account(session, login, **asker) for login, asker in ASKERS.items()}
    people, cookies = {}, {}
    for login, number in accounts.items():
        with database.writing() as session:
            result = open_session(session, CheckedPassword(login, number, matches=True))
        assert result.signed_in is not None
        assert result.token is not None
        people[login], cookies[login] = result.signed_in.person, result.token
    with database.writing() as session:
        rows = rows_of_round(session, opened.round_id)
        for row in rows:
            _send(session, row, people, folder)
        chosen = {f"{rows[0].version_id}.{GIVEN}": NEIGHBOUR}
        choose_providers(session, people["coordinator"], "2026", chosen)
        numbers = {row.agency_code: row.id for row in rows}
        own = EvidenceRecord.submission_id == numbers[OWN]
        document, file = session.execute(sa.select(EvidenceRecord.id, EvidenceRecord.file_id).where(own)).one()
        signed = session.scalars(sa.select(SignOff.content_hash).where(SignOff.submission_id == numbers[OWN])).one()
        # nobody has been idle for too long however slowly the cells are driven
        session.execute(sa.update(WebSession).values(last_seen=now + timedelta(hours=4)))
    app = create_app(folder, Rehearsal(url))
    return Rights(app, database, people, cookies, numbers, document, file, signed, accounts)


def _account(session: Session, login: str, **asker: Any) -> int:
    serves = [Serves(code, role) for code, role in asker.get("serves", ())]
    return create_account(
        session, login=login, name=f"Người {login}", password=PASSWORD,
        roles=asker.get("roles", ()), kinds=asker.get("kinds", ()), serves=serves,
    )  # fmt: skip


def _send(session: Session, row: SubmissionRow, people: dict[str, Person], folder: Path) -> None:
    """From the first answer to the receipt, with a document and a request that waits."""
    clerk, leader = {
        OWN: ("clerk", "leader"), NEIGHBOUR: ("neighbour", "neighbour"), PARTY: ("party", "party"),
    }[row.agency_code]  # fmt: skip
    save_answers(session, people[clerk], row.id, [Change(key, text, 0) for key, text in FULL.items()])
    upload = Upload(PDF, "Quyết định.pdf", not_secret=True)
    handed = admit_file(session, people[clerk], row.id, upload)
    keep_bytes(folder, handed, upload)
    add_evidence(session, people[clerk], row.id, DOCUMENT, ["1.1"], file=handed)
    request_kad(session, people[clerk], row.id, KAD, "Cơ quan không được giao nhiệm vụ này.")
    send_for_approval(session, people[clerk], row.id, missing_confirmed=True)
    approve(session, people[leader], row.id, review_submission(session, people[leader], row.id).content_hash)
