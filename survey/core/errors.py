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

    def sentence(self, language: str = "vi") -> str:
        """`file:line: what is wrong and what to do`."""
        place = f"{self.file}:{self.line}" + (f" [{self.column}]" if self.column else "")
        data = {name: one.in_language(language) if isinstance(one, Text) else one for name, one in self.data.items()}
        return f"{place}: {say(self.key, language, **data)}"


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
