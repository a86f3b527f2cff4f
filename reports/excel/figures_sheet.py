"""The workbook in which a body gives figures for many agencies: one row an agency, one column a figure, and a guide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from openpyxl.worksheet.datavalidation import DataValidation

from reports.excel.book import Book, Heading
from reports.excel.page import freeze, set_page
from reports.excel.sheet import Sheet, letter, quote
from reports.excel.styles import BAND, CODE, EDITABLE, GREY, HEADER, LINE, SUBTITLE, TEXT, TITLE, Style

NUMBERED, CODED, NAMED, FIRST_INPUT = 1, 2, 3, 4  # columns
NAMES, LABELS, UNITS, KEYS, FIRST = 5, 6, 7, 8, 9  # rows
REAL = "#,##0.0##############"
NUMBER_FORMATS = {"integer": "#,##0", "decimal": "#,##0.00####", "real": REAL, "points": "#,##0.00####"}
WIDTH, NAME_WIDTH = 16.0, 44.0
FIGURE = Style(border="thin", fill=EDITABLE, unlocked=True)
LOCKED = Style(border="thin", fill=BAND, color=GREY, horizontal="center", size=9)
STEPS = ("yellow", "row", "blank", "number", "choice", "send")


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """One input: what is asked, in which unit."""

    key: str
    code: str  # of its indicator
    name: str
    label: str
    unit: str
    kind: str  # integer, decimal, points, yes_no, choice, checks, text
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()  # code and words of choices


@dataclass(frozen=True, slots=True)
class FigureAgency:
    """One agency with what stands now; keys in `not_asked` do not apply to it."""

    code: str
    name: str
    values: Mapping[str, Decimal | str]
    not_asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FigureBook:
    """What the workbook is made of."""

    round_title: str
    period: str
    title: str  # of the questionnaire
    givers: str  # names of the bodies that give the figures
    taken_at: datetime
    audit_head: str
    notice: str
    columns: tuple[FigureColumn, ...]
    agencies: tuple[FigureAgency, ...]


def figures_workbook(data: FigureBook, language: str = "vi") -> bytes:
    """The .xlsx file: yellow cells may be typed into, all others are locked (without a password)."""
    heading = Heading(data.round_title, data.taken_at, data.notice, "", language)
    book = Book(heading, data.givers)
    sheet = book.add_titled(heading.say("figures_sheet"), "C9A227", _title(heading, data), _about(heading, data))
    guide = book.add(heading.say("figures_guide"), "8FB8DE")
    _write_head(sheet, heading, data.columns)
    _write_rows(sheet, heading, data)
    _limit(book, sheet, heading, data)
    _finish(sheet, heading, data)
    _write_guide(guide, heading, data)
    return book.finish()


def _title(heading: Heading, data: FigureBook) -> str:
    return heading.say("figures_title_of", body=data.givers) if data.givers else heading.say("figures_title")


def _about(heading: Heading, data: FigureBook) -> str:
    period = heading.say("figures_period", period=data.period) if data.period else ""
    taken = heading.say("figures_taken", moment=heading.moment)
    known = heading.say("log_code", head=data.audit_head[:16])
    return " · ".join(part for part in (data.round_title, data.title, period, taken, known) if part)


def _write_head(sheet: Sheet, heading: Heading, columns: Sequence[FigureColumn]) -> None:
    """Indicator over its inputs, what each is, its unit, and in the last row the names that are read back."""
    fixed = ((NUMBERED, "figures_number", 6.0), (CODED, "code", 18.0), (NAMED, "figures_agency", NAME_WIDTH))
    for column, label, wide in fixed:
        sheet.widths([wide], column)
        sheet.merge(NAMES, column, column, None, HEADER, down=UNITS - NAMES)
        sheet.put(KEYS, column, heading.say(label), HEADER)
    at = FIRST_INPUT
    for code in dict.fromkeys(one.code for one in columns):
        own = [one for one in columns if one.code == code]
        title = f"{code}. {own[0].name}"
        sheet.merge(NAMES, at, at + len(own) - 1, title, HEADER)
        sheet.fit(NAMES, [(title, WIDTH * len(own))], 9, bold=True)
        for one in own:
            sheet.widths([WIDTH], at)
            sheet.put(LABELS, at, one.label, HEADER.but(bold=False, vertical="top"))
            sheet.put(UNITS, at, one.unit, HEADER.but(bold=False, italic=True))
            sheet.put(KEYS, at, one.key, HEADER.but(bold=False, color=CODE.color, size=8))
            sheet.fit(LABELS, [(one.label, WIDTH)], 9)
            sheet.fit(UNITS, [(one.unit, WIDTH)], 9)
            sheet.fit(KEYS, [(one.key, WIDTH - 3)], 8)
            at += 1
    sheet.set_height(KEYS, 20)


def _write_rows(sheet: Sheet, heading: Heading, data: FigureBook) -> None:
    looks = [_look(column) for column in data.columns]
    nothing = heading.say("figures_not_asked")
    for row, agency in enumerate(data.agencies, FIRST):
        sheet.put(row, NUMBERED, row - FIRST + 1, LINE.but(horizontal="center", color=GREY, size=9))
        sheet.put(row, CODED, agency.code, CODE)
        sheet.put(row, NAMED, agency.name, TEXT)
        sheet.fit(row, [(agency.name, NAME_WIDTH)])
        for at, (column, look) in enumerate(zip(data.columns, looks, strict=True), FIRST_INPUT):
            asked = column.key not in agency.not_asked
            sheet.put(row, at, agency.values.get(column.key) if asked else nothing, look if asked else LOCKED)


def _look(column: FigureColumn) -> Style:
    if column.kind in NUMBER_FORMATS:
        return FIGURE.but(number=NUMBER_FORMATS[column.kind])
    return FIGURE.but(number="@", wrap=True, horizontal="left", size=9)


def _limit(book: Book, sheet: Sheet, heading: Heading, data: FigureBook) -> None:
    """What may be typed: numbers, only real ones below 0; one of the options."""
    last = FIRST + len(data.agencies) - 1
    lists: Sheet | None = None
    for place, column in enumerate(data.columns):
        rule = None
        if column.kind in NUMBER_FORMATS:
            whole = column.kind == "integer"
            least = "-999999999999999" if column.kind == "real" else "0"
            rule = DataValidation(type="whole" if whole else "decimal", operator="greaterThanOrEqual", formula1=least)
            rule.error = heading.say("figures_whole" if whole else "figures_decimal")
        elif column.kind in ("yes_no", "choice"):
            if lists is None:
                lists = book.add(heading.say("figures_lists"), "CCCCCC")
                lists.worksheet.sheet_state = "hidden"
            rule = DataValidation(type="list", formula1=_list(lists, place + 1, column))
            rule.error = heading.say("figures_pick")
        if rule is None or last < FIRST:
            continue
        rule.allow_blank, rule.errorTitle, rule.showErrorMessage = True, heading.say("figures_wrong"), True
        at = letter(FIRST_INPUT + place)
        rule.add(f"{at}{FIRST}:{at}{last}")
        sheet.worksheet.add_data_validation(rule)


def _list(lists: Sheet, column: int, about: FigureColumn) -> str:
    """The options of a choice in a column of the hidden sheet, as a drop-down names them."""
    for row, (_, words) in enumerate(about.options, 1):
        lists.put(row, column, words, LINE)
    at = letter(column)
    return f"{quote(lists.name)}!${at}$1:${at}${len(about.options)}"


def _finish(sheet: Sheet, heading: Heading, data: FigureBook) -> None:
    worksheet = sheet.worksheet
    last_column = letter(FIRST_INPUT + len(data.columns) - 1)
    last_row = max(FIRST + len(data.agencies) - 1, KEYS)
    freeze(worksheet, f"{letter(FIRST_INPUT)}{FIRST}", 100)
    worksheet.auto_filter.ref = f"A{KEYS}:{last_column}{last_row}"
    protection = worksheet.protection
    protection.sheet = True
    protection.autoFilter = protection.formatColumns = protection.formatRows = False  # these stay allowed
    set_page(worksheet, f"A1:{last_column}{last_row}", f"{NAMES}:{KEYS}", heading.footer, "A:C")


def _write_guide(sheet: Sheet, heading: Heading, data: FigureBook) -> None:
    widths = (10.0, 44.0, 44.0, 18.0, 60.0)
    sheet.widths(widths)
    sheet.put(1, 1, heading.say("figures_guide_title"), TITLE)
    sheet.set_height(1, 26)
    sheet.put(2, 1, data.title, SUBTITLE)
    row = 4
    for number, step in enumerate(STEPS, 1):
        text = heading.say(f"figures_step_{step}")
        sheet.put(row, 1, number, TEXT.but(horizontal="center", bold=True))
        sheet.merge(row, 2, len(widths), text, TEXT)
        sheet.fit(row, [(text, sum(widths[1:]))])
        row += 1
    row += 1
    header = row
    labels = ("figures_key", "figures_indicator", "figures_asked", "figures_unit", "figures_help")
    for column, label in enumerate(labels, 1):
        sheet.put(row, column, heading.say(label), HEADER)
    told = ""
    for one in data.columns:
        row += 1
        helps = "" if one.help == told else one.help  # once for the inputs of one indicator
        told = one.help
        options = "; ".join(f"{code} = {words}" if one.kind == "checks" else words for code, words in one.options)
        texts = (one.key, f"{one.code}. {one.name}", one.label, one.unit, "\n".join(filter(None, (helps, options))))
        for column, text in enumerate(texts, 1):
            sheet.put(row, column, text, CODE if column == 1 else TEXT.but(vertical="top"))
        sheet.fit(row, list(zip(texts, widths, strict=True)))
    freeze(sheet.worksheet, "A4", 100)
    set_page(sheet.worksheet, f"A1:{letter(len(widths))}{row}", f"{header}:{header}", heading.footer)
