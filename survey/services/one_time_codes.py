"""Codes that a person types once: twelve letters and digits that cannot be mistaken for each other, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 1 I L O
LENGTH, GROUP = 12, 4  # 59 bits
LONGEST_TYPED = 100  # characters; longer ones are not looked at


def make_code() -> str:
    """A new code as it is printed, `XXXX-XXXX-XXXX`."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def clean_code(typed: str) -> str:
    """A code as typed, without blanks and strokes, in capitals."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).upper()
    return "".join(letter for letter in plain if letter.isalnum())


def code_hash(typed: str) -> str:
    """What is kept of a code; the same however its groups were typed."""
    return secret_hash(clean_code(typed))


def secret_hash(secret: str) -> str:
    """SHA-256, hex: enough for secrets that are random throughout."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
