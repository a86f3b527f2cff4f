"""The workbook of accounts: one row a person and chức vụ, a sheet with the codes of bodies, and a guide."""

from __future__ import annotations

from openpyxl.worksheet.datavalidation import DataValidation

from reports.accounts_data import AccountsBook
from reports.excel.book import Book, Heading
from reports.excel.page import freeze, set_page
from reports.excel.sheet import Sheet, letter, quote
from reports.excel.styles import BAND, CODE, GREY, HEADER, LINE, NOTICE, SUBTITLE, TEXT, TITLE
from survey.core.text import say

HEAD, FIRST = 5, 6  # rows
SPARE = 500  # empty rows that can be filled in
GUIDE_WIDTHS = (24.0, 12.0, 62.0, 44.0)
BODY_WIDTHS = (26.0, 66.0, 40.0)
STEPS = ("person", "several", "login", "keep", "send")
TYPED = LINE.but(wrap=True, number="@", vertical="top")
TOLD = TYPED.but(color=GREY, fill=BAND)


def accounts_workbook(data: AccountsBook, language: str = "vi") -> bytes:
    """The .xlsx file."""
    heading = Heading(say("accounts.book_title", language), data.taken_at, data.notice, "", language)
    book = Book(heading, data.organisation)
    about = say("accounts.book_about_empty", language)
    if data.audit_head:
        about = say(
            "accounts.book_about", language, count=len(data.rows), moment=heading.moment, head=data.audit_head[:16]
        )
    sheet = book.add_titled(say("accounts.book_sheet", language), "8FB8DE", heading.title, about)
    guide = book.add(say("accounts.book_guide", language), "C9A227")
    bodies = book.add(say("accounts.book_bodies", language), "7BA77B")
    lists = book.add(say("accounts.book_lists", language), "CCCCCC")
    lists.worksheet.sheet_state = "hidden"
    _write_rows(sheet, data)
    _write_bodies(bodies, data, heading, language)
    _offer(sheet, lists, bodies, data, language)
    freeze(sheet.worksheet, f"B{FIRST}", 100)
    last_column, last = letter(len(data.columns)), max(FIRST + len(data.rows) - 1, HEAD)
    sheet.worksheet.auto_filter.ref = f"A{HEAD}:{last_column}{last}"
    set_page(sheet.worksheet, f"A1:{last_column}{last}", f"{HEAD}:{HEAD}", heading.footer, "A:A")
    _write_guide(guide, heading, data, language)
    return book.finish()


def _write_rows(sheet: Sheet, data: AccountsBook) -> None:
    looks = [TOLD if column.told else TYPED for column in data.columns]
    for at, column in enumerate(data.columns, 1):
        sheet.widths([column.width], at)
        title = f"{column.heading} *" if column.required else column.heading
        sheet.put(HEAD, at, title, HEADER)
        sheet.fit(HEAD, [(title, column.width)], 9, bold=True)
    for row, cells in enumerate(data.rows, FIRST):
        for at, (text, look) in enumerate(zip(cells, looks, strict=True), 1):
            sheet.put(row, at, text or None, look)
        sheet.fit(row, [(text, column.width) for text, column in zip(cells, data.columns, strict=True)])
    numbers = [sheet.style(look) for look in looks]
    after = FIRST + len(data.rows)
    for row in range(after, after + SPARE):
        for at, number in enumerate(numbers, 1):
            sheet.put_styled(row, at, None, number)


def _write_bodies(sheet: Sheet, data: AccountsBook, heading: Heading, language: str) -> None:
    sheet.widths(BODY_WIDTHS)
    for at, name in enumerate(("code", "name", "kind"), 1):
        sheet.put(1, at, say(f"accounts.book_body_{name}", language), HEADER)
    for row, body in enumerate(data.bodies, 2):
        for at, (text, style) in enumerate(zip(body, (CODE, TEXT, TEXT), strict=True), 1):
            sheet.put(row, at, text, style)
        sheet.fit(row, list(zip(body, BODY_WIDTHS, strict=True)))
    last = max(len(data.bodies) + 1, 2)
    sheet.worksheet.auto_filter.ref = f"A1:C{last}"
    freeze(sheet.worksheet, "A2", 100)
    set_page(sheet.worksheet, f"A1:C{last}", "1:1", heading.footer)


def _offer(sheet: Sheet, lists: Sheet, bodies: Sheet, data: AccountsBook, language: str) -> None:
    """Drop-downs. Several codes or roles may be typed with semicolons, so other texts are taken without complaint."""
    last = FIRST + len(data.rows) + SPARE - 1
    for at, column in enumerate(data.columns, 1):
        place = letter(at)
        if column.heading == say("accounts.col_bodies", language) and data.bodies:
            source = f"{quote(bodies.name)}!$A$2:$A${len(data.bodies) + 1}"
        elif column.options:
            for row, option in enumerate(column.options, 1):
                lists.put(row, at, option, LINE)
            source = f"{quote(lists.name)}!${place}$1:${place}${len(column.options)}"
        else:
            continue
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
        rule.add(f"{place}{FIRST}:{place}{last}")
        sheet.worksheet.add_data_validation(rule)


def _write_guide(sheet: Sheet, heading: Heading, data: AccountsBook, language: str) -> None:
    sheet.widths(GUIDE_WIDTHS)
    sheet.put(1, 1, say("accounts.book_guide_title", language), TITLE)
    sheet.set_height(1, 26)
    sheet.put(2, 1, say("accounts.book_guide_about", language), SUBTITLE)
    sheet.put(3, 1, heading.notice, NOTICE)
    row = 4
    for step in STEPS:
        text = say(f"accounts.book_step_{step}", language)
        sheet.merge(row, 1, len(GUIDE_WIDTHS), text, TEXT)
        sheet.fit(row, [(text, sum(GUIDE_WIDTHS))])
        row += 1
    row += 1
    header = row
    for at, label in enumerate(("column", "needed", "help", "options"), 1):
        sheet.put(row, at, say(f"accounts.book_guide_{label}", language), HEADER)
    for column in data.columns:
        row += 1
        needed = say("accounts.book_yes", language) if column.required else ""
        texts = (column.heading, needed, column.help, "\n".join(column.options))
        for at, text in enumerate(texts, 1):
            sheet.put(row, at, text, TEXT.but(vertical="top", bold=at == 1, number="@"))
        sheet.fit(row, list(zip(texts, GUIDE_WIDTHS, strict=True)))
    freeze(sheet.worksheet, "A4", 100)
    set_page(sheet.worksheet, f"A1:{letter(len(GUIDE_WIDTHS))}{row}", f"{header}:{header}", heading.footer)
