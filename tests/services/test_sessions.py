"""One's own account: the list of one's sessions, ending them, and how one is reached."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from survey.services.errors import NotFound, Refused
from survey.services.people import SignedIn
from survey.services.sessions import change_contact, end_other_sessions, end_session, view_own_account
from survey.services.sign_in import IDLE, LONGEST, check_password, find_signed_in, open_session
from survey.storage.events import Event
from tests.services.world import NOW, PASSWORD, World, at


def sign_in(world: World, login: str, browser: str = "", **later: float) -> tuple[str, SignedIn]:
    with world.database.reading() as session:
        checked = check_password(session, login, PASSWORD, clock=at(**later))
    with world.database.writing() as session:
        result = open_session(session, checked, browser=browser, clock=at(**later))
    assert result.token is not None
    assert result.signed_in is not None
    return result.token, result.signed_in


def is_in(world: World, token: str) -> bool:
    with world.database.reading() as session:
        return find_signed_in(session, token, clock=at(minutes=10)) is not None


def listed(world: World, mine: SignedIn, **later: float) -> list[tuple[str, bool]]:
    with world.database.reading() as session:
        own = view_own_account(session, mine, clock=at(**later))
    return [(one.browser, one.this_one) for one in own.sessions]


def test_ones_sessions_are_listed_this_one_first(world: World) -> None:
    _, mine = sign_in(world, "clerk", "Chrome, Windows", minutes=1)
    sign_in(world, "clerk", "Safari, iOS", minutes=3)
    sign_in(world, "leader", "Edge, Windows", minutes=4)
    assert listed(world, mine, minutes=5) == [("Chrome, Windows", True), ("Safari, iOS", False), ("", False)]


@pytest.mark.parametrize("after", [IDLE, LONGEST])
def test_a_session_that_has_run_out_is_not_listed(world: World, after: timedelta) -> None:
    _, mine = sign_in(world, "clerk", "Firefox, Linux", seconds=after.total_seconds() + 1)
    assert listed(world, mine, seconds=after.total_seconds() + 2) == [("Firefox, Linux", True)]


def test_a_session_that_is_ended_is_nobodys_at_its_next_request(world: World) -> None:
    (_, mine), (lost, _) = sign_in(world, "clerk"), sign_in(world, "clerk")
    with world.database.reading() as session:
        other = next(one for one in view_own_account(session, mine, clock=at()).sessions if not one.this_one)
    assert is_in(world, lost)
    with world.database.writing() as session:
        end_session(session, mine, other.session_id, clock=at())
    assert not is_in(world, lost)
    assert len(listed(world, mine)) == 2


def test_all_others_are_ended_at_once(world: World) -> None:
    (token, mine), (lost, _) = sign_in(world, "clerk"), sign_in(world, "clerk")
    leader, _ = sign_in(world, "leader")
    with world.database.writing() as session:
        end_other_sessions(session, mine, clock=at())
    assert [is_in(world, one) for one in (token, lost, world.known.tokens["clerk"], leader)] == [
        True,
        False,
        False,
        True,
    ]


def test_nobody_ends_the_sessions_of_another(world: World) -> None:
    (_, mine), (theirs, leader) = sign_in(world, "clerk"), sign_in(world, "leader")
    for number in (leader.session_id, 10_000):
        with pytest.raises(NotFound), world.database.writing() as session:
            end_session(session, mine, number, clock=at())
    assert is_in(world, theirs)


def test_a_session_is_ended_once(world: World) -> None:
    (_, mine), (_, lost) = sign_in(world, "clerk"), sign_in(world, "clerk")
    with world.database.writing() as session:
        end_session(session, mine, lost.session_id, clock=at())
    with pytest.raises(NotFound), world.database.writing() as session:
        end_session(session, mine, lost.session_id, clock=at())


def test_how_one_is_reached_is_changed_and_the_log_keeps_no_address(world: World) -> None:
    _, mine = sign_in(world, "clerk")
    with world.database.writing() as session:
        change_contact(session, mine.person, email=" An@Donvi.gov.VN ", phone="0912  345 678", clock=at())
        change_contact(session, mine.person, email="An@donvi.gov.vn", phone="0912 345 678", clock=at())
    with world.database.reading() as session:
        own = view_own_account(session, mine, clock=at())
        told = session.scalars(sa.select(Event.data).where(Event.kind == "contact_changed")).all()
    assert (own.email, own.phone) == ("An@donvi.gov.vn", "0912 345 678")
    assert len(told) == 1
    assert "donvi" not in told[0]
    assert "345" not in told[0]


@pytest.mark.parametrize(
    ("email", "phone", "field"),
    [
        ("an", "", "email"),
        ("an@donvi.gov.vn, ba@donvi.gov.vn", "", "email"),
        ("An <an@donvi.gov.vn>", "", "email"),
        ("a" * 10_000 + "@donvi.gov.vn", "", "email"),
        ("", "gọi buổi sáng", "phone"),
        ("", "12", "phone"),
    ],
)
def test_what_is_no_address_is_refused_by_name(world: World, email: str, phone: str, field: str) -> None:
    with pytest.raises(Refused) as caught, world.database.writing() as session:
        change_contact(session, world["clerk"], email=email, phone=phone, clock=at())
    assert caught.value.field == field
    assert len(caught.value.sentence()) < 300


def test_the_account_says_when_one_signed_in_last(world: World) -> None:
    _, mine = sign_in(world, "clerk", minutes=7)
    with world.database.reading() as session:
        assert view_own_account(session, mine, clock=at(minutes=8)).last_sign_in == NOW + timedelta(minutes=7)
