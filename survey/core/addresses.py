"""Addresses of e-mail and telephone numbers as people type them: taken in one clean form or not at all."""

from __future__ import annotations

import re
import unicodedata

from survey.core.characters import clean_text

LONGEST_ADDRESS = 254  # characters, as mail servers hold it
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_PHONE = re.compile(r"(\+[0-9]{1,3} ?)?[0-9(][0-9 .()-]{5,22}")
_ADDRESS_INSIDE = re.compile(r"([^\s@<>()]{1,64})@[^\s@<>()]+")
_PHONE_INSIDE = re.compile(r"(?<![\w/.,-])(?:\+[0-9]{1,3}|\(?0)(?:[ .()-]{0,2}[0-9]){8,13}(?![\w/-])")
HIDDEN = "…"


def read_address(typed: str) -> str | None:
    """The one plain address that was typed, its domain in lower case; None where it is no such address.

    No name beside it, no second address, no letters beyond ASCII: what is taken can stand in a header as it is.
    """
    text = unicodedata.normalize("NFKC", clean_text(typed)).strip()
    local, at, domain = text.rpartition("@")
    labels = domain.split(".")
    if not at or len(text) > LONGEST_ADDRESS or len(local) > 64 or len(labels) < 2 or labels[-1].isdigit():
        return None
    if not _LOCAL.fullmatch(local) or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    return f"{local}@{domain.lower()}"


def read_phone(typed: str) -> str | None:
    """A telephone number as typed, blanks single; None where it is none. An empty text is none."""
    text = " ".join(unicodedata.normalize("NFKC", clean_text(typed)).split())
    digits = sum(letter.isdigit() for letter in text)
    return text if _PHONE.fullmatch(text) and 7 <= digits <= 15 else None


def hide_contacts(text: str) -> str:
    """A text as the log may keep it: addresses without their domain, telephone numbers without their digits."""
    return _PHONE_INSIDE.sub(HIDDEN, _ADDRESS_INSIDE.sub(rf"\1@{HIDDEN}", text))
