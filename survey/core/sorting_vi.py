"""Vietnamese order and search of names: our own key, since no database collation is to be relied on."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_ORDER = {letter: index for index, letter in enumerate(_LETTERS)}
_TONE_ORDER = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng
_MARKS_OF_LETTERS = {"\u0306", "\u0302", "\u031b"}  # ă, â ê ô, ơ ư
_PIECES = re.compile(r"[0-9]{1,18}|.", re.DOTALL)

SortKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...], str]


def vietnamese_key(name: str) -> SortKey:
    """Sort key: letters a ă â … first, then tones (ngang huyền hỏi ngã sắc nặng); numbers inside by their size."""
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for piece in _PIECES.findall(unicodedata.normalize("NFC", name).lower()):
        if piece[0] in "0123456789":
            letters.append((1, int(piece)))
            continue
        base, tone = _split(piece)
        letters.append(_place(base))
        tones.append(tone)
    return tuple(letters), tuple(tones), name


def _place(base: str) -> tuple[int, int]:
    """Blanks and signs, then numbers, then our letters, then those of other scripts."""
    if base in _LETTER_ORDER:
        return 2, _LETTER_ORDER[base]
    return (3 if base[0].isalpha() else 0), ord(base[0])


def _split(letter: str) -> tuple[str, int]:
    """A letter without its tone, and the tone's place."""
    marks = unicodedata.normalize("NFD", letter)
    tone = max((_TONE_ORDER.get(mark, 0) for mark in marks), default=0)
    kept = "".join(mark for mark in marks if mark not in _TONE_ORDER)
    base = unicodedata.normalize("NFC", kept)
    if base not in _LETTER_ORDER and kept[0] in _LETTER_ORDER:
        base = unicodedata.normalize("NFC", kept[0] + "".join(m for m in kept[1:] if m in _MARKS_OF_LETTERS))
        base = base if base in _LETTER_ORDER else kept[0]
    return base, tone


def fold(text: str) -> str:
    """`text` in lower case without dấu, đ as d, blanks single: what search compares."""
    marks = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(mark for mark in marks if not unicodedata.combining(mark)).split())
