"""The chase list: who is on it and why, whom to call, what is missing; reminders are kept, sent and told in the log."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa

from survey.services.chase import Chased, ChaseFilter, ChaseList, Order, list_chased
from survey.services.check_submission import check_submission
from survey.services.errors import NotAllowed, Refused
from survey.services.instance import change_setting
from survey.services.make_chase_file import make_chase_file
from survey.services.open_round import close_round
from survey.services.remind import Channel, Reminders, draft_reminder, send_reminders
from survey.services.review_views import FindingKind
from survey.services.sign_off import return_to_clerk
from survey.storage.accounts import Account
from survey.storage.agencies import Agency
from survey.storage.events import Event
from survey.storage.outbox import Message
from tests.services.world import CLOSES, FULL, World, at

ADDRESS = "http://localhost/"


def chased(world: World, days: float = 0, **narrow: object) -> ChaseList:
    with world.database.reading() as session:
        wanted = ChaseFilter(**narrow)  # type: ignore[arg-type]
        return list_chased(session, world["coordinator"], world.known.round_id, wanted, clock=at(days=days, hours=1))


def codes(found: ChaseList) -> list[str]:
    return [row.agency.code for row in found.rows]


def remind(world: World, channel: Channel, *agencies: str, **changes: str) -> Reminders:
    words = {
        "subject": "Đề nghị [đơn vị]",
        "text": "Kính gửi [đơn vị]: [tình trạng], hạn [hạn gửi], [còn lại].",
    } | changes
    with world.database.writing() as session:
        ids = [world.submission(agency) for agency in agencies]
        number = world.known.round_id
        person, texts = world["coordinator"], (words["subject"], words["text"])
        return send_reminders(session, person, number, ids, channel, *texts, clock=at(hours=1))


def contact(world: World, code: str, **values: str) -> None:
    with world.database.writing() as session:
        session.execute(sa.update(Agency).where(Agency.code == code).values(**values))


def test_each_body_stands_where_its_state_says(world: World) -> None:
    world.save({"2.3": "4"})
    world.save({"2.3": "4"}, by="other", agency="SO-2")
    world.present(by="other", agency="SO-2")
    world.save(FULL, by="third", agency="SO-3")
    world.present(by="third", agency="SO-3")
    world.act(return_to_clerk, "third", "Chỉ số 2.3: xem lại số cuộc họp", agency="SO-3")
    found = chased(world)
    assert {row.agency.code: row.chased for row in found.rows} == {
        "SO-1": Chased.FILLING,
        "SO-2": Chased.AWAITING,
        "SO-3": Chased.RETURNED,
        "P-1": Chased.NOT_STARTED,
    }
    assert (found.unsent, found.sent, found.counts[Chased.OVERDUE]) == (4, 0, 0)
    assert {row.chased for row in chased(world, days=23).rows} == {Chased.OVERDUE}
    assert {row.days_left for row in chased(world, days=23).rows} == {-1}


def test_who_has_sent_is_on_the_list_no_more(world: World) -> None:
    world.send(FULL)
    found = chased(world)
    assert (codes(found), found.unsent, found.sent) == (["SO-2", "SO-3", "P-1"], 3, 1)


def test_what_is_missing_is_what_the_clerks_own_check_counts(world: World) -> None:
    world.save({"2.3": "4", "1.1": "nguoi_dung_dau"})
    missing = {row.agency.code: row.missing for row in chased(world).rows}
    for agency, clerk in (("SO-1", "clerk"), ("SO-2", "other"), ("SO-3", "third")):
        findings = world.look(check_submission, clerk, agency=agency).findings
        scored = [f for f in findings if f.kind is FindingKind.MISSING and f.code != "2.7"]  # 2.7 earns no points
        assert missing[agency] == len(scored), agency


def test_the_contact_of_the_register_is_called_else_the_clerks(world: World) -> None:
    with world.database.writing() as session:
        session.execute(sa.update(Account).where(Account.login == "clerk2").values(phone="0912 000 111"))
    contact(world, "SO-2", contact_name="Bà Lan", contact_phone="024 3333 4444")
    rows = {row.agency.code: row for row in chased(world).rows}
    assert (rows["SO-1"].contact, rows["SO-1"].phone) == ("Người clerk, Người clerk2", "0912 000 111")
    assert (rows["SO-2"].contact, rows["SO-2"].phone) == ("Bà Lan", "024 3333 4444")
    assert rows["SO-3"].phone == ""


@pytest.mark.parametrize(
    ("narrow", "expected"),
    [
        ({}, ["SO-1", "SO-2", "SO-3", "P-1"]),
        ({"search": "tai chinh"}, ["SO-3"]),
        ({"search": "%"}, []),
        ({"cohort": "ubnd-phuong"}, ["P-1"]),
        (
            {"kind": "nha_nuoc", "parent": "Ủy ban nhân dân Thành phố", "state": Chased.NOT_STARTED},
            ["SO-2", "SO-3", "P-1"],
        ),
        ({"kind": "dang"}, []),
        ({"parent": "khác"}, []),
        ({"order": Order.NAME}, ["SO-2", "SO-3", "SO-1", "P-1"]),
        ({"order": Order.QUIET}, ["SO-2", "SO-3", "P-1", "SO-1"]),
        ({"order": Order.MISSING}, ["SO-3", "P-1", "SO-2", "SO-1"]),
    ],
)
def test_the_list_is_filtered_searched_and_sorted(world: World, narrow: dict[str, object], expected: list[str]) -> None:
    world.save({"2.3": "4", "2.6": "2,5"})
    assert codes(chased(world, **narrow)) == expected


def test_a_scoped_coordinator_chases_only_bodies_of_their_khoi(world: World) -> None:
    stranger = replace(world["coordinator"], kinds=frozenset({"dang"}))
    with world.database.writing() as session:
        assert list_chased(session, stranger, world.known.round_id, clock=at()).rows == ()
        with pytest.raises(Refused, match="none_left"):
            send_reminders(
                session, stranger, world.known.round_id, [world.submission()], Channel.ZALO, "", "Nhắc", clock=at()
            )
        with pytest.raises(NotAllowed):
            list_chased(session, world["clerk"], world.known.round_id, clock=at())


def test_mail_goes_to_contact_and_clerks_each_address_once_with_its_blanks_filled(world: World) -> None:
    contact(world, "SO-1", contact_email="VanThu@so1.example")
    with world.database.writing() as session:
        for login, email in (("clerk", "vanthu@so1.example"), ("clerk2", "hai@so1.example")):
            session.execute(sa.update(Account).where(Account.login == login).values(email=email))
    done = remind(world, Channel.MAIL, "SO-1", "SO-2")
    assert (done.bodies, done.mails, done.unreachable) == (1, 2, ("Sở Dân tộc và Tôn giáo",))
    with world.database.reading() as session:
        mails = session.scalars(sa.select(Message).order_by(Message.id)).all()
        assert [mail.address.lower() for mail in mails] == ["vanthu@so1.example", "hai@so1.example"]
        assert mails[0].subject == "Đề nghị Sở Y tế"
        assert mails[0].body == ("Kính gửi Sở Y tế: chưa bắt đầu nhập số liệu, hạn 09:00, 15/12/2026, còn 22 ngày.")
    rows = {row.agency.code: row for row in chased(world).rows}
    assert (rows["SO-1"].reminders, rows["SO-2"].reminders) == (1, 0)


def test_each_reminder_is_kept_and_one_event_tells_of_it_without_addresses(world: World) -> None:
    contact(world, "SO-1", contact_email="vanthu@so1.example", contact_phone="0912 000 111")
    remind(world, Channel.MAIL, "SO-1")
    remind(world, Channel.DISPATCH, "SO-1", "SO-2", text="Danh sách")
    rows = {row.agency.code: row for row in chased(world).rows}
    assert (rows["SO-1"].reminders, rows["SO-2"].reminders, rows["SO-3"].reminders) == (2, 1, 0)
    assert rows["SO-1"].reminded_at is not None
    with world.database.reading() as session:
        told = [json.loads(data) for data in session.scalars(sa.select(Event.data).where(Event.kind == "reminded"))]
    assert [(one["channel"], one["agencies"]) for one in told] == [("mail", ["SO-1"]), ("dispatch", ["SO-1", "SO-2"])]
    assert "example" not in json.dumps(told)
    assert "0912" not in json.dumps(told)


def test_where_mail_is_off_or_reaches_nobody_nothing_is_noted(world: World) -> None:
    with pytest.raises(Refused, match="no_address"):
        remind(world, Channel.MAIL, "SO-1")
    contact(world, "SO-1", contact_email="vanthu@so1.example")
    with world.database.writing() as session:
        change_setting(session, "mail", "0")
    with pytest.raises(Refused, match="mail_off"):
        remind(world, Channel.MAIL, "SO-1")
    assert {row.reminders for row in chased(world).rows} == {0}


@pytest.mark.parametrize(("changes", "field"), [({"text": "  "}, "text"), ({"subject": "x" * 201}, "subject")])
def test_an_empty_or_endless_text_is_refused(world: World, changes: dict[str, str], field: str) -> None:
    contact(world, "SO-1", contact_email="vanthu@so1.example")
    with pytest.raises(Refused) as caught:
        remind(world, Channel.MAIL, "SO-1", **changes)
    assert caught.value.field == field


def test_a_closed_round_and_nobody_chosen_are_refused(world: World) -> None:
    with pytest.raises(Refused, match="none_chosen"):
        remind(world, Channel.ZALO)
    with world.database.writing() as session:
        close_round(session, world["coordinator"], world.known.round_id, clock=at())
    with pytest.raises(Refused, match="closed"):
        remind(world, Channel.ZALO, "SO-1")


def test_the_text_of_a_cong_van_numbers_bodies_under_their_parents(world: World) -> None:
    world.save({"2.3": "4"})
    with world.database.writing() as session:
        city, ward = (session.scalars(sa.select(Agency).where(Agency.code == code)).one() for code in ("SO-1", "P-1"))
        ward.parent_id = city.id
    with world.database.reading() as session:
        ids = [world.submission(code) for code in ("SO-1", "SO-3", "P-1")]
        made = [
            draft_reminder(
                session, world["coordinator"], world.known.round_id, ids, channel, address=ADDRESS, clock=at(hours=1)
            )
            for channel in Channel
        ]
    mail, dispatch, zalo = made
    lines = dispatch.text.splitlines()
    assert lines[2:5] == [
        "I. Ủy ban nhân dân Thành phố",
        f"1. Sở Y tế: đang nhập, còn {missing(world)} chỉ số chưa có số liệu;",
        "2. Sở Tài chính: chưa bắt đầu nhập số liệu.",
    ]
    assert lines[6:8] == ["II. Sở Y tế", "1. Ủy ban nhân dân phường Ba Đình: chưa bắt đầu nhập số liệu."]
    assert "09:00 thứ Ba, ngày 15/12/2026" in lines[0]
    assert "(Danh sách gồm 3 cơ quan, đơn vị, tính đến 10:00, 23/11/2026.)" in lines[-1]
    assert len(zalo.text) < 600
    assert "Sở Y tế, Sở Tài chính, Ủy ban nhân dân phường Ba Đình" in zalo.text
    assert "[đơn vị]" in mail.text
    assert mail.unreachable == ("Sở Y tế", "Sở Tài chính", "Ủy ban nhân dân phường Ba Đình")


def missing(world: World) -> int:
    return next(row.missing for row in chased(world).rows if row.agency.code == "SO-1")


def test_the_file_holds_the_list_as_text_and_that_it_was_made_is_told(world: World) -> None:
    contact(world, "SO-2", contact_name="=HYPERLINK(1)", contact_phone="0912000111")
    with world.database.writing() as session:
        content = make_chase_file(session, world["coordinator"], world.known.round_id, ChaseFilter(), clock=at())
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert rows[0][:3] == ("STT", "Mã", "Đơn vị")
    assert [row[1] for row in rows[1:]] == ["SO-1", "SO-2", "SO-3", "P-1"]
    assert rows[2][9:11] == ("=HYPERLINK(1)", "0912000111")
    assert sheet.cell(7, 10).data_type == "s"
    with world.database.reading() as session:
        told = [json.loads(data) for data in session.scalars(sa.select(Event.data).where(Event.kind == "exported"))]
    assert [(one["what"], one["round"], one["bodies"]) for one in told] == [("chase", "2026", 4)]
    assert CLOSES - timedelta(days=22) == at()()
