"""The second factor: six digits of an authenticator app (TOTP, RFC 6238), or a recovery code where the phone is gone.

The app's secret is kept locked with the instance's key, recovery codes as hashes. A code is taken once; wrong ones
count towards the lock-out of the name, together with wrong passwords.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime

from survey.services import audit
from survey.services.errors import NotFound, Refused
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.lock_out import count_wrong_try, locked_until
from survey.services.one_time_codes import LENGTH, clean_code, code_hash, make_code
from survey.services.people import Person, SignedIn
from survey.services.scope import require_administrator
from survey.services.seal_secrets import lock_by_key, open_by_key
from survey.services.sign_in import SignInResult, finish_signing_in, needs_second_factor
from survey.storage import invitations
from survey.storage.accounts import Account, Stage

RECOVERY_CODES = 10
_SECONDS, _DIGITS = 30, 6
_AROUND = 1  # steps that a clock may be off, either way
_ISSUER = "Sẵn Sàng Số"


@dataclass(frozen=True, slots=True)
class SecondFactorView:
    """How one's own second factor stands."""

    since: datetime | None  # None: there is none
    required: bool
    codes_left: int  # recovery codes that can still be used


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app is told; shown to its person alone, until a first code confirms it."""

    secret: str  # Base32
    uri: str  # otpauth://…, for the QR code

    @property
    def groups(self) -> str:
        """The secret in groups of four, to be typed by hand."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A second factor just set up: its recovery codes, shown once, and the way in for one who was waiting for it."""

    codes: tuple[str, ...]
    result: SignInResult | None


def view_second_factor(session: Session, person: Person) -> SecondFactorView:
    """How the person's second factor stands."""
    account = _account(session, person)
    left = invitations.codes_left(session, account.id) if account.totp_since is not None else 0
    return SecondFactorView(account.totp_since, needs_second_factor(session, account.roles), left)


def offer_enrolment(session: Session, person: Person, key: bytes) -> Enrolment:
    """The secret to be put into an app: the same one until it is confirmed. Raises Refused where one is set up."""
    import pyotp

    account = _account(session, person)
    if account.totp_since is not None:
        raise Refused("web_second_factor.there_already")
    secret = _secret(account, key)
    if secret is None:
        secret = pyotp.random_base32()
        account.totp_secret = base64.b64encode(lock_by_key(secret.encode(), key, _purpose(account))).decode()
        session.flush()
    issuer = read_settings(session).name or _ISSUER
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=issuer))


def confirm_enrolment(
    session: Session, signed_in: SignedIn, typed: str, key: bytes, *, clock: Clock = system_clock
) -> Confirmed | SignInResult:
    """Take the app's first code: from now on it is asked for. A SignInResult says that it was wrong, and counts."""
    now = clock()
    locked = locked_until(session, signed_in.person.login, now, hold=True)
    account = _account(session, signed_in.person, hold=True)
    if account.totp_since is not None:
        raise Refused("web_second_factor.there_already")
    if locked is not None:
        return SignInResult(None, None, locked)
    if not _take_step(account, typed, key, now):
        return SignInResult(None, None, count_wrong_try(session, account.login, now))
    account.totp_since = now
    codes = _write_codes(session, account)
    audit.record(session, audit.ACCOUNTS, "second_factor_set", signed_in.person, now, account=account.id)
    session.flush()
    waiting = signed_in.stage is not Stage.OPEN
    return Confirmed(codes, finish_signing_in(session, signed_in, clock=clock) if waiting else None)


def check_code(
    session: Session, halfway: SignedIn, typed: str, key: bytes, *, clock: Clock = system_clock
) -> SignInResult:
    """The second step of signing in: a code of the app or a recovery code, each once; wrong ones count."""
    now = clock()
    locked = locked_until(
        session, halfway.person.login, now, hold=True
    )  # first, as at the password: nobody waits in a ring
    if locked is not None:
        return SignInResult(None, None, locked)
    account = _account(session, halfway.person, hold=True)
    if len(clean_code(typed)) == LENGTH:
        if not invitations.use_code(session, account.id, code_hash(typed), now):
            return SignInResult(None, None, count_wrong_try(session, account.login, now))
        left = invitations.codes_left(session, account.id)
        audit.record(session, audit.ACCOUNTS, "recovery_code_used", halfway.person, now, account=account.id, left=left)
    elif not _take_step(account, typed, key, now):
        return SignInResult(None, None, count_wrong_try(session, account.login, now))
    return finish_signing_in(session, halfway, clock=clock)


def renew_codes(session: Session, person: Person, *, clock: Clock = system_clock) -> tuple[str, ...]:
    """New recovery codes, shown once; the older ones are worthless. Raises Refused where there is no second factor."""
    account = _account(session, person, hold=True)
    if account.totp_since is None:
        raise Refused("web_second_factor.none_yet")
    codes = _write_codes(session, account)
    audit.record(session, audit.ACCOUNTS, "recovery_codes_renewed", person, clock(), account=account.id)
    return codes


def turn_off(session: Session, person: Person, *, clock: Clock = system_clock) -> None:
    """Do without one's second factor again; twice is once. Raises Refused where it is required."""
    account = _account(session, person, hold=True)
    if needs_second_factor(session, account.roles):
        raise Refused("web_second_factor.required")
    if account.totp_since is not None:
        _take_away(session, account, person, clock())


def take_away(session: Session, by: Person | None, account_id: int, *, clock: Clock = system_clock) -> bool:
    """Take away the second factor of one who lost phone and codes; whether there was one. Administrators, command line.

    Where it is required, the next sign-in sets up a new one.
    """
    if by is not None:
        require_administrator(by)
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound
    if account.totp_since is None:
        return False
    _take_away(session, account, by, clock())
    return True


def _take_away(session: Session, account: Account, by: Person | None, now: datetime) -> None:
    account.totp_secret, account.totp_since = "", None
    invitations.drop_codes(session, account.id)
    audit.record(session, audit.ACCOUNTS, "second_factor_removed", by, now, account=account.id)
    session.flush()


def _account(session: Session, person: Person, *, hold: bool = False) -> Account:
    account = session.get(Account, person.account_id, with_for_update=hold)
    if account is None:
        raise NotFound
    return account


def _purpose(account: Account) -> str:
    return f"second factor of account {account.id}"


def _secret(account: Account, key: bytes) -> str | None:
    """The app's secret; None where there is none, or it was locked with the key of another instance."""
    try:
        locked = base64.b64decode(account.totp_secret, validate=True)
        return open_by_key(locked, key, _purpose(account)).decode() if locked else None
    except (binascii.Error, ValueError):
        return None


def _take_step(account: Account, typed: str, key: bytes, now: datetime) -> bool:
    """Whether these are the digits of now or nearly; their step and all before it are used up."""
    import pyotp

    digits, secret = clean_code(typed), _secret(account, key)
    if secret is None or len(digits) != _DIGITS:
        return False
    present = int(now.timestamp()) // _SECONDS
    for step in range(present - _AROUND, present + _AROUND + 1):
        right = hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), digits.encode())
        if right and step > account.totp_used:
            account.totp_used = step
            return True
    return False


def _write_codes(session: Session, account: Account) -> tuple[str, ...]:
    codes = tuple(make_code() for _ in range(RECOVERY_CODES))
    invitations.drop_codes(session, account.id)
    session.add_all(invitations.RecoveryCode(account_id=account.id, code_hash=code_hash(code)) for code in codes)
    session.flush()
    return codes
