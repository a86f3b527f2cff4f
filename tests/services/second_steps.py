"""Signing in with a second factor step by step, for tests of services."""

from datetime import timedelta

import pyotp
import sqlalchemy as sa

from survey.services.instance import change_setting
from survey.services.people import SignedIn
from survey.services.second_factor import Confirmed, check_code, confirm_enrolment, offer_enrolment
from survey.services.sign_in import SignInResult, check_password, find_signed_in, open_session
from survey.storage.events import Event
from tests.services.world import NOW, PASSWORD, World, at

KEY = b"k" * 32


def sign_in(world: World, login: str, password: str = PASSWORD, **later: float) -> SignInResult:
    with world.database.reading() as session:
        checked = check_password(session, login, password, clock=at(**later))
    with world.database.writing() as session:
        return open_session(session, checked, clock=at(**later))


def browser(result: SignInResult) -> SignedIn:
    assert result.signed_in is not None
    return result.signed_in


def secret_of(world: World, login: str, key: bytes = KEY) -> str:
    with world.database.writing() as session:
        return offer_enrolment(session, world[login], key).secret


def digits(secret: str, **later: float) -> str:
    return pyotp.TOTP(secret).at(NOW + timedelta(**later))


def enrol(world: World, login: str) -> tuple[str, tuple[str, ...]]:
    """Set up a second factor in a signed-in browser, an hour before now."""
    secret = secret_of(world, login)
    with world.database.writing() as session:
        found = find_signed_in(session, world.known.tokens[login], clock=at())
        assert found is not None
        done = confirm_enrolment(session, found, digits(secret, hours=-1), KEY, clock=at(hours=-1))
    assert isinstance(done, Confirmed)
    assert done.result is None
    return secret, done.codes


def try_code(world: World, halfway: SignInResult, typed: str, *, key: bytes = KEY, **later: float) -> SignInResult:
    with world.database.writing() as session:
        return check_code(session, browser(halfway), typed, key, clock=at(**later))


def is_in(world: World, token: str | None) -> bool:
    with world.database.reading() as session:
        return find_signed_in(session, token or "", clock=at()) is not None


def turn_on(world: World) -> None:
    with world.database.writing() as session:
        change_setting(session, "second_factor", "1")


def kinds_of_events(world: World) -> list[str]:
    with world.database.reading() as session:
        return list(session.scalars(sa.select(Event.kind).where(Event.stream == "accounts").order_by(Event.number)))
