"""A table that was handed in: cells with their kinds, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.core.errors import CellFault, Fault
from survey.core.text import say


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says. Kinds: text, number (1234.5), date (dd/mm/yyyy, with HH:MM where it has a time), truth (1, 0).

    All cells of a CSV are text. Kinds that cannot be taken: formula, error (its text is the error), unseen (a character
    that nobody sees, its text the character's code); they reach only callers that ask for cells as they are.
    """

    text: str
    kind: str = "text"


BLANK = Cell("")


@dataclass(frozen=True, slots=True)
class Row:
    """One filled row; `number` as the program of the reader counts it, blank cells left out."""

    number: int
    cells: Mapping[str, Cell]

    def cell(self, key: str) -> Cell:
        """The cell of a column, blank where there is nothing."""
        return self.cells.get(key, BLANK)

    def text(self, key: str) -> str:
        """The text of a column's cell, without blanks around it."""
        return self.cells.get(key, BLANK).text.strip()


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under the headings of one sheet or CSV file, texts in NFC."""

    file: str
    sheet: str  # empty: a CSV file
    letters: Mapping[str, str]  # key → letters of its column, in the order of the file
    rows: tuple[Row, ...]
    sha256: str = field(default="", compare=False)  # of the file

    def fault(self, line: int, key: str, column: str = "", **data: object) -> Fault:
        """A fault of a row (0: the whole table), with the place of `column` (a key) where it has one."""
        return CellFault(self.file, line, key, data, self.letters.get(column, ""), self.sheet)

    def spot(self, line: int, column: str, language: str = "vi") -> str:
        """Where a cell is inside the table, in short: "ô A7", or "dòng 7" of a CSV."""
        if not self.sheet:
            return say("upload.place_line", language, line=line)
        return say("upload.place_cell", language, cell=f"{self.letters.get(column, '')}{line}")
