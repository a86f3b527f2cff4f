"""Finding the wanted columns of a raw table by their headings, in the limited process."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from survey.core.characters import clean_text
from survey.services.upload_gate_faults import MOST, Found, RawCell, RawTable, Stop, letters_of

HEAD_ROWS = 50  # in which the headings are looked for
MOST_TEXT = 8_000_000  # characters of a table
ORDINALS = frozenset({"stt", "tt", "số tt", "no", "#"})  # headings of a column that only counts the rows
_SEEN = frozenset("\n\t\r")
_MARKS = re.compile(r"[\s*:.]+$|\(\*\)\s*$")
_COUNTED = re.compile(r"\(?\d{1,3}\)?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a caller looks for."""

    columns: tuple[tuple[str, tuple[str, ...], bool], ...]  # key, headings, required
    sheet: str = ""
    more: bool = False
    as_is: bool = False  # cells that cannot be taken are told by their kind, and refuse nothing

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Wanted:
        """As `read_upload` sends it."""
        columns = tuple((key, tuple(headings), bool(required)) for key, headings, required in told["columns"])
        return cls(columns, told["sheet"], bool(told["more"]), bool(told.get("as_is")))

    def keys(self) -> dict[str, str]:
        """Folded heading → key; a key is a heading of its own."""
        found = {fold(key): key for key, _, _ in self.columns}
        for key, headings, _ in self.columns:
            found.update(dict.fromkeys(map(fold, headings), key))
        return found


def fold(heading: str) -> str:
    """A heading as it is compared: composed, small letters, single blanks, without the star of required columns."""
    return _MARKS.sub("", " ".join(clean_text(heading).casefold().split()))


def head_score(table: RawTable, wanted: Wanted) -> tuple[int, int]:
    """How well a sheet's best row of headings fits: required columns found, then all."""
    _, columns = _headings(table, wanted)
    needed = {key for key, _, required in wanted.columns if required}
    return len(needed & columns), len(columns)


def _headings(table: RawTable, wanted: Wanted) -> tuple[int, set[str]]:
    """The row with the most wanted headings, the first of its kind, and which these are; row 0 where none has any."""
    keys = wanted.keys()
    best: tuple[int, set[str]] = (0, set())
    for line in sorted(table.rows)[:HEAD_ROWS]:
        found = {keys[fold(cell.text)] for cell in table.rows[line].values() if fold(cell.text) in keys}
        if len(found) > len(best[1]):
            best = line, found
    return best


def to_answer(table: RawTable, wanted: Wanted) -> dict[str, Any]:
    """The table as it travels back. Raises Stop with all its faults."""
    line, found = _headings(table, wanted)
    needed = [headings[0] for _, headings, required in wanted.columns if required]
    if not line or (len(needed) > 1 and len(found) == 1 and len(table.rows[line]) == 1):
        raise Stop(
            Found("headings_none", sheet=table.sheet, data={"columns": ", ".join(needed), "rows": HEAD_ROWS}),
        )
    faults: list[Found] = []
    columns = _columns(table, line, wanted, faults)
    rows = _rows(table, line, columns)
    if not table.sheet:
        faults += _too_wide(table, line)
    faults += _merged(table, line, columns, rows)
    faults += _cells(table.sheet, rows, as_is=wanted.as_is)
    if not rows and not faults:
        faults.append(Found("no_rows", line, sheet=table.sheet))
    if faults:
        raise Stop(*sorted(faults, key=lambda fault: fault.line)[:MOST])
    return {
        "sheet": table.sheet,
        "letters": {key: letters_of(column) for column, key in columns.items()},
        "rows": [[at, {columns[c]: _told(cell) for c, cell in cells.items()}] for at, cells in rows.items()],
    }


def _told(cell: RawCell) -> list[str]:
    """A cell as it travels back; of one with a character that nobody sees, that character."""
    unseen = next(filter(_is_unseen, cell.text), "")
    return [_code_of(unseen), "unseen"] if unseen else [cell.text, cell.kind]


def _code_of(character: str) -> str:
    return f"U+{ord(character):04X}"


def _columns(table: RawTable, line: int, wanted: Wanted, faults: list[Found]) -> dict[int, str]:
    """Column → key of the row of headings; adds what is wrong with it."""
    keys = wanted.keys()
    columns: dict[int, str] = {}
    places: dict[str, int] = {}
    for column, cell in sorted(table.rows[line].items()):
        heading = " ".join(clean_text(cell.text).split())
        key = keys.get(fold(heading), "")
        if cell.kind in ("formula", "error"):
            key = ""
            faults.append(_bad_value(table.sheet, line, column, cell))
        elif not key and fold(heading) not in ORDINALS:
            key = heading[:200] if wanted.more else ""
            if not wanted.more:
                faults.append(_unknown(table.sheet, line, column, heading, wanted))
        if key in places:
            data = {"heading": heading[:80], "first": letters_of(places[key])}
            faults.append(Found("heading_repeated", line, letters_of(column), table.sheet, data))
        elif key:
            columns[column], places[key] = key, column
    for key, headings, required in wanted.columns:
        if required and key not in places:
            faults.append(Found("heading_missing", line, sheet=table.sheet, data={"heading": headings[0]}))
    return columns


def _unknown(sheet: str, line: int, column: int, heading: str, wanted: Wanted) -> Found:
    import difflib

    names = {fold(name): name for _, headings, _ in wanted.columns for name in headings}
    near = difflib.get_close_matches(fold(heading)[:200], names, n=1, cutoff=0.75)
    data = {"heading": heading[:80], "near": names[near[0]] if near else ""}
    return Found("heading_near" if near else "heading_unknown", line, letters_of(column), sheet, data)


def _rows(table: RawTable, line: int, columns: Mapping[int, str]) -> dict[int, dict[int, RawCell]]:
    """The filled rows under the headings, cut to our columns; a row that only counts the columns is left out."""
    rows: dict[int, dict[int, RawCell]] = {}
    for at in sorted(table.rows):
        if at > line:
            cells = {column: cell for column, cell in table.rows[at].items() if column in columns}
            if cells:
                rows[at] = cells
    first = next(iter(rows), 0)
    if first and len(rows[first]) > 2 and _counts([cell.text.strip() for cell in rows[first].values()]):
        del rows[first]
    return rows


def _too_wide(table: RawTable, line: int) -> Iterator[Found]:
    """Lines of a CSV with more cells than there are headings: a separator stands inside a text without quotes."""
    width = max(table.rows[line])
    for at, cells in table.rows.items():
        if at > line and max(cells) > width:
            yield Found("many_in_line", at, data={"found": max(cells), "wanted": width})


def _counts(texts: Sequence[str]) -> bool:
    """Whether these are (1), (2), (3) …"""
    if not all(_COUNTED.fullmatch(text) for text in texts):
        return False
    numbers = [int(text.strip("()")) for text in texts]
    return all(after == before + 1 for before, after in pairwise(numbers))


def _merged(table: RawTable, line: int, columns: Mapping[int, str], rows: Mapping[int, object]) -> Iterator[Found]:
    """Ranges of several cells that reach into the filled rows of our columns."""
    for top, left, bottom, right in table.merged:
        inside = any(left <= column <= right for column in columns)
        if top > line and (top, left) != (bottom, right) and inside and any(top <= at <= bottom for at in rows):
            cells = f"{letters_of(left)}{top}:{letters_of(right)}{bottom}"
            yield Found("merged", top, letters_of(left), table.sheet, {"cells": cells})


def _cells(sheet: str, rows: Mapping[int, Mapping[int, RawCell]], *, as_is: bool) -> Iterator[Found]:
    """Cells whose value cannot be taken, and texts that are too long all together; `as_is`: the latter alone."""
    length = 0
    for at, cells in rows.items():
        for column, cell in cells.items():
            length += len(cell.text)
            if as_is:
                continue
            if cell.kind in ("formula", "error"):
                yield _bad_value(sheet, at, column, cell)
            elif unseen := next(filter(_is_unseen, cell.text), ""):
                yield Found("unseen", at, letters_of(column), sheet, {"code": _code_of(unseen)})
    if length > MOST_TEXT:
        yield Found("too_much", sheet=sheet)


def _bad_value(sheet: str, line: int, column: int, cell: RawCell) -> Found:
    key = "formula" if cell.kind == "formula" else "error_value"
    return Found(key, line, letters_of(column), sheet, {"typed": clean_text(cell.text)})


def _is_unseen(character: str) -> bool:
    """Whether a character is a control, a lone surrogate or none at all: it would be lost without anybody seeing it."""
    point = ord(character)
    if 32 <= point < 127 or character in _SEEN:
        return False
    return unicodedata.category(character) in ("Cc", "Cs") or point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
