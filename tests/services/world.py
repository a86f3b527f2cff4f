"""A small world for tests of services: four assessed bodies, seven people, one round that is open."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from survey.core.document import revision_of
from survey.core.workflow import Role
from survey.services.create_account import Serves, create_account
from survey.services.fill import save_answers
from survey.services.import_agencies import import_agencies
from survey.services.instance import Clock, Session, change_setting, upgrade
from survey.services.load_questionnaires import load_questionnaires
from survey.services.open_round import open_round
from survey.services.people import Person
from survey.services.review_submission import review_submission
from survey.services.saved_views import Change, SavedAnswers
from survey.services.scope import find_submission
from survey.services.send_for_approval import send_for_approval
from survey.services.sign_in import check_password, open_session
from survey.services.sign_off import approve
from survey.services.submission_views import Receipt
from survey.storage.database import Database
from survey.storage.submission_rows import rows_of_round

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CLOSES = NOW + timedelta(days=22)
PASSWORD = "mật khẩu thật dài"
FULL = {
    "1.1": "nguoi_dung_dau", "1.2.a": "73", "so_cbccvc": "106", "1.3": "yes", "2.1.a": "9", "2.1.b": "10",
    "2.2.a": "5", "2.3": "4", "2.5": "sao_luu;tap_huan", "2.6": "2,5", "2.7": "Thiếu kinh phí",
}  # fmt: skip
"""An answer to everything that a body with has_tthc is asked."""


def at(**later: float) -> Clock:
    """A clock that stands `later` (as of timedelta) after NOW."""
    moment = NOW + timedelta(**later)
    return lambda: moment


@dataclass(frozen=True)
class Known:
    """What is the same in every copy."""

    people: dict[str, Person]
    tokens: dict[str, str]
    submissions: dict[str, int]  # by agency code
    round_id: int


@dataclass
class World:
    """One copy."""

    database: Database
    known: Known
    minutes: float = field(default=0)

    def __getitem__(self, login: str) -> Person:
        return self.known.people[login]

    def submission(self, agency: str = "SO-1") -> int:
        return self.known.submissions[agency]

    def save(
        self, typed: dict[str, str], *, by: str = "clerk", agency: str = "SO-1", seen: int | None = None
    ) -> SavedAnswers:
        """Save answers, each seen as it stands unless told otherwise, a minute after the last save."""
        self.minutes += 1
        with self.database.writing() as session:
            row = find_submission(session, self[by], self.submission(agency))
            changes = [
                Change(key, text, revision_of(row.answers.get(key)) if seen is None else seen)
                for key, text in typed.items()
            ]
            return save_answers(session, self[by], row.id, changes, clock=at(minutes=self.minutes))

    def act(self, service: Callable[..., Any], person: str, *values: Any, agency: str = "SO-1", **named: Any) -> Any:
        """Call a service on a submission as this person, a minute after the last act unless told otherwise."""
        self.minutes += 1
        named = {"clock": at(minutes=self.minutes)} | named
        with self.database.writing() as session:
            return service(session, self[person], self.submission(agency), *values, **named)

    def look(self, service: Callable[..., Any], person: str, *values: Any, agency: str = "SO-1", **named: Any) -> Any:
        """Read by a service as this person."""
        named = {"clock": at(minutes=self.minutes)} | named
        with self.database.reading() as session:
            return service(session, self[person], self.submission(agency), *values, **named)

    def present(self, *, by: str = "clerk", agency: str = "SO-1") -> None:
        """Trình duyệt, with what is missing confirmed."""
        self.minutes += 1
        with self.database.writing() as session:
            clock = at(minutes=self.minutes)
            send_for_approval(session, self[by], self.submission(agency), missing_confirmed=True, clock=clock)

    def seen_hash(self, *, by: str = "leader", agency: str = "SO-1") -> str:
        """What the leader's form carries."""
        with self.database.reading() as session:
            return review_submission(session, self[by], self.submission(agency), clock=at()).content_hash

    def approve(self, *, by: str = "leader", agency: str = "SO-1", seen: str | None = None) -> Receipt:
        """Duyệt và gửi."""
        self.minutes += 1
        digest = self.seen_hash(by=by, agency=agency) if seen is None else seen
        with self.database.writing() as session:
            return approve(session, self[by], self.submission(agency), digest, clock=at(minutes=self.minutes))

    def send(
        self, typed: dict[str, str], *, by: str = "clerk", leader: str = "leader", agency: str = "SO-1"
    ) -> Receipt:
        """From answers to a receipt."""
        self.save(typed, by=by, agency=agency)
        self.present(by=by, agency=agency)
        return self.approve(by=leader, agency=agency)


def build_world(database: Database, rules: Path = HERE / "mau") -> Known:
    """Agencies, accounts, questionnaire and round."""
    upgrade(database)
    file = HERE / "mau" / "agencies.csv"
    with database.writing() as session:
        import_agencies(session, file, clock=at())
        load_questionnaires(session, rules, clock=at())
        change_setting(session, "second_factor", "0")  # but where a test asks for it
        opened = open_round(
            session, code="2026", title="Đợt đánh giá năm 2026", period="Năm 2026",
            opens_at=NOW - timedelta(days=1), closes_at=CLOSES, clock=at(),
        )  # fmt: skip
        _accounts(session)
        submissions = {row.agency_code: row.id for row in rows_of_round(session, opened.round_id)}
    people, tokens = {}, {}
    for login in ("clerk", "clerk2", "leader", "other", "third", "coordinator", "admin"):
        with database.reading() as session:
            checked = check_password(session, login, PASSWORD, clock=at())
        with database.writing() as session:
            result = open_session(session, checked, clock=at())
        assert result.signed_in is not None
        assert result.token is not None
        people[login], tokens[login] = result.signed_in.person, result.token
    return Known(people, tokens, submissions, opened.round_id)


def _accounts(session: Session) -> None:
    clerk, leader = Role.CLERK, Role.LEADER
    served = {
        "clerk": [Serves("SO-1", clerk), Serves("P-1", clerk)],
        "clerk2": [Serves("SO-1", clerk)],
        "leader": [Serves("SO-1", leader, "Giám đốc"), Serves("P-1", leader)],
        "other": [Serves("SO-2", clerk), Serves("SO-2", leader)],
        "third": [Serves("SO-3", clerk), Serves("SO-3", leader)],
        "coordinator": [],
        "admin": [],
    }
    roles = {"coordinator": [Role.COORDINATOR], "admin": [Role.ADMINISTRATOR]}
    for login, bodies in served.items():
        create_account(
            session, login=login, name=f"Người {login}", password=PASSWORD,
            roles=roles.get(login, ()), serves=bodies, clock=at(),
        )  # fmt: skip
