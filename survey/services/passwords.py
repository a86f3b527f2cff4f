"""Passwords: what may be one, hashed with argon2id, compared in the same time whether or not there is an account."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from survey.core.answers import clean_text
from survey.core.easy_passwords import is_easily_guessed
from survey.services.errors import Refused

SHORTEST, LONGEST = 12, 200  # characters
LONGEST_LOGIN = 100
# RFC 9106, second recommended option, with less memory: 300 people sign in at nine on one machine of two cores.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def clean_login(login: str) -> str:
    """A login as it is kept and compared: NFKC, lower case, no blanks around."""
    return unicodedata.normalize("NFKC", clean_text(login)).strip().casefold()[:LONGEST_LOGIN]


def check_chosen(password: str, *known: str, field: str = "password") -> None:
    """Raise Refused for a password too short, too long, or easily guessed by one who knows `known` (login, name)."""
    if not SHORTEST <= len(unicodedata.normalize("NFC", password)) <= LONGEST:
        raise Refused("services.password_length", field, shortest=SHORTEST, longest=LONGEST)
    if is_easily_guessed(password, *known):
        raise Refused("web_auth.password_easy", field)


def hashed(password: str) -> str:
    """What is kept in place of a password."""
    return _HASHER.hash(_canonical(password))


def verify(kept: str | None, password: str) -> bool:
    """Whether the password is the one; where nothing is kept, as much work is done for nothing."""
    try:
        _HASHER.verify(kept or _nobody(), _canonical(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def renewed(kept: str, password: str) -> str | None:
    """A new hash where the kept one was made with other settings."""
    return hashed(password) if _HASHER.check_needs_rehash(kept) else None


def _canonical(password: str) -> bytes:
    """The same password typed on another keyboard may come decomposed."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")[: LONGEST * 4]


@cache
def _nobody() -> str:
    return _HASHER.hash(b"nobody's password")
