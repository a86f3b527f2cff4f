"""Deputies: leaders for the days they are named for and no longer, of their own body alone, told in what they sign."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from survey.core.workflow import Role
from survey.services.deputise import DeputyForm, DeputyState, end_deputy, name_deputy, read_deputies
from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.manage_accounts import disable_account, give_role, take_role
from survey.services.people import Person
from survey.services.review_submission import review_submission
from survey.services.sign_in import find_signed_in
from survey.services.sign_off import approve, return_to_clerk, withdraw
from survey.storage.accounts import Account, WebSession
from survey.storage.events import Event
from tests.services.world import FULL, World, at

DAYS = ("03/12/2026", "05/12/2026")  # NOW is the 23rd of November, and the round closes after them
MORNING = datetime(2026, 12, 2, 17, 0, tzinfo=UTC)  # 00:00 of the 3rd in Hà Nội
EVENING = datetime(2026, 12, 5, 16, 59, 59, tzinfo=UTC)  # the last second of the 5th there


def named(world: World, who: str = "clerk2", days: tuple[str, str] = DAYS, by: str = "leader", **more: Any) -> int:
    form = DeputyForm(world[who].account_id, *days, "KT.")
    return int(world.act(name_deputy, by, form, **more))


def at_moment(world: World, moment: datetime, login: str = "clerk2") -> Person:
    """Who a browser is at a moment: the session is renewed, so that only the rights are looked at."""
    with world.database.writing() as session:
        ours = sa.select(WebSession.id).where(WebSession.account_id == world[login].account_id)
        renewed = sa.update(WebSession).where(WebSession.id.in_(ours))
        session.execute(renewed.values(created_at=moment, last_seen=moment))
    with world.database.reading() as session:
        found = find_signed_in(session, world.known.tokens[login], clock=lambda: moment)
    assert found is not None
    return found.person


def leads(world: World, moment: datetime, login: str = "clerk2") -> bool:
    person = at_moment(world, moment, login)
    return any(Role.LEADER in body.roles for body in person.bodies)


@pytest.mark.parametrize(
    ("moment", "held"),
    [
        (MORNING - timedelta(seconds=1), False),
        (MORNING, True),
        (EVENING, True),
        (EVENING + timedelta(seconds=1), False),
    ],
)
def test_the_right_begins_and_ends_by_itself_with_the_days_of_ha_noi(
    world: World, moment: datetime, held: bool
) -> None:
    named(world)
    assert leads(world, moment) is held


def test_a_deputy_approves_and_the_receipt_the_event_and_the_sign_off_say_in_whose_place(world: World) -> None:
    named(world)
    world.save(FULL)
    world.present()
    deputy = at_moment(world, MORNING)
    with world.database.writing() as session:
        seen = review_submission(session, deputy, world.submission(), clock=lambda: MORNING)
        receipt = approve(session, deputy, world.submission(), seen.content_hash, clock=lambda: MORNING)
        again = approve(session, deputy, world.submission(), seen.content_hash, clock=lambda: MORNING)
    assert receipt == again
    assert (receipt.by, receipt.in_place) == ("KT. Người clerk2", True)
    with world.database.reading() as session:
        told = session.scalars(sa.select(Event).where(Event.kind == "approved")).all()
    assert len(told) == 1
    assert '"capacity":"KT."' in told[0].data.replace(" ", "")
    with world.database.writing() as session:
        withdraw(session, deputy, world.submission(), clock=lambda: MORNING)


def test_a_leaders_own_approval_says_nothing_of_a_capacity(world: World) -> None:
    receipt = world.send(FULL)
    assert (receipt.by, receipt.in_place) == ("Người leader", False)


@pytest.mark.parametrize("moment", [MORNING - timedelta(seconds=1), EVENING + timedelta(seconds=1)])
def test_before_and_after_they_are_clerks_and_may_not_approve(world: World, moment: datetime) -> None:
    named(world)
    world.save(FULL)
    world.present()
    person, seen = at_moment(world, moment), world.seen_hash()
    with world.database.writing() as session, pytest.raises(NotAllowed):
        approve(session, person, world.submission(), seen, clock=lambda: moment)


def test_ended_early_it_is_over_at_the_next_request(world: World) -> None:
    number = named(world)
    assert leads(world, MORNING)
    world.act(end_deputy, "leader", number, clock=lambda: MORNING)
    assert not leads(world, MORNING + timedelta(seconds=1))
    found = world.look(read_deputies, "leader", clock=lambda: MORNING).deputies
    assert [(one.state, one.ended is not None) for one in found] == [(DeputyState.ENDED, True)]


def test_with_the_account_or_its_place_at_the_body_the_deputising_is_gone(world: World) -> None:
    named(world)
    with world.database.writing() as session:
        agency = next(body.agency_id for body in world["clerk2"].bodies)
        take_role(session, world["admin"], world["clerk2"].account_id, agency, Role.CLERK, clock=at())
    assert not leads(world, MORNING)


def test_a_disabled_account_neither_deputises_nor_can_be_named(world: World) -> None:
    named(world)
    with world.database.writing() as session:
        disable_account(session, world["admin"], world["clerk2"].account_id, clock=at())
        assert session.get_one(Account, world["clerk2"].account_id).disabled_at is not None
    with world.database.reading() as session:
        assert find_signed_in(session, world.known.tokens["clerk2"], clock=at()) is None
    assert world["clerk2"].account_id not in {one.account_id for one in world.look(read_deputies, "leader").colleagues}


def test_nobody_of_another_body_is_named_nor_leads_there(world: World) -> None:
    for who in ("other", "third", "leader", "admin"):
        with pytest.raises(Refused) as refused:
            named(world, who)
        assert refused.value.field == "account"
    named(world)
    deputy = at_moment(world, MORNING)
    for agency in ("SO-2", "P-1"):
        with world.database.writing() as session, pytest.raises(NotFound):
            return_to_clerk(session, deputy, world.submission(agency), "Số liệu của mục 2 cần rà lại.", clock=at())


def test_only_the_leader_and_the_coordinator_name_and_end_and_no_deputy_does(world: World) -> None:
    for who, fault in (("clerk", NotAllowed), ("admin", NotFound), ("other", NotFound)):
        with pytest.raises(fault):
            named(world, by=who)
    number = named(world, by="coordinator")
    deputy = at_moment(world, MORNING)
    form = DeputyForm(world["clerk"].account_id, *DAYS, "KT.")
    with world.database.writing() as session:
        with pytest.raises(Refused):
            name_deputy(session, deputy, world.submission(), form, clock=lambda: MORNING)
        with pytest.raises(Refused):
            end_deputy(session, deputy, world.submission(), number, clock=lambda: MORNING)
    with pytest.raises(NotFound):
        world.act(end_deputy, "third", number, agency="SO-3")


@pytest.mark.parametrize(
    ("days", "capacity", "fields"),
    [
        (("05/12/2026", "03/12/2026"), "KT.", {"until_day"}),
        (("01/11/2026", "22/11/2026"), "KT.", {"until_day"}),
        (("01/12/2026", "31/12/2027"), "KT.", {"until_day"}),
        (("hôm nay", ""), "X", {"from_day", "until_day", "capacity"}),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    world: World, days: tuple[str, str], capacity: str, fields: set[str]
) -> None:
    form = DeputyForm(world["clerk2"].account_id, *days, capacity)
    with pytest.raises(Refused) as refused:
        world.act(name_deputy, "leader", form)
    assert {one.field for one in refused.value.each} == fields


def test_one_person_is_named_once_for_a_day(world: World) -> None:
    number = named(world)
    with pytest.raises(Refused):
        named(world, days=("05/12/2026", "09/12/2026"))
    named(world, days=("06/12/2026", "09/12/2026"))
    world.act(end_deputy, "leader", number)
    named(world)
    states = [one.state for one in world.look(read_deputies, "leader").deputies]
    assert sorted(states) == [DeputyState.COMING, DeputyState.COMING, DeputyState.ENDED]


def test_who_becomes_a_leader_signs_as_one(world: World) -> None:
    named(world)
    with world.database.writing() as session:
        give_role(session, world["admin"], world["clerk2"].account_id, "SO-1", Role.LEADER, clock=at())
    person = at_moment(world, MORNING)
    assert person.deputises(person.bodies[0].agency_id) is None
