"""Closing a body, reopening it, and removing one that was never used: refused with the safe way where it is in use."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from survey.services.close_agency import close_agency, remove_agency, reopen_agency
from survey.services.edit_agency import AgencyChanged, AgencyFaults, add_agency, change_agency
from survey.services.errors import NotAllowed, Refused
from survey.services.open_round import close_round, open_round
from survey.services.read_register import read_agency
from tests.services.world import CLOSES, FULL, NOW, World, at

DAY = "23/11/2026"


def act(world: World, service: Callable[..., Any], code: str, *values: object, by: str = "admin", **named: Any) -> None:
    with world.database.reading() as session:
        seen = read_agency(session, world["admin"], code).agency.revision
    with world.database.writing() as session:
        service(session, world[by], code, *values, seen, clock=at(), **named)


def refused(world: World, service: Callable[..., Any], code: str, *values: object) -> str:
    with pytest.raises(Refused) as found:
        act(world, service, code, *values)
    assert "{" not in found.value.sentence()
    return found.value.key.removeprefix("registry.")


def end_round(world: World) -> None:
    with world.database.writing() as session:
        close_round(session, world["coordinator"], world.known.round_id, clock=at())


def test_a_body_with_an_unfinished_phieu_is_not_closed(world: World) -> None:
    assert refused(world, close_agency, "SO-1", DAY, "Sáp nhập") == "unfinished"
    world.send(FULL)
    act(world, close_agency, "SO-1", DAY, "Sáp nhập")


def test_a_body_with_open_bodies_below_is_not_closed(world: World) -> None:
    assert refused(world, close_agency, "TP", DAY, "Sáp nhập") == "has_children"


@pytest.mark.parametrize(
    ("day", "reason", "key"),
    [
        ("24/11/2026", "x", "day_future"),
        ("31/02/2026", "x", "day_form"),
        ("", "x", "day_needed"),
        (DAY, " ", "reason_needed"),
        (DAY, "x" * 301, "too_long"),
    ],
)
def test_closing_needs_a_day_that_has_come_and_a_reason(world: World, day: str, reason: str, key: str) -> None:
    end_round(world)
    assert refused(world, close_agency, "SO-1", day, reason) == key


def test_a_closed_body_takes_part_no_more_and_may_again_once_reopened(world: World) -> None:
    end_round(world)
    act(world, close_agency, "SO-1", DAY, "Sáp nhập vào Sở A")
    assert refused(world, close_agency, "SO-1", DAY, "Lần nữa") == "closed_already"
    dates = {"opens_at": NOW, "closes_at": CLOSES + timedelta(days=300), "clock": at()}
    with world.database.writing() as session:
        assert open_round(session, code="2027", title="Năm 2027", period="2027", **dates).added == 3
    with world.database.reading() as session:
        found = read_agency(session, world["coordinator"], "SO-1")
    assert found.agency.closed_at is not None
    assert (found.history[0].kind, found.history[0].reason) == ("agency_closed", "Sáp nhập vào Sở A")
    act(world, reopen_agency, "SO-1", "Quyết định mới")
    assert refused(world, reopen_agency, "SO-1", "Lần nữa") == "open_already"
    with world.database.writing() as session:
        assert open_round(session, code="2027", title="Năm 2027", period="2027", **dates).added == 1


def test_nothing_is_put_under_a_closed_body(world: World) -> None:
    end_round(world)
    act(world, close_agency, "SO-2", DAY, "Giải thể")
    with pytest.raises(AgencyFaults) as found, world.database.writing() as session:
        change_agency(session, world["admin"], "SO-1", {"parent_code": "SO-2"}, 1)
    assert [key for _, key, _ in found.value.faults] == ["parent_closed"]


def test_a_body_is_not_reopened_under_a_closed_one(world: World) -> None:
    end_round(world)
    with world.database.writing() as session:
        change_agency(session, world["admin"], "SO-1", {"parent_code": "SO-2"}, 1)
    act(world, close_agency, "SO-1", DAY, "x")
    act(world, close_agency, "SO-2", DAY, "x")
    assert refused(world, reopen_agency, "SO-1", "x") == "parent_is_closed"


def test_what_is_in_use_is_not_removed_and_what_never_was_is(world: World) -> None:
    assert refused(world, remove_agency, "SO-1") == "in_use"
    typed = {"name": "Nhầm", "kind": "nha_nuoc", "type": "so", "level": "thanh_pho"}
    for code, above in (("X-1", "TP"), ("X-2", "X-1")):
        with world.database.writing() as session:
            add_agency(session, world["admin"], typed | {"code": code, "parent_code": above})
    assert refused(world, remove_agency, "X-1") == "in_use"
    act(world, remove_agency, "X-2")
    act(world, remove_agency, "X-1")
    with world.database.reading() as session, pytest.raises(Exception, match="not_found"):
        read_agency(session, world["admin"], "X-1")


@pytest.mark.parametrize(
    ("service", "values"), [(close_agency, (DAY, "x")), (reopen_agency, ("x",)), (remove_agency, ())]
)
def test_steps_are_the_administrators_and_never_over_anothers_change(
    world: World, service: Callable[..., Any], values: tuple[object, ...]
) -> None:
    with pytest.raises(NotAllowed):
        act(world, service, "SO-1", *values, by="coordinator")
    with pytest.raises(AgencyChanged), world.database.writing() as session:
        service(session, world["admin"], "SO-1", *values, 7)
