"""The small world with figures that a department gives: SO-2 owns indicator 2.4, its clerk is `other`."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from survey.services.figures_upload import FiguresPreview, apply_figures, preview_figures, take_figures
from survey.services.figures_workbook import make_figures_workbook
from survey.services.scope import find_submission
from survey.services.who_provides import choose_providers, who_provides
from tests.services.world import World, at

ROUND, SET = "2026", "mau"


def place_of(world: World, indicator: str = "2.4") -> str:
    """The field of an indicator in the coordinator's form."""
    with world.database.reading() as session:
        found = who_provides(session, world["coordinator"], ROUND)
    return next(giver.place for part in found.parts for giver in part.givers if giver.code == indicator)


def give_duty(world: World, agency: str = "SO-2", indicator: str = "2.4") -> None:
    """Let a body give an indicator."""
    chosen = {place_of(world, indicator): agency}
    with world.database.writing() as session:
        choose_providers(session, world["coordinator"], ROUND, chosen, clock=at())


def workbook(world: World, person: str = "other") -> openpyxl.Workbook:
    """The workbook as downloaded."""
    with world.database.writing() as session:
        content = make_figures_workbook(session, world[person], ROUND, SET, clock=at())
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(book: openpyxl.Workbook) -> bytes:
    """A workbook as bytes."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cell_of(book: openpyxl.Workbook, agency: str, key: str) -> Any:
    """The cell of an agency's figure in the first sheet."""
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows(max_row=20) if any(cell.value == key for cell in row))
    column = next(cell.column for cell in head if cell.value == key)
    row = next(row for row in sheet.iter_rows(min_row=head[0].row + 1) if any(cell.value == agency for cell in row))
    return sheet.cell(row[0].row, column)


def hand_in(world: World, content: bytes, name: str = "so-lieu.xlsx", person: str = "other", **named: Any) -> int:
    """Upload a file; the number of its preview."""
    with world.database.writing() as session:
        return take_figures(session, world[person], ROUND, SET, content, name, clock=at(), **named)


def look(world: World, import_id: int, person: str = "other") -> FiguresPreview:
    """Its preview."""
    with world.database.reading() as session:
        return preview_figures(session, world[person], ROUND, import_id, clock=at())


def take(world: World, import_id: int, person: str = "other", seen: str | None = None, **letter: str) -> int:
    """Apply what was previewed."""
    basis = look(world, import_id, person).changes.basis if seen is None else seen
    world.minutes += 1
    with world.database.writing() as session:
        return apply_figures(session, world[person], ROUND, import_id, basis, clock=at(minutes=world.minutes), **letter)


def stands(world: World, agency: str = "SO-1") -> dict[str, Any]:
    """The document of an agency."""
    with world.database.reading() as session:
        return find_submission(session, world["coordinator"], world.submission(agency)).answers
