"""What a chart is: its finding, its picture in two forms, its data table and a sentence that stands for the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reports.data import Cohort, RoundData
from reports.standing import Standing
from survey.core.numbers_vi import format_date, format_percent, format_time
from survey.core.text import say

Format = Literal["svg", "png"]
FORMATS: tuple[Format, ...] = ("svg", "png")


@dataclass(frozen=True, slots=True)
class DataTable:
    """The figures behind a chart, written for reading: numbers as 81,16%."""

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]  # which columns stand right-aligned
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `svg` and `png` are None where not asked for, or where there is nothing to draw."""

    name: str  # of its files: ranking-ubnd-xa
    title: str  # the finding
    alternative: str  # what the picture shows, for those who cannot see it
    table: DataTable
    svg: bytes | None = None
    png: bytes | None = None
    empty: bool = False  # nothing to draw: the title says so


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of charts in one language, and what every chart says of its round."""

    language: str

    def say(self, name: str, /, **values: object) -> str:
        """A sentence of the reports' catalogue."""
        return say(f"reports.chart_{name}", self.language, **values)

    def subtitle(self, name: str, beginning: str) -> str:
        """What is shown, and which words the names are written without."""
        without = self.say("without", words=beginning) if beginning else ""
        return " ".join(part for part in (self.say(name), without) if part)

    def source(self, data: RoundData) -> str:
        """Below every chart: whose figures, from when, and the notice."""
        stamp = f"{format_date(data.taken_at)} {format_time(data.taken_at)}"
        if data.closed:
            source = self.say("source_closed", moment=stamp)
        else:
            source = self.say("source_provisional", moment=stamp, sent=data.sent, size=data.size)
        return " ".join(part for part in (source, data.notice) if part)


def nobody(words: Words, cohort: Cohort, members: Sequence[Standing]) -> str:
    """Why a cohort has no chart: nobody has sent, or too little is known of all who have."""
    sent = sum(standing.row.sent for standing in members)
    lacks = any(standing.row.sent and standing.lacks for standing in members)
    return words.say("nobody_enough" if lacks else "nobody", cohort=cohort.name, sent=sent, size=len(members))


def percent(share: float | None) -> str:
    """81,16%, or nothing."""
    return "" if share is None else format_percent(share)
