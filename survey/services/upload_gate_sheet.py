"""Reading one sheet as a stream of XML in the limited process: cells with their kinds, formulas and merged ranges."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from survey.services.upload_gate_faults import Found, RawCell, RawTable, Stop, letters_of, number_of
from survey.services.upload_gate_strings import decode, safe_parser

MOST_ROWS = 50_000
MOST_COLUMNS = 500
MOST_CELLS = 1_500_000  # blank ones counted
LONGEST = 32_767  # characters of a cell, Excel's own limit
DIGITS = 15  # that Excel keeps of a number

_ADDRESS = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")


def too_many_cells(sheet: str) -> Stop:
    """What is said of a sheet with more cells than are read."""
    return Stop(Found("many_cells", sheet=sheet, data={"most": f"{MOST_CELLS:,}".replace(",", ".")}))


class SheetReader:
    """Feeds on the XML of a sheet; `rows` > 0 stops behind that many rows."""

    def __init__(
        self, name: str, strings: Sequence[str], date_styles: frozenset[int], *, from_1904: bool, rows: int = 0
    ) -> None:
        self.table = RawTable(name)
        self.enough = False
        self.line = self.column = 0  # where the reading stands
        self._strings, self._date_styles, self._from_1904, self._rows = strings, date_styles, from_1904, rows
        self._cells = 0
        self._kind, self._style, self._formula = "n", "0", False
        self._text: list[str] = []
        self._in_value = self._in_pronounced = False
        self._parser = safe_parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    @property
    def letters(self) -> str:
        """The letters of the column where the reading stands."""
        return letters_of(self.column)

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        """Read on. Raises Stop, ExpatError or ValueError."""
        self._parser.Parse(chunk, last)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "c":
                self._begin_cell(attributes)
            case "v" | "t":
                self._in_value = True
            case "f":
                self._formula = True
            case "rPh":
                self._in_pronounced = True
            case "row":
                self.line = int(attributes.get("r", self.line + 1))
                self.column = 0
                self.enough = self.enough or bool(self._rows and self.line > self._rows)
            case "mergeCell":
                self._merge(attributes.get("ref", ""))
            case _:
                pass

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._cells += 1
        if self._cells > MOST_CELLS:
            raise too_many_cells(self.table.sheet)
        self.column += 1
        if address := attributes.get("r"):
            found = _ADDRESS.fullmatch(address)
            if found is None:
                raise ValueError(address)
            self.column, self.line = number_of(found[1]), int(found[2])
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._formula = False
        self._text = []

    def _characters(self, text: str) -> None:
        if self._in_value and not self._in_pronounced:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        match tag.rpartition(":")[2]:
            case "v" | "t":
                self._in_value = False
            case "rPh":
                self._in_pronounced = False
            case "c":
                self._end_cell()
            case _:
                pass

    def _end_cell(self) -> None:
        if self.enough or not (self._text or self._formula):
            return
        cell = RawCell("", "formula") if self._formula else self._cell("".join(self._text))
        if cell.kind == "text" and not cell.text.strip():
            return
        if self.line > MOST_ROWS:
            raise self._stop("far_row", most=MOST_ROWS)
        if self.column > MOST_COLUMNS:
            raise self._stop("far_column", most=MOST_COLUMNS)
        if len(cell.text) > LONGEST:
            raise self._stop("cell_long", longest=LONGEST)
        self.table.rows.setdefault(self.line, {})[self.column] = cell

    def _cell(self, text: str) -> RawCell:
        match self._kind:
            case "s":
                place = int(text)
                if not 0 <= place < len(self._strings):
                    raise ValueError(text)
                return RawCell(self._strings[place])
            case "inlineStr" | "str":
                return RawCell(decode(text))
            case "b":
                return RawCell("1" if text.strip() in ("1", "true") else "0", "truth")
            case "e":
                return RawCell(text.strip()[:20], "error")
            case "d":
                return RawCell(_day(datetime.fromisoformat(text.strip())), "date")
            case "n" if not text.strip():
                return RawCell("")
            case "n":
                return self._number(float(text))
            case other:
                raise ValueError(other)

    def _number(self, value: float) -> RawCell:
        if not math.isfinite(value):
            raise ValueError(value)
        if self._date_styles and int(self._style) in self._date_styles:
            return RawCell(self._date(value), "date")
        return RawCell(format(Decimal(f"{value:.{DIGITS}g}").normalize(), "f"), "number")

    def _date(self, value: float) -> str:
        """A serial number as dd/mm/yyyy, with its time where it has one; below 1 it is a time alone."""
        start = datetime(1904, 1, 1) if self._from_1904 else datetime(1899, 12, 30 if value >= 60 else 31)  # noqa: DTZ001
        try:
            moment = start + timedelta(seconds=round(value * 86_400))
        except OverflowError:
            raise ValueError(value) from None
        return f"{moment:%H:%M}" if 0 <= value < 1 else _day(moment)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        found = [_ADDRESS.fullmatch(end) for end in (first, last or first)]
        if found[0] and found[1] and len(self.table.merged) < MOST_ROWS:
            (left, top), (right, bottom) = found[0].groups(), found[1].groups()
            self.table.merged.append((int(top), number_of(left), int(bottom), number_of(right)))

    def _stop(self, key: str, **data: object) -> Stop:
        return Stop(Found(key, self.line, self.letters, self.table.sheet, data))


def _day(moment: datetime) -> str:
    """dd/mm/yyyy, and HH:MM behind it where it is not midnight."""
    day = f"{moment.day:02}/{moment.month:02}/{moment.year:04}"
    return day if (moment.hour, moment.minute) == (0, 0) else f"{day} {moment:%H:%M}"
