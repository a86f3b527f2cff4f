"""Mốc so sánh: the lowest and the highest value of each cohort, counted live from Số liệu over those that have sent."""

from __future__ import annotations

from reports.data import Cohort
from reports.excel.book import Book, Heading
from reports.excel.page import freeze, set_page
from reports.excel.peer_values import CohortExtent, cohort_extent
from reports.excel.plan import PEER_COLUMNS, PEERS_FIRST, Plan
from reports.excel.sheet import Cached, Sheet, letter
from reports.excel.styles import CENTERED, COUNT, HEADER, LINE, TEXT, Style
from reports.standing import Standing
from survey.core.asks import Number
from survey.core.questionnaire import Indicator
from survey.core.rules.words import rule_in_words

WIDTHS = {"cohort": 29.0, "code": 8.0, "name": 46.0, "low": 13.0, "high": 13.0, "count": 12.0, "rule": 52.0}
HIDDEN = PEER_COLUMNS[PEER_COLUMNS.index("key") :]


def held_row(plan: Plan, indicator: Indicator, standing: Standing) -> int:
    """In which line of the table the extent of an agency's cohort stands, from 1."""
    cohorts = list(plan.block.result.cohorts)
    return cohorts.index(standing.row.cohort) * len(plan.held) + plan.held.index(indicator) + 1


def write_peers(book: Book, plan: Plan) -> None:
    """Add the sheet."""
    heading, table = book.heading, plan.peers
    title = heading.say("peers_title", title=plan.questionnaire.title.in_language(heading.language))
    sheet = book.add_titled(table.sheet, "8FB8DE", title, heading.say("about_peers"))
    for name, column in table.columns.items():
        sheet.put(PEERS_FIRST - 1, column, heading.say(f"peers_{name}"), HEADER)
        sheet.widths([WIDTHS.get(name, 12.0)], column)
    sheet.fit(PEERS_FIRST - 1, [(heading.say(f"peers_{name}"), wide) for name, wide in WIDTHS.items()], 9, bold=True)
    row = PEERS_FIRST
    for number, cohort in enumerate(plan.block.result.cohorts, plan.block.first_cohort):
        for place, indicator in enumerate(plan.held, 1):
            _write_extent(sheet, plan, row, cohort, number, indicator, place, heading)
            row += 1
    sheet.hide_columns(table.columns[HIDDEN[0]], table.columns[HIDDEN[-1]])
    worksheet = sheet.worksheet
    freeze(worksheet, f"D{PEERS_FIRST}", 100)
    last = letter(table.columns["rule"])
    worksheet.auto_filter.ref = f"A{PEERS_FIRST - 1}:{letter(len(table.columns))}{table.last}"
    set_page(worksheet, f"A1:{last}{table.last}", f"{PEERS_FIRST - 1}:{PEERS_FIRST - 1}", heading.footer)


def _write_extent(
    sheet: Sheet, plan: Plan, row: int, cohort: Cohort, number: int, indicator: Indicator, place: int, heading: Heading
) -> None:
    columns, language = plan.peers.columns, heading.language
    texts = {
        "cohort": cohort.name,
        "code": indicator.code,
        "name": indicator.name.in_language(language),
        "rule": rule_in_words(plan.questionnaire, indicator, language),
    }
    for name, text in texts.items():
        look = CENTERED if name == "code" else TEXT.but(size=9) if name == "rule" else TEXT
        sheet.put(row, columns[name], text, look)
    sheet.fit(row, [(texts[name], WIDTHS[name]) for name in ("cohort", "name")])
    sheet.fit(row, [(texts["rule"], WIDTHS["rule"])], 9)
    sheet.put(row, columns["cohort_number"], number, COUNT)
    sheet.put(row, columns["key"], f"{number}|{indicator.code}", LINE)
    found = _cached(cohort_extent(plan.block.result, indicator, cohort))
    figure = _look(indicator)
    for name, text in _formulas(plan, indicator, place).items():
        look = figure if name in ("low", "high") else CENTERED if name == "count" else COUNT
        sheet.array_formula(row, columns[name], text, found[name], look)


def _look(indicator: Indicator) -> Style:
    """A number as it is, a ratio or a mean grade in hundredths of a percent."""
    plain = isinstance(indicator.ask, Number)
    return LINE.but(number="#,##0.######" if plain else "0.00%", horizontal="right")


def _cached(extent: CohortExtent) -> dict[str, Cached]:
    values: dict[str, Cached] = {"count": extent.count, "here": extent.count, "left": 0}
    for name, end in (("low", extent.low), ("high", extent.high)):
        values[name] = end.value if end is not None else None
        values[f"{name}_top"] = end.top if end is not None else None
        values[f"{name}_bottom"] = end.bottom if end is not None else None
    return values


def _formulas(plan: Plan, indicator: Indicator, place: int) -> dict[str, str]:
    """Over Số liệu, and over Đối chiếu for agencies whose row there was deleted: nobody else's points move."""
    cell, answers, check = plan.peers.cell, plan.answers, plan.check
    number = cell("cohort_number")
    tables = (
        (answers, {part: answers.column(f"{part}:{indicator.code}") for part in ("top", "bottom", "value")}),
        (check, {part: check.column(f"peer_{part}:{place}") for part in ("top", "bottom", "value")}),
    )
    own = [(f"({table.column('cohort_number')}={number})", columns) for table, columns in tables]
    held = [f'IF({cohort}*ISNUMBER({columns["value"]}),{columns["value"]},"")' for cohort, columns in own]
    nobody = f"{cell('count')}=0"
    here, left = (f"SUMPRODUCT({cohort}*ISNUMBER({columns['value']}))" for cohort, columns in own)
    formulas = {"here": here, "left": left, "count": f"{cell('here')}+{cell('left')}"}
    for name, function in (("low", "MIN"), ("high", "MAX")):
        # A list without any number is asked for none: LibreOffice says 0 for it.
        first, second = (f"{function}({values})" for values in held)
        both = f"IF({cell('left')}=0,{first},IF({cell('here')}=0,{second},{function}({first},{second})))"
        formulas[name] = f'IF({nobody},"",{both})'
        for part in ("top", "bottom"):
            first, second = (
                f"INDEX({columns[part]},MATCH(1,{cohort}*ISNUMBER({columns['value']})*({columns['value']}={cell(name)}),0))"
                for cohort, columns in own
            )
            formulas[f"{name}_{part}"] = f'IF({nobody},"",IFERROR({first},{second}))'
    return formulas
