"""One's own account: the browsers that are signed in to it, and how one is reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.core.addresses import read_address, read_phone
from survey.services import audit
from survey.services.errors import NotFound, Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person, SignedIn
from survey.services.sign_in import has_run_out
from survey.storage import accounts
from survey.storage.accounts import Account, Stage


@dataclass(frozen=True, slots=True)
class SessionView:
    """One browser that is signed in."""

    session_id: int
    browser: str  # "Chrome, Windows"; "" where it is not known
    began: datetime
    last_seen: datetime
    this_one: bool


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What a person sees of their own account."""

    login: str
    name: str
    email: str
    phone: str
    last_sign_in: datetime | None
    sessions: tuple[SessionView, ...]  # this one first, then the one seen last


def view_own_account(session: Session, signed_in: SignedIn, *, clock: Clock = system_clock) -> OwnAccount:
    """The person's own account with every browser that is signed in to it now."""
    account, now = _account(session, signed_in.person), clock()
    running = [
        SessionView(one.id, one.browser, one.created_at, one.last_seen, one.id == signed_in.session_id)
        for one in accounts.running_sessions(session, account.id)
        if one.stage is Stage.OPEN and not has_run_out(one, now, privileged=bool(account.roles))
    ]
    running.sort(key=lambda one: not one.this_one)
    return OwnAccount(account.login, account.name, account.email, account.phone, account.last_sign_in, tuple(running))


def change_contact(session: Session, person: Person, *, email: str, phone: str, clock: Clock = system_clock) -> None:
    """How one is reached; empty for not at all. Raises Refused, naming the field. The log keeps no address."""
    address = read_address(email) if email.strip() else ""
    if address is None:
        raise Refused("mail.address_form", "email", typed=email.strip()[:100])
    number = read_phone(phone) if phone.strip() else ""
    if number is None:
        raise Refused("web_auth.phone_form", "phone")
    account = _account(session, person, hold=True)
    changed = [
        name for name, old, new in (("email", account.email, address), ("phone", account.phone, number)) if old != new
    ]
    if not changed:
        return
    account.email, account.phone = address, number
    audit.record(session, audit.ACCOUNTS, "contact_changed", person, clock(), account=account.id, changed=changed)
    session.flush()


def end_session(session: Session, signed_in: SignedIn, session_id: int, *, clock: Clock = system_clock) -> None:
    """End one of one's own sessions: it is nobody's at its next request. Raises NotFound for any other."""
    now, person = clock(), signed_in.person
    if not accounts.end_one_session(session, person.account_id, session_id, now):
        raise NotFound
    audit.record(session, audit.ACCOUNTS, "session_ended", person, now, account=person.account_id, number=session_id)
    session.flush()


def end_other_sessions(session: Session, signed_in: SignedIn, *, clock: Clock = system_clock) -> None:
    """End every session of one's own but this one; nothing happens where there is no other."""
    now, person = clock(), signed_in.person
    if not accounts.end_sessions(session, person.account_id, now, but=signed_in.session_id):
        return
    audit.record(session, audit.ACCOUNTS, "other_sessions_ended", person, now, account=person.account_id)
    session.flush()


def _account(session: Session, person: Person, *, hold: bool = False) -> Account:
    account = session.get(Account, person.account_id, with_for_update=hold)
    if account is None:
        raise NotFound
    return account
