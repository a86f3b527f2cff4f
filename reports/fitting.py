"""One page and no more: the sizes of letters with which a tờ trình fits its page, on paper and in Word alike."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from math import ceil

from reports.phieu_data import Statement
from survey.core.paper import Layout


@dataclass(frozen=True, slots=True)
class Density:
    """Sizes of letters and of the room for hand and seal, in points."""

    body: float
    listed: float
    gap: float


DENSITIES = tuple(
    Density(*sizes)
    for sizes in (
        (13, 12, 54),
        (13, 11.5, 46),
        (13, 11, 40),
        (12.5, 11, 36),
        (12.5, 10.5, 32),
        (12, 10, 28),
        (11, 9, 24),
    )
)
ROOM = 24.9  # cm between the margins, less what different programs make of one text
BROWSER_ROOM = 25.9  # the same for browsers, which set tables and heads closer
LINE = 0.0407  # cm of height a point of letter size, in single spacing
FEWEST = 3
LINE_WIDTH = 460  # points between the margins, less what is lost where words part
WIDTHS = (  # of letters without their marks, in shares of the size
    (0.28, "ijlt .,:;/'"),
    (0.36, "frs-()"),
    (0.45, "acez“”"),
    (0.78, "mw"),
    (1.0, "…%"),
)
LETTER, CAPITAL = 0.5, 0.7
WIDTH = {letter: width for width, letters in WIDTHS for letter in letters}


def fit(data: Statement, room: float = ROOM) -> tuple[Statement, int]:
    """The tờ trình and the number (of DENSITIES) of the largest letters with which its page stays one.

    Where none is small enough, the list of the lowest is cut, to three at least.
    """
    for number, sizes in enumerate(DENSITIES):
        if _height(data, sizes) <= room:
            return data, number
    last = len(DENSITIES) - 1
    while len(data.lowest) > FEWEST and _height(data, DENSITIES[last]) > room:
        data = replace(data, lowest=data.lowest[:-1])
    return data, last


def _height(data: Statement, sizes: Density) -> float:
    """About how high the page is written so, in cm."""

    def lines(text: str, size: float, share: float = 1.0) -> int:
        return ceil(_width(text) * size / (LINE_WIDTH * share))

    head, line, body = data.letterhead, sizes.listed * LINE, sizes.body * LINE
    names = sum(lines(name, 15, 0.42) for name in (*head.above, *head.body))
    dated = 2 + lines(head.place + " " * 30, 13, 0.5)
    height = max(names * 0.53 + 1.5, dated * 0.55 + 0.3) + (4.6 if head.layout is Layout.PARTY else 3.3)
    height += body * lines(data.about, sizes.body * 1.08, 0.83)
    height += sum(body * lines(text, sizes.body) + 0.1 for text in (data.opening, data.result, data.closing))
    height += 3 * (body + 0.08)
    for group in data.groups:
        height += line * lines(group.name, sizes.listed, 0.5) + 0.09
    height += line + 0.09
    height += sum(line * lines(f"{text:5}", sizes.listed, 0.93) for text in (*data.lowest, *data.remarks, " "))
    return height + 2.6 + sizes.gap * 0.0353


def _width(text: str) -> float:
    """About how wide a line of letters of one point is, in points."""
    letters = (letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return sum(WIDTH.get(letter, CAPITAL if letter.isupper() else LETTER) for letter in letters)
