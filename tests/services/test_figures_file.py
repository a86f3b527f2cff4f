"""Figures handed in as a workbook: previewed, faulted by cell, taken all or not at all, the same twice is once."""

from __future__ import annotations

import io
import unicodedata

import openpyxl
import pytest
import sqlalchemy as sa

from survey.core.errors import Faults
from survey.services.audit import history_of
from survey.services.errors import Blocked, NotFound, Refused
from survey.services.open_round import close_round
from survey.services.pending_imports import Effect
from survey.services.provide_figures import provide_figures
from survey.services.verify_log import verify_log
from survey.storage.events import Event
from tests.services.figures_world import (
    cell_of,
    give_duty,
    hand_in,
    look,
    saved,
    stands,
    take,
    workbook,
)
from tests.services.world import World, at


def filled(world: World, figures: dict[tuple[str, str], object]) -> bytes:
    """The workbook with some cells typed in."""
    book = workbook(world)
    for (agency, key), value in figures.items():
        cell_of(book, agency, key).value = value
    return saved(book)


GOOD = {("SO-1", "2.4.a"): 6, ("SO-1", "2.4.b"): 10, ("P-1", "2.4.a"): 1200, ("P-1", "2.4.b"): 4000}


def test_a_filled_workbook_is_shown_agency_by_agency_and_then_taken(world: World) -> None:
    give_duty(world)
    number = hand_in(world, filled(world, GOOD))
    shown = look(world, number)
    assert shown.faults == ()
    assert (shown.figures, shown.changes.count(Effect.ADDED), shown.changes.count(Effect.UNCHANGED)) == (4, 2, 2)
    assert [(d.label, d.before, d.after) for d in shown.changes.told[1].differences] == [
        ("2.4 Hộ có băng rộng", "", "1.200"),
        ("2.4 Tổng số hộ", "", "4.000"),
    ]
    assert stands(world) == {}
    assert take(world, number, number="12/SDTTG-KH", dated="20/11/2026") == 4
    entry = stands(world, "P-1")["2.4.a"]
    assert (entry["value"], entry["source"], entry["dated"]) == ("1200", "12/SDTTG-KH", "2026-11-20")
    assert entry["body"] == "Sở Dân tộc và Tôn giáo"


def test_each_agency_has_one_event_and_every_chain_holds(world: World) -> None:
    give_duty(world)
    with world.database.reading() as session:
        before = session.scalar(sa.select(sa.func.count()).select_from(Event).where(Event.kind == "figures_provided"))
    take(world, hand_in(world, filled(world, GOOD)))
    with world.database.reading() as session:
        after = session.scalar(sa.select(sa.func.count()).select_from(Event).where(Event.kind == "figures_provided"))
        told = history_of(session, world["coordinator"], world.submission())[0]
        assert verify_log(session).sound
    assert (before, after) == (0, 2)
    assert set(told.data["changes"]) == {"2.4.a", "2.4.b"}
    assert told.by == "Người other"


def test_the_same_file_twice_changes_nothing_the_second_time(world: World) -> None:
    give_duty(world)
    content = filled(world, GOOD)
    assert take(world, hand_in(world, content), number="12/SDTTG-KH", dated="20/11/2026") == 4
    after = stands(world)
    again = hand_in(world, content)
    assert look(world, again).changes.told == ()
    assert take(world, again, number="99/KHAC", dated="21/11/2026") == 0
    assert stands(world) == after


def test_applying_twice_is_applying_once(world: World) -> None:
    give_duty(world)
    number = hand_in(world, filled(world, GOOD))
    seen = look(world, number).changes.basis
    assert (take(world, number, seen=seen), take(world, number, seen=seen)) == (4, 0)


def test_a_blank_cell_never_erases(world: World) -> None:
    give_duty(world)
    take(world, hand_in(world, filled(world, GOOD)))
    take(world, hand_in(world, filled(world, {("SO-1", "2.4.a"): None, ("SO-1", "2.4.b"): 12})))
    assert [stands(world)[key]["value"] for key in ("2.4.a", "2.4.b")] == ["6", "12"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("mười", "mười"),
        ("-5", "âm"),
        (12.5, "nguyên"),
        ("1,000", "1000 hoặc 1"),
        ("6 hộ", "6 hộ"),
        ("６", "６"),
    ],
)
def test_a_faulty_cell_is_named_by_sheet_and_cell_and_nothing_is_taken(world: World, typed: object, told: str) -> None:
    give_duty(world)
    number = hand_in(world, filled(world, GOOD | {("P-1", "2.4.a"): typed}))
    sentences = [fault.sentence() for fault in look(world, number).faults]
    assert len(sentences) == 1
    assert "Số liệu" in sentences[0]
    assert "ô D12" in sentences[0]
    assert told in sentences[0]
    with pytest.raises(Faults):
        take(world, number)
    assert stands(world) == stands(world, "P-1") == {}


@pytest.mark.parametrize(
    ("typed", "value"), [("1.234", "1234"), ("1,234", "1234"), ("1 234", "1234"), (1234.0, "1234")]
)
def test_numbers_as_text_are_read_by_either_convention(world: World, typed: object, value: str) -> None:
    give_duty(world)
    take(world, hand_in(world, filled(world, {("P-1", "2.4.a"): typed, ("P-1", "2.4.b"): 4000})))
    assert stands(world, "P-1")["2.4.a"]["value"] == value


def test_a_above_b_is_a_fault_also_against_what_stands(world: World) -> None:
    give_duty(world)
    take(world, hand_in(world, filled(world, GOOD)))
    number = hand_in(world, filled(world, {("SO-1", "2.4.a"): 11}))
    (fault,) = look(world, number).faults
    assert "lớn hơn" in fault.sentence()
    assert "ô D9" in fault.sentence()


def test_unknown_and_repeated_codes_and_slipped_names_are_faults(world: World) -> None:
    give_duty(world)
    book = workbook(world)
    sheet = book.worksheets[0]
    row = cell_of(book, "SO-1", "2.4.a").row
    sheet.cell(row, 2).value = "SO-9"
    sheet.cell(row + 1, 2).value = "P-1"
    sheet.append([9, "P-1", "Ủy ban nhân dân phường Ba Đình", 1, 2])
    sentences = " ".join(fault.sentence() for fault in look(world, hand_in(world, saved(book))).faults)
    assert "“SO-9” không có trong danh sách" in sentences
    assert "đã có ở dòng" in sentences
    assert "P-1 là của Ủy ban nhân dân phường Ba Đình" in sentences


def test_moved_columns_rows_left_out_and_decomposed_letters_are_no_fault(world: World) -> None:
    give_duty(world)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = unicodedata.normalize("NFD", "Số liệu gửi")
    sheet.append(
        ["2.4.b", unicodedata.normalize("NFD", "Tên đơn vị"), "2.4.a", unicodedata.normalize("NFD", "Mã đơn vị")]
    )
    sheet.append([4000, unicodedata.normalize("NFD", "Ủy ban nhân dân phường Ba Đình"), 1200, "p-1"])
    assert take(world, hand_in(world, saved(book))) == 2
    assert stands(world, "P-1")["2.4.a"]["value"] == "1200"


def test_a_csv_is_read_as_well(world: World) -> None:
    give_duty(world)
    content = "Mã đơn vị;2.4.a;2.4.b\nP-1;1.200;4.000\n".encode()
    assert take(world, hand_in(world, content, "so-lieu.csv")) == 2


def test_a_file_without_any_figure_is_refused(world: World) -> None:
    give_duty(world)
    with pytest.raises(Faults, match="không có cột số liệu"):
        hand_in(world, "Mã đơn vị;Tên đơn vị\nP-1;Phường Ba Đình\n".encode(), "so-lieu.csv")


def test_what_others_changed_since_the_preview_is_shown_first(world: World) -> None:
    give_duty(world)
    number = hand_in(world, filled(world, GOOD))
    seen = look(world, number).changes.basis
    world.act(provide_figures, "coordinator", {"2.4.a": "5", "2.4.b": "10"})
    with pytest.raises(Refused, match="changed_since"):
        take(world, number, seen=seen)
    assert stands(world)["2.4.a"]["value"] == "5"
    assert take(world, number) == 3


def test_a_preview_is_its_owners_alone(world: World) -> None:
    give_duty(world)
    number = hand_in(world, filled(world, GOOD))
    for person in ("clerk", "third", "leader", "coordinator"):
        with pytest.raises(NotFound):
            look(world, number, person)
    with pytest.raises(NotFound):
        hand_in(world, b"x", person="third")


@pytest.mark.parametrize(
    ("dated", "number", "key"),
    [("31/02/2026", "1", "date_form"), ("24/11/2026", "1", "date_odd"), ("", "9" * 101, "number_long")],
)
def test_a_letter_that_cannot_be_is_refused(world: World, dated: str, number: str, key: str) -> None:
    give_duty(world)
    waiting = hand_in(world, filled(world, GOOD))
    with pytest.raises(Refused, match=key):
        take(world, waiting, number=number, dated=dated)
    assert stands(world) == {}


def test_figures_are_taken_until_the_round_is_closed(world: World) -> None:
    give_duty(world)
    content = filled(world, GOOD)
    number = hand_in(world, content)
    seen = look(world, number).changes.basis
    with world.database.writing() as session:
        close_round(session, world["coordinator"], world.known.round_id, clock=at())
    with pytest.raises(Blocked):
        take(world, number, seen=seen)
    with pytest.raises(Blocked):
        hand_in(world, content)


def test_the_workbook_lets_only_figures_be_typed(world: World) -> None:
    give_duty(world)
    sheet = openpyxl.load_workbook(io.BytesIO(saved(workbook(world)))).worksheets[0]
    assert sheet.protection.sheet
    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert open_cells == {f"{column}{row}" for column in "DE" for row in range(9, 13)}
    assert [sheet.cell(row, 2).value for row in range(9, 13)] == ["SO-1", "SO-2", "SO-3", "P-1"]
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"whole"}
    assert sheet.print_title_rows == "$5:$8"
