"""Tổng hợp: every phiếu of the round in one table that can be sorted, filtered and cut, all figures found by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.excel.book import Book, Heading
from reports.excel.page import colour_levels, dim, freeze, set_page
from reports.excel.plan import FIRST, Plan, Table, numbered
from reports.excel.sheet import Cached, Formula, Sheet, Value, letter, literal
from reports.excel.styles import (
    BAND,
    CENTERED,
    CODE,
    COUNT,
    DAY,
    EDITABLE,
    GREY,
    HEADER,
    LINE,
    MOMENT,
    RATE,
    TEXT,
    Style,
    maxima_format,
    points_format,
)
from reports.standing import Standing, group_cell
from survey.core.workflow import SubmissionState

WIDTHS: Mapping[str, float] = {
    "number": 6, "code": 18, "name": 41, "cohort": 29, "parent": 24, "document": 14, "contact": 20, "phone": 13,
    "notes": 30, "state": 14, "level": 12, "activity": 15, "sent_at": 12, "previous": 10, "rate": 10,
}  # fmt: skip
BEFORE = ("number", "code", "name", "cohort")
RESULTS = ("total", "verified", "difference", "maximum", "rate", "published", "level", "rank", "previous")
AFTER = (
    "state",
    "sent_at",
    "document",
    "contact",
    "phone",
    "missing",
    "kad",
    "pending",
    "evidence",
    "activity",
    "parent",
    "notes",
)
HELPERS = ("source", "unsent", "unsent_place")


def summary_table(name: str, plans: Sequence[Plan]) -> Table:
    """Where the sheet's columns will lie: as many group columns as the largest questionnaire has main groups."""
    groups = max((len(plan.questionnaire.groups) for plan in plans), default=0)
    after = AFTER if any(plan.waits for plan in plans) else tuple(name for name in AFTER if name != "pending")
    columns = [*BEFORE, *(f"group:{place}" for place in range(1, groups + 1)), *RESULTS, *after, *HELPERS]
    rows = sum(len(plan.block.standings) for plan in plans)
    return Table(name, numbered(columns), FIRST, FIRST + max(rows, 1) - 1)


def write_summary(book: Book, plans: Sequence[Plan], table: Table) -> None:
    """Add the sheet."""
    heading, columns = book.heading, table.columns
    repeated = [WIDTHS[name] for name in ("number", "code", "name")]
    about = heading.say("about_summary")
    sheet = book.add_titled(table.sheet, "12436D", heading.say("summary_title"), about, repeated)
    _write_headers(sheet, table, heading)
    row, unsent = FIRST, 0
    for plan in plans:
        writer = _Writer(sheet, plan, table, heading)
        for standing in plan.block.standings:
            unsent += not standing.row.sent
            writer.write(row, standing, unsent)
            row += 1
    worksheet = sheet.worksheet
    last = letter(columns["notes"])
    sheet.hide_columns(columns["source"], columns["unsent_place"])
    freeze(worksheet, f"D{FIRST}", 90)
    worksheet.auto_filter.ref = f"A{FIRST - 1}:{letter(columns['unsent_place'])}{table.last}"
    set_page(worksheet, f"A1:{last}{table.last}", f"6:{FIRST - 1}", heading.footer, "A:C")
    levels = {level.name: level for plan in plans for level in plan.questionnaire.levels}
    at = f"{letter(columns['level'])}{FIRST}"
    colour_levels(worksheet, table.area("level", "level"), at, tuple(levels.values()), heading.language)
    dim(worksheet, f"A{FIRST}:{last}{table.last}", f"${letter(columns['unsent'])}{FIRST}=1")


def _write_headers(sheet: Sheet, table: Table, heading: Heading) -> None:
    groups = [name for name in table.columns if name.startswith("group:")]
    for name, column in table.columns.items():
        wide = WIDTHS.get(name, 9.5)
        sheet.widths([wide], column)
        if name in groups:
            sheet.put(7, column, int(name.removeprefix("group:")), HEADER)
        else:
            label = heading.say(f"summary_{name}")
            sheet.merge(6, column, column, label, HEADER, down=1)
            sheet.fit(7, [(label, wide)], 9, bold=True)
    if groups:
        first, last = table.columns[groups[0]], table.columns[groups[-1]]
        sheet.merge(6, first, last, heading.say("summary_groups"), HEADER)
    sheet.set_height(6, 18)


class _Writer:
    """Writes the rows of one questionnaire's agencies."""

    def __init__(self, sheet: Sheet, plan: Plan, table: Table, heading: Heading) -> None:
        self._sheet, self._plan, self._table, self._heading = sheet, plan, table, heading
        looks = _looks(plan)
        self._styles = {name: sheet.style(looks.get(name, looks["group"])) for name in table.columns}
        self._formulas = {name: Formula(text) for name, text in _formulas(plan, table, heading).items()}

    def write(self, row: int, standing: Standing, unsent: int) -> None:
        """One agency; `unsent`: how many of the round have not sent, up to it."""
        columns, agency = self._table.columns, standing.row
        constants: dict[str, Value] = {
            "number": standing.number,
            "code": self._plan.keys[standing.index],
            "name": agency.name,
            "cohort": agency.cohort.name,
            "verified": agency.verified_total,
            "previous": agency.previous_total,
            "sent_at": agency.sent_at,
            "document": agency.document_number,
            "contact": agency.contact,
            "phone": agency.phone,
            "evidence": agency.lacking_evidence,
            "activity": agency.last_activity,
            "parent": agency.parent,
            "notes": agency.notes,
        }
        for name, value in constants.items():
            if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
                self._sheet.put(row, columns[name], value, TEXT)
            else:
                self._sheet.put_styled(row, columns[name], value, self._styles[name])
        cached = self._cached(standing, unsent)
        for name, formula in self._formulas.items():
            self._sheet.fill(row, columns[name], formula, cached[name], self._styles[name])
        empty = set(columns) - set(constants) - set(self._formulas)
        for name in empty:  # group columns that this questionnaire has not
            self._sheet.put_styled(row, columns[name], None, self._styles[name])
        texts = ("name", "cohort", "contact", "parent", "notes", "document")
        level = standing.level_name(self._heading.language)
        self._sheet.fit(row, [(level, WIDTHS["level"]), *((str(constants[name]), WIDTHS[name]) for name in texts)])
        self._sheet.seal(row)

    def _cached(self, standing: Standing, unsent: int) -> dict[str, Cached]:
        begun = standing.row.state is not SubmissionState.NOT_STARTED
        shown = standing if begun else None
        groups: dict[str, Cached] = {}
        for place, group in enumerate(self._plan.questionnaire.groups, 1):
            groups[f"group:{place}"] = group_cell(self._plan.block.result, group, standing.index) if begun else None
        return groups | {
            "total": shown.total if shown else None,
            "difference": shown.difference() if shown else None,
            "maximum": standing.maximum,
            "rate": shown.rate if shown else None,
            "published": shown.published if shown else None,
            "level": standing.level_name(self._heading.language) or None,
            "rank": standing.rank,
            "state": self._heading.say(f"state_{standing.row.state.value}"),
            "missing": standing.missing,
            "kad": standing.not_applicable,
            "pending": standing.pending,
            "source": standing.index + 1,
            "unsent": int(not standing.row.sent),
            "unsent_place": None if standing.row.sent else unsent,
        }


def _formulas(plan: Plan, table: Table, heading: Heading) -> dict[str, str]:
    cell, points = table.cell, plan.points
    gone = f'{cell("source")}=""'

    def found(column: str) -> str:
        return f"INDEX({points.column(column)},{cell('source')})"

    formulas = {"source": f'IFERROR(MATCH({cell("code")},{points.column("code")},0),"")'}
    formulas |= {
        name: f'IF({gone},"",{found(name)})'
        for name in ("state", "maximum", "level", "rank", "missing", "kad", *(["pending"] if plan.waits else []))
    }
    # What has not been started is left blank: no figure is better than a 0 that nobody gave.
    blank = f"OR({gone},{cell('state')}={literal(heading.say('state_not_started'))})"
    drafts = {name: name for name in ("total", "rate", "published")}
    drafts |= {f"group:{place}": f"group:{group.code}" for place, group in enumerate(plan.questionnaire.groups, 1)}
    formulas |= {name: f'IF({blank},"",{found(column)})' for name, column in drafts.items()}
    both = f"COUNT({cell('verified')},{cell('total')})=2"
    formulas["difference"] = f'IF({both},ROUND({cell("verified")}-{cell("total")},6),"")'
    formulas["unsent"] = f"IF({gone},0,IF({cell('state')}={literal(heading.say('state_sent'))},0,1))"
    earlier = f'COUNTIFS({table.column("unsent")},1,{table.column("number")},"<="&{cell("number")})'
    formulas["unsent_place"] = f'IF({cell("unsent")}=1,{earlier},"")'
    return formulas


def _looks(plan: Plan) -> dict[str, Style]:
    points = LINE.but(number=points_format(plan.questionnaire.decimals), horizontal="right")
    return {
        "number": CENTERED.but(color=GREY),
        "code": CODE,
        "name": TEXT,
        "cohort": TEXT,
        "group": points.but(size=9),
        "total": points.but(bold=True, fill=BAND),
        "verified": points.but(fill=EDITABLE),
        "difference": points,
        "maximum": points.but(number=maxima_format(plan.questionnaire)),
        "rate": RATE.but(number="0.0000%", color=GREY),
        "published": RATE.but(bold=True, fill=BAND),
        "level": CENTERED.but(wrap=True),
        "rank": CENTERED.but(bold=True),
        "previous": points,
        "state": LINE,
        "sent_at": CENTERED.but(number=DAY),
        "document": TEXT,
        "contact": TEXT,
        "phone": TEXT,
        "missing": CENTERED,
        "kad": CENTERED,
        "pending": CENTERED,
        "evidence": CENTERED,
        "activity": CENTERED.but(number=MOMENT),
        "parent": TEXT.but(size=9),
        "notes": TEXT,
        "source": COUNT,
        "unsent": COUNT,
        "unsent_place": COUNT,
    }
