"""Files that wait to be applied: own ones only, once only, and not for ever."""

from datetime import timedelta

import pytest

from survey.services.errors import NotFound
from survey.services.pending_imports import (
    KEPT,
    Difference,
    Effect,
    Preview,
    RowChange,
    drop,
    fetch,
    fingerprint,
    keep,
    mark_applied,
    renew,
)
from tests.services.gate_files import GOOD, read, workbook
from tests.services.world import NOW, World, at


def kept(world: World, **options: str) -> int:
    with world.database.writing() as session:
        return keep(session, world["admin"], "agencies", read(workbook(*GOOD)), clock=at(), **options)


def found(world: World, number: int, person: str = "admin", kind: str = "agencies") -> object:
    with world.database.reading() as session:
        return fetch(session, world[person], number, kind)


def test_a_file_is_found_again_as_it_was_read(world: World) -> None:
    pending = found(world, kept(world, place="2026", basis="abc"))
    assert pending.table == read(workbook(*GOOD))
    assert (pending.place, pending.basis, pending.name, pending.created_at) == ("2026", "abc", "ds.xlsx", NOW)


@pytest.mark.parametrize(("person", "kind"), [("coordinator", "agencies"), ("admin", "accounts")])
def test_anothers_file_and_anothers_kind_are_missing(world: World, person: str, kind: str) -> None:
    with pytest.raises(NotFound):
        found(world, kept(world), person, kind)


def test_a_file_is_applied_once(world: World) -> None:
    number = kept(world)
    with world.database.writing() as session:
        mark_applied(session, world["admin"], number, "agencies", clock=at())
    assert found(world, number).applied
    with pytest.raises(NotFound), world.database.writing() as session:
        mark_applied(session, world["admin"], number, "agencies", clock=at())


def test_a_file_that_was_dropped_is_gone_and_dropping_again_does_nothing(world: World) -> None:
    number = kept(world)
    for _ in range(2):
        with world.database.writing() as session:
            drop(session, world["admin"], number, "agencies")
    with pytest.raises(NotFound):
        found(world, number)
    with pytest.raises(NotFound), world.database.writing() as session:
        renew(session, world["admin"], number, "agencies", "x")


def test_a_new_preview_has_a_new_basis(world: World) -> None:
    number = kept(world, basis="a")
    with world.database.writing() as session:
        renew(session, world["admin"], number, "agencies", "b")
    assert (found(world, number).basis, found(world, number).applied) == ("b", False)


def test_files_that_nobody_came_back_to_are_dropped_with_the_next_one(world: World) -> None:
    old = kept(world)
    with world.database.writing() as session:
        later = at(seconds=(KEPT + timedelta(minutes=1)).total_seconds())
        keep(session, world["admin"], "agencies", read(workbook(*GOOD)), clock=later)
    with pytest.raises(NotFound):
        found(world, old)


def test_a_fingerprint_is_the_same_for_the_same_and_no_other() -> None:
    assert fingerprint({"a": 1, "b": "x"}) == fingerprint({"b": "x", "a": 1}) != fingerprint({"a": 1, "b": "y"})


def test_a_preview_counts_and_tells_what_changes() -> None:
    rows = (
        RowChange("ô A2", "Sở A", Effect.ADDED),
        RowChange("ô A3", "Sở B", Effect.CHANGED, (Difference("Tên", "a", "b"),)),
        RowChange("ô A4", "Sở C", Effect.UNCHANGED),
    )
    preview = Preview(rows, "x")
    assert [preview.count(effect) for effect in Effect] == [1, 1, 1]
    assert preview.told == rows[:2]
