"""A list as a workbook of one sheet: a line each, numbered, with a filter on its header and fit for print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from reports.excel.book import Book, Heading
from reports.excel.page import freeze, set_page
from reports.excel.sheet import Value, letter
from reports.excel.styles import HEADER, Style
from survey.core.text import say

FIRST = 6
PLACE = "place"  # the column of the line's number; every other is an attribute of the lines

Columns = Mapping[str, tuple[float, Style]]  # width in characters and look


def list_workbook(
    room: str,
    columns: Columns,
    wrapped: Sequence[str],
    lines: Sequence[object],
    *,
    title: str,
    at: datetime,
    audit_head: str,
    notice: str,
    language: str,
) -> bytes:
    """The .xlsx file. Its words are `<room>.sheet_…` and `<room>.column_…`; rows grow with the `wrapped` columns."""
    book = Book(Heading(title, at, notice, _stamp(room, len(lines), audit_head, language), language))
    sheet = book.add_titled(say(f"{room}.sheet_name", language), "8A5A00", say(f"{room}.sheet_title", language), title)
    heads = {name: say(f"{room}.column_{name}", language) for name in columns}
    for column, (name, (wide, _)) in enumerate(columns.items(), start=1):
        sheet.put(FIRST - 1, column, heads[name], HEADER)
        sheet.widths([wide], column)
    sheet.fit(FIRST - 1, [(heads[name], wide) for name, (wide, _) in columns.items()], 9, bold=True)
    for place, line in enumerate(lines, start=1):
        row = FIRST + place - 1
        for column, (name, (_, style)) in enumerate(columns.items(), start=1):
            value: Value = place if name == PLACE else getattr(line, name)
            sheet.put(row, column, value, style)
        sheet.fit(row, [(str(getattr(line, name)), columns[name][0]) for name in wrapped])
    last = FIRST + max(len(lines), 1) - 1
    end = letter(len(columns))
    sheet.worksheet.auto_filter.ref = f"A{FIRST - 1}:{end}{last}"
    freeze(sheet.worksheet, f"D{FIRST}")
    set_page(sheet.worksheet, f"A1:{end}{last}", f"{FIRST - 1}:{FIRST - 1}", book.heading.footer, "A:C")
    return book.finish()


def _stamp(room: str, count: int, audit_head: str, language: str) -> str:
    """How many lines there are, and where the log stood when they were taken."""
    known = say("reports.log_code", language, head=audit_head[:16])
    return f"{say(f'{room}.sheet_stamp', language, count=count)} · {known}"
