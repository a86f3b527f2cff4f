"""Thống kê chỉ số: what the agencies that have sent earned on each indicator, counted over Điểm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reports.excel.book import Book, Heading
from reports.excel.group_formulas import rounded
from reports.excel.page import freeze, set_page
from reports.excel.plan import Plan, Table, numbered
from reports.excel.sheet import Cached, Formula, Sheet, letter
from reports.excel.styles import CENTERED, COUNT, GREY, HEADER, LINE, RATE, TEXT, Style, maxima_format, points_format
from survey.core.modifiers import Counts
from survey.core.questionnaire import Indicator
from survey.core.rounding import half_up
from survey.core.rules.exact import State
from survey.core.rules.formula import NOT_APPLICABLE, PENDING

FIRST = 6
WIDTHS = {"questionnaire": 24, "code": 8, "name": 56}
COLUMNS = ("questionnaire", "code", "name", "maximum", "mean", "share", "lowest", "highest")
COUNTS = ("scored", "at_zero", "at_maximum", "missing", "kad", "pending")  # the last only where points may be


def write_statistics(book: Book, plans: Sequence[Plan], name: str) -> None:
    """Add the sheet."""
    heading = book.heading
    rows = sum(len(plan.scored) for plan in plans)
    counts = COUNTS if any(plan.waits for plan in plans) else COUNTS[:-1]
    table = Table(name, numbered([*COLUMNS, *counts]), FIRST, FIRST + max(rows, 1) - 1)
    sheet = book.add_titled(name, "1E6B3A", heading.say("statistics_title"), heading.say("about_statistics"))
    for column, at in table.columns.items():
        sheet.put(FIRST - 1, at, heading.say(f"statistics_{column}"), HEADER)
        sheet.widths([WIDTHS.get(column, 10)], at)
    sheet.fit(FIRST - 1, [(heading.say(f"statistics_{column}"), 10) for column in table.columns], 9, bold=True)
    row = FIRST
    for plan in plans:
        sent = np.array([standing.row.sent for standing in plan.block.standings], dtype=bool)
        for index, indicator in enumerate(plan.scored):
            _write_indicator(sheet, table, plan, row, indicator, _figures(plan, index, sent), heading)
            row += 1
    worksheet = sheet.worksheet
    freeze(worksheet, f"D{FIRST}", 100)
    last = letter(len(table.columns))
    worksheet.auto_filter.ref = f"A{FIRST - 1}:{last}{table.last}"
    set_page(worksheet, f"A1:{last}{table.last}", f"{FIRST - 1}:{FIRST - 1}", heading.footer)


def _figures(plan: Plan, index: int, sent: NDArray[np.bool_]) -> dict[str, Cached]:
    """The engine's statistics of one indicator over those that have sent."""
    scores = plan.block.result.scores
    states, points = scores.states[sent, index], scores.points[sent, index]
    earned = points[(states == State.SCORED) | (states == State.HIDDEN)]
    maximum = float(scores.maxima[index])
    most = _rounded_maximum(plan, index)
    some = bool(earned.size)
    return {
        "maximum": maximum,
        "mean": float(earned.mean()) if some else None,
        "share": float(earned.mean()) / maximum if some and maximum else None,
        "lowest": float(earned.min()) if some else None,
        "highest": float(earned.max()) if some else None,
        "scored": int(earned.size),
        "at_zero": int((earned == 0).sum()),
        "at_maximum": int((earned == most).sum()),
        "missing": int((states == State.MISSING).sum()),
        "kad": int((states == State.NOT_APPLICABLE).sum()),
        "pending": int((states == State.PENDING).sum()),
    }


def _rounded_maximum(plan: Plan, index: int) -> float:
    """What full points come to at the indicator's decimals, below 0 for a penalty."""
    indicator = plan.scored[index]
    most = float(half_up(indicator.maximum, indicator.decimals))
    return -most if indicator.counts is Counts.PENALTY else most


def _write_indicator(
    sheet: Sheet, table: Table, plan: Plan, row: int, indicator: Indicator, figures: dict[str, Cached], heading: Heading
) -> None:
    columns, language = table.columns, heading.language
    title, name = plan.short, indicator.name.in_language(language)
    sheet.put(row, columns["questionnaire"], title, TEXT.but(size=9, color=GREY))
    sheet.put(row, columns["code"], indicator.code, CENTERED)
    sheet.put(row, columns["name"], name, TEXT)
    sheet.fit(row, [(title, WIDTHS["questionnaire"]), (name, WIDTHS["name"])])
    looks = _looks(plan, indicator)
    for column, text in _formulas(plan, table, indicator).items():
        if column in ("lowest", "highest"):
            sheet.array_formula(row, columns[column], text, figures[column], looks[column])
        else:
            sheet.fill(row, columns[column], Formula(text), figures[column], sheet.style(looks[column]))


def _formulas(plan: Plan, table: Table, indicator: Indicator) -> dict[str, str]:
    points, sent, cell = plan.points.column(f"in:{indicator.code}"), plan.points.column("sent"), table.cell
    maximum = cell("maximum")
    penalty = indicator.counts is Counts.PENALTY
    most = ("-" if penalty else "") + rounded(maximum, indicator.decimals)
    none = f"{cell('scored')}=0"
    earned = f"IF(({sent}=1)*ISNUMBER({points}),{points})"
    codes, maxima = plan.rules.column("code"), plan.rules.column("maximum")
    waiting = f"-{cell('pending')}" if "pending" in table.columns else ""
    formulas = {
        "maximum": f"IFERROR(INDEX({maxima},MATCH({cell('code')},{codes},0)),0)",
        "mean": f'IF({none},"",AVERAGEIFS({points},{sent},1))',
        "share": f'IF(OR({none},{maximum}=0),"",{cell("mean")}/{maximum})',
        "lowest": f'IF({none},"",MIN({earned}))',
        "highest": f'IF({none},"",MAX({earned}))',
        "scored": f'COUNTIFS({points},"{"<=" if penalty else ">="}0",{sent},1)',
        "at_zero": f"COUNTIFS({points},0,{sent},1)",
        "at_maximum": f"COUNTIFS({points},{most},{sent},1)",
        "missing": f"SUM({sent})-{cell('scored')}-{cell('kad')}{waiting}",
        "kad": f'COUNTIFS({points},"{NOT_APPLICABLE}",{sent},1)',
        "pending": f'COUNTIFS({points},"{PENDING}",{sent},1)',
    }
    return {name: formula for name, formula in formulas.items() if name in table.columns}


def _looks(plan: Plan, indicator: Indicator) -> dict[str, Style]:
    points = LINE.but(number=points_format(indicator.decimals), horizontal="right")
    return {
        "maximum": points.but(number=maxima_format(plan.questionnaire)),
        "mean": points.but(number=points_format(2), bold=True),
        "share": RATE,
        "lowest": points,
        "highest": points,
        **dict.fromkeys(COUNTS, COUNT.but(horizontal="center")),
    }
