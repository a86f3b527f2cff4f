"""What the reading process finds wrong with a file: plain values that travel back as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST = 500  # faults that are told


@dataclass(frozen=True, slots=True)
class Found:
    """One fault: its sentence is `upload.<key>`; line 0 is the whole sheet or file."""

    key: str
    line: int = 0
    column: str = ""  # its letter
    sheet: str = ""
    data: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> list[Any]:
        """The values in their order."""
        return [self.key, self.line, self.column, self.sheet, dict(self.data)]


class Stop(Exception):
    """The file is not taken."""

    def __init__(self, *faults: Found) -> None:
        super().__init__(faults)
        self.faults: Sequence[Found] = faults


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell that is not blank; kind: text number date truth formula error."""

    text: str
    kind: str = "text"


@dataclass(slots=True)
class RawTable:
    """A sheet, or a CSV file, as it lies: rows by number, cells by column from 1."""

    sheet: str = ""
    rows: dict[int, dict[int, RawCell]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row, first column, last row, last


def letters_of(column: int) -> str:
    """The letters of a column counted from 1."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def number_of(letters: str) -> int:
    """The column that letters name, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
