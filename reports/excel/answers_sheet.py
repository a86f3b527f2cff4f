"""Số liệu: one row an agency, one column an input: the only typed figures, all others are counted from them."""

from __future__ import annotations

from decimal import Decimal

from openpyxl.worksheet.datavalidation import DataValidation

from reports.data import AgencyRow
from reports.excel.book import Book, Heading
from reports.excel.page import freeze, set_page
from reports.excel.peer_values import measured_fraction
from reports.excel.plan import FIRST, Plan, own_key
from reports.excel.sheet import Sheet, Value, letter, literal
from reports.excel.styles import CODE, COUNT, EDITABLE, HEADER, LINE, TEXT, Style
from survey.core.answers import Case, Special, labels, to_cell
from survey.core.asks import Checks, Choice, FreeText, NumberKind, YesNo
from survey.core.questionnaire import Indicator
from survey.core.rules.formula import NOT_APPLICABLE, Refs, cell_text, measured_formulas

NUMBER_FORMATS = {
    NumberKind.INTEGER: "#,##0",
    NumberKind.DECIMAL: "#,##0.######",
    NumberKind.REAL: "#,##0.###############",
}
FIGURE = Style(border="thin", fill=EDITABLE)
WORD = Style(border="thin", fill=EDITABLE, horizontal="center")
WIDTH = 13.0
WIDEST = 26.0
REPEATED = (18.0, 40.0)  # code and name
LONGEST_LIST = 255  # characters of a drop-down's list


def state_name(heading: Heading, row: AgencyRow) -> str:
    """The state of a phiếu as the workbook writes it."""
    return heading.say(f"state_{row.state.value}")


def write_answers(book: Book, plan: Plan) -> None:
    """Add the sheet."""
    heading, table = book.heading, plan.answers
    title = plan.questionnaire.title.in_language(heading.language)
    sheet = book.add_titled(table.sheet, "8FB8DE", title, heading.say("about_answers"), REPEATED)
    _write_headers(sheet, plan, heading)
    styles = {key: sheet.style(_input_style(plan, key)) for key in plan.questionnaire.keys}
    for place, standing in enumerate(plan.block.standings):
        _write_agency(sheet, plan, heading, place, standing.row)
        _write_inputs(sheet, plan, FIRST + place, plan.block.result.cases[place], styles)
        _write_measured(sheet, plan, heading, place)
        sheet.seal(FIRST + place)
    if plan.held:
        sheet.hide_columns(table.columns["cohort_number"], len(table.columns))
    _add_lists(sheet, plan, heading)
    worksheet = sheet.worksheet
    freeze(worksheet, f"C{FIRST}", 90)
    worksheet.auto_filter.ref = f"A{FIRST - 1}:{letter(len(table.columns))}{table.last}"
    shown = f"A1:{letter(table.columns.get('cohort_number', len(table.columns) + 1) - 1)}{table.last}"
    set_page(worksheet, shown, f"4:{FIRST - 1}", heading.footer, "A:B")


def _write_headers(sheet: Sheet, plan: Plan, heading: Heading) -> None:
    columns = plan.answers.columns
    labels = {"code": "code", "name": "agency", "cohort": "cohort", "state": "state"}
    for (name, label), width in zip(labels.items(), (*REPEATED, 29.0, 14.0), strict=True):
        if name in columns:
            sheet.merge(4, columns[name], columns[name], heading.say(label), HEADER, down=FIRST - 5)
            sheet.widths([width], columns[name])
    for name, text in plan.questionnaire.attributes.items():
        lines = ("", text.in_language(heading.language), heading.say("one_or_zero"), name)
        _write_header(sheet, columns[f"has:{name}"], lines)
    for key in plan.questionnaire.keys:
        wide = _input_width(plan.questionnaire.users_of[key][0])
        _write_header(sheet, columns[f"in:{key}"], _input_header(plan, key, heading.language), wide)
    for name, column in columns.items():
        if name.startswith(("top:", "bottom:", "value:")):
            kind, _, code = name.partition(":")
            _write_header(sheet, column, (code, heading.say(f"measured_{kind}"), "", name))
        if name == "cohort_number":
            _write_header(sheet, column, ("", heading.say("points_cohort_number"), "", name))
        if name.startswith("kad:"):
            code = name.removeprefix("kad:")
            _write_header(sheet, column, (code, heading.say("approved_kad"), NOT_APPLICABLE, name))


def _write_measured(sheet: Sheet, plan: Plan, heading: Heading, place: int) -> None:
    """Hidden: what is held against the cohort, as a fraction, and its value where it counts among the peers."""
    if not plan.held:
        return
    table, at, standing = plan.answers, FIRST + place, plan.block.standings[place]
    columns = table.columns
    sheet.put(at, columns["cohort_number"], standing.cohort_number, COUNT)
    for indicator in plan.held:
        code = indicator.code
        found = measured_fraction(plan.block.result, indicator, place)
        top, bottom = _measured_formulas(plan, indicator)
        counted = f'OR({table.cell(f"top:{code}")}=""'
        if plan.with_state:
            counted += f",{table.cell('state')}<>{literal(heading.say('state_sent'))}"
        value = f'IF({counted}),"",{table.cell(f"top:{code}")}/{table.cell(f"bottom:{code}")})'
        cached = found.value if found is not None and standing.row.sent else None
        sheet.formula(at, columns[f"top:{code}"], top, found.top if found else None, COUNT)
        sheet.formula(at, columns[f"bottom:{code}"], bottom, found.bottom if found else None, COUNT)
        sheet.formula(at, columns[f"value:{code}"], value, cached, COUNT)


def _measured_formulas(plan: Plan, indicator: Indicator) -> tuple[str, str]:
    table = plan.answers
    refs = Refs(lambda key: table.cell(f"in:{key}"), "", lambda name: table.cell(f"has:{name}"))
    top, bottom = measured_formulas(plan.questionnaire, indicator, refs)
    if f"kad:{indicator.code}" in table.columns:
        top = f'IF({table.cell(f"kad:{indicator.code}")}="{NOT_APPLICABLE}","",{top})'
    return top, f'IF({table.cell(f"top:{indicator.code}")}="","",{bottom})'


def _write_header(sheet: Sheet, column: int, lines: tuple[str, str, str, str], wide: float = WIDTH) -> None:
    """Codes, what is asked, unit, key: rows 4 to 7."""
    codes, label, unit, key = lines
    sheet.widths([wide], column)
    for row, text in ((4, codes), (5, label), (6, unit)):
        sheet.put(row, column, text, HEADER.but(bold=row == 4, size=8, vertical="top" if row == 5 else "center"))
        sheet.fit(row, [(text, wide)], 8, bold=row == 4)
    sheet.put(7, column, key, HEADER.but(size=8, color=CODE.color, bold=False))
    sheet.fit(7, [(key, wide - 3)], 8)  # room for the filter's button


def _input_header(plan: Plan, key: str, language: str) -> tuple[str, str, str, str]:
    users = plan.questionnaire.users_of[key]
    codes = ", ".join(indicator.code for indicator in users)
    for number in users[0].numbers:
        if number.key == key:
            return codes, number.label.in_language(language), number.unit.in_language(language), key
    return codes, users[0].name.in_language(language), "", key


def _input_width(indicator: Indicator) -> float:
    """Wide enough for the longest word of an option, or for ticks and sentences that wrap."""
    if isinstance(indicator.ask, (FreeText, Checks)):
        return WIDEST
    words = [cell_text(indicator, code) for code in labels(indicator)]
    return min(WIDEST, max([WIDTH, *(len(word) + 2.0 for word in words)]))


def _input_style(plan: Plan, key: str) -> Style:
    indicator = plan.questionnaire.users_of[key][0]
    for number in indicator.numbers:
        if number.key == key:
            return FIGURE.but(number=NUMBER_FORMATS[number.kind])
    if isinstance(indicator.ask, (FreeText, Checks)):
        return FIGURE.but(quoted=isinstance(indicator.ask, FreeText), wrap=True, size=8, horizontal="left")
    return WORD if isinstance(indicator.ask, (YesNo, Choice)) else FIGURE.but(number="#,##0.00####")


def _write_agency(sheet: Sheet, plan: Plan, heading: Heading, place: int, row: AgencyRow) -> None:
    columns, at = plan.answers.columns, FIRST + place
    sheet.put(at, columns["code"], plan.keys[place], CODE)
    sheet.put(at, columns["name"], row.name, TEXT)
    sheet.put(at, columns["cohort"], row.cohort.name, TEXT)
    sheet.fit(at, [(row.name, 40), (row.cohort.name, 29)])
    if plan.with_state:
        sheet.put(at, columns["state"], state_name(heading, row), LINE.but(fill=EDITABLE))
    attributes = plan.block.result.cases[place].attributes
    for name in plan.questionnaire.attributes:
        sheet.put(at, columns[f"has:{name}"], int(attributes.get(name, False)), WORD)


def _write_inputs(sheet: Sheet, plan: Plan, row: int, case: Case, styles: dict[str, int]) -> None:
    columns, questionnaire = plan.answers.columns, plan.questionnaire
    approved = _approved_keys(plan, case)
    for key in questionnaire.keys:
        value = NOT_APPLICABLE if key in approved else cell_value(questionnaire.users_of[key][0], case, key)
        starts_odd = isinstance(value, str) and value.startswith(("=", "+", "-", "@"))
        style = sheet.style(WORD.but(quoted=True)) if starts_odd else styles[key]
        sheet.put_styled(row, columns[f"in:{key}"], value, style)
        if isinstance(value, str) and len(value) > WIDEST:
            sheet.fit(row, [(value, WIDEST)], 8)
    for name, column in columns.items():
        if name.startswith("kad:"):
            mark = NOT_APPLICABLE if name.removeprefix("kad:") in case.not_applicable else None
            sheet.put(row, column, mark, WORD)


def _approved_keys(plan: Plan, case: Case) -> set[str]:
    """Where "K.a.d." takes the place of an answer, because the indicator was approved as not applicable."""
    by_code = plan.questionnaire.by_code
    keys = {own_key(plan.questionnaire, by_code[code]) for code in case.not_applicable if code in by_code}
    return {key for key in keys if key is not None}


def cell_value(indicator: Indicator, case: Case, key: str) -> Value:
    """One answer as its cell holds it: a number, an option's word, codes joined by "; ", K.a.d. or blank."""
    value = case.value(key)
    if value is Special.NOT_APPLICABLE:
        return NOT_APPLICABLE
    if value is Special.MISSING or isinstance(value, Decimal):
        return value if isinstance(value, Decimal) else None
    if isinstance(value, frozenset):
        return to_cell(value).replace(";", "; ")  # so that ticks wrap between codes
    if isinstance(indicator.ask, FreeText):
        return str(value)
    return cell_text(indicator, str(value))


def _add_lists(sheet: Sheet, plan: Plan, heading: Heading) -> None:
    """Drop-downs for states and options, where their list is short enough for Excel."""
    lists = {}
    if plan.with_state:
        states = ("not_started", "filling", "awaiting_approval", "sent")
        lists["state"] = [heading.say(f"state_{state}") for state in states]
    for key in plan.questionnaire.keys:
        indicator = plan.questionnaire.users_of[key][0]
        if isinstance(indicator.ask, (YesNo, Choice)):
            lists[f"in:{key}"] = [*(cell_text(indicator, code) for code in labels(indicator)), NOT_APPLICABLE]
    for column, words in lists.items():
        if len(",".join(words)) <= LONGEST_LIST:
            choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
            # Words of another spelling (a decomposed "Có" looks the same) would count as no answer.
            choice.showErrorMessage = True
            choice.errorTitle, choice.error = heading.say("figures_wrong"), heading.say("figures_pick")
            choice.add(plan.answers.area(column, column))
            sheet.worksheet.add_data_validation(choice)
