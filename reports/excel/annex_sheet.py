"""Phụ lục: one printable list per cohort in rank order, ready to be signed; row k shows the agency that is k-th now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.data import AgencyRow, Cohort
from reports.excel.book import Book, Heading
from reports.excel.group_formulas import MAXIMA_ROW
from reports.excel.page import colour_levels, freeze, set_page
from reports.excel.plan import Plan, Table, numbered
from reports.excel.sheet import Cached, Formula, Sheet, letter, literal, quote
from reports.excel.styles import (
    INK,
    PERCENT,
    SERIF,
    Style,
    maxima_format,
    points_format,
)
from reports.standing import STEP, Standing, group_cell
from survey.core.questionnaire import Group

HEAD_ROW = 8
MAX_ROW = HEAD_ROW + 1
FIRST = HEAD_ROW + 2
PLAIN = Style(font=SERIF, size=11, color="000000")
GRID = PLAIN.but(border="thin", wrap=True, size=10.5)
WIDTHS = {
    "name": 38.0, "place": 5.0, "notes": 21.0, "state": 12.0, "level": 10.5, "rank": 6.5,
    "verified": 7.6, "difference": 7.6, "previous": 7.0,
}  # fmt: skip


@dataclass(frozen=True)
class Annex:
    """One cohort's list."""

    number: int  # Phụ lục 1, 2 …
    name: str  # of the sheet
    plan: Plan
    cohort: Cohort
    summary: Table
    by_code: bool  # every code stands once in Tổng hợp

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Its agencies in print order."""
        return self.plan.block.by_cohort[self.cohort]

    @property
    def groups(self) -> tuple[Group, ...]:
        """Main groups: one column each."""
        return self.plan.questionnaire.groups

    @property
    def table(self) -> Table:
        """Where its columns lie."""
        columns = ["place", "name", *(f"group:{group.code}" for group in self.groups)]
        columns += ["total", "verified", "difference", "maximum", "published", "level", "rank", "previous"]
        columns += ["state", "notes", "source", "row"]
        return Table(self.name, numbered(columns), FIRST, FIRST + len(self.standings) - 1)


def write_annex(book: Book, annex: Annex, title: str) -> None:
    """Add the sheet."""
    heading, table = book.heading, annex.table
    sheet = book.add(annex.name, "A61B1B")
    last = table.columns["notes"]
    _write_top(sheet, annex, heading, title, last)
    _write_headers(sheet, annex, heading)
    writer = _Writer(sheet, annex, heading)
    for standing in annex.standings:
        writer.write(standing)
    end = _write_signatures(sheet, table, heading, last)
    sheet.hide_columns(table.columns["source"], table.columns["row"])
    worksheet = sheet.worksheet
    freeze(worksheet, f"C{FIRST}", 100)
    set_page(worksheet, f"A1:{letter(last)}{end}", f"{HEAD_ROW}:{MAX_ROW}", heading.footer)
    levels = annex.plan.questionnaire.levels
    at = f"{letter(table.columns['level'])}{FIRST}"
    colour_levels(worksheet, table.area("level", "level"), at, levels, heading.language)


def _write_top(sheet: Sheet, annex: Annex, heading: Heading, title: str, last: int) -> None:
    """Number, title, cohort, the letter it goes with, notice and stamp."""
    centre = PLAIN.but(horizontal="center")
    lines = (
        (heading.say("annex_number", number=annex.number), centre.but(bold=True, size=13), 20),
        (title, centre.but(bold=True, size=14), 22),
        (annex.cohort.name, centre.but(bold=True, size=13), 20),
        (heading.say("annex_attached"), centre.but(italic=True), 18),
        (heading.notice, centre.but(italic=True, bold=True), 18),
        (heading.stamp or heading.say("taken_at_long", moment=heading.moment), centre.but(italic=True), 18),
    )
    for row, (text, style, tall) in enumerate(lines, 1):
        sheet.merge(row, 1, last, text, style)
        sheet.set_height(row, tall)
    sheet.merge(HEAD_ROW - 1, 1, last, heading.say("annex_unit"), PLAIN.but(horizontal="right", italic=True, size=10))


def _write_headers(sheet: Sheet, annex: Annex, heading: Heading) -> None:
    """Names of the columns, and under them the maximum of each group."""
    columns, plan = annex.table.columns, annex.plan
    groups = {f"group:{group.code}": group for group in annex.groups}
    head = GRID.but(bold=True, horizontal="center", size=10)
    share = max(7.6, min(11.0, 72.0 / max(len(groups), 1)))
    for name, column in columns.items():
        wide = WIDTHS.get(name, share if name in groups else 9.2)
        sheet.widths([wide], column)
        group = groups.get(name)
        label = group.short.in_language(heading.language) if group else heading.say(f"annex_column_{name}")
        sheet.put(HEAD_ROW, column, label, head)
        sheet.fit(HEAD_ROW, [(label, wide)], 10, bold=True)
        if group is None:
            sheet.put(MAX_ROW, column, heading.say("annex_maximum_row") if name == "name" else None, head)
    number = head.but(number=maxima_format(plan.questionnaire))
    for name, group in groups.items():
        if group.outside:
            sheet.put(MAX_ROW, columns[name], heading.say("annex_outside"), head)
        else:
            _maximum(sheet, annex, columns[name], name, float(group.maximum), number)
    first, last = (letter(columns[name]) for name in (min(groups, key=columns.__getitem__), list(groups)[-1]))
    summed = f"SUM({first}{MAX_ROW}:{last}{MAX_ROW})"
    whole = summed if plan.questionnaire.whole.is_sum else plan.whole_maximum
    sheet.formula(MAX_ROW, columns["total"], whole, float(plan.questionnaire.maximum), number)
    sheet.set_height(MAX_ROW, 18)


def _maximum(sheet: Sheet, annex: Annex, column: int, name: str, value: float, style: Style) -> None:
    points = annex.plan.points
    cell = f"{quote(points.sheet)}!${letter(points.columns[name])}${MAXIMA_ROW}"
    sheet.formula(MAX_ROW, column, cell, value, style)


class _Writer:
    """Writes row after row."""

    def __init__(self, sheet: Sheet, annex: Annex, heading: Heading) -> None:
        self._sheet, self._annex, self._heading = sheet, annex, heading
        looks = _looks(annex)
        self._styles = {name: sheet.style(looks.get(name, looks["points"])) for name in annex.table.columns}
        self._formulas = {name: Formula(text) for name, text in _formulas(annex, heading).items()}

    def write(self, standing: Standing) -> None:
        """The row of one place."""
        row, columns = FIRST + standing.order - 1, self._annex.table.columns
        self._sheet.put_styled(row, columns["place"], standing.order, self._styles["place"])
        cached = self._cached(standing)
        for name, formula in self._formulas.items():
            self._sheet.fill(row, columns[name], formula, cached[name], self._styles[name])
        level = standing.level_name(self._heading.language)
        self._sheet.fit(row, [*_widened(standing.row), (level, WIDTHS["level"])], 10.5)

    def _cached(self, standing: Standing) -> dict[str, Cached]:
        agency = standing.row
        result = self._annex.plan.block.result
        groups: dict[str, Cached] = {
            f"group:{group.code}": group_cell(result, group, standing.index) if agency.sent else None
            for group in self._annex.groups
        }
        return groups | {
            "name": agency.name,
            "total": standing.total if agency.sent else None,
            "verified": agency.verified_total,
            "difference": standing.difference() if agency.sent else None,
            "maximum": standing.maximum,
            "published": standing.published if agency.sent else None,
            "level": standing.level_name(self._heading.language) or None,
            "rank": standing.rank,
            "previous": agency.previous_total,
            "state": self._heading.say(f"state_{agency.state.value}"),
            "notes": agency.notes,
            "source": standing.index + 1,
            "row": standing.number,
        }


def _widened(row: AgencyRow) -> list[tuple[str, float]]:
    """The texts that wrap, in columns as wide as they are to the narrow letters of Times New Roman."""
    return [(row.name, WIDTHS["name"] * 1.08), (row.notes, WIDTHS["notes"] * 1.3)]


def _formulas(annex: Annex, heading: Heading) -> dict[str, str]:
    plan, table, summary = annex.plan, annex.table, annex.summary
    cell, points = table.cell, plan.points
    cohort = annex.standings[0].cohort_number
    gone, sent = f'{cell("source")}=""', literal(heading.say("state_sent"))

    def found(column: str) -> str:
        return f"INDEX({points.column(column)},{cell('source')})"

    def told(column: str) -> str:
        return f"INDEX({summary.column(column)},{cell('row')})"

    formulas = {
        "source": f'IFERROR(MATCH({cohort * STEP}+{cell("place")},{points.column("place")},0),"")',
        "row": _row_formula(annex, gone),
    }
    formulas |= {name: f'IF({gone},"",{found(name)})' for name in ("name", "maximum", "level", "rank", "state")}
    sums = ["total", "published", *(f"group:{group.code}" for group in annex.groups)]
    formulas |= {name: f'IF(OR({gone},{cell("state")}<>{sent}),"",{found(name)})' for name in sums}
    for name in ("verified", "previous"):
        formulas[name] = f'IF({cell("row")}="","",IF({told(name)}="","",{told(name)}))'
    formulas["notes"] = f'IF({cell("row")}="","",{told("notes")}&"")'
    both = f"COUNT({cell('verified')},{cell('total')})=2"
    formulas["difference"] = f'IF({both},ROUND({cell("verified")}-{cell("total")},6),"")'
    return formulas


def _row_formula(annex: Annex, gone: str) -> str:
    """The agency's row in Tổng hợp: by code, or by number where one agency has phiếu in several questionnaires."""
    points, source = annex.plan.points, annex.table.cell("source")
    wanted, where = f"INDEX({points.column('code')},{source})", annex.summary.column("code")
    if not annex.by_code:
        first = annex.standings[0]
        wanted = f"{first.number - first.official}+INDEX({points.column('official')},{source})"
        where = annex.summary.column("number")
    return f'IF({gone},"",IFERROR(MATCH({wanted},{where},0),""))'


def _write_signatures(sheet: Sheet, table: Table, heading: Heading, last: int) -> int:
    """Người lập biểu on the left, Thủ trưởng on the right; the last row used."""
    row = table.last + 2
    middle = (2 + last) // 2
    place = PLAIN.but(horizontal="center", italic=True)
    bold, small = PLAIN.but(horizontal="center", bold=True), PLAIN.but(horizontal="center", italic=True, size=10)
    sheet.merge(row, middle + 1, last, heading.say("annex_place"), place)
    sheet.merge(row + 1, 1, middle, heading.say("annex_maker"), bold)
    sheet.merge(row + 1, middle + 1, last, heading.say("annex_head"), bold)
    sheet.merge(row + 2, 1, middle, heading.say("annex_sign"), small)
    sheet.merge(row + 2, middle + 1, last, heading.say("annex_seal"), small)
    return row + 7


def _looks(annex: Annex) -> dict[str, Style]:
    questionnaire = annex.plan.questionnaire
    points = GRID.but(horizontal="right", wrap=False, number=points_format(questionnaire.decimals), size=10)
    centre = GRID.but(horizontal="center", wrap=False)
    return {
        "points": points,
        "place": centre,
        "name": GRID,
        "total": points.but(bold=True, size=10.5),
        "maximum": points.but(number=maxima_format(questionnaire)),
        "published": points.but(number=PERCENT),
        "level": centre.but(wrap=True),
        "rank": centre.but(bold=True, color=INK),
        "state": GRID.but(size=9.5),
        "notes": GRID.but(size=9.5),
    }


def annexes(plans: Sequence[Plan], names: Sequence[str], summary: Table) -> list[Annex]:
    """One list per cohort of each questionnaire, in official order."""
    codes = [key for plan in plans for key in plan.keys]
    by_code = len(set(codes)) == len(codes)
    pairs = [(plan, cohort) for plan in plans for cohort in plan.block.result.cohorts]
    return [
        Annex(place, name, plan, cohort, summary, by_code)
        for place, (name, (plan, cohort)) in enumerate(zip(names, pairs, strict=True), 1)
    ]
