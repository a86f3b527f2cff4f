"""What a person does to rows in Excel: sort and delete them, formulas moving along as Excel moves them."""

from __future__ import annotations

from collections.abc import Callable

from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet


def moved(value: object, column: int, source: int, target: int) -> object:
    """A cell's content in another row of its column: references without $ follow."""
    place, goal = (f"{get_column_letter(column)}{row}" for row in (source, target))
    if isinstance(value, ArrayFormula):
        return ArrayFormula(goal, Translator(value.text, origin=place).translate_formula(goal))
    if isinstance(value, str) and value.startswith("="):
        return Translator(value, origin=place).translate_formula(goal)
    return value


def contents(sheet: Worksheet, row: int) -> list[tuple[object, str]]:
    """The cells of a row with their kind: a text that starts with = is no formula."""
    return [(cell.value, cell.data_type) for cell in sheet[row]]


def put(sheet: Worksheet, row: int, cells: list[tuple[object, str]], source: int) -> None:
    """Write cells taken from another row."""
    for column, (value, kind) in enumerate(cells, 1):
        cell = sheet.cell(row, column)
        cell.value = moved(value, column, source, row) if kind == "f" else None
        if kind != "f":
            cell._value, cell.data_type = value, kind


def sort_rows(sheet: Worksheet, first: int, last: int, key: Callable[[int], object]) -> None:
    """Put the rows of a table into another order."""
    order = sorted(range(first, last + 1), key=key)
    kept = {row: contents(sheet, row) for row in order}
    for target, source in enumerate(order, first):
        put(sheet, target, kept[source], source)


def delete_row(sheet: Worksheet, row: int, last: int) -> None:
    """Take a row out of a table that ends at `last`; those below move up."""
    for target in range(row, last):
        put(sheet, target, contents(sheet, target + 1), target + 1)
    put(sheet, last, [(None, "n")] * sheet.max_column, last)
