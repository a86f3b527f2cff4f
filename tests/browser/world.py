"""An instance for browser tests: seven real bodies with the longest names, their people, one round that is open."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from survey.core.asks import Checks, Choice, FreeText, Number, Points, YesNo
from survey.core.document import place_key
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.workflow import Role
from survey.services import instance
from survey.services.attach_evidence import EvidenceForm, add_evidence
from survey.services.create_account import Serves, create_account
from survey.services.evidence_files import Upload, admit_file, attach_file, keep_bytes
from survey.services.fill import save_answers
from survey.services.import_agencies import import_agencies, packaged_agencies
from survey.services.load_questionnaires import load_questionnaires
from survey.services.open_round import open_round
from survey.services.people import Person
from survey.services.request_kad import request_kad
from survey.services.review_submission import review_submission
from survey.services.saved_views import Change
from survey.services.scope import find_submission
from survey.services.send_for_approval import send_for_approval
from survey.services.sheet import read_sheet
from survey.services.sign_in import check_password, find_signed_in, open_session
from survey.services.sign_off import approve, return_to_clerk
from survey.storage.database import Database, Session
from survey.storage.submission_rows import rows_of_round
from tests.core.handed_files import PDF

PASSWORD = "mật khẩu thật dài"
ROUND = "2026"
WARD, PARTY, FRONT, FRONT_2 = "HN-00004-UBND", "HN-00004-DU", "HN-00004-MTTQ", "HN-00226-MTTQ"
BOARD, DEPARTMENT = "HN-UBND-BQLKCN", "HN-UBND-SNV"
BODIES = {"phuong": WARD, "danguy": PARTY, "mttq": FRONT, "mttq2": FRONT_2, "bql": BOARD, "so": DEPARTMENT}
OFFICE = {"tonghop": Role.COORDINATOR, "quantri": Role.ADMINISTRATOR}
LINK = "https://hanoi.gov.vn/van-ban/466"


def build(folder: Path, questionnaires: Path) -> dict[str, int]:
    """Make the instance; returns the submissions by agency code. `nhap.<body>` fills in, `duyet.<body>` approves."""
    database = instance.open_database(folder)
    instance.upgrade(database)
    _write_agencies(folder / "agencies.csv")
    now = datetime.now(UTC)
    with database.writing() as session:
        import_agencies(session, folder / "agencies.csv")
        load_questionnaires(session, questionnaires)
        instance.change_setting(session, "second_factor", "0")  # but where a test asks for it
        opened = open_round(
            session, code=ROUND, title="Đợt đánh giá năm 2026", period="Năm 2026",
            opens_at=now - timedelta(days=20), closes_at=now + timedelta(days=22),
        )  # fmt: skip
        for name, code in BODIES.items():
            for login, role in (("nhap", Role.CLERK), ("duyet", Role.LEADER)):
                title = "Cán bộ nhập" if role is Role.CLERK else "Lãnh đạo"
                create_account(
                    session, login=f"{login}.{name}", name=f"{title} {name}", password=PASSWORD,
                    serves=[Serves(code, role)],
                )  # fmt: skip
        create_account(
            session, login="nhap2", name="Cán bộ nhập 2", password=PASSWORD,
            serves=[Serves(WARD, Role.CLERK), Serves(FRONT, Role.CLERK)],
        )  # fmt: skip
        for login, role in OFFICE.items():
            create_account(session, login=login, name=f"Cán bộ {login}", password=PASSWORD, roles=[role])
        submissions = {row.agency_code: row.id for row in rows_of_round(session, opened.round_id)}
    database.close()
    instance.secret_key(folder)
    return submissions


def packaged_rows() -> list[dict[str, str]]:
    """The packaged register."""
    with packaged_agencies().open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _write_agencies(file: Path) -> None:
    """The bodies above and those over them, out of the packaged register."""
    rows = packaged_rows()
    by_code = {row["code"]: row for row in rows}
    kept = set()
    for code in BODIES.values():
        above = code
        while above:
            kept.add(above)
            above = by_code[above]["parent_code"]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(row for row in rows if row["code"] in kept)


def live_in(folder: Path, submissions: dict[str, int]) -> None:
    """Give every state its phiếu: faults, conflicts of sense, documents, requests, returned, awaiting, sent."""
    database = instance.open_database(folder)
    people = {login: person_of(database, login) for login in logins()}
    with database.writing() as session:
        _half_filled(session, people["nhap.phuong"], submissions[WARD], folder)
        _returned(session, people, "bql", submissions[BOARD])
        for name in ("so", "mttq", "mttq2"):
            fill_whole(session, people[f"nhap.{name}"], submissions[BODIES[name]])
            send_for_approval(session, people[f"nhap.{name}"], submissions[BODIES[name]], missing_confirmed=True)
        leader, number = people["duyet.mttq"], submissions[FRONT]
        approve(session, leader, number, review_submission(session, leader, number).content_hash)
    database.close()


def logins() -> list[str]:
    """Everybody who fills in or approves."""
    return [f"{start}.{name}" for start in ("nhap", "duyet") for name in BODIES]


def person_of(database: Database, login: str) -> Person:
    """Somebody as signed in."""
    with database.writing() as session:
        token = open_session(session, check_password(session, login, PASSWORD)).token
        assert token is not None
        found = find_signed_in(session, token)
        assert found is not None
        return found.person


def _half_filled(session: Session, clerk: Person, number: int, folder: Path) -> None:
    fill_whole(session, clerk, number, pages=3)
    sheet = read_sheet(session, find_submission(session, clerk, number))
    ratios = [one for one in sheet.questionnaire.indicators if one.pairs and not one.provided_by]
    a, b = ratios[-1].pairs[0].a.key, ratios[-1].pairs[0].b.key
    faulty = [Change(a, "1.5", 0), Change(ratios[-2].pairs[0].a.key, "rất nhiều", 0), Change(b, "3", 0)]
    save_answers(session, clerk, number, faulty)
    coded = [one.code for one in sheet.questionnaire.indicators if one.evidence]
    form = EvidenceForm(
        "466/QĐ-UBND", "15/03/2026", "Ủy ban nhân dân phường Ba Đình", "Phân công đầu mối", LINK, not_secret=True
    )
    added = add_evidence(session, clerk, number, form, coded[:2])
    upload = Upload(PDF, "Quyết định 466 phân công đầu mối chuyển đổi số.pdf", not_secret=True)
    handed = admit_file(session, clerk, number, upload)
    keep_bytes(folder, handed, upload)
    attach_file(session, clerk, number, added.id, handed, added.revision)
    why = "Văn bản do Thành phố giữ, tháng 12 mới có bản sao; khi có sẽ bổ sung."
    beside = [Change(place_key(added.id, coded[0]), "Điều 3, trang 5", 0), Change("unproven:1.4", why, 0)]
    save_answers(session, clerk, number, beside)
    may = next(
        one.code for one in reversed(sheet.questionnaire.indicators) if one.may_request_kad and not one.provided_by
    )
    request_kad(session, clerk, number, may, "Phường không được giao nhiệm vụ này trong năm.")


def _returned(session: Session, people: dict[str, Person], name: str, number: int) -> None:
    clerk, leader = people[f"nhap.{name}"], people[f"duyet.{name}"]
    fill_whole(session, clerk, number)
    send_for_approval(session, clerk, number, missing_confirmed=True)
    return_to_clerk(session, leader, number, "Mục 2: xem lại số công chức được tập huấn, chưa khớp báo cáo tháng 9.")


def fill_whole(session: Session, clerk: Person, number: int, pages: int = 99) -> None:
    """Answer the first pages of a phiếu: every number 7, every total 9, the first option of each choice."""
    questionnaire = read_sheet(session, find_submission(session, clerk, number)).questionnaire
    typed = dict(_typed(questionnaire, pages))
    save_answers(session, clerk, number, [Change(key, text, 0) for key, text in typed.items()])


def _typed(questionnaire: Questionnaire, pages: int) -> Iterator[tuple[str, str]]:
    asked = [one for page in questionnaire.pages[:pages] for one in page.indicators if not one.provided_by]
    yield from ((pair.b.key, "9") for one in asked for pair in one.pairs)
    yield from ((pair.a.key, "7") for one in asked for pair in one.pairs)
    yield from (simple for one in asked if (simple := _simple(one)))


def _simple(indicator: Indicator) -> tuple[str, str] | None:
    match indicator.ask:
        case YesNo(key=key):
            return key, "yes"
        case Choice(key=key, options=options) | Checks(key=key, options=options):
            return key, options[0].code
        case Number(value=value):
            return value.key, "7"
        case Points(key=key):
            return key, "1"
        case FreeText(key=key):
            return key, "Không có vướng mắc."
    return None
