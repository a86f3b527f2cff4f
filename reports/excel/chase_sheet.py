"""The chase list as a workbook of one sheet: whom to call, what is missing, when the body was last reminded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reports.excel.book import Book, Heading
from reports.excel.page import freeze, set_page
from reports.excel.sheet import Value, letter
from reports.excel.styles import CENTERED, CODE, COUNT, HEADER, MOMENT, TEXT, Style
from survey.core.text import say

FIRST = 6


@dataclass(frozen=True, slots=True)
class ChaseLine:
    """One body that has not sent."""

    code: str
    name: str
    parent: str
    cohort: str
    state: str  # in words
    missing: int  # indicators
    deadline: datetime
    days_left: int  # negative after the deadline
    contact: str
    phone: str
    activity: datetime | None
    by: str  # who was last at it
    reminders: int
    reminded: datetime | None


_AT = CENTERED.but(number=MOMENT)
COLUMNS: dict[str, tuple[float, Style]] = {
    "place": (6, COUNT),
    "code": (17, CODE),
    "name": (36, TEXT),
    "parent": (23, TEXT),
    "cohort": (22, TEXT),
    "state": (14, CENTERED),
    "missing": (9, COUNT),
    "deadline": (17, _AT),
    "days_left": (9, COUNT),
    "contact": (22, TEXT),
    "phone": (15, TEXT.but(horizontal="left")),
    "activity": (17, _AT),
    "by": (22, TEXT),
    "reminders": (9, COUNT),
    "reminded": (17, _AT),
}


def chase_workbook(title: str, at: datetime, lines: Sequence[ChaseLine], *, notice: str, language: str) -> bytes:
    """The .xlsx file, with a filter on its header and fit for print."""
    stamp = say("chase.sheet_stamp", language, count=len(lines))
    book = Book(Heading(title, at, notice, stamp, language))
    sheet = book.add_titled(say("chase.sheet_name", language), "8A5A00", say("chase.sheet_title", language), title)
    for column, (name, (wide, _)) in enumerate(COLUMNS.items(), start=1):
        sheet.put(FIRST - 1, column, say(f"chase.column_{name}", language), HEADER)
        sheet.widths([wide], column)
    heads = [(say(f"chase.column_{name}", language), wide) for name, (wide, _) in COLUMNS.items()]
    sheet.fit(FIRST - 1, heads, 9, bold=True)
    for place, line in enumerate(lines, start=1):
        row = FIRST + place - 1
        for column, (name, (_, style)) in enumerate(COLUMNS.items(), start=1):
            value: Value = place if name == "place" else getattr(line, name)
            sheet.put(row, column, value, style)
        sheet.fit(
            row,
            [(str(getattr(line, name)), COLUMNS[name][0]) for name in ("name", "parent", "cohort", "contact", "by")],
        )
    last = FIRST + max(len(lines), 1) - 1
    area = f"A{FIRST - 1}:{letter(len(COLUMNS))}{last}"
    sheet.worksheet.auto_filter.ref = area
    freeze(sheet.worksheet, f"D{FIRST}")
    set_page(
        sheet.worksheet, f"A1:{letter(len(COLUMNS))}{last}", f"{FIRST - 1}:{FIRST - 1}", book.heading.footer, "A:C"
    )
    return book.finish()
