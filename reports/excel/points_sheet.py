"""Điểm: points, sums, rate, level and rank of every agency of a questionnaire, all of them counted from Số liệu."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.excel.book import Book, Heading
from reports.excel.page import blank, colour_levels, dim, freeze, set_page
from reports.excel.parts import part_values
from reports.excel.peers_sheet import held_row
from reports.excel.plan import FIRST, Plan
from reports.excel.points_formulas import agency_formulas, header_maximum, point_formula
from reports.excel.sheet import Cached, Formula, Sheet, letter, literal
from reports.excel.styles import (
    BAND,
    CENTERED,
    CODE,
    COUNT,
    GREY,
    HEAD,
    HEADER,
    LINE,
    RATE,
    TEXT,
    Style,
    maxima_format,
    points_format,
)
from reports.standing import PARTS, STEP, Standing, group_cell
from survey.core.modifiers import Counts
from survey.core.rules.exact import State
from survey.core.rules.formula import NOT_APPLICABLE, PENDING

WIDTHS = {"code": 18, "name": 40, "cohort": 29, "state": 14, "level": 12}
REPEATED = (WIDTHS["code"], WIDTHS["name"])
HELPERS = ("cohort_number", "official", "source", "sent", "parts", "tie", "key", "place")
SHARES = ("max:", "share:", "part:", "duty:", "there:")
GIVEN = (
    "total",
    "maximum",
    "rate",
    "published",
    "group:",
    *SHARES,
)  # as they came, where a row's figures did not come along
NARROW = 11.0
LONGEST_NAME = 90  # characters over a column; Bộ chỉ số has the whole name


def write_points(book: Book, plan: Plan) -> None:
    """Add the sheet."""
    heading, table = book.heading, plan.points
    title = plan.questionnaire.title.in_language(heading.language)
    sheet = book.add_titled(table.sheet, "3F7FBF", title, _about(plan, heading), REPEATED)
    for column, name in plan.names.items():
        sheet.define(name, plan.answers.column(column))
    _write_headers(sheet, plan, heading)
    writer = _Writer(sheet, plan, heading)
    for standing in plan.block.standings:
        writer.write(standing)
    last = letter(len(table.columns))
    worksheet = sheet.worksheet
    sheet.hide_columns(table.columns["cohort_number"], table.columns["place"])
    freeze(worksheet, f"C{FIRST}", 90)
    worksheet.auto_filter.ref = f"A{FIRST - 1}:{last}{table.last}"
    set_page(worksheet, f"A1:{last}{table.last}", f"4:{FIRST - 1}", heading.footer, "A:B")
    at = letter(table.columns["level"])
    colour_levels(worksheet, table.area("level", "level"), f"{at}{FIRST}", plan.questionnaire.levels, heading.language)
    if plan.with_state:
        sent = letter(table.columns["sent"])
        started = f"${letter(table.columns['state'])}{FIRST}={literal(heading.say('state_not_started'))}"
        parts = f"{letter(table.columns['place'] + 1)}{FIRST}:{last}{table.last}"
        blank(worksheet, f"{table.area('total', 'total')} {table.area('rate', 'published')} {parts}", started)
        dim(worksheet, f"A{FIRST}:{last}{table.last}", f"${sent}{FIRST}=0")


def _about(plan: Plan, heading: Heading) -> str:
    about = heading.say("about_points")
    return f"{about} {heading.say('about_pending')}" if plan.waits else about


def _write_headers(sheet: Sheet, plan: Plan, heading: Heading) -> None:
    columns = plan.points.columns
    for name, column in columns.items():
        if ":" not in name:
            wide = WIDTHS.get(name, NARROW)
            sheet.merge(4, column, column, heading.say(f"points_{name}"), HEADER, down=FIRST - 5)
            sheet.widths([wide], column)
        elif not name.startswith(("group:", "in:")):
            _write_helper(sheet, plan, name, column, heading)
    outside = heading.say("annex_outside")
    for group in plan.questionnaire.all_groups:
        name = group.short.in_language(heading.language)
        _write_part(sheet, plan, f"group:{group.code}", group.code, name, outside)
    for indicator in plan.scored:
        name = _cut(indicator.name.in_language(heading.language))
        _write_part(sheet, plan, f"in:{indicator.code}", indicator.code, name, outside)
    _write_bands(sheet, plan, heading)


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME].rsplit(" ", 1)[0] + " …"


def _write_bands(sheet: Sheet, plan: Plan, heading: Heading) -> None:
    """Row 4: over the sums, and over each main group's indicators."""
    columns = plan.points.columns
    look = HEADER.but(fill=BAND, horizontal="left", wrap=False)
    groups = [columns[f"group:{group.code}"] for group in plan.questionnaire.all_groups]
    if groups:
        sheet.merge(4, groups[0], groups[-1], heading.say("group_points"), look)
    for group in plan.questionnaire.groups:
        codes = plan.scored_columns(group)
        if codes:
            title = f"{group.code}. {group.name.in_language(heading.language)}"
            look = look.but(wrap=len(codes) < 3)
            sheet.merge(4, columns[codes[0]], columns[codes[-1]], title, look)
            sheet.fit(4, [(title, len(codes) * NARROW)] if len(codes) < 3 else [], 9, bold=True)


def _write_helper(sheet: Sheet, plan: Plan, column: str, at: int, heading: Heading) -> None:
    """A hidden column: what it is for, whose it is, and over the part of a mean its weight."""
    kind, _, code = column.partition(":")
    sheet.put(5, at, heading.say(f"points_{kind}"), HEADER.but(size=8))
    code = code.partition(":")[2] if kind == "part" else code
    sheet.put(6, at, code or heading.say("whole"), HEADER)
    if kind == "part":
        formula, value = header_maximum(plan, column, code)
        sheet.formula(7, at, formula, value, HEADER.but(number="General"))
    sheet.widths([NARROW], at)


def _write_part(sheet: Sheet, plan: Plan, column: str, code: str, name: str, outside: str) -> None:
    """Rows 5 to 7 of a group's or an indicator's column: name, code, maximum."""
    at = plan.points.columns[column]
    look = HEADER.but(size=8, vertical="top", bold=column.startswith("group:"))
    sheet.put(5, at, name, look)
    sheet.fit(5, [(name, NARROW)], 8, bold=look.bold)
    sheet.put(6, at, code, HEADER)
    group = plan.questionnaire.group_of.get(code) if column.startswith("group:") else None
    if group is not None and group.outside:
        sheet.put(7, at, outside, HEADER)
    else:
        formula, value = header_maximum(plan, column, code)
        counts = plan.questionnaire.by_code[code].counts if group is None else Counts.POINTS
        number = maxima_format(plan.questionnaire, counts)
        sheet.formula(7, at, formula, value, HEADER.but(number=number, fill=HEAD))
    sheet.widths([NARROW], at)


@dataclass(frozen=True, slots=True)
class _Column:
    place: int
    formula: Formula
    style: int


class _Writer:
    """Writes one row an agency: each column's formula is made once."""

    def __init__(self, sheet: Sheet, plan: Plan, heading: Heading) -> None:
        self._sheet, self._plan, self._heading = sheet, plan, heading
        scores = plan.block.result.scores
        self._values = [[float(v) for v in row] for row in scores.points.tolist()]
        self._states = scores.states.tolist()
        styles = _styles(plan)
        self._columns = {
            name: _Column(plan.points.columns[name], Formula(text), sheet.style(styles.get(name, _part_style(plan))))
            for name, text in agency_formulas(plan, heading).items()
        }
        self._indicators = [
            _Column(
                plan.points.columns[f"in:{indicator.code}"],
                Formula(point_formula(plan, indicator)),
                sheet.style(LINE.but(number=points_format(indicator.decimals), horizontal="right")),
            )
            for indicator in plan.scored
        ]

    def write(self, standing: Standing) -> None:
        """One agency."""
        row, sheet, plan = FIRST + standing.index, self._sheet, self._plan
        columns = plan.points.columns
        sheet.put(row, columns["code"], plan.keys[standing.index], CODE)
        sheet.put(row, columns["name"], standing.row.name, TEXT)
        sheet.put(row, columns["cohort"], standing.row.cohort.name, TEXT)
        texts = {"name": standing.row.name, "cohort": standing.row.cohort.name,
                 "level": standing.level_name(self._heading.language)}  # fmt: skip
        sheet.fit(row, [(text, WIDTHS[name]) for name, text in texts.items()])
        sheet.put(row, columns["cohort_number"], standing.cohort_number, COUNT)
        sheet.put(row, columns["official"], standing.official, COUNT)
        cached = _cached(plan, self._heading, standing)
        for name, column in self._columns.items():
            if standing.row.given and name.startswith(GIVEN):
                sheet.put_styled(row, column.place, cached[name], column.style)
            else:
                sheet.fill(row, column.place, column.formula, cached[name], column.style)
        points, states = self._values[standing.index], self._states[standing.index]
        for column, value, state in zip(self._indicators, points, states, strict=True):
            if standing.row.given:
                sheet.put_styled(row, column.place, _point(value, state), column.style)
            else:
                sheet.fill(row, column.place, column.formula, _point(value, state), column.style)
        sheet.seal(row)


def _point(value: float, state: int) -> Cached:
    if state == State.NOT_APPLICABLE:
        return NOT_APPLICABLE
    if state == State.PENDING:
        return PENDING
    return None if state == State.MISSING else value


def _cached(plan: Plan, heading: Heading, standing: Standing) -> dict[str, Cached]:
    """What the engine gives for each formula of an agency's row."""
    row = standing.row
    values: dict[str, Cached] = {
        "state": heading.say(f"state_{row.state.value}"),
        "total": standing.total,
        "maximum": standing.maximum,
        "rate": standing.rate,
        "published": standing.published,
        "level": standing.level_name(heading.language) or None,
        "rank": standing.rank,
        "order": standing.order,
        "missing": standing.missing,
        "kad": standing.not_applicable,
        "source": standing.index + 1,
        "sent": int(row.sent),
        "key": standing.key,
        "place": standing.cohort_number * STEP + standing.order,
        "pending": standing.pending,
        "tie": standing.tie,
        "parts": round((standing.published or 0) * PARTS) if standing.rank is not None else None,
    }
    values |= {f"break:{place}": share for place, share in enumerate(standing.breaks, 1)}
    values |= {f"held:{indicator.code}": held_row(plan, indicator, standing) for indicator in plan.held}
    values |= part_values(plan, standing.index)
    for group in plan.questionnaire.all_groups:
        values[f"group:{group.code}"] = group_cell(plan.block.result, group, standing.index)
    return values


def _part_style(plan: Plan) -> Style:
    return LINE.but(number=points_format(plan.questionnaire.decimals), horizontal="right", fill=BAND)


def _styles(plan: Plan) -> Mapping[str, Style]:
    points = LINE.but(number=points_format(plan.questionnaire.decimals), horizontal="right")
    return {
        "state": LINE,
        "total": points.but(bold=True),
        "maximum": points.but(number=maxima_format(plan.questionnaire)),
        "rate": RATE.but(number="0.0000%", color=GREY),
        "published": RATE.but(bold=True),
        "level": CENTERED.but(wrap=True),
        "rank": CENTERED.but(bold=True),
        "order": CENTERED.but(color=GREY),
        "missing": CENTERED,
        "kad": CENTERED,
        "pending": CENTERED,
        **dict.fromkeys(HELPERS, COUNT.but(color=GREY)),
    }
