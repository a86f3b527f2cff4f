"""The phiếu as a workbook: downloaded, filled in, handed in, previewed cell by cell, taken all, some or none."""

from __future__ import annotations

import io

import openpyxl
import pytest
import sqlalchemy as sa

from survey.core.errors import Faults
from survey.core.text import say
from survey.services.audit import history_of
from survey.services.errors import Blocked, NotAllowed, NotFound, Refused
from survey.services.open_round import close_round
from survey.services.verify_log import verify_log
from survey.storage.events import Event
from tests.services.offline_world import (
    KAD,
    NOTE,
    REASON,
    VALUE,
    WHY,
    built,
    download,
    hand_in,
    look,
    one,
    saved,
    stands,
    take,
    typed,
)  # fmt: skip
from tests.services.world import FULL, World, at

__all__ = ["built", "one"]

GOOD = {
    ("1.1", VALUE): "Người đứng đầu", ("1.2.a", VALUE): 73, ("so_cbccvc", VALUE): "106", ("1.3", VALUE): "Có",
    ("2.1.a", VALUE): 9, ("2.1.b", VALUE): 10.0, ("2.2.a", VALUE): 5, ("2.3", VALUE): "4",
    ("2.5:sao_luu", VALUE): "Có", ("2.5:tap_huan", VALUE): "có", ("2.6", VALUE): 2.5,
    ("2.7", VALUE): "Thiếu kinh phí", ("1.2", NOTE): "Theo danh sách lớp", ("2.2", KAD): REASON,
    ("1.1", WHY): "Quyết định đang trình ký",
}  # fmt: skip


def kinds(world: World) -> list[str]:
    with world.database.reading() as session:
        return list(session.scalars(sa.select(Event.kind).order_by(Event.id)))


def test_a_filled_phieu_is_shown_cell_by_cell_and_taken_at_once(world: World) -> None:
    number = hand_in(world, typed(download(world), GOOD))
    shown = look(world, number)
    assert (len(shown.changes), shown.faults, shown.unchanged) == (15, (), 0)
    assert shown.made_at == at(minutes=1)()
    first = shown.changes[0]
    assert (first.what, first.place, first.before, first.after) == (
        "1.1 Người đứng đầu chỉ đạo", "ô D7", "", "Người đứng đầu",
    )  # fmt: skip
    before = len(kinds(world))
    assert take(world, number) == 15
    assert kinds(world)[before:] == ["answers_imported", "kad_requested"]
    found = stands(world)
    assert {key: found[key]["value"] for key in ("1.1", "1.2.a", "so_cbccvc", "2.5", "2.6")} == {
        "1.1": "nguoi_dung_dau", "1.2.a": "73", "so_cbccvc": "106", "2.5": ["sao_luu", "tap_huan"], "2.6": "2.5",
    }  # fmt: skip
    assert found["note:1.2"] == {"text": "Theo danh sách lớp"}
    assert found["unproven:1.1"] == {"text": "Quyết định đang trình ký"}
    assert found["kad:2.2"]["reason"] == REASON
    with world.database.reading() as session:
        assert verify_log(session).sound
        told = history_of(session, world["clerk"], world.submission())
    assert set(told[1].data["changes"]) == set(FULL) | {"note:1.2", "unproven:1.1"}
    done = look(world, number)
    assert done.applied
    assert [code for code, _ in done.taken][:3] == ["1.1", "1.2", "1.3"]


def test_the_same_file_twice_and_a_second_press_change_nothing(world: World) -> None:
    content = typed(download(world), GOOD)
    number = hand_in(world, content)
    seen = look(world, number).basis
    take(world, number)
    after, told = stands(world), kinds(world)
    assert take(world, number, {"1.1"}, seen=seen) == 0
    again = look(world, hand_in(world, content))
    assert (again.changes, again.faults) == ((), ())
    fresh = look(world, hand_in(world, download(world)))
    assert (fresh.changes, fresh.faults) == ((), ())
    assert stands(world) == after
    assert [kind for kind in kinds(world)[len(told) :] if kind != "exported"] == []


def test_some_rows_are_taken_and_none_is_refused(world: World) -> None:
    content = typed(download(world), GOOD)
    number = hand_in(world, content)
    with pytest.raises(Refused, match="nothing_chosen"):
        take(world, number, set())
    with pytest.raises(Refused, match="nothing_chosen"):
        take(world, number, {"2.4.a", "khong co"})
    assert stands(world) == {}
    assert take(world, number, {"1.2.a", "2.5:tap_huan", "khong co"}) == 2
    assert stands(world) == {"1.2.a": {"value": "73"}, "2.5": {"value": ["tap_huan"]}}
    rest = look(world, hand_in(world, content))
    assert [one.conflict for one in rest.changes if one.target == "2.5:sao_luu"] == [True]
    assert len(rest.changes) == 13


def test_what_a_colleague_has_changed_since_is_kept_and_what_both_changed_is_shown(world: World) -> None:
    world.save({"1.2.a": "5", "so_cbccvc": "100", "2.3": "1"})
    content = typed(download(world), {("1.2.a", VALUE): 7, ("2.3", VALUE): 2})
    world.save({"so_cbccvc": "120", "2.3": "3"}, by="clerk2")
    shown = look(world, hand_in(world, content))
    assert [(one.target, one.before, one.after, one.conflict) for one in shown.changes] == [
        ("1.2.a", "5", "7", False),
        ("2.3", "3", "2", True),
    ]
    mine, theirs = (one.stands for one in shown.changes)
    assert mine is None
    assert theirs is not None
    assert theirs.by == "Người clerk2"  # with the time: whom to ask before one of the two is chosen
    number = hand_in(world, content)
    seen = look(world, number).basis
    world.save({"1.2.a": "6"}, by="clerk2")
    with pytest.raises(Refused, match="changed_since"):
        take(world, number, {"1.2.a"}, seen=seen)
    assert stands(world)["1.2.a"] == {"value": "6"}


def test_blank_cells_erase_nothing_and_hidden_filtered_and_deleted_rows_do_no_harm(one: World) -> None:
    one.save(FULL)
    book = openpyxl.load_workbook(io.BytesIO(download(one)))
    sheet = book["Phiếu"]
    for row in range(6, sheet.max_row + 1):
        sheet.cell(row, 4).value = None
        sheet.row_dimensions[row].hidden = row % 2 == 0
    sheet.delete_rows(8, 3)
    blank = look(one, hand_in(one, saved(book)))
    assert (blank.changes, blank.faults) == ((), ())
    row = next(row for row in range(6, sheet.max_row + 1) if sheet.cell(row, 1).value == "2.3")
    sheet.cell(row, 4).value, sheet.row_dimensions[row].hidden = 9, True
    assert [one.target for one in look(one, hand_in(one, saved(book))).changes] == ["2.3"]


def test_good_rows_are_taken_beside_faulty_ones(one: World) -> None:
    cells = {
        ("1.2.a", VALUE): "=10+2",
        ("2.3", VALUE): "bốn",
        ("2.6", VALUE): 9,
        ("2.2", KAD): "không",
        ("2.1.a", VALUE): 3,
    }
    shown = look(one, number := hand_in(one, typed(download(one), cells)))
    assert [fault.sentence().split(": ")[0] for fault in shown.faults] == [
        f"phieu.xlsx, trang “Phiếu”, ô {cell}" for cell in ("D9", "F17", "D20", "D28")
    ]
    assert "công thức" in shown.faults[0].sentence()
    assert "10 ký tự" in shown.faults[1].sentence()
    assert take(one, number) == 1
    assert stands(one) == {"2.1.a": {"value": "3"}}


def test_the_phieu_of_another_body_is_refused_whole(world: World) -> None:
    content = typed(download(world, agency="P-1"), {("1.2.a", VALUE): 5})
    with pytest.raises(Faults, match="P-1"):
        hand_in(world, content)
    with pytest.raises(NotFound):
        download(world, person="third")
    with pytest.raises(NotFound):
        hand_in(world, content, person="third")


def test_a_preview_is_its_owners_alone_and_of_its_phieu_alone(world: World) -> None:
    number = hand_in(world, typed(download(world), GOOD))
    for person, agency in (("clerk2", "SO-1"), ("other", "SO-2"), ("clerk", "P-1")):
        with pytest.raises(NotFound):
            look(world, number, person, agency)


def test_a_locked_phieu_can_be_downloaded_and_takes_nothing(world: World) -> None:
    content = typed(download(world), GOOD)
    number = hand_in(world, content)
    seen = look(world, number).basis
    with pytest.raises(NotAllowed):
        hand_in(world, content, person="leader")
    with world.database.writing() as session:
        close_round(session, world["coordinator"], world.known.round_id, clock=at())
    for attempt in (lambda: hand_in(world, content), lambda: take(world, number, {"1.1"}, seen=seen)):
        with pytest.raises(Blocked):
            attempt()
    assert download(world)[:2] == b"PK"
    assert stands(world) == {}


def test_the_workbook_is_ready_to_be_filled_in(one: World) -> None:
    one.save({"1.1": "cap_pho", "2.3": "x"})
    book = openpyxl.load_workbook(io.BytesIO(download(one)))
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("Hướng dẫn", "visible"), ("Phiếu", "visible"), ("Danh mục", "hidden"),
    ]  # fmt: skip
    sheet = book["Phiếu"]
    by_code = {sheet.cell(row, 1).value: row for row in range(6, sheet.max_row + 1)}
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    opened = {code for code, row in by_code.items() if code and not sheet.cell(row, 4).protection.locked}
    assert opened == {code for code, column in GOOD if column == VALUE}  # 2.4 is given, 2.2 heads its figures
    assert sheet.cell(by_code["1.1"], 4).value == "Cấp phó"
    assert "“x”" in sheet.cell(by_code["2.3"], 9).value
    assert "Sở Khoa học và Công nghệ" in sheet.cell(by_code["2.4"], 9).value
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert set(rules) == {f"D{by_code[code]}" for code in opened}
    names = {rule.formula1 for rule in rules.values() if rule.type == "list"}
    assert names == set(sheet.defined_names)
    assert all(rule.prompt and rule.promptTitle for rule in rules.values())
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.page_setup.paperSize == 9
    guide = " ".join(str(cell.value) for row in book["Hướng dẫn"].iter_rows() for cell in row if cell.value)
    assert say("reports.offline_secret") in guide
    assert "Người clerk" in guide
