"""How high a row must be for its wrapped text: openpyxl sets no height, and Vietnamese needs room for its marks."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

TALLEST = 409.0  # points, Excel's limit
# Advance widths of Arial's letters in thousandths of the font size; all others are taken as wide as a digit.
_ADVANCES = {
    191: "'", 222: "ijl", 278: " ftI.,:;/!", 333: "r()-", 355: '"', 500: "ckvsxyzJ", 556: "L", 611: "FTZ",
    667: "ABEKPSVXY&", 722: "CDĐHNRUw", 778: "GOQ", 833: "mM", 889: "%", 944: "W", 1000: "…—@",
}  # fmt: skip
_ADVANCE = {character: advance for advance, characters in _ADVANCES.items() for character in characters}
_DIGIT = 556
_UNIT = 525  # a column unit: a digit at size 10 on screen, in whole pixels
_BLANK = 278 / _UNIT
LINE = 1.32  # line height in font sizes: marks above and below


@lru_cache(maxsize=16384)
def width(text: str) -> float:
    """Width of a text at size 10 in Excel's column units."""
    return sum(_ADVANCE.get(letter, _DIGIT) for letter in _base(text)) / _UNIT


def _base(text: str) -> str:
    """Letters without the marks above and below them."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


@lru_cache(maxsize=65536)
def lines(text: str, columns: float, size: float = 10, bold: bool = False) -> int:
    """How many lines `text` takes in a cell `columns` wide, broken at blanks."""
    room = max((columns - 0.6) * 10 / size / (1.08 if bold else 1.0), 1.0)
    return sum(_lines_of_paragraph(paragraph, room) for paragraph in text.split("\n"))


def _lines_of_paragraph(paragraph: str, room: float) -> int:
    count, used = 1, 0.0
    for word in paragraph.split(" "):
        wide = width(word)
        if used and used + _BLANK + wide > room:
            count, used = count + 1, 0.0
        if wide > room:
            count += int(wide // room)
            wide %= room
        used += wide + (_BLANK if used else 0.0)
    return count


def height(line_count: int, size: float = 10) -> float:
    """Row height in points for a number of lines."""
    return min(TALLEST, round(line_count * size * LINE + 4, 2))
