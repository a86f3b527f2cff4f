"""The register as a workbook or CSV file: its columns by heading, every line read, every fault with its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.core.errors import Fault
from survey.core.handed_in import Cell, Row, Table
from survey.core.text import LANGUAGES, say
from survey.services.check_agency import CODE, REQUIRED, SHOWN, WORD, Checked, check_agency, circle_of, whole_faults
from survey.services.register_values import FIELDS, Value
from survey.services.register_words import ATTRIBUTE, RegisterWords
from survey.services.upload_gate import Column

FILE_FIELDS = (*FIELDS[: FIELDS.index("contact_name")], ATTRIBUTE, *FIELDS[FIELDS.index("contact_name") :])
"""The order of columns; attributes stand in the middle."""
WARD_DIGITS = 5  # of a code of the General Statistics Office: Excel loses the zeros before it
PHONE_DIGITS = 9  # of a number typed as a figure, whose 0 Excel loses

_APOSTROPHE = re.compile(r"'+[=+\-@\t\r]")  # before what a spreadsheet would take for a formula, see export_agencies


@dataclass(frozen=True, slots=True)
class KnownBody:
    """A body that is there already, as far as a file is checked against it."""

    values: Mapping[str, Value]
    closed: str  # the day it was closed, dd/mm/yyyy; "" while it is open


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """One body as the file gives it: columns that are not in the file are not in `values`."""

    line: int
    code: str
    values: Mapping[str, Value]


@dataclass
class _Reading:
    """The table being read, and what has been found."""

    table: Table
    words: RegisterWords
    known: Mapping[str, KnownBody]
    strict: bool
    lines: dict[str, AgencyLine] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, line: int, column: str, key: str, **data: object) -> None:
        """Note a fault."""
        self.faults.append(self.table.fault(line, f"registry.{key}", column, **data))


def register_columns(words: RegisterWords) -> tuple[Column, ...]:
    """The columns of a register's file: words in either language, or the short names that programs write."""
    columns = [_column("code", required=True)]
    for name in FILE_FIELDS:
        if name == ATTRIBUTE:
            columns += [_attribute(attribute, words) for attribute in words.attributes]
        else:
            columns.append(_column(name, required=name in (*REQUIRED, "assessed")))
    return (*columns, _column("closed"))


def _column(name: str, *, required: bool = False) -> Column:
    return Column(name, (*(say(f"registry.col_{name}", language) for language in LANGUAGES), name), required)


def _attribute(name: str, words: RegisterWords) -> Column:
    return Column(ATTRIBUTE + name, (*(words.heading(name, language) for language in LANGUAGES), name))


def read_agencies(
    table: Table, words: RegisterWords, known: Mapping[str, KnownBody], *, strict: bool = True
) -> tuple[list[AgencyLine], list[Fault]]:
    """The lines and all faults. Not `strict`: a first register may bring codes and attributes of its own."""
    reading = _Reading(table, words, known, strict)
    columns = _known_columns(reading)
    for row in table.rows:
        _read_row(reading, row, columns)
    _check_parents(reading)
    return list(reading.lines.values()), reading.faults


def _known_columns(reading: _Reading) -> dict[str, str]:
    """Column of the table → field; columns that nobody knows are attributes of a first register, or faults."""
    columns: dict[str, str] = {}
    known = {column.key for column in register_columns(reading.words)}
    for key, letters in reading.table.letters.items():
        if key in known:
            columns[key] = key
        elif reading.strict or not WORD.fullmatch(key):
            reading.add(0, "", "column_unknown", heading=key[:SHOWN], letters=letters)
        else:
            columns[key] = ATTRIBUTE + key
    return columns


def _read_row(reading: _Reading, row: Row, columns: Mapping[str, str]) -> None:
    code = row.text("code")
    if not code:
        reading.add(row.number, "code", "needed")
    elif not CODE.fullmatch(code):
        reading.add(row.number, "code", "code_form", typed=code[:SHOWN])
    elif code in reading.lines:
        reading.add(row.number, "code", "repeated", code=code, first=reading.lines[code].line)
    own = reading.known.get(code)
    typed = {name: _typed(row.cell(key), name, reading.table) for key, name in columns.items() if name != "code"}
    _check_closed(reading, row, typed.pop("closed", None), own)
    checked = check_agency(typed, reading.words, strict=reading.strict)
    _check_whole(checked, own)
    by_field = {name: key for key, name in columns.items()}
    for name, key, data in checked.faults:
        reading.add(row.number, by_field.get(name, ""), key, **data)
    reading.lines.setdefault(code, AgencyLine(row.number, code, checked.values))


def _typed(cell: Cell, name: str, table: Table) -> str:
    """The text of a cell, with the zeros that a spreadsheet takes from figures, and without its guard in a CSV."""
    text = cell.text.strip()
    if cell.kind == "number" and name == "ward_code_gso" and text.isdigit():
        return text.zfill(WARD_DIGITS)
    if cell.kind == "number" and name == "contact_phone" and text.isdigit() and len(text) == PHONE_DIGITS:
        return f"0{text}"
    return text[1:] if not table.sheet and _APOSTROPHE.match(text) else text


def _check_whole(checked: Checked, own: KnownBody | None) -> None:
    """What all the values of a body say together: those of the file, and those it keeps."""
    told = {name for name, _, _ in checked.faults}
    whole = {**(own.values if own else {}), **checked.values}
    for name, key in whole_faults(whole):
        if name not in told:
            checked.fault(name, key)


def _check_closed(reading: _Reading, row: Row, typed: str | None, own: KnownBody | None) -> None:
    """Closing and opening are steps of their own, with a reason: the column only tells."""
    stands = own.closed if own else ""
    if typed is not None and typed != stands:
        reading.add(row.number, "closed", "closed_elsewhere")


def _check_parents(reading: _Reading) -> None:
    """Unknown and closed parents, and each circle of parents once."""
    lines, known = reading.lines, reading.known
    parents = {code: str(body.values.get("parent_code") or "") for code, body in known.items()}
    parents |= {code: str(line.values["parent_code"]) for code, line in lines.items() if "parent_code" in line.values}
    told: set[str] = set()
    for code, line in lines.items():
        parent = str(line.values.get("parent_code") or "")
        if parent and parent not in known and parent not in lines:
            reading.add(line.line, "parent_code", "parent_unknown", code=parent)
        elif parent in known and known[parent].closed and known.get(code, _NOBODY).values.get("parent_code") != parent:
            reading.add(line.line, "parent_code", "parent_closed", code=parent, day=known[parent].closed)
        circle = circle_of(code, parents)
        if circle and not told & set(circle):
            told.update(circle)
            reading.add(line.line, "parent_code", "circle", codes=" → ".join((*circle, code)))


_NOBODY = KnownBody({}, "")
