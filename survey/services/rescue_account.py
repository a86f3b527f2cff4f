"""Getting somebody in again from the command line: a one-time code, no second factor, a locked name opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.services import audit, passwords
from survey.services.errors import Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.invitations import Channel, Purpose, invite, lasts
from survey.services.lock_out import forget_wrong_tries
from survey.services.second_factor import take_away
from survey.storage import account_pages, accounts
from survey.storage.accounts import Account


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code to hand to its person, and until when it may be used."""

    code: str
    expires_at: datetime


def hand_out_code(
    session: Session, login: str, *, without_second_factor: bool = False, clock: Clock = system_clock
) -> OneTimeCode:
    """A one-time code to set the password; older ones end, the password holds until then. Raises Refused.

    `without_second_factor` is for one who lost phone and recovery codes: where it is required, a new one is set up.
    """
    account = _account(session, login)
    account_pages.hold(session, [account.id])
    if account.disabled_at is not None:
        raise Refused("web_auth.account_shut", "login", login=account.login)
    purpose = Purpose.RESET if account.password_hash else Purpose.FIRST
    code = invite(session, account.id, by=None, channel=Channel.LETTER, purpose=purpose, clock=clock)
    if without_second_factor:
        take_away(session, None, account.id, clock=clock)
    return OneTimeCode(code, clock() + lasts(Channel.LETTER, purpose))


def unlock(session: Session, login: str, *, clock: Clock = system_clock) -> bool:
    """Let one who typed wrong passwords try again at once; whether there were any. Raises Refused."""
    account = _account(session, login)
    if not forget_wrong_tries(session, account.login):
        return False
    audit.record(session, audit.ACCOUNTS, "account_unlocked", None, clock(), account=account.id)
    return True


def _account(session: Session, login: str) -> Account:
    account = accounts.find_login(session, passwords.clean_login(login))
    if account is None:
        raise Refused("web_auth.account_unknown", "login", login=login[:100])
    return account
