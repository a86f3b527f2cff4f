"""Reading a CSV or xlsx file of answers into a plain table: sizes first, every cell as text, nothing guessed."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from survey.core.answer_file import Row, Table
from survey.core.errors import Fault, Faults

MEGABYTE = 1_000_000
LARGEST_FILE = 50 * MEGABYTE  # bytes as stored
LARGEST_UNPACKED = 300 * MEGABYTE  # bytes of an xlsx unpacked
MOST_CELLS = 5_000_000  # of one sheet, rows × columns
DIGITS = 15  # that Excel keeps of a number

_ADDRESS = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,4})([0-9]{1,9})["']""")
_ERROR_CELL = re.compile(rb"""<c\b(?=[^>]*\st\s*=\s*["']e["'])[^>]*?\sr\s*=\s*["']([A-Z]+)([0-9]+)["']""")
_FORMULA_CELL = re.compile(
    rb"""<c\b[^>]*?\sr\s*=\s*["']([A-Z]+)([0-9]+)["'][^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"""
)


def read_table(file: Path) -> Table:
    """The table of a .csv or .xlsx file, its headings in the first row that is not blank.

    Raises Faults where it cannot be read, OSError where it cannot be opened.
    """
    name = str(file)
    if file.stat().st_size > LARGEST_FILE:
        raise Faults([Fault(name, 1, "answer_file.file_large", {"megabytes": LARGEST_FILE // MEGABYTE})])
    content = file.read_bytes()
    if file.suffix.lower() in (".xlsx", ".xlsm") or content.startswith(b"PK\x03\x04"):
        return _table(name, _read_xlsx(name, content))
    if file.suffix.lower() not in (".csv", ".txt", ".tsv"):
        raise Faults([Fault(name, 1, "answer_file.kind_unknown", {"kind": file.suffix or file.name})])
    return _table(name, _read_csv(name, content))


def _table(name: str, rows: Iterator[Row]) -> Table:
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    if not filled:
        raise Faults([Fault(name, 1, "answer_file.empty")])
    header = filled[0]
    width = max(place for place, cell in enumerate(header.cells, start=1) if cell.strip())
    return Table(name, Row(header.line, header.cells[:width]), tuple(filled[1:]))


def _read_csv(name: str, content: bytes) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Faults([Fault(name, line, "answer_file.not_utf8")]) from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Faults([Fault(name, line, "answer_file.quotes")]) from None
        yield Row(line, tuple(cells))
        line = reader.line_num + 1


def _delimiter(text: str) -> str:
    """The sign between columns: whichever of , ; and tab stands most often outside quotes in the first filled line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(",;\t", key=bare.count)


def _read_xlsx(name: str, content: bytes) -> Iterator[Row]:
    import python_calamine

    try:
        sheet_name, xml = _first_sheet(name, content)
        _refuse_cells(name, xml)
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            rows = workbook.get_sheet_by_name(sheet_name).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise Faults([Fault(name, 1, "answer_file.xlsx_broken")]) from error
    for line, row in enumerate(rows, start=1):
        yield Row(line, tuple(_cell_text(cell) for cell in row))


def _first_sheet(name: str, content: bytes) -> tuple[str, bytes]:
    """Name and XML of the first sheet that is shown; refuses a package that unpacks too large."""
    from defusedxml.ElementTree import fromstring

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if sum(item.file_size for item in package.infolist()) > LARGEST_UNPACKED:
            raise Faults([Fault(name, 1, "answer_file.file_large", {"megabytes": LARGEST_UNPACKED // MEGABYTE})])
        targets = {
            item.get("Id"): item.get("Target", "") for item in fromstring(package.read("xl/_rels/workbook.xml.rels"))
        }
        workbook = fromstring(package.read("xl/workbook.xml"))
        for sheet in workbook.iterfind(".//{*}sheet"):
            identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            target = targets.get(identity, "")
            if sheet.get("state", "visible") == "visible" and "worksheets/" in target:
                path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
                return sheet.get("name", ""), package.read(path)
    raise KeyError("sheet")


def _refuse_cells(name: str, xml: bytes) -> None:
    """Refuse a sheet whose far cells would fill the memory, and cells whose value nobody can see.

    Raises Faults: a formula that ends in an error, or was never calculated, would otherwise be read as blank.
    """
    last_row = last_column = 0
    for column, row in _ADDRESS.findall(xml):
        last_row, last_column = max(last_row, int(row)), max(last_column, _column_number(column))
    if last_row * last_column > MOST_CELLS:
        raise Faults([Fault(name, 1, "answer_file.sheet_large", {"cells": f"{MOST_CELLS:,}".replace(",", ".")})])
    faults = [
        Fault(name, int(row), f"answer_file.{key}", {}, column.decode())
        for key, form in (("cell_error", _ERROR_CELL), ("cell_uncalculated", _FORMULA_CELL))
        for column, row in form.findall(xml)
    ]
    if faults:
        raise Faults(faults)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _cell_text(cell: Any) -> str:
    """A cell as a CSV would write it."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 10**DIGITS else f"{cell:.{DIGITS}g}"
        case date() | datetime() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case _:
            return str(cell)
