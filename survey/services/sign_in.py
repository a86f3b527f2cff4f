"""Signing in and out, the signed-in browser behind a token, and switching between the bodies one serves.

Signing in takes two units of work, so that the slow password check never holds the writers' lock:
`check_password` in a reading one, then `open_session` in a writing one.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from survey.core.workflow import Role
from survey.services import audit, passwords
from survey.services.errors import NotFound
from survey.services.instance import Clock, Session, system_clock
from survey.services.lock_out import count_wrong_try, forget_wrong_tries, locked_until
from survey.services.people import Body, Person, SignedIn, gather_bodies
from survey.storage import accounts
from survey.storage.accounts import Account, Browser, WebSession

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
    new_hash: str | None = None  # where the kept hash was made with older settings


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
    """Compare a password; an unknown or disabled name costs the same time as a wrong password.

    A name that is locked out is not compared at all, known or not.
    """
    name = passwords.clean_login(login)
    if locked_until(session, name, clock()) is not None:
        return CheckedPassword(name, None, matches=False)
    account = accounts.find_login(session, name)
    usable = account is not None and account.disabled_at is None
    matches = passwords.verify(account.password_hash if account and usable else None, password)
    new_hash = passwords.renewed(account.password_hash, password) if account and matches else None
    return CheckedPassword(name, account.id if account and usable else None, matches, new_hash)


def open_session(
    session: Session, checked: CheckedPassword, *, browser: str = "", clock: Clock = system_clock
) -> SignInResult:
    """Sign the person in, or count the wrong try: after 5 the name is locked for 15 minutes, known or not."""
    now = clock()
    locked = locked_until(session, checked.login, now, hold=True)
    if locked is not None:
        return SignInResult(None, None, locked)
    account = session.get(Account, checked.account_id) if checked.account_id is not None else None
    if account is None or not checked.matches or account.disabled_at is not None:
        return SignInResult(None, None, count_wrong_try(session, checked.login, now))
    if checked.new_hash is not None:
        account.password_hash = checked.new_hash
    return begin_session(session, account, browser=browser, clock=clock)


def begin_session(
    session: Session, account: Account, *, browser: str = "", clock: Clock = system_clock
) -> SignInResult:
    """A new session for one who has just shown the password, or the right to set it."""
    now = clock()
    forget_wrong_tries(session, account.login)
    account.last_sign_in = now
    token = secrets.token_urlsafe(32)
    web_session = WebSession(
        token_hash=_token_hash(token),
        account_id=account.id,
        csrf_secret=secrets.token_urlsafe(32),
        browser=browser,
        created_at=now,
        last_seen=now,
    )
    session.add(web_session)
    session.flush()
    signed_in = find_signed_in(session, token, clock=clock)
    if signed_in is None:
        raise LookupError("the session just opened")
    if signed_in.current is not None:
        web_session.agency_id = signed_in.current.agency_id
    audit.record(session, audit.ACCOUNTS, "signed_in", signed_in.person, now)
    session.flush()
    return SignInResult(token, signed_in)


def find_signed_in(session: Session, token: str, *, clock: Clock = system_clock) -> SignedIn | None:
    """The browser behind a cookie's token, one statement; None where unknown, too old, idle too long or disabled."""
    browser = accounts.find_browser(session, _token_hash(token))
    if browser is None:
        return None
    now, seen = clock(), browser.web_session
    person = _person(browser)
    privileged = bool(person.roles)
    if now - seen.created_at > LONGEST or now - seen.last_seen > (IDLE_PRIVILEGED if privileged else IDLE):
        return None
    first = browser.served[0][1].id if browser.served else None  # the body that the account was made for
    worked_for = seen.agency_id if any(body.agency_id == seen.agency_id for body in person.bodies) else first
    return SignedIn(
        session_id=seen.id,
        person=person,
        current=next((body for body in person.bodies if body.agency_id == worked_for), None),
        csrf_secret=seen.csrf_secret,
        created=seen.created_at,
        last_seen=seen.last_seen,
        stale=now - seen.last_seen > TOUCH_AFTER,
    )


def _person(browser: Browser) -> Person:
    account = browser.account
    served = (Body(one.id, one.code, one.name, frozenset({own.role}), own.title) for own, one in browser.served)
    return Person(
        account.id,
        account.login,
        account.name,
        account.language,
        frozenset(Role(role) for role in account.roles),
        gather_bodies(served),
        frozenset(account.kinds.split()),
    )


def keep_alive(session: Session, signed_in: SignedIn, *, clock: Clock = system_clock) -> None:
    """Note that the browser was seen; only needed where `signed_in.stale`."""
    _change(session, signed_in, last_seen=clock())


def switch_body(session: Session, signed_in: SignedIn, agency_id: int) -> SignedIn:
    """Work for another of the bodies the person serves; raises NotFound for any other."""
    body = next((body for body in signed_in.person.bodies if body.agency_id == agency_id), None)
    if body is None:
        raise NotFound
    _change(session, signed_in, agency_id=agency_id)
    return replace(signed_in, current=body)


def sign_out(session: Session, signed_in: SignedIn, *, clock: Clock = system_clock) -> None:
    """End the session; its token is worthless from now on."""
    now = clock()
    _change(session, signed_in, ended_at=now)
    audit.record(session, audit.ACCOUNTS, "signed_out", signed_in.person, now)


def _change(session: Session, signed_in: SignedIn, **values: object) -> None:
    session.execute(sa.update(WebSession).where(WebSession.id == signed_in.session_id).values(**values))


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
