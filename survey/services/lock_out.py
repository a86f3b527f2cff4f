"""Wrong tries: after five of them a name is locked for a while, whether there is such an account or not.

Passwords, letter codes and second factors are counted together, so that no way in is an easier one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from survey.core.addresses import HIDDEN, hide_contacts
from survey.services import audit
from survey.services.instance import Session
from survey.storage import accounts
from survey.storage.accounts import FailedSignIn

WRONG_TRIES = 5
LOCK_OUT = timedelta(minutes=15)
_FORGET = timedelta(days=1)  # wrong tries older than this are thrown away


def locked_until(session: Session, login: str, now: datetime, *, hold: bool = False) -> datetime | None:
    """When the name may be tried again; None where it may be tried now. `hold` keeps others from counting meanwhile."""
    failed = session.get(FailedSignIn, login, with_for_update=hold)
    until = failed.locked_until if failed is not None else None
    return until if until is not None and now < until else None


def count_wrong_try(session: Session, login: str, now: datetime) -> datetime | None:
    """Count a wrong try; the end of the lock-out where this was one too many."""
    session.execute(sa.delete(FailedSignIn).where(FailedSignIn.last_at < now - _FORGET))
    if accounts.count_failure(session, login, now) < WRONG_TRIES:
        return None
    until = now + LOCK_OUT
    session.execute(sa.update(FailedSignIn).where(FailedSignIn.login == login).values(failures=0, locked_until=until))
    account = accounts.find_login(session, login)
    # What is no login may be an address, or a password in the wrong field: the log does not keep it.
    told = {"login": HIDDEN} if account is None else {"account": account.id, "login": hide_contacts(login)}
    audit.record(session, audit.ACCOUNTS, "locked_out", None, now, **told)
    return until


def forget_wrong_tries(session: Session, login: str) -> bool:
    """Begin to count anew, and open a locked name; whether there was anything to forget."""
    forgotten = session.execute(
        sa.delete(FailedSignIn).where(FailedSignIn.login == login).returning(FailedSignIn.login)
    )
    return forgotten.first() is not None
