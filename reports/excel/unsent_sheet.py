"""Chưa gửi: whom to remind, with state, last activity and contact; row k shows the k-th that has not sent now."""

from __future__ import annotations

from collections.abc import Sequence

from reports.excel.book import Book
from reports.excel.page import frame, freeze, set_page
from reports.excel.plan import Plan, Table, numbered
from reports.excel.sheet import Cached, Formula, letter, serial
from reports.excel.styles import COUNT, HEADER, MOMENT, Style
from reports.standing import Standing

FIRST = 6
WIDTHS = {
    "place": 6, "code": 18, "name": 44, "cohort": 28, "state": 15, "missing": 11,
    "activity": 17, "contact": 22, "phone": 14, "parent": 30,
}  # fmt: skip
TEXTS = ("code", "name", "cohort", "state", "contact", "phone", "parent")


def write_unsent(book: Book, plans: Sequence[Plan], summary: Table, name: str) -> None:
    """Add the sheet: as many rows as there are phiếu, those without one to show left blank."""
    heading = book.heading
    table = Table(name, numbered([*WIDTHS, "k", "source"]), FIRST, FIRST + max(summary.last - summary.first, 0))
    sheet = book.add_titled(name, "8A5A00", heading.say("unsent_title"), heading.say("about_unsent"))
    for column, at in table.columns.items():
        sheet.put(FIRST - 1, at, heading.say(f"unsent_{column}"), HEADER)
        sheet.widths([WIDTHS.get(column, 10)], at)
    sheet.fit(FIRST - 1, [(heading.say(f"unsent_{column}"), WIDTHS[column]) for column in WIDTHS], 9, bold=True)
    formulas = {column: Formula(text) for column, text in _formulas(table, summary).items()}
    looks = {column: sheet.style(_look(column)) for column in table.columns}
    waiting = [s for plan in plans for s in plan.block.standings if not s.row.sent]
    codes = {s.number: plan.keys[s.index] for plan in plans for s in plan.block.standings}
    for place in range(1, table.last - FIRST + 2):
        row = FIRST + place - 1
        standing = waiting[place - 1] if place <= len(waiting) else None
        cached: dict[str, Cached] = dict.fromkeys(formulas)
        if standing:
            state = heading.say(f"state_{standing.row.state.value}")
            cached = _cached(standing, place, codes[standing.number], state)
            sheet.fit(row, [(str(cached[c]), WIDTHS[c]) for c in ("name", "cohort", "parent", "contact")])
        sheet.put(row, table.columns["k"], place, COUNT)
        for column, formula in formulas.items():
            sheet.fill(row, table.columns[column], formula, cached[column], looks[column])
        sheet.seal(row)
    sheet.hide_columns(table.columns["k"], table.columns["source"])
    worksheet = sheet.worksheet
    last = letter(table.columns["parent"])
    freeze(worksheet, f"D{FIRST}", 100)
    frame(worksheet, f"A{FIRST}:{last}{table.last}", f'$A{FIRST}<>""')
    printed = FIRST + max(len(waiting), 1) - 1
    set_page(worksheet, f"A1:{last}{printed}", f"{FIRST - 1}:{FIRST - 1}", heading.footer)


def _cached(standing: Standing, place: int, code: str, state: str) -> dict[str, Cached]:
    row = standing.row
    return {
        "place": place,
        "code": code,
        "name": row.name,
        "cohort": row.cohort.name,
        "state": state,
        "missing": standing.missing,
        "activity": serial(row.last_activity) if row.last_activity else None,
        "contact": row.contact,
        "phone": row.phone,
        "parent": row.parent,
        "source": standing.number,
    }


def _formulas(table: Table, summary: Table) -> dict[str, str]:
    source = table.cell("source")
    gone = f'{source}=""'
    place = table.cell("k")
    found = {column: f"INDEX({summary.column(column)},{source})" for column in summary.columns}
    formulas = {
        "source": f'IFERROR(MATCH({place},{summary.column("unsent_place")},0),"")',
        "place": f'IF({gone},"",{place})',
    }
    formulas |= {column: f'IF({gone},"",{found[column]}&"")' for column in TEXTS}
    for column in ("missing", "activity"):
        formulas[column] = f'IF({gone},"",IF({found[column]}="","",{found[column]}))'
    return formulas


def _look(column: str) -> Style:
    style = Style(wrap=column in ("name", "cohort", "parent", "contact"))
    if column in ("place", "missing", "code", "activity"):
        style = style.but(horizontal="center")
    return style.but(number=MOMENT) if column == "activity" else style
