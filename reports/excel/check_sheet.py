"""Đối chiếu: the formulas' results beside the engine's for every agency, their differences, and how many disagree."""

from __future__ import annotations

from collections.abc import Sequence

from reports.excel.book import Book, Heading
from reports.excel.group_formulas import rounded
from reports.excel.page import freeze, mark, set_page
from reports.excel.peer_values import measured_fraction
from reports.excel.plan import FIRST, Plan, Table, held_indicators, numbered
from reports.excel.points_formulas import beaten
from reports.excel.sheet import Cached, Formula, Sheet, letter, literal
from reports.excel.styles import (
    CENTERED,
    CODE,
    COUNT,
    GREY,
    HEADER,
    LINE,
    TEXT,
    Style,
    points_format,
)
from reports.standing import PARTS, STEP, Standing
from survey.core.questionnaire import Questionnaire
from survey.core.rules.formula_cells import COMPARED

FORMULAS = ("total", "maximum", "rate", "rank")
HELPERS = ("cohort_number", "official", "source", "key")
WIDTHS = {"number": 6, "code": 18, "name": 38, "questionnaire": 20, "mark": 11}
EXACT_RATE = "0.00000000%"


def check_table(name: str, rows: int, questionnaires: Sequence[Questionnaire] = ()) -> Table:
    """Where the sheet's columns will lie; hidden ones take the place of rows that are deleted elsewhere."""
    peers = max((len(held_indicators(one)) for one in questionnaires), default=0)
    breaks = max((len(one.tie_breaks) for one in questionnaires), default=0)
    ties = ["parts", *(f"break:{place}" for place in range(1, breaks + 1)), "tie"] if breaks else []
    held = [f"peer_{part}:{place}" for place in range(1, peers + 1) for part in ("top", "bottom", "value")]
    engine = [f"engine_{column}" for column in FORMULAS]
    difference = [f"difference_{column}" for column in FORMULAS]
    columns = ["number", "code", "name", "questionnaire", *FORMULAS, *engine, *difference, "mark"]
    return Table(name, numbered([*columns, *HELPERS, *ties, *held]), FIRST, FIRST + max(rows, 1) - 1)


def write_check(book: Book, plans: Sequence[Plan], table: Table) -> None:
    """Add the sheet."""
    heading = book.heading
    sheet = book.add_titled(table.sheet, "1E6B3A", heading.say("check_title"), heading.say("about_check"))
    marks = table.column("mark")
    rows = sum(len(plan.block.standings) for plan in plans)
    for column, state, count in ((2, "agrees", rows), (5, "differs", 0), (9, "gone", 0)):
        sheet.put(4, column, heading.say(f"check_count_{state}"), Style(bold=True))
        word = literal(heading.say(f"check_{state}"))
        at = column + (1 if column == 2 else 2)
        sheet.formula(4, at, f"COUNTIF({marks},{word})", count, Style(bold=True, horizontal="left", size=12))
    _write_headers(sheet, table, heading)
    row = FIRST
    for plan in plans:
        writer = _Writer(sheet, plan, table, heading)
        for standing in plan.block.standings:
            writer.write(row, standing)
            row += 1
    _finish(sheet, table, heading)


def _finish(sheet: Sheet, table: Table, heading: Heading) -> None:
    columns, worksheet = table.columns, sheet.worksheet
    sheet.hide_columns(columns["cohort_number"], len(columns))
    freeze(worksheet, f"D{FIRST}", 90)
    worksheet.auto_filter.ref = f"A{FIRST - 1}:{letter(len(columns))}{table.last}"
    set_page(worksheet, f"A1:{letter(columns['mark'])}{table.last}", f"6:{FIRST - 1}", heading.footer)
    at = letter(columns["mark"])
    for state, good in (("agrees", True), ("differs", False)):
        condition = f"${at}{FIRST}={literal(heading.say(f'check_{state}'))}"
        mark(worksheet, table.area("mark", "mark"), condition, good=good)


def _write_headers(sheet: Sheet, table: Table, heading: Heading) -> None:
    columns = table.columns
    for name in columns:
        if name not in ("number", "code", "name", "questionnaire", "mark", *HELPERS):
            if ":" in name or name in ("parts", "tie"):
                sheet.put(7, columns[name], heading.say(f"check_head_{name.split(':')[0]}"), HEADER)
            continue
        sheet.merge(6, columns[name], columns[name], heading.say(f"check_head_{name}"), HEADER, down=1)
    for kind in ("", "engine_", "difference_"):
        first, last = columns[f"{kind}total"], columns[f"{kind}rank"]
        sheet.merge(6, first, last, heading.say(f"check_{kind or 'formula_'}band"), HEADER)
        for column in FORMULAS:
            sheet.put(7, columns[f"{kind}{column}"], heading.say(f"check_head_{column}"), HEADER)
    sheet.fit(7, [(heading.say(f"check_head_{column}"), 11) for column in FORMULAS], 9, bold=True)
    for name, at in columns.items():
        sheet.widths([WIDTHS.get(name, 14 if name.endswith("rate") else 11)], at)


class _Writer:
    """Writes the rows of one questionnaire's agencies."""

    def __init__(self, sheet: Sheet, plan: Plan, table: Table, heading: Heading) -> None:
        self._sheet, self._plan, self._table, self._heading = sheet, plan, table, heading
        points = LINE.but(number=points_format(plan.questionnaire.decimals), horizontal="right")
        looks = {
            "total": points,
            "maximum": points,
            "rate": points.but(number=EXACT_RATE),
            "rank": CENTERED,
            "mark": CENTERED,
            "source": COUNT,
            "key": COUNT,
        }
        self._styles = {name: sheet.style(style) for name, style in looks.items()}
        self._formulas = {name: Formula(text) for name, text in _formulas(plan, table, heading).items()}

    def write(self, row: int, standing: Standing) -> None:
        """One agency."""
        sheet, columns, plan = self._sheet, self._table.columns, self._plan
        sheet.put(row, columns["number"], standing.number, CENTERED.but(color=GREY))
        sheet.put(row, columns["code"], plan.keys[standing.index], CODE)
        sheet.put(row, columns["name"], standing.row.name, TEXT)
        sheet.put(row, columns["questionnaire"], plan.short, TEXT.but(size=9))
        sheet.fit(row, [(standing.row.name, WIDTHS["name"]), (plan.short, WIDTHS["questionnaire"])])
        sheet.put(row, columns["cohort_number"], standing.cohort_number, COUNT)
        sheet.put(row, columns["official"], standing.official, COUNT)
        figures = {name: getattr(standing, name) for name in FORMULAS}
        for name, figure in figures.items():
            sheet.put_styled(row, columns[f"engine_{name}"], figure, self._styles[name])
        cached: dict[str, Cached] = dict(figures)
        cached |= {f"difference_{name}": 0 for name in FORMULAS}
        cached |= {"mark": self._heading.say("check_agrees"), "source": standing.index + 1, "key": None}
        cached |= dict.fromkeys(("parts", "tie"))
        for place, share in enumerate(standing.breaks, 1):
            sheet.put(row, columns[f"break:{place}"], share, COUNT)
        self._write_measured(row, standing)
        for name, formula in self._formulas.items():
            style = self._styles.get(name.removeprefix("difference_"), self._styles["key"])
            sheet.fill(row, columns[name], formula, cached[name], style)
        sheet.seal(row)

    def _write_measured(self, row: int, standing: Standing) -> None:
        """What it measured, for the day when its row in Số liệu is gone."""
        columns, plan = self._table.columns, self._plan
        for place, indicator in enumerate(plan.held, 1):
            found = measured_fraction(plan.block.result, indicator, standing.index) if standing.row.sent else None
            self._sheet.put(row, columns[f"peer_top:{place}"], found.top if found else None, COUNT)
            self._sheet.put(row, columns[f"peer_bottom:{place}"], found.bottom if found else None, COUNT)
            top, bottom = (self._table.cell(f"peer_{part}:{place}") for part in ("top", "bottom"))
            there = f"COUNTIF({plan.answers.column('code')},{self._table.cell('code')})>0"
            value = f'IF(OR({there},{top}=""),"",{top}/{bottom})'
            self._sheet.formula(row, columns[f"peer_value:{place}"], value, None, COUNT)


def _formulas(plan: Plan, table: Table, heading: Heading) -> dict[str, str]:
    cell, points = table.cell, plan.points
    there = f'{cell("source")}=""'
    formulas = {
        # The agency's row in Điểm, where that row still finds its answers in Số liệu.
        "source": f"IFERROR(IF(ISNUMBER(INDEX({points.column('source')},MATCH({cell('code')},{points.column('code')},0)"
        f')),MATCH({cell("code")},{points.column("code")},0),""),"")'
    }
    for name in FORMULAS:
        formulas[name] = f'IF({there},"",INDEX({points.column(name)},{cell("source")}))'
        difference = rounded(f"N({cell(name)})-N({cell(f'engine_{name}')})", 9)
        formulas[f"difference_{name}"] = f'IF({there},"",{difference})'
    zero = ",".join(f"{cell(f'difference_{name}')}=0" for name in FORMULAS)
    words = {state: literal(heading.say(f"check_{state}")) for state in ("agrees", "differs", "gone")}
    formulas["mark"] = f"IF({there},{words['gone']},IF(AND({zero}),{words['agrees']},{words['differs']}))"
    parts = f"ROUND(ROUND(ROUND({cell('engine_rate')},{COMPARED}),4)*{PARTS},0)"
    if plan.questionnaire.tie_breaks:
        unranked = f'OR({cell("source")}<>"",{cell("engine_rank")}="")'
        formulas["parts"] = f'IF({unranked},"",{parts})'
        formulas["tie"] = f'IF({unranked},"",{beaten(plan, table)})'
        parts = f"({cell('parts')}*{STEP}+{cell('tie')})"
    ranked = f"{parts}*{STEP}+{STEP - 1}"
    key = f'IF({cell("engine_rank")}="",-{cell("official")},{ranked}-{cell("official")})'
    formulas["key"] = f'IF({there},{key},"")'
    return formulas
