"""What an office does in a round that goes on: other rounds, deadlines, notices, figures given, papers signed."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from openpyxl import Workbook, load_workbook

from survey.core.workflow import Role
from survey.services import announce, extend_submission, instance, remind
from survey.services.assign_groups import assign_groups, read_assignments
from survey.services.change_round import change_deadline
from survey.services.create_account import create_account
from survey.services.decide_adjustment import decide_adjustment, list_adjustments
from survey.services.figures_upload import take_figures
from survey.services.figures_workbook import make_figures_workbook
from survey.services.instance import Session
from survey.services.manage_accounts import change_details
from survey.services.open_round import close_round, find_round, open_round
from survey.services.people import Person
from survey.services.plan_round import create_draft
from survey.services.provide_figures import Source, provide_figures
from survey.services.read_plan import read_choices
from survey.services.request_adjustment import request_adjustment
from survey.services.request_kad import decide_kad, request_kad
from survey.services.review_submission import review_submission
from survey.services.round_views import RoundDraft
from survey.services.scope import find_submission
from survey.services.sheet import read_sheet
from survey.services.sign_on_paper import PaperForm, Scan, sign_on_paper
from survey.services.who_provides import choose_providers, who_provides
from tests.browser.world import BOARD, DEPARTMENT, FRONT, FRONT_2, PARTY, PASSWORD, ROUND, WARD, logins, person_of
from tests.browser.world_offline import hand_in_offline
from tests.core.handed_files import PDF

CLOSED, DRAFT, COMING = "2025", "2027", "2026-bo-sung"
SET = "xa-phuong"  # the questionnaire of which another body gives figures
WAITING, ACCEPTED, REFUSED = "1.1", "1.2", "1.3"  # indicators whose figures are asked to be corrected
READERS = {"kiemtra": (Role.AUDITOR, "*"), "tonghop.dang": (Role.COORDINATOR, "dang")}
REASON = (
    "Đơn vị vừa sắp xếp lại tổ chức theo Nghị quyết của Hội đồng nhân dân Thành phố, số liệu của hai phường cũ đang "
    "được đối chiếu, đề nghị thêm thời gian."
)
NOTICE = (
    "Từ 8 giờ 00 đến 11 giờ 30 thứ Bảy hệ thống bảo trì; đề nghị các đơn vị lưu số liệu và không nhập trong "
    "thời gian này."
)


def live_in_office(folder: Path, submissions: dict[str, int]) -> dict[str, str]:
    """Everything above in the instance; returns what addresses name: previews that wait."""
    database = instance.open_database(folder)
    with database.writing() as session:
        for login, (role, kind) in READERS.items():
            create_account(session, login=login, name=f"Cán bộ {login}", password=PASSWORD, roles=[role], kinds=[kind])
        _other_rounds(session)
    people = {login: person_of(database, login) for login in (*logins(), "nhap2", "tonghop", "quantri")}
    with database.writing() as session:
        _draft_round(session, people["tonghop"])
        _chase(session, people, submissions)
        _tell(session, people["tonghop"])
        _request(session, people, submissions[PARTY])
        _share_groups(session, people, submissions[WARD])
        _sign_paper(session, folder, people, submissions[FRONT_2])
    with database.writing() as session:
        places = _give_figures(session, people, submissions[WARD])
        places["offline"] = hand_in_offline(session, people["nhap.danguy"], submissions[PARTY])
        places["front_code"] = review_submission(session, people["duyet.mttq"], submissions[FRONT]).content_hash[:8]
    database.close()
    return places


def _other_rounds(session: Session) -> None:
    """One that is over, one that has not begun."""
    now = datetime.now(UTC)
    for code, begins, ends in ((CLOSED, -400, -340), (COMING, 60, 90)):
        then = now + timedelta(days=min(begins, 0))
        found = open_round(
            session, code=code, title=f"Đợt đánh giá bổ sung về kết quả thực hiện chuyển đổi số {code}",
            period=f"Năm {code[:4]}", opens_at=now + timedelta(days=begins), closes_at=now + timedelta(days=ends),
            clock=lambda then=then: then,
        )  # fmt: skip
        if code == CLOSED:
            close_round(session, None, found.round_id)


def _draft_round(session: Session, coordinator: Person) -> None:
    """A draft made from the round, at the same time as it, so that it says so."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    cohorts, questionnaires = read_choices(session, coordinator)
    draft = RoundDraft(
        DRAFT, "Đợt đánh giá năm 2027", "Năm 2027", date(2027, 1, 1), date(2027, 12, 31),
        now + timedelta(days=3), now + timedelta(days=50), frozenset(one.code for one in cohorts),
        frozenset(one.chosen or one.versions[0].version_id for one in questionnaires),
    )  # fmt: skip
    create_draft(session, coordinator, draft, copied_from=ROUND)
    found = find_round(session, ROUND)
    change_deadline(session, coordinator, found.id, None, found.closes_at + timedelta(days=1), REASON)


def _chase(session: Session, people: dict[str, Person], submissions: dict[str, int]) -> None:
    """Deadlines of one's own, one of them taken back; reminders by mail and in a group."""
    coordinator, found = people["tonghop"], find_round(session, ROUND)
    until = found.closes_at + timedelta(days=7)
    ids = [submissions[BOARD], submissions[PARTY], submissions[WARD]]
    extend_submission.extend_submissions(session, coordinator, found.id, ids, until, REASON)
    extend_submission.take_back_extension(session, coordinator, submissions[PARTY], "Gia hạn nhầm đơn vị.")
    clerk = people["nhap.bql"]
    change_details(
        session, people["quantri"], clerk.account_id, name="Nguyễn Hoàng Thị Phương Thảo Nguyên",
        email="nguyen.hoang.thi.phuong.thao.nguyen@banquanlykhucongnghiep.hanoi.example", phone="0912 345 678",
    )  # fmt: skip
    for channel in (remind.Channel.MAIL, remind.Channel.ZALO):
        draft = remind.draft_reminder(session, coordinator, found.id, ids[:1], channel, address="http://localhost/")
        remind.send_reminders(session, coordinator, found.id, ids[:1], channel, draft.subject, draft.text)


def _tell(session: Session, coordinator: Person) -> None:
    """Notices to all, to a khối, to one body; one taken away, one run out."""
    found, now = find_round(session, ROUND), datetime.now(UTC)
    audience = announce.Audience
    for to, about in ((audience.EVERYBODY, ""), (audience.KIND, "dang"), (audience.BODY, WARD)):
        announce.write_notice(session, coordinator, found.id, to, about, NOTICE, now + timedelta(days=3))
    gone = announce.write_notice(
        session, coordinator, found.id, audience.EVERYBODY, "", NOTICE, now + timedelta(days=3)
    )
    announce.remove_notice(session, coordinator, found.id, gone)
    yesterday = now - timedelta(days=1)
    announce.write_notice(
        session, coordinator, found.id, audience.KIND, "nha_nuoc", NOTICE, yesterday + timedelta(hours=1),
        clock=lambda: yesterday,
    )  # fmt: skip


def _request(session: Session, people: dict[str, Person], number: int) -> None:
    """A request of the Đảng ủy to leave an indicator out, and its refusal."""
    clerk = people["nhap.danguy"]
    asked = read_sheet(session, find_submission(session, clerk, number)).questionnaire.indicators
    code = next(one.code for one in asked if one.may_request_kad)
    request_kad(session, clerk, number, code, "Đảng ủy không được giao nhiệm vụ này trong năm.")
    decide_kad(
        session, people["tonghop"], number, code, approve=False, reason="Nhiệm vụ đã giao tại Kế hoạch số 12-KH/TU."
    )


def _share_groups(session: Session, people: dict[str, Person], number: int) -> None:
    """Two groups of the ward's phiếu are a colleague's."""
    groups = read_assignments(session, people["nhap.phuong"], number).groups
    chosen = {one.code: people["nhap2"].account_id for one in groups[1:3]}
    assign_groups(session, people["nhap.phuong"], number, chosen)


def _sign_paper(session: Session, folder: Path, people: dict[str, Person], number: int) -> None:
    """The second Mặt trận sends what its leader has signed on paper, with the scan."""
    code = review_submission(session, people["duyet.mttq2"], number).content_hash[:8]
    today = f"{datetime.now(UTC) + timedelta(hours=7):%d/%m/%Y}"
    form = PaperForm("15/TTr-MTTQ", today, "Đỗ Thị Ký", "Phó Chủ tịch", "KT.", code, missing_confirmed=True)
    sign_on_paper(session, folder, people["nhap.mttq2"], number, form, Scan(PDF, "tờ trình đã ký.pdf"))


def _give_figures(session: Session, people: dict[str, Person], number: int) -> dict[str, str]:
    """The department gives figures of the ward, which asks for three corrections; two files wait as previews."""
    giver, clerk, coordinator = people["nhap.so"], people["nhap.phuong"], people["tonghop"]
    places = [one.place for part in who_provides(session, coordinator, ROUND).parts for one in part.givers]
    choose_providers(session, coordinator, ROUND, dict.fromkeys(places[:-1], DEPARTMENT))
    typed = {f"{code}.{part}": text for code in (WAITING, ACCEPTED, REFUSED) for part, text in (("a", "5"), ("b", "9"))}
    provide_figures(session, giver, number, typed, source=Source("12/BC-SNV", date(2026, 3, 15)))
    for code in (WAITING, ACCEPTED, REFUSED):
        request_adjustment(session, clerk, number, code, {f"{code}.a": "7", f"{code}.b": "9"}, REASON)
    wishes = {one.code: one.id for one in list_adjustments(session, giver, ROUND)}
    decide_adjustment(session, giver, ROUND, wishes[ACCEPTED], accept=True, number="13/BC-SNV", dated="16/03/2026")
    decide_adjustment(
        session, giver, ROUND, wishes[REFUSED], accept=False, reason="Số liệu theo niên giám thống kê đã công bố."
    )
    content = make_figures_workbook(session, giver, ROUND, SET)
    return {
        "figures_changed": str(_handed_in(session, giver, content, "6")),
        "figures_faulty": str(_handed_in(session, giver, content, "rất nhiều")),
    }


def _handed_in(session: Session, giver: Person, content: bytes, text: str) -> int:
    """The workbook with another figure in it, as a preview."""
    book = load_workbook(io.BytesIO(content))
    _put(book, text)
    stream = io.BytesIO()
    book.save(stream)
    return take_figures(session, giver, ROUND, SET, stream.getvalue(), "so-lieu-cung-cap-cua-so-noi-vu-nam-2026.xlsx")


def _put(book: Workbook, text: str) -> None:
    """Another figure for the ward, in the column of the first part."""
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows(max_row=20) if any(cell.value == f"{WAITING}.a" for cell in row))
    column = next(cell.column for cell in head if cell.value == f"{WAITING}.a")
    row = next(row for row in sheet.iter_rows(min_row=head[0].row + 1) if any(cell.value == WARD for cell in row))
    sheet.cell(row[0].row, column).value = text  # type: ignore[union-attr]
