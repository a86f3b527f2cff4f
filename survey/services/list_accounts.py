"""Accounts as an administrator sees them: the list with its filters, and one account with its past."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from survey.core.answers import clean_text
from survey.core.sorting_vi import fold, vietnamese_key
from survey.core.workflow import Role
from survey.services.errors import NotFound
from survey.services.instance import Clock, Session, system_clock
from survey.services.lock_out import locked_until
from survey.services.people import EVERY_KIND, Body, Person, gather_bodies
from survey.services.scope import require_administrator
from survey.services.sign_in import has_run_out, needs_second_factor
from survey.storage import account_pages, accounts, invitations
from survey.storage.accounts import Account, Stage

UNUSED = timedelta(days=30)  # longer than this without signing in is "lâu không dùng"
SHOWN_EVENTS = 50


class AccountState(StrEnum):
    """How an account stands."""

    NEW = "new"  # no password yet
    ACTIVE = "active"
    UNUSED = "unused"  # active, not signed in to for long
    SHUT = "shut"


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account in the list."""

    account_id: int
    login: str
    name: str
    language: str
    roles: frozenset[Role]
    bodies: tuple[Body, ...]
    disabled: bool
    last_sign_in: datetime | None
    kinds: frozenset[str] = frozenset()  # khối of a coordinator
    email: str = ""
    phone: str = ""
    state: AccountState = AccountState.ACTIVE
    why_shut: str = ""  # "idle", "administrator"; "" where it is open
    invited_at: datetime | None = None  # last by somebody else
    locked_until: datetime | None = None  # by wrong tries

    @property
    def titles(self) -> tuple[str, ...]:
        """Chức vụ, each once."""
        return tuple(dict.fromkeys(body.title for body in self.bodies if body.title))


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """What the list is narrowed to."""

    search: str = ""  # without dấu in name, login and bodies
    role: Role | None = None
    kind: str = ""  # khối of a body served, or of a coordinator
    state: AccountState | None = None
    locked: bool = False  # to names locked by wrong tries


@dataclass(frozen=True, slots=True)
class SessionView:
    """One browser that is signed in."""

    browser: str
    created_at: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One thing that happened to an account."""

    at: datetime
    by: str  # "" for the system itself
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One account with all that an administrator may know of it."""

    account: AccountView
    created_at: datetime
    disabled_at: datetime | None
    second_factor_since: datetime | None
    second_factor_needed: bool
    sessions: tuple[SessionView, ...]
    history: tuple[PastEvent, ...]  # newest first
    own: bool  # the administrator's own


def list_accounts(
    session: Session,
    person: Person,
    search: str = "",
    narrow: AccountFilter | None = None,
    *,
    clock: Clock = system_clock,
) -> tuple[AccountView, ...]:
    """Accounts by Vietnamese name, `search` without dấu in login, name and bodies. Administrators only."""
    require_administrator(person)
    asked = narrow or AccountFilter(search)
    found = accounts.listed(session, fold(clean_text(asked.search)))
    invited = invitations.last_by_others(session, [account.id for account in found if not account.password_hash])
    kinds = {one.agency_id: one.agency.kind for account in found for one in account.memberships}
    now = clock()
    locked = accounts.locked_logins(session, now)
    views = (_view(account, now, invited.get(account.id), locked.get(account.login)) for account in found)
    kept = (view for view in views if _fits(view, asked, kinds))
    return tuple(sorted(kept, key=lambda view: vietnamese_key(view.name)))


def _fits(view: AccountView, asked: AccountFilter, kinds: Mapping[int, str]) -> bool:
    held = view.roles.union(*(body.roles for body in view.bodies))
    if (asked.role is not None and asked.role not in held) or (asked.locked and view.locked_until is None):
        return False
    served = {kinds[body.agency_id] for body in view.bodies}
    if asked.kind and asked.kind not in served | view.kinds and EVERY_KIND not in view.kinds:
        return False
    open_too = asked.state is AccountState.ACTIVE and view.state is AccountState.UNUSED
    return asked.state is None or view.state is asked.state or open_too


def _view(account: Account, now: datetime, invited_at: datetime | None, locked: datetime | None) -> AccountView:
    bodies = gather_bodies(
        Body(one.agency.id, one.agency.code, one.agency.name, frozenset({one.role}), one.title)
        for one in account.memberships
    )
    return AccountView(
        account.id,
        account.login,
        account.name,
        account.language,
        frozenset(Role(role) for role in account.roles),
        bodies,
        account.disabled_at is not None,
        account.last_sign_in,
        frozenset(account.kinds.split()),
        account.email,
        account.phone,
        _state(account, now),
        account.disabled_why if account.disabled_at is not None else "",
        invited_at,
        locked,
    )


def _state(account: Account, now: datetime) -> AccountState:
    if account.disabled_at is not None:
        return AccountState.SHUT
    if not account.password_hash:
        return AccountState.NEW
    moments = (account.created_at, account.enabled_at, account.last_sign_in)
    seen = max(moment for moment in moments if moment is not None)
    return AccountState.UNUSED if now - seen > UNUSED else AccountState.ACTIVE


def view_account(session: Session, person: Person, account_id: int, *, clock: Clock = system_clock) -> AccountPage:
    """One account with its sessions and its past. Administrators only; raises NotFound."""
    require_administrator(person)
    account, now = account_pages.with_bodies(session, account_id), clock()
    if account is None:
        raise NotFound
    invited = invitations.last_by_others(session, [account.id]).get(account.id)
    running = [
        SessionView(one.browser, one.created_at, one.last_seen)
        for one in accounts.running_sessions(session, account.id)
        if one.stage is Stage.OPEN and not has_run_out(one, now, privileged=bool(account.roles))
    ]
    return AccountPage(
        _view(account, now, invited, locked_until(session, account.login, now)),
        account.created_at,
        account.disabled_at,
        account.totp_since,
        needs_second_factor(session, account.roles),
        tuple(running),
        tuple(_past(session, account)),
        account.id == person.account_id,
    )


def _past(session: Session, account: Account) -> Iterable[PastEvent]:
    found = account_pages.about(session, account.id, SHOWN_EVENTS)
    names = accounts.names(session, {event.account_id for event in found if event.account_id is not None})
    for event in found:
        by = names.get(event.account_id, "") if event.account_id is not None else ""
        yield PastEvent(event.at, by, event.kind, json.loads(event.data))


def login_of_person(session: Session, name: str, email: str) -> str:
    """The login of an account with this name and address; "" where there is none, or no address is given."""
    found = accounts.listed(session, fold(clean_text(name))) if name.strip() and email.strip() else ()
    same = (one.login for one in found if fold(one.name) == fold(name) and one.email.lower() == email.strip().lower())
    return next(same, "")


def all_logins(session: Session) -> frozenset[str]:
    """Every login that is taken."""
    return frozenset(account_pages.logins(session))
