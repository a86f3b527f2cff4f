"""Inviting people to set their password: by mail, by printed letters, or each by the way that reaches them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from survey.core.kinds import kind_names
from survey.core.text import say
from survey.core.workflow import Role
from survey.services import audit
from survey.services.errors import Refused
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.invitations import Channel, Purpose, invite, lasts
from survey.services.list_accounts import AccountFilter, AccountState, AccountView, list_accounts
from survey.services.manage_accounts import hold_account
from survey.services.outbox import put_mail
from survey.services.people import Person
from survey.services.scope import require_administrator
from survey.services.write_letters import Contact, Letter, invitation_mail
from survey.storage import account_pages, accounts
from survey.storage.accounts import Account

Link = Callable[[str], str]
"""The address that a mail leads to, from the token of its invitation."""


class Way(StrEnum):
    """How invitations go out."""

    MAIL = "mail"  # those without an address are passed over
    LETTER = "letter"
    EITHER = "either"  # by mail where there is an address, else a letter


@dataclass(frozen=True, slots=True)
class Invitations:
    """What went out."""

    letters: tuple[Letter, ...]
    mailed: int
    passed_over: tuple[str, ...]  # names of those without an address, or shut out


def send_invitations(
    session: Session,
    person: Person,
    account_ids: Sequence[int],
    way: Way,
    *,
    link: Link,
    seen: int | None = None,
    clock: Clock = system_clock,
) -> Invitations:
    """Invite these accounts anew; what they were sent before is of no use from now on. Administrators only.

    Who has signed in before is invited to set another password; the present one holds until then. `seen` is the newest
    invitation when the form was shown: Refused where any of these people was invited since, so that a form sent twice
    does not spoil the letters just printed.
    """
    require_administrator(person)
    account_pages.hold(session, account_ids)
    if seen is not None and account_pages.invited_after(session, seen, account_ids):
        raise Refused("accounts.invited_meanwhile", "way")
    contact = _contact(session, person)
    letters: list[Letter] = []
    passed_over: list[str] = []
    mailed = 0
    for account in account_pages.several_with_bodies(session, account_ids):
        by_mail = way is not Way.LETTER and bool(account.email)
        if account.disabled_at is not None or (way is Way.MAIL and not account.email):
            passed_over.append(account.name)
        elif by_mail:
            mailed += _by_mail(session, person, account, contact, link, clock)
        else:
            letters.append(_by_letter(session, person, account, contact, clock))
    return Invitations(tuple(letters), mailed, tuple(passed_over))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Accounts without a password, by Vietnamese name."""

    never: tuple[AccountView, ...]  # not invited yet
    again: tuple[AccountView, ...]  # invited, and not come yet


def waiting_accounts(
    session: Session, person: Person, narrow: AccountFilter, *, clock: Clock = system_clock
) -> Waiting:
    """Whom an invitation would help, among those that the filter leaves. Administrators only."""
    found = list_accounts(session, person, "", replace(narrow, state=AccountState.NEW), clock=clock)
    never = tuple(one for one in found if one.invited_at is None)
    return Waiting(never, tuple(one for one in found if one.invited_at is not None))


def newest_invitation(session: Session) -> int:
    """The number of the newest invitation, for `seen`; 0 where there is none."""
    return account_pages.newest_invitation(session)


def reset_password(
    session: Session, person: Person, account_id: int, way: Way, *, link: Link, clock: Clock = system_clock
) -> Invitations:
    """Take the password away at once, sign the account out everywhere, and invite its person to set another one.

    Never one's own. Raises Refused where it is to go by mail and there is no address.
    """
    account = hold_account(session, person, account_id)
    if account.disabled_at is not None:
        raise Refused("accounts.shut_first", "account")
    if way is Way.MAIL and not account.email:
        raise Refused("accounts.no_address", "way")
    had, account.password_hash = account.password_hash, ""
    ended = accounts.end_sessions(session, account_id, clock())
    session.flush()
    if had or ended:
        audit.record(session, audit.ACCOUNTS, "password_taken", person, clock(), account=account_id)
    return send_invitations(session, person, [account_id], way, link=link, clock=clock)


def _by_mail(session: Session, person: Person, account: Account, contact: Contact, link: Link, clock: Clock) -> int:
    purpose = purpose_of(account)
    token = invite(session, account.id, by=person, channel=Channel.MAIL, purpose=purpose, clock=clock)
    text = invitation_mail(
        name=account.name,
        login=account.login,
        bodies=what_they_do(account),
        link=link(token),
        purpose=purpose,
        expires_at=_until(Channel.MAIL, purpose, clock),
        language=account.language,
        contact=contact,
    )
    kind = "invitation" if purpose is Purpose.FIRST else "reset"
    put = put_mail(session, kind, account.email, text.subject, text.body, account_id=account.id, clock=clock)
    if put is None:
        raise Refused("accounts.mail_off", "way")
    return 1


def _by_letter(session: Session, person: Person, account: Account, contact: Contact, clock: Clock) -> Letter:
    purpose = purpose_of(account)
    code = invite(session, account.id, by=person, channel=Channel.LETTER, purpose=purpose, clock=clock)
    until = _until(Channel.LETTER, purpose, clock)
    bodies = what_they_do(account)
    return Letter(account.name, account.login, bodies, code, purpose, until, account.language, contact)


def _until(channel: Channel, purpose: Purpose, clock: Clock) -> datetime:
    return clock() + lasts(channel, purpose)


def purpose_of(account: Account) -> Purpose:
    """The first sign-in, or another password for one who has signed in before."""
    return Purpose.RESET if account.last_sign_in is not None else Purpose.FIRST


def what_they_do(account: Account) -> tuple[str, ...]:
    """Each body with what the person does there, then the roles of the whole system."""
    language = account.language
    served: dict[str, list[str]] = {}
    for one in account.memberships:
        served.setdefault(one.agency.name, []).append(say(f"accounts.does_{one.role.value}", language))
    lines = [f"{name}: {', '.join(does)}" for name, does in served.items()]
    for role in account.roles:
        kinds = account.kinds.split() if role == Role.COORDINATOR.value else []
        named = say("accounts.of_kinds", language, kinds=kind_names(kinds, language)) if _named(kinds) else ""
        lines.append(say(f"accounts.does_{role}", language) + named)
    return tuple(lines)


def _named(kinds: Sequence[str]) -> bool:
    return bool(kinds) and "*" not in kinds


def _contact(session: Session, person: Person) -> Contact:
    own = session.get_one(Account, person.account_id)
    return Contact(read_settings(session).name, own.name, own.phone, own.email)
