"""Groups given to colleagues: named, taken back, advisory, and gone with the colleague."""

from __future__ import annotations

import pytest

from survey.services.assign_groups import assign_groups, drop_assignments, holders_of, read_assignments
from survey.services.audit import history_of
from survey.services.create_account import disable_account
from survey.services.errors import Blocked, NotAllowed, NotFound, Refused
from survey.services.read_submission import read_submission
from tests.services.world import FULL, World, at


def held(world: World) -> dict[str, str]:
    with world.database.reading() as session:
        head = read_submission(session, world["clerk"], world.submission(), clock=at()).head
        return {code: holder.name for code, holder in holders_of(session, head).items()}


def give(world: World, chosen: dict[str, str | None], by: str = "clerk") -> int:
    ids = {code: world[login].account_id if login else None for code, login in chosen.items()}
    changed = world.act(assign_groups, by, ids)
    assert isinstance(changed, int)
    return changed


def test_a_group_is_given_and_taken_back_with_one_event_each(world: World) -> None:
    assert give(world, {"1": "clerk2", "2.A": "clerk", "2.B": None}) == 2
    assert held(world) == {"1": "Người clerk2", "2.A": "Người clerk"}
    assert give(world, {"1": "clerk2", "2.A": None}, by="clerk2") == 1
    assert give(world, {"1": "clerk2"}) == 0
    assert held(world) == {"1": "Người clerk2"}
    with world.database.reading() as session:
        told = history_of(session, world["clerk"], world.submission())
    assert [event.kind for event in told] == ["groups_assigned", "groups_assigned"]


def test_the_form_names_every_colleague_of_the_body_and_no_one_else(world: World) -> None:
    form = world.look(read_assignments, "clerk")
    assert [one.name for one in form.colleagues] == ["Người clerk", "Người clerk2"]
    assert [(one.code, one.top.vi) for one in form.groups] == [("1", ""), ("2.A", "Hoạt động"), ("2.B", "Hoạt động")]
    assert form.may_assign
    assert not world.look(read_assignments, "leader").may_assign


@pytest.mark.parametrize("login", ["leader", "other", "coordinator"])
def test_only_clerks_of_the_body_can_hold_a_group(world: World, login: str) -> None:
    with pytest.raises(Refused):
        give(world, {"1": login})
    assert held(world) == {}


def test_only_lowest_groups_are_given_and_only_by_clerks_of_the_body(world: World) -> None:
    with pytest.raises(NotFound):
        give(world, {"2": "clerk2"})
    with pytest.raises(NotFound):
        give(world, {"1": "clerk2"}, by="third")
    with pytest.raises(NotAllowed):
        give(world, {"1": "clerk2"}, by="leader")


def test_whoever_holds_a_group_any_clerk_may_still_fill_it_in(world: World) -> None:
    give(world, {"1": "clerk2", "2.A": "clerk2"})
    world.save({"2.3": "4"}, by="clerk")
    assert held(world) == {"1": "Người clerk2", "2.A": "Người clerk2"}


def test_a_colleague_who_leaves_loses_them(world: World) -> None:
    give(world, {"1": "clerk2", "2.A": "clerk2"})
    with world.database.writing() as session:
        disable_account(session, world["admin"], world["clerk2"].account_id, clock=at())
    assert held(world) == {}
    with world.database.writing() as session:
        agency = next(body.agency_id for body in world["clerk2"].bodies)
        drop_assignments(session, world["clerk2"].account_id, agency)
    assert held(world) == {}


def test_nothing_is_given_once_the_phieu_is_sent(world: World) -> None:
    world.send(FULL)
    with pytest.raises(Blocked):
        give(world, {"1": "clerk2"})
