"""What is worth a look first as a workbook of one sheet: a line a sign, with the points that hang on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reports.excel.book import Book, Heading
from reports.excel.page import freeze, set_page
from reports.excel.sheet import Value, letter
from reports.excel.styles import CENTERED, CODE, COUNT, HEADER, TEXT, Style
from survey.core.text import say

FIRST = 6


@dataclass(frozen=True, slots=True)
class FlagLine:
    """One sign of one phiếu."""

    code: str
    name: str
    cohort: str
    total: float  # points of the whole that hang on the phiếu's signs together
    indicators: str  # codes; "" where it is about the whole phiếu
    sign: str
    sentence: str
    stake: float | None  # points that hang on this sign; None where it is about the whole phiếu


POINTS = COUNT.but(number="#,##0.00")
COLUMNS: dict[str, tuple[float, Style]] = {
    "place": (6, COUNT),
    "code": (17, CODE),
    "name": (36, TEXT),
    "cohort": (22, TEXT),
    "total": (11, POINTS),
    "indicators": (16, TEXT),
    "sign": (20, CENTERED),
    "sentence": (60, TEXT),
    "stake": (11, POINTS),
}


def flag_workbook(title: str, at: datetime, lines: Sequence[FlagLine], *, notice: str, language: str) -> bytes:
    """The .xlsx file, with a filter on its header and fit for print."""
    book = Book(Heading(title, at, notice, say("flags.sheet_stamp", language, count=len(lines)), language))
    sheet = book.add_titled(say("flags.sheet_name", language), "8A5A00", say("flags.sheet_title", language), title)
    for column, (name, (wide, _)) in enumerate(COLUMNS.items(), start=1):
        sheet.put(FIRST - 1, column, say(f"flags.column_{name}", language), HEADER)
        sheet.widths([wide], column)
    sheet.fit(
        FIRST - 1, [(say(f"flags.column_{name}", language), wide) for name, (wide, _) in COLUMNS.items()], 9, bold=True
    )
    for place, line in enumerate(lines, start=1):
        row = FIRST + place - 1
        for column, (name, (_, style)) in enumerate(COLUMNS.items(), start=1):
            value: Value = place if name == "place" else getattr(line, name)
            sheet.put(row, column, value, style)
        sheet.fit(
            row, [(getattr(line, name), COLUMNS[name][0]) for name in ("name", "cohort", "indicators", "sentence")]
        )
    last = FIRST + max(len(lines), 1) - 1
    sheet.worksheet.auto_filter.ref = f"A{FIRST - 1}:{letter(len(COLUMNS))}{last}"
    freeze(sheet.worksheet, f"D{FIRST}")
    area = f"A1:{letter(len(COLUMNS))}{last}"
    set_page(sheet.worksheet, area, f"{FIRST - 1}:{FIRST - 1}", book.heading.footer, "A:C")
    return book.finish()
