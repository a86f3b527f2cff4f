"""The workbook of the register of bodies: one row a body, drop-downs for what is picked, a locked head and a guide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openpyxl.worksheet.datavalidation import DataValidation

from reports.excel.book import Book, Heading
from reports.excel.page import freeze, set_page
from reports.excel.sheet import Sheet, letter, quote
from reports.excel.styles import BAND, GREY, HEADER, LINE, NOTICE, SUBTITLE, TEXT, TITLE
from survey.core.text import say

HEAD, FIRST = 5, 6  # rows
SPARE = 100  # empty rows under the last body, for new ones
GUIDE_WIDTHS = (34.0, 12.0, 70.0, 60.0)
STEPS = ("change", "add", "keep", "names", "closed", "send")
TYPED = LINE.but(wrap=True, number="@", unlocked=True, vertical="top")
TOLD = TYPED.but(color=GREY, fill=BAND)


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    """One column: its heading, what belongs in it, and what can be picked."""

    heading: str
    help: str
    options: tuple[str, ...] = ()
    required: bool = False
    locked: bool = False  # only tells; changing it changes nothing
    width: float = 17.0


@dataclass(frozen=True, slots=True)
class RegisterBook:
    """What the workbook is made of: rows follow columns, every cell a text."""

    organisation: str
    taken_at: datetime
    notice: str
    audit_head: str
    columns: tuple[RegisterColumn, ...]
    rows: tuple[tuple[str, ...], ...]


def register_workbook(data: RegisterBook, language: str = "vi") -> bytes:
    """The .xlsx file; all but title and headings may be typed into."""
    heading = Heading(say("reports.register_title", language), data.taken_at, data.notice, "", language)
    book = Book(heading, data.organisation)
    about = heading.say("register_about", count=len(data.rows), moment=heading.moment, head=data.audit_head[:16])
    sheet = book.add_titled(heading.say("register_sheet"), "8FB8DE", heading.title, about)
    guide = book.add(heading.say("register_guide"), "C9A227")
    _write_rows(sheet, data)
    _add_lists(book, sheet, heading, data)
    _finish(sheet, heading, data)
    _write_guide(guide, heading, data.columns)
    return book.finish()


def _write_rows(sheet: Sheet, data: RegisterBook) -> None:
    for at, column in enumerate(data.columns, 1):
        sheet.widths([column.width], at)
        title = f"{column.heading} *" if column.required else column.heading
        sheet.put(HEAD, at, title, HEADER)
        sheet.fit(HEAD, [(title, column.width)], 9, bold=True)
    looks = [sheet.style(TOLD if column.locked else TYPED) for column in data.columns]
    for row, cells in enumerate(data.rows, FIRST):
        for at, (text, column) in enumerate(zip(cells, data.columns, strict=True), 1):
            sheet.put(row, at, text or None, TOLD if column.locked else TYPED)
        sheet.fit(row, [(text, column.width) for text, column in zip(cells, data.columns, strict=True)])
    after = FIRST + len(data.rows)
    for row in range(after, after + SPARE):
        for at, look in enumerate(looks, 1):
            sheet.put_styled(row, at, None, look)


def _add_lists(book: Book, sheet: Sheet, heading: Heading, data: RegisterBook) -> None:
    """Drop-downs: what can be picked stands in a hidden sheet, since Excel takes no long lists in a cell's rule."""
    lists = book.add(heading.say("register_lists"), "CCCCCC")
    lists.worksheet.sheet_state = "hidden"
    last = FIRST + len(data.rows) + SPARE - 1
    for at, column in enumerate(data.columns, 1):
        if not column.options:
            continue
        for row, option in enumerate(column.options, 1):
            lists.put(row, at, option, LINE)
        place = letter(at)
        rule = DataValidation(type="list", formula1=f"{quote(lists.name)}!${place}$1:${place}${len(column.options)}")
        rule.allow_blank, rule.showErrorMessage = True, True
        rule.errorTitle, rule.error = heading.say("register_wrong"), heading.say("register_pick")
        rule.add(f"{place}{FIRST}:{place}{last}")
        sheet.worksheet.add_data_validation(rule)


def _finish(sheet: Sheet, heading: Heading, data: RegisterBook) -> None:
    worksheet, last_column = sheet.worksheet, letter(len(data.columns))
    last = max(FIRST + len(data.rows) - 1, HEAD)
    freeze(worksheet, f"C{FIRST}", 100)
    worksheet.auto_filter.ref = f"A{HEAD}:{last_column}{last}"
    protection = worksheet.protection
    protection.sheet = True  # without a password: against slips only
    protection.autoFilter = protection.sort = protection.insertRows = protection.deleteRows = (
        False  # these stay allowed
    )
    protection.formatColumns = protection.formatRows = protection.formatCells = False
    set_page(worksheet, f"A1:{last_column}{last}", f"{HEAD}:{HEAD}", heading.footer, "A:B")


def _write_guide(sheet: Sheet, heading: Heading, columns: Sequence[RegisterColumn]) -> None:
    sheet.widths(GUIDE_WIDTHS)
    sheet.put(1, 1, heading.say("register_guide_title"), TITLE)
    sheet.set_height(1, 26)
    sheet.put(2, 1, heading.say("register_guide_about"), SUBTITLE)
    sheet.put(3, 1, heading.notice, NOTICE)
    row = 4
    for step in STEPS:
        text = heading.say(f"register_step_{step}")
        sheet.merge(row, 1, len(GUIDE_WIDTHS), text, TEXT)
        sheet.fit(row, [(text, sum(GUIDE_WIDTHS))])
        row += 1
    row += 1
    header = row
    for at, label in enumerate(("column", "needed", "help", "options"), 1):
        sheet.put(row, at, heading.say(f"register_guide_{label}"), HEADER)
    for column in columns:
        row += 1
        needed = heading.say("register_yes") if column.required else ""
        texts = (column.heading, needed, column.help, "\n".join(column.options))
        for at, text in enumerate(texts, 1):
            sheet.put(row, at, text, TEXT.but(vertical="top", bold=at == 1, number="@"))
        sheet.fit(row, list(zip(texts, GUIDE_WIDTHS, strict=True)))
    freeze(sheet.worksheet, "A4", 100)
    set_page(sheet.worksheet, f"A1:{letter(len(GUIDE_WIDTHS))}{row}", f"{header}:{header}", heading.footer)
