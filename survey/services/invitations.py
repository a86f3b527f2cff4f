"""Invitations: a one-time right to set the password of an account, as a link by mail or a code in a letter."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from survey.services import audit, passwords
from survey.services.errors import NotFound
from survey.services.instance import Clock, Session, system_clock
from survey.services.lock_out import count_wrong_try, locked_until
from survey.services.one_time_codes import code_hash, make_code, secret_hash
from survey.services.people import Person
from survey.services.scope import require_administrator
from survey.services.sign_in import SignInResult, begin_session
from survey.storage import accounts, invitations
from survey.storage.accounts import Account
from survey.storage.invitations import Channel, Invitation, Purpose

__all__ = ["Channel", "Invited", "Purpose", "accept_letter", "accept_link", "find_invited", "invite"]

LASTS = timedelta(days=14)
RESET_BY_MAIL_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Invited:
    """Whose link this is, for the page that asks for the password."""

    login: str
    name: str
    purpose: Purpose
    expires_at: datetime


def lasts(channel: Channel, purpose: Purpose) -> timedelta:
    """How long an invitation may be used."""
    return RESET_BY_MAIL_LASTS if (channel, purpose) == (Channel.MAIL, Purpose.RESET) else LASTS


def invite(
    session: Session,
    account_id: int,
    *,
    by: Person | None,
    channel: Channel,
    purpose: Purpose,
    clock: Clock = system_clock,
) -> str:
    """Make the secret for a mail (a link's token) or a letter (a code `XXXX-XXXX-XXXX`); older ones end.

    `by` None is the command line, or a person who has forgotten their own password. Raises NotFound, NotAllowed.
    """
    if by is not None:
        require_administrator(by)
    account, now = session.get(Account, account_id), clock()
    if account is None:
        raise NotFound
    invitations.end_open(session, account_id, now)
    secret = secrets.token_urlsafe(32) if channel is Channel.MAIL else make_code()
    made = Invitation(
        account_id=account_id, purpose=purpose, channel=channel,
        secret_hash=secret_hash(secret) if channel is Channel.MAIL else code_hash(secret),
        created_at=now, created_by=by.account_id if by else None, expires_at=now + lasts(channel, purpose),
    )  # fmt: skip
    session.add(made)
    told = {"account": account_id, "channel": channel.value, "purpose": purpose.value}
    audit.record(session, audit.ACCOUNTS, "invited", by, now, **told)
    session.flush()
    return secret


def find_invited(session: Session, token: str, *, clock: Clock = system_clock) -> Invited | None:
    """Whose link this is; None where it is unknown, used, replaced, too old, or of an account that is shut."""
    found = invitations.find_open(session, secret_hash(token), Channel.MAIL, clock())
    if found is None:
        return None
    invitation, account = found
    return Invited(account.login, account.name, invitation.purpose, invitation.expires_at)


def accept_link(
    session: Session, token: str, password_hash: str, *, browser: str = "", clock: Clock = system_clock
) -> SignInResult | None:
    """Set the password (hashed by passwords.choose) by a link and sign the person in; None where it is of no use."""
    now = clock()
    named = invitations.find_open(session, secret_hash(token), Channel.MAIL, now)
    if named is None:
        return None
    locked_until(session, named[1].login, now, hold=True)  # a link opens a locked name too; held first, as at sign-in
    found = invitations.find_open(session, secret_hash(token), Channel.MAIL, now, hold=True)
    return None if found is None else _use(session, *found, password_hash, browser, clock)


def accept_letter(
    session: Session, login: str, code: str, password_hash: str, *, browser: str = "", clock: Clock = system_clock
) -> SignInResult:
    """Set the password by a letter's code and sign the person in; a wrong try counts, as at the sign-in page."""
    name, now = passwords.clean_login(login), clock()
    locked = locked_until(session, name, now, hold=True)
    if locked is not None:
        return SignInResult(None, None, locked)
    found = invitations.find_open(session, code_hash(code), Channel.LETTER, now, hold=True)
    if found is None or found[1].login != name:
        return SignInResult(None, None, count_wrong_try(session, name, now))
    return _use(session, *found, password_hash, browser, clock)


def _use(
    session: Session, invitation: Invitation, account: Account, password_hash: str, browser: str, clock: Clock
) -> SignInResult:
    """Sessions opened with an older password end; a second factor that was set up is still asked for."""
    now = clock()
    invitation.used_at = now
    account.password_hash = password_hash
    accounts.end_sessions(session, account.id, now)
    told = {"account": account.id, "channel": invitation.channel.value, "purpose": invitation.purpose.value}
    audit.record(session, audit.ACCOUNTS, "invitation_accepted", None, now, **told)
    return begin_session(session, account, browser=browser, clock=clock)
