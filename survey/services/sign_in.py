"""Signing in and out, the signed-in browser behind a token, and switching between the bodies one serves.

Signing in takes two units of work, so that the slow password check never holds the writers' lock:
`check_password` in a reading one, then `open_session` in a writing one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from survey.services.instance import Clock, Session, system_clock
from survey.services.people import SignedIn

WRONG_TRIES = 5
LOCK_OUT = timedelta(minutes=15)
IDLE = timedelta(hours=4)
IDLE_PRIVILEGED = timedelta(minutes=15)  # coordinators and administrators
LONGEST = timedelta(hours=12)
TOUCH_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CheckedPassword:
    """What came of comparing a password; tells nothing by itself, pass it to open_session."""

    login: str
    account_id: int | None
    matches: bool


@dataclass(frozen=True, slots=True)
class SignInResult:
    """Either a token to set as cookie, or why not: wrong name or password, or locked out until a time."""

    token: str | None
    signed_in: SignedIn | None
    locked_until: datetime | None = None

    @property
    def opened(self) -> bool:
        """Whether the person is signed in now."""
        return self.token is not None


def check_password(session: Session, login: str, password: str, *, clock: Clock = system_clock) -> CheckedPassword:
    """Compare a password; an unknown or disabled name costs the same time as a wrong password."""
    raise NotImplementedError


def open_session(session: Session, checked: CheckedPassword, *, clock: Clock = system_clock) -> SignInResult:
    """Sign the person in, or count the wrong try: after 5 the name is locked for 15 minutes, known or not."""
    raise NotImplementedError


def find_signed_in(session: Session, token: str, *, clock: Clock = system_clock) -> SignedIn | None:
    """The browser behind a cookie's token, one statement; None where unknown, too old, idle too long or disabled."""
    raise NotImplementedError


def keep_alive(session: Session, signed_in: SignedIn, *, clock: Clock = system_clock) -> None:
    """Note that the browser was seen; only needed where `signed_in.stale`."""
    raise NotImplementedError


def switch_body(session: Session, signed_in: SignedIn, agency_id: int) -> SignedIn:
    """Work for another of the bodies the person serves; raises NotFound for any other."""
    raise NotImplementedError


def sign_out(session: Session, signed_in: SignedIn, *, clock: Clock = system_clock) -> None:
    """End the session; its token is worthless from now on."""
    raise NotImplementedError
