"""Which characters a text may hold: NFC, and nothing that a reader does not see."""

from __future__ import annotations

import unicodedata

_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_KEPT = frozenset("\n\t")


def clean_text(text: str) -> str:
    """NFC, line ends as \\n, without what no reader sees: controls, lone surrogates, marks that turn the direction."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return unicodedata.normalize("NFC", "".join(c for c in lines if not is_unseen(c)))


def is_unseen(character: str) -> bool:
    """Whether a character is none that a reader sees or a file may hold; line ends and tabs are seen."""
    point = ord(character)
    if point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF:  # no characters; XML refuses some of them
        return True
    if character in _KEPT:
        return False
    return character in _DIRECTIONS or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
