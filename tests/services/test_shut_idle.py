"""Accounts that nobody has signed in to for 45 days are shut; never the last administrator, never a demonstration's."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from survey.services.create_account import enable_account
from survey.services.instance import change_setting, mark_demonstration
from survey.services.invitations import Channel, Purpose, invite
from survey.services.people import Person
from survey.services.shut_idle import shut_idle_accounts
from survey.services.sign_in import SignInResult, check_password, find_signed_in, open_session
from survey.storage.accounts import Account
from survey.storage.events import Event
from tests.services.world import NOW, PASSWORD, World, at

LATE = 45.01  # days


def sign_in(world: World, login: str, password: str = PASSWORD, days: float = 0) -> SignInResult:
    with world.database.reading() as session:
        checked = check_password(session, login, password, clock=at(days=days))
    with world.database.writing() as session:
        return open_session(session, checked, clock=at(days=days))


def shut(world: World, days: float) -> int:
    with world.database.writing() as session:
        return shut_idle_accounts(session, clock=at(days=days))


def why(world: World, login: str) -> str:
    with world.database.reading() as session:
        account = session.scalar(sa.select(Account).where(Account.login == login))
        assert account is not None
        assert bool(account.disabled_at) is bool(account.disabled_why)
        return account.disabled_why


def invited(world: World, login: str, days: float, *, by: Person | None, purpose: Purpose) -> None:
    with world.database.writing() as session:
        account_id = world[login].account_id
        invite(session, account_id, by=by, channel=Channel.MAIL, purpose=purpose, clock=at(days=days))


def test_an_idle_account_is_answered_like_a_wrong_password(world: World) -> None:
    assert sign_in(world, "clerk", days=LATE) == SignInResult(None, None)
    assert why(world, "clerk") == "idle"
    assert sign_in(world, "clerk", days=LATE) == SignInResult(None, None) == sign_in(world, "leader", "sai", days=LATE)


def test_up_to_the_day_it_opens(world: World) -> None:
    assert sign_in(world, "clerk", days=45).opened
    assert sign_in(world, "clerk", days=90).opened


def test_the_night_shuts_every_idle_account_and_tells_each_once(world: World) -> None:
    sign_in(world, "leader", days=1)
    assert shut(world, 45) == 0
    assert shut(world, LATE) == 5  # not the leader, not the last administrator
    assert shut(world, LATE) == 0
    assert [why(world, login) for login in ("clerk", "leader", "admin")] == ["idle", "", ""]
    with world.database.reading() as session:
        told = session.scalars(sa.select(Event).where(Event.kind == "account_shut_idle")).all()
    assert len(told) == 5


def test_sessions_of_a_shut_account_end(world: World) -> None:
    shut(world, LATE)
    with world.database.reading() as session:
        assert find_signed_in(session, world.known.tokens["clerk"], clock=at()) is None


def test_the_last_administrator_is_never_shut_out(world: World) -> None:
    assert sign_in(world, "admin", days=400).opened


def test_of_two_idle_administrators_the_one_seen_last_stays(world: World) -> None:
    with world.database.writing() as session:
        moment = NOW + timedelta(hours=1)
        session.execute(
            sa.update(Account).where(Account.login == "third").values(roles=["administrator"], last_sign_in=moment)
        )
    shut(world, 400)
    assert (why(world, "admin"), why(world, "third")) == ("idle", "")


def test_an_administrator_who_never_came_does_not_count(world: World) -> None:
    values = {"roles": ["administrator"], "password_hash": "", "created_at": NOW + timedelta(days=399)}
    with world.database.writing() as session:
        session.execute(sa.update(Account).where(Account.login == "third").values(last_sign_in=None, **values))
    shut(world, 400)
    assert why(world, "admin") == ""


def test_days_count_anew_from_the_opening(world: World) -> None:
    shut(world, LATE)
    with world.database.writing() as session:
        enable_account(session, world["admin"], world["clerk"].account_id, clock=at(days=60))
    assert sign_in(world, "clerk", days=104).opened


def test_days_count_anew_from_an_invitation_by_another(world: World) -> None:
    invited(world, "clerk", 40, by=world["admin"], purpose=Purpose.RESET)
    invited(world, "other", 40, by=None, purpose=Purpose.FIRST)  # from the command line
    invited(world, "leader", 40, by=None, purpose=Purpose.RESET)  # asked for by anybody who knows the name
    shut(world, LATE)
    assert [why(world, login) for login in ("clerk", "other", "leader")] == ["", "", "idle"]


@pytest.mark.parametrize(("days", "opens"), [("10", False), ("100", True), ("0", True)])
def test_the_instance_says_how_many_days(world: World, days: str, opens: bool) -> None:
    with world.database.writing() as session:
        change_setting(session, "idle_days", days)
    assert sign_in(world, "clerk", days=50).opened is opens


def test_a_demonstration_keeps_its_accounts(world: World) -> None:
    with world.database.writing() as session:
        mark_demonstration(session)
    assert shut(world, 400) == 0
    assert sign_in(world, "clerk", days=400).opened
