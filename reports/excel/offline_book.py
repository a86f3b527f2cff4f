"""The phiếu as a workbook that is filled in offline: yellow cells, drop-downs, what stands now, a guide in front."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.worksheet.datavalidation import DataValidation

from reports.excel.book import Book, Heading
from reports.excel.offline_guide import write_guide
from reports.excel.page import freeze, set_page
from reports.excel.sheet import Sheet, letter, quote
from reports.excel.styles import BAND, CODE, EDITABLE, GREY, HEADER, LINE, RED, TEXT, Style
from reports.offline_data import OfflineBook, OfflineRow

HEAD, FIRST = 5, 6  # rows
CODED, NAMED, UNIT, VALUE, NOTE, KAD, WHY, MAXIMUM, HELP = range(1, 10)  # columns
WHOSE = HELP + 1
WAS_VALUE, WAS_NOTE, WAS_KAD, WAS_WHY = range(WHOSE + 1, WHOSE + 5)
WIDTHS = {CODED: 14.0, NAMED: 42.0, UNIT: 10.0, VALUE: 20.0, NOTE: 20.0, KAD: 16.0, WHY: 16.0, MAXIMUM: 8.0, HELP: 56.0}
HEADINGS = ("code", "name", "unit", "value", "note", "kad", "why", "maximum", "help")
HIDDEN = ("whose", "was_value", "was_note", "was_kad", "was_why")
NUMBERS = {"integer": "#,##0", "decimal": "#,##0.######", "real": "#,##0.###############", "points": "#,##0.00####"}
MOST_PROMPT, MOST_TITLE = 250, 32  # characters that Excel shows beside a cell

TYPED = Style(border="thin", fill=EDITABLE, unlocked=True, wrap=True, vertical="top")
SHUT = Style(border="thin", fill=BAND, color=GREY, wrap=True, vertical="top")
NAME = TEXT.but(bold=True, vertical="top")
ASKED = TEXT.but(vertical="top", indent=1)
PLAIN = TEXT.but(vertical="top", size=9)
GROUP = Style(border="thin", fill=BAND, bold=True, wrap=True)
MARK = Style(color=GREY, size=8)


def offline_workbook(data: OfflineBook, language: str = "vi") -> bytes:
    """The .xlsx file: yellow cells may be typed into, all others are locked (without a password)."""
    heading = Heading(f"{data.agency} – {data.round_title}", data.taken_at, data.notice, "", language)
    book = Book(heading, data.agency)
    guide = book.add(heading.say("offline_guide"), "8FB8DE")
    about = " · ".join(part for part in (data.round_title, data.title, data.deadline) if part)
    title = heading.say("offline_title", agency=data.agency)
    sheet = book.add_titled(heading.say("offline_sheet"), "C9A227", title, about)
    _write_head(sheet, heading)
    for row, one in enumerate(data.rows, FIRST):
        _write_row(sheet, row, one, data.whose)
    _limit(book, sheet, heading, data.rows)
    _finish(sheet, heading, len(data.rows))
    write_guide(guide, heading, data)
    return book.finish()


def _write_head(sheet: Sheet, heading: Heading) -> None:
    for column, name in enumerate(HEADINGS, CODED):
        told = heading.say(f"offline_{name}")
        sheet.widths([WIDTHS[column]], column)
        sheet.put(HEAD, column, told, HEADER)
        sheet.fit(HEAD, [(told, WIDTHS[column])], 9, bold=True)
    for column, name in enumerate(HIDDEN, WHOSE):
        sheet.put(HEAD, column, name, MARK)
    sheet.hide_columns(WHOSE, WAS_WHY)


def _write_row(sheet: Sheet, row: int, one: OfflineRow, whose: str) -> None:
    if one.group:
        for column in range(CODED, HELP + 1):
            sheet.put(row, column, {NAMED: one.name, HELP: one.told}.get(column) or None, GROUP)
        sheet.fit(row, [(one.name, WIDTHS[NAMED]), (one.told, WIDTHS[HELP])], bold=True)
        return
    helps = "\n".join(part for part in (one.told, one.help) if part)
    sheet.put(row, CODED, one.code or None, CODE.but(vertical="top", number="@", wrap=True))
    sheet.put(row, NAMED, one.name, NAME if one.heads else ASKED)
    sheet.put(row, UNIT, one.unit or None, PLAIN.but(horizontal="center"))
    sheet.put(row, VALUE, one.value, _look(one))
    text = TYPED.but(number="@", size=9)
    sheet.put(row, NOTE, one.note or None, text if one.may_note else SHUT)
    sheet.put(row, KAD, one.kad or None, text if one.may_kad else SHUT.but(size=9))
    sheet.put(row, WHY, one.why or None, text if one.may_why else SHUT.but(size=9))
    sheet.put(row, MAXIMUM, one.maximum, PLAIN.but(horizontal="center", number="General"))
    sheet.put(row, HELP, helps or None, PLAIN.but(color=RED if one.wrong else GREY))
    shown = str(one.value) if isinstance(one.value, str) else ""
    sheet.fit(row, [(one.name, WIDTHS[NAMED] - 2), (shown, WIDTHS[VALUE])], bold=one.heads)
    sheet.fit(row, [(one.note, WIDTHS[NOTE]), (one.kad, WIDTHS[KAD]), (one.why, WIDTHS[WHY]), (helps, WIDTHS[HELP])], 9)
    if one.code:
        for column, text_of in zip(range(WHOSE, WAS_WHY + 1), (whose, *one.was), strict=True):
            sheet.put(row, column, text_of or None, MARK)


def _look(one: OfflineRow) -> Style:
    """The look of a row's value."""
    look = TYPED if one.open else SHUT
    if one.kind in NUMBERS:
        return look.but(number=NUMBERS[one.kind], horizontal="right")
    return look.but(number="@", horizontal="left")


def _limit(book: Book, sheet: Sheet, heading: Heading, rows: Sequence[OfflineRow]) -> None:
    """What may be typed, with a word of help beside each cell; lists of the same options share one name."""
    lists = book.add(heading.say("offline_lists"), "CCCCCC")
    lists.worksheet.sheet_state = "hidden"
    names: dict[tuple[str, ...], str] = {}
    for row, one in enumerate(rows, FIRST):
        if not one.open:
            continue
        rule = _rule(heading, one)
        if one.options:
            rule.formula1 = names.setdefault(one.options, f"ds_{len(names) + 1}")
        rule.allow_blank, rule.errorTitle = True, heading.say("offline_wrong")
        rule.showInputMessage, rule.promptTitle = True, one.code[:MOST_TITLE]
        rule.prompt = one.prompt if len(one.prompt) <= MOST_PROMPT else one.prompt[:MOST_PROMPT] + "…"
        rule.add(f"{letter(VALUE)}{row}")
        sheet.worksheet.add_data_validation(rule)
    for column, (options, name) in enumerate(names.items(), 1):
        for row, words in enumerate(options, 1):
            lists.put(row, column, words, LINE)
        at = letter(column)
        sheet.define(name, f"{quote(lists.name)}!${at}$1:${at}${len(options)}")


def _rule(heading: Heading, one: OfflineRow) -> DataValidation:
    """The rule of a cell; what may be typed is told where it is refused."""
    if one.options:
        rule = DataValidation(type="list")
        rule.error = heading.say("offline_pick")
    elif one.kind == "integer":
        rule = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0")
        rule.error = heading.say("offline_whole")
    elif one.kind == "points":
        rule = DataValidation(type="decimal", operator="between", formula1="0", formula2=str(one.maximum))
        rule.error = heading.say("offline_points", maximum=str(one.maximum).replace(".", ","))
    elif one.kind in NUMBERS:
        least = "-999999999999999" if one.kind == "real" else "0"
        rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1=least)
        rule.error = heading.say("offline_decimal")
    else:
        rule = DataValidation()
    rule.showErrorMessage = rule.type is not None
    return rule


def _finish(sheet: Sheet, heading: Heading, count: int) -> None:
    worksheet, last = sheet.worksheet, FIRST + max(count, 1) - 1
    freeze(worksheet, f"{letter(UNIT)}{FIRST}", 100)
    worksheet.auto_filter.ref = f"A{HEAD}:{letter(HELP)}{last}"
    protection = worksheet.protection
    protection.sheet = True  # without a password: against slips only
    protection.autoFilter = protection.formatColumns = protection.formatRows = False  # these stay allowed
    set_page(worksheet, f"A1:{letter(HELP)}{last}", f"{HEAD}:{HEAD}", heading.footer)
