"""The CSV file of agencies, read and checked: every line and every fault, each with its line and column."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from survey.core.answers import clean_text
from survey.core.errors import Fault

COLUMNS = (
    "code", "name", "kind", "type", "level", "parent_code", "ward_code_gso",
    "basis", "questionnaire", "cohort", "assessed", "note",
)  # fmt: skip
"""Columns with a meaning; `identifier` (mã định danh) may follow; any other column is an attribute, 0 or 1 or empty."""
REQUIRED = ("code", "name", "kind", "type", "level", "assessed")
LARGEST_FILE = 10_000_000  # bytes
LONGEST = 300  # characters of a cell

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_TRUTH = {"1": True, "0": False}


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """One agency as the file gives it."""

    line: int
    code: str
    name: str
    kind: str
    type: str
    level: str
    parent_code: str
    ward_code: str
    basis: str
    questionnaire: str
    cohort: str
    assessed: bool
    note: str
    identifier: str | None  # None where the file has no such column
    attributes: Mapping[str, bool]  # empty cells are left out


@dataclass
class _Reading:
    """The file being read, and what has been found wrong."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def add(self, line: int, column: str, key: str, **data: object) -> None:
        """Note a fault."""
        self.faults.append(Fault(self.file, line, f"services.agency_{key}", data, column))


def read_agencies(path: Path, known_parents: Mapping[str, str]) -> tuple[list[AgencyLine], list[Fault]]:
    """The lines and all faults; `known_parents` is code → parent code of agencies that are there already."""
    reading = _Reading(path.name)
    rows = _rows(path, reading)
    if not rows:
        return [], reading.faults
    header = [clean_text(cell).strip() for cell in rows[0][1]]
    if not _check_header(header, rows[0][0], reading):
        return [], reading.faults
    lines: dict[str, AgencyLine] = {}
    for number, cells in rows[1:]:
        if len(cells) > len(header):
            reading.add(number, "", "too_many_cells", wanted=len(header), found=len(cells))
        cell = dict.fromkeys(header, "") | dict(zip(header, (clean_text(c).strip() for c in cells), strict=False))
        line = _line(number, cell, reading)
        if line.code in lines:
            reading.add(number, "code", "repeated", code=line.code, first=lines[line.code].line)
        elif line.code:
            lines[line.code] = line
    _check_parents(lines, known_parents, reading)
    return list(lines.values()), reading.faults


def _rows(path: Path, reading: _Reading) -> list[tuple[int, list[str]]]:
    """Rows that are not empty, each with the line it begins on."""
    try:
        data = path.read_bytes()
    except OSError:
        reading.add(1, "", "no_file")
        return []
    if len(data) > LARGEST_FILE:
        reading.add(1, "", "too_large", megabytes=LARGEST_FILE // 1_000_000)
        return []
    try:
        data = data.removeprefix(codecs.BOM_UTF8)
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        reading.add(data[: error.start].count(b"\n") + 1, "", "not_utf8")
        return []
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error:
        reading.add(begins, "", "not_csv")
        return []
    if not rows:
        reading.add(1, "", "empty")
    return rows


def _check_header(header: list[str], line: int, reading: _Reading) -> bool:
    for name in REQUIRED:
        if name not in header:
            reading.add(line, name, "column_missing")
    for place, name in enumerate(header):
        if name in header[:place]:
            reading.add(line, name, "column_repeated")
        elif name not in COLUMNS and not _WORD.fullmatch(name):
            reading.add(line, name, "column_name")
    return not reading.faults


def _line(number: int, cell: Mapping[str, str], reading: _Reading) -> AgencyLine:
    for column, value in cell.items():
        if len(value) > LONGEST:
            reading.add(number, column, "too_long", longest=LONGEST)
    for column in REQUIRED:
        if not cell[column]:
            reading.add(number, column, "cell_needed")
    for column, form in (("code", _CODE), ("parent_code", _CODE), ("questionnaire", _WORD), ("cohort", _WORD)):
        if cell.get(column) and not form.fullmatch(cell[column]):
            reading.add(number, column, "form", typed=cell[column][:60])
    assessed = _truth(number, "assessed", cell, reading) or False
    if assessed:
        for column in ("questionnaire", "cohort"):
            if not cell.get(column):
                reading.add(number, column, "needed_if_assessed")
    attributes = {}
    for column in cell:
        if column not in COLUMNS and column != "identifier" and cell[column]:
            truth = _truth(number, column, cell, reading)
            if truth is not None:
                attributes[column] = truth
    texts = {name: cell.get(name, "") for name in COLUMNS if name not in ("assessed", "ward_code_gso")}
    return AgencyLine(
        line=number,
        ward_code=cell.get("ward_code_gso", ""),
        assessed=assessed,
        identifier=cell.get("identifier"),
        attributes=attributes,
        **texts,
    )


def _truth(number: int, column: str, cell: Mapping[str, str], reading: _Reading) -> bool | None:
    value = _TRUTH.get(cell[column])
    if value is None and cell[column]:
        reading.add(number, column, "not_0_or_1", typed=cell[column][:60])
    return value


def _check_parents(lines: Mapping[str, AgencyLine], known: Mapping[str, str], reading: _Reading) -> None:
    """Unknown parents, and each circle of parents once."""
    parents = {**known, **{code: line.parent_code for code, line in lines.items()}}
    for line in lines.values():
        if line.parent_code and line.parent_code not in parents:
            reading.add(line.line, "parent_code", "parent_unknown", code=line.parent_code)
    told: set[str] = set()
    for code, line in lines.items():
        circle = list(_above(code, parents))
        if parents.get(circle[-1]) == code and not told & set(circle):
            told.update(circle)
            reading.add(line.line, "parent_code", "circle", codes=" → ".join([*circle, code]))


def _above(code: str, parents: Mapping[str, str]) -> Iterator[str]:
    """A code and its parents upwards, until there is none or one comes back."""
    seen: set[str] = set()
    while code and code in parents and code not in seen:
        seen.add(code)
        yield code
        code = parents[code]
