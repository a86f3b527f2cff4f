"""Shutting accounts that nobody has signed in to for long; an administrator opens them again.

Demonstrations keep theirs. Days count from the last sign-in, from the making or opening of the account, or from an
administrator's last invitation, whichever came last. The last administrator is never shut out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from survey.services import audit
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.storage import account_pages, accounts, invitations
from survey.storage.accounts import IDLE_ACCOUNT, Account


def shut_if_idle(session: Session, account: Account, now: datetime) -> bool:
    """Shut the account where its time has come; whether it did."""
    settings = read_settings(session)
    if settings.demonstration or not settings.idle_days:
        return False
    invited = invitations.last_by_others(session, [account.id])
    if not _is_idle(account, invited.get(account.id), settings.idle_days, now):
        return False
    _shut(session, account, invited.get(account.id), settings.idle_days, now)
    return account.disabled_at is not None


def shut_idle_accounts(session: Session, *, clock: Clock = system_clock) -> int:
    """Shut every account whose time has come, the one longest idle first; how many there were. For the night's work."""
    settings, now = read_settings(session), clock()
    if settings.demonstration or not settings.idle_days:
        return 0
    found = accounts.not_seen_since(session, now - timedelta(days=settings.idle_days))
    invited = invitations.last_by_others(session, [account.id for account in found])
    idle = [one for one in found if _is_idle(one, invited.get(one.id), settings.idle_days, now)]
    return sum(_shut(session, account, invited.get(account.id), settings.idle_days, now) for account in idle)


def _is_idle(account: Account, invited_at: datetime | None, days: int, now: datetime) -> bool:
    moments = (account.created_at, account.last_sign_in, account.enabled_at, invited_at)
    return now - max(moment for moment in moments if moment is not None) > timedelta(days=days)


def _shut(session: Session, account: Account, invited_at: datetime | None, days: int, now: datetime) -> bool:
    """Shut it, unless somebody has done so or signed in at the same moment."""
    account_pages.hold(session, [account.id])
    if account.disabled_at is not None or not _is_idle(account, invited_at, days, now):
        return False
    if accounts.is_last_administrator(session, account):
        return False
    account.disabled_at, account.disabled_why = now, IDLE_ACCOUNT
    accounts.end_sessions(session, account.id, now)
    audit.record(session, audit.ACCOUNTS, "account_shut_idle", None, now, account=account.id, days=days)
    session.flush()
    return True
