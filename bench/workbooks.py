"""The summary workbook, and bare openpyxl writing the same styled cells."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill

Style = tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any], str]
Cells = tuple[list[Style], dict[str, list[list[tuple[Any, int] | None]]]]


def keep_cells(workbook: bytes, path: Path) -> int:
    """Keep every cell's value and style of a workbook in a file, so that writing them can be measured alone."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    places: dict[int, int] = {}
    styles: list[Style] = []
    sheets: dict[str, list[list[tuple[Any, int] | None]]] = {}
    count = 0
    for sheet in book.worksheets:
        sheets[sheet.title] = rows = []
        for row in sheet.iter_rows():
            line: list[tuple[Any, int] | None] = []
            for cell in row:
                if cell.value is None and not cell.has_style:
                    line.append(None)
                    continue
                if cell.style_id not in places:
                    places[cell.style_id] = len(styles)
                    styles.append(
                        (
                            _parts(cell.font),
                            _parts(cell.fill),
                            _parts(cell.border),
                            _parts(cell.alignment),
                            cell.number_format,
                        )
                    )
                line.append((cell.value, places[cell.style_id]))
                count += 1
            rows.append(line)
    path.write_bytes(pickle.dumps((styles, sheets)))
    return count


def _parts(style: Any) -> dict[str, Any]:
    return {name: getattr(style, name) for name in style.__elements__ + style.__attrs__ if name != "extend"}


def bare(cells: Cells) -> bytes:
    """Write the same values in the same styles by openpyxl; a style is worked out once and then shared."""
    described, sheets = cells
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    made: dict[int, Any] = {}
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, start=1):
            for column, styled in enumerate(row, start=1):
                if styled is None:
                    continue
                value, place = styled
                cell = sheet.cell(number, column, value)
                if place not in made:
                    font, fill, border, alignment, cell.number_format = described[place]
                    cell.font, cell.fill = Font(**font), PatternFill(**fill)
                    cell.border, cell.alignment = Border(**border), Alignment(**alignment)
                    made[place] = cell._style
                cell._style = made[place]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
