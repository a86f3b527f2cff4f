"""Faults of files that people write: where, what, and the sentence that says how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey.core.asks import Text
from survey.core.text import say


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one file: `line` counts from 1; `key` names its sentence in the catalogue."""

    file: str
    line: int
    key: str
    data: Mapping[str, object] = field(default_factory=dict)  # a Text is said in the language asked for
    column: str = ""  # of a table: the heading of the cell's column

    def place(self, language: str = "vi") -> str:
        """Where it is: `file:line [column]`."""
        del language  # the same in all of them
        return f"{self.file}:{self.line}" + (f" [{self.column}]" if self.column else "")

    def words(self, language: str = "vi") -> str:
        """What is wrong and what to do."""
        data = {name: one.in_language(language) if isinstance(one, Text) else one for name, one in self.data.items()}
        return say(self.key, language, **data)

    def sentence(self, language: str = "vi") -> str:
        """`place: what is wrong and what to do`."""
        return f"{self.place(language)}: {self.words(language)}"


@dataclass(frozen=True, slots=True)
class CellFault(Fault):
    """A fault of a table that was handed in: `column` is its letter, line 0 the whole sheet or file."""

    sheet: str = ""  # empty: a CSV file, or the whole workbook

    def place(self, language: str = "vi") -> str:
        """Where it is, as people say it: file, sheet and cell, or file and line."""
        parts = [self.file]
        if self.sheet:
            parts.append(say("upload.place_sheet", language, sheet=self.sheet))
        if self.line and self.column and self.sheet:
            parts.append(say("upload.place_cell", language, cell=f"{self.column}{self.line}"))
        elif self.line:
            parts.append(say("upload.place_line", language, line=self.line))
            if self.column:
                parts.append(say("upload.place_column", language, column=self.column))
        return ", ".join(parts)


MOST_FAULTS = 500  # that are listed; nobody reads more, and a hostile file has a hundred thousand


class Faults(Exception):
    """Every fault of a file at once, in the order of its lines; nothing of the file was taken."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        ordered = sorted(faults, key=lambda fault: (fault.file, fault.line))
        self.faults = tuple(ordered[:MOST_FAULTS])
        if len(ordered) > MOST_FAULTS:
            last = ordered[MOST_FAULTS]
            self.faults += (Fault(last.file, last.line, "faults.more", {"count": len(ordered) - MOST_FAULTS}),)
        super().__init__("\n".join(fault.sentence() for fault in self.faults))
