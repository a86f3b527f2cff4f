"""Reading workbooks in tests: every formula with the value it carries, and the same after recalculation."""

from __future__ import annotations

import io
import math
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from tests.recalculate import recalculate

Place = tuple[str, str]  # sheet, cell
ERRORS = ("#N/A", "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")


def opened(workbook: bytes | Path, *, values: bool = False) -> Workbook:
    """The workbook with its formulas, or with the values that they carry."""
    source = io.BytesIO(workbook) if isinstance(workbook, bytes) else workbook
    return openpyxl.load_workbook(source, data_only=values)


def formulas(workbook: Workbook) -> dict[Place, str]:
    """Every formula of a workbook."""
    found = {}
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    text = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
                    found[sheet.title, cell.coordinate] = text
    return found


def values(workbook: Workbook) -> dict[Place, object]:
    """Every value of a workbook opened with values; a blank text is None."""
    return {
        (sheet.title, cell.coordinate): None if cell.value == "" else cell.value
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
    }


def again(workbook: bytes, folder: Path, soffice: str, name: str = "workbook") -> Workbook:
    """The workbook as LibreOffice works it out anew, its cached values stripped first."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.xlsx"
    file.write_bytes(workbook)
    return opened(recalculate(file, folder, soffice), values=True)


def same(first: object, second: object) -> bool:
    """Equal, numbers to 1e-9 of their size."""
    if isinstance(first, (int, float)) and isinstance(second, (int, float)):
        return math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-9)
    return first == second


def disagreements(workbook: bytes, recalculated: Workbook) -> list[tuple[Place, object, object]]:
    """Formulas whose cached value is not what recalculation gives, or that come to an error."""
    cached, new = values(opened(workbook, values=True)), values(recalculated)
    return [
        (place, cached.get(place), new.get(place))
        for place in formulas(opened(workbook))
        if not same(cached.get(place), new.get(place)) or new.get(place) in ERRORS
    ]
