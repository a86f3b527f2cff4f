"""Signing in and out, the signed-in browser behind a token, and switching between the bodies one serves.

Signing in takes two units of work, so that the slow password check never holds the writers' lock:
`check_password` in a reading one, then `open_session` in a writing one.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from survey.core.instants_vi import day_of
from survey.core.workflow import Role
from survey.services import audit, passwords
from survey.services.errors import NotFound
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.lock_out import count_wrong_try, forget_wrong_tries, locked_until
from survey.services.people import Body, Deputising, Person, SignedIn, gather_bodies
from survey.services.shut_idle import shut_if_idle
from survey.storage import accounts
from survey.storage.accounts import Account, Browser, Deputy, Membership, Stage, WebSession
from survey.storage.agencies import Agency

IDLE = timedelta(hours=4)
IDLE_PRIVILEGED = timedelta(minutes=15)  # coordinators, administrators and auditors
HALFWAY = timedelta(minutes=30)  # from the password to the second factor
LONGEST = timedelta(hours=12)
TOUCH_AFTER = timedelta(minutes=1)
WARNED_BEFORE = timedelta(minutes=10)


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
    if account is None or account.disabled_at is not None or shut_if_idle(session, account, now) or not checked.matches:
        return SignInResult(None, None, count_wrong_try(session, checked.login, now))
    if checked.new_hash is not None:
        account.password_hash = checked.new_hash
    return begin_session(session, account, browser=browser, clock=clock)


def confirm_password(session: Session, checked: CheckedPassword, *, clock: Clock = system_clock) -> SignInResult | None:
    """None where one's own password, asked for again before something grave, is right; else why not, and it counts."""
    now = clock()
    locked = locked_until(session, checked.login, now, hold=True)
    if locked is None and checked.matches:
        return None
    return SignInResult(None, None, locked or count_wrong_try(session, checked.login, now))


def begin_session(
    session: Session, account: Account, *, browser: str = "", clock: Clock = system_clock
) -> SignInResult:
    """A new session for one who has just shown the password, or the right to set it.

    Where a second factor is set up, or has to be, the session is good for nothing else until it has come.
    """
    token = secrets.token_urlsafe(32)
    web_session = WebSession(
        token_hash=_token_hash(token),
        account_id=account.id,
        csrf_secret=secrets.token_urlsafe(32),
        stage=_first_stage(session, account),
        browser=browser,
        created_at=clock(),
        last_seen=clock(),
    )
    session.add(web_session)
    session.flush()
    return _let_in(session, web_session, account, token, clock)


def finish_signing_in(session: Session, halfway: SignedIn, *, clock: Clock = system_clock) -> SignInResult:
    """Let a person in whose second factor has come: the session goes on under a new token, and so do its forms."""
    web_session = session.get(WebSession, halfway.session_id)
    account = session.get(Account, halfway.person.account_id)
    if web_session is None or account is None:
        raise NotFound
    token = secrets.token_urlsafe(32)
    web_session.token_hash, web_session.csrf_secret = _token_hash(token), secrets.token_urlsafe(32)
    web_session.stage, web_session.last_seen = Stage.OPEN, clock()
    session.flush()
    return _let_in(session, web_session, account, token, clock)


def _let_in(session: Session, web_session: WebSession, account: Account, token: str, clock: Clock) -> SignInResult:
    """What the browser gets; for a person who is in, that is noted and their wrong tries are forgotten."""
    signed_in = find_session(session, token, clock=clock)
    if signed_in is None:
        raise NotFound  # ended at this very moment
    if web_session.stage is Stage.OPEN:
        forget_wrong_tries(session, account.login)
        account.last_sign_in = clock()
        web_session.agency_id = signed_in.current.agency_id if signed_in.current is not None else None
        audit.record(session, audit.ACCOUNTS, "signed_in", signed_in.person, clock())
        session.flush()
    return SignInResult(token, signed_in)


def _first_stage(session: Session, account: Account) -> Stage:
    if account.totp_since is not None:
        return Stage.CODE
    return Stage.ENROL if needs_second_factor(session, account.roles) else Stage.OPEN


def needs_second_factor(session: Session, roles: Collection[str]) -> bool:
    """Whether those who hold one of these roles of the whole instance cannot do without a second factor."""
    return bool(roles) and read_settings(session).second_factor


def find_signed_in(session: Session, token: str, *, clock: Clock = system_clock) -> SignedIn | None:
    """The signed-in browser behind a cookie's token; None where it is nobody's, or has not come through yet."""
    found = find_session(session, token, clock=clock)
    return found if found is not None and found.stage is Stage.OPEN else None


def find_session(session: Session, token: str, *, clock: Clock = system_clock) -> SignedIn | None:
    """The browser behind a cookie's token, one statement; None where unknown, too old, idle too long or disabled."""
    now = clock()
    browser = accounts.find_browser(session, _token_hash(token), day_of(now))
    if browser is None:
        return None
    seen = browser.web_session
    person = _person(browser)
    if has_run_out(seen, now, privileged=bool(person.roles)):
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
        stage=seen.stage,
    )


def has_run_out(seen: WebSession, now: datetime, *, privileged: bool) -> bool:
    """Whether a session is too old or has been idle for too long."""
    if seen.stage is not Stage.OPEN:
        return now - seen.created_at > HALFWAY
    return now - seen.created_at > LONGEST or now - seen.last_seen > (IDLE_PRIVILEGED if privileged else IDLE)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """How long a session lasts, in seconds."""

    idle: int  # from the last request on, at least: being seen is noted once a minute
    most: int  # from now on, whatever is done
    warn: int  # so long before the end a page says so


def time_left(browser: SignedIn, *, clock: Clock = system_clock) -> TimeLeft:
    """What a page of this browser needs to warn in time."""
    idle = (IDLE_PRIVILEGED if browser.person.roles else IDLE) - TOUCH_AFTER
    most = browser.created + LONGEST - clock()
    warn = min(WARNED_BEFORE, idle / 4)
    return TimeLeft(*(int(one.total_seconds()) for one in (idle, most, warn)))


def _person(browser: Browser) -> Person:
    account = browser.account
    leads = {one.id for own, one, _ in browser.served if own.role is Role.LEADER}
    served = (_body(own, one, None if one.id in leads else deputy) for own, one, deputy in browser.served)
    return Person(
        account.id,
        account.login,
        account.name,
        account.language,
        frozenset(Role(role) for role in account.roles),
        gather_bodies(served),
        frozenset(account.kinds.split()),
    )


def _body(own: Membership, agency: Agency, deputy: Deputy | None) -> Body:
    """A body served in one role, and led in its leader's place where the person deputises today."""
    roles = {own.role} if deputy is None else {own.role, Role.LEADER}
    held = None if deputy is None else Deputising(deputy.id, deputy.capacity, deputy.until_day)
    return Body(agency.id, agency.code, agency.name, frozenset(roles), own.title, held)


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
    """End the session; its token is worthless from now on. Twice is once."""
    now = clock()
    if accounts.end_one_session(session, signed_in.person.account_id, signed_in.session_id, now):
        audit.record(session, audit.ACCOUNTS, "signed_out", signed_in.person, now)


def _change(session: Session, signed_in: SignedIn, **values: object) -> None:
    session.execute(sa.update(WebSession).where(WebSession.id == signed_in.session_id).values(**values))


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
