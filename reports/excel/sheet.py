"""The one cell writer: values become cells of a sheet here and nowhere else, each formula with its value beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from reports.excel.strings import SharedTexts, clean
from reports.excel.styles import Style, StyleBook
from reports.excel.wrapping import height, lines
from survey.core.numbers_vi import HANOI

ROW = "\x01"  # stands for the row's own number in a formula
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  # Excel knows no time zones
_STARTERS = ("=", "+", "-", "@", "\t")

Value = str | int | float | Decimal | date | None
Cached = str | int | float | None
_NO_MORE: dict[int, str] = {}  # stands for the cells of a sealed row
_LETTERS = [get_column_letter(column) for column in range(1, 1001)]


def letter(column: int) -> str:
    """Name of a column: 1 is A."""
    return _LETTERS[column - 1] if column <= len(_LETTERS) else get_column_letter(column)


def quote(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def literal(text: str) -> str:
    """A text as a formula writes it."""
    return '"' + text.replace('"', '""') + '"'


class Formula:
    """A formula for many rows: cut once at its row marks, so that writing a cell is one join."""

    __slots__ = ("_parts",)

    def __init__(self, text: str) -> None:
        self._parts = escape(text).split(ROW)

    def at(self, row: str) -> str:
        """The formula in a row, ready for XML."""
        return row.join(self._parts)


class Sheet:
    """One sheet: its cells as XML, kept by row until the workbook is saved; all else is openpyxl's worksheet."""

    def __init__(self, worksheet: Worksheet, styles: StyleBook, texts: SharedTexts) -> None:
        self.worksheet = worksheet
        self._styles = styles
        self._texts = texts
        self._rows: dict[int, dict[int, str]] = {}
        self._sealed: dict[int, bytes] = {}
        self._heights: dict[int, float] = {}
        self._last_column = 1

    @property
    def name(self) -> str:
        """Its name on the tab."""
        return self.worksheet.title

    def style(self, style: Style) -> int:
        """The workbook's number for a look."""
        return self._styles.number(style)

    def put(self, row: int, column: int, value: Value, style: Style) -> None:
        """A constant: text stays text whatever it starts with, numbers are numbers, dates are dates."""
        if isinstance(value, str) and value.startswith(_STARTERS):
            style = style.but(quoted=True)
        self.put_styled(row, column, value, self.style(style))

    def put_styled(self, row: int, column: int, value: Value, style: int) -> None:
        """As `put`, by the style's number, for the many cells of a table."""
        if isinstance(value, str) and value:
            self._cell(row, column, style, ' t="s"', f"<v>{self._texts.number(value)}</v>")
        else:
            self._cell(row, column, style, "", _content(value))

    def formula(self, row: int, column: int, text: str, cached: Cached, style: Style) -> None:
        """A formula without the leading "=", with the value that it has now."""
        self.fill(row, column, Formula(text), cached, self.style(style))

    def fill(self, row: int, column: int, formula: Formula, cached: Cached, style: int) -> None:
        """A formula of a column in one row, with the value that it has now."""
        kind, value = _cached(cached)
        self._cell(row, column, style, kind, f"<f>{formula.at(str(row))}</f>{value}")

    def array_formula(self, row: int, column: int, text: str, cached: Cached, style: Style) -> None:
        """A formula over arrays, as if entered with Ctrl+Shift+Enter."""
        kind, value = _cached(cached)
        place = f"{letter(column)}{row}"
        self._cell(
            row, column, self.style(style), kind, f'<f t="array" ref="{place}">{Formula(text).at(str(row))}</f>{value}'
        )

    def merge(self, row: int, first: int, last: int, value: Value, style: Style, down: int = 0) -> None:
        """One value over several cells, all of them styled."""
        for at in range(row, row + down + 1):
            for column in range(first, last + 1):
                self.put(at, column, value if (at, column) == (row, first) else None, style)
        if last > first or down:
            self.worksheet.merged_cells.add(f"{letter(first)}{row}:{letter(last)}{row + down}")

    def fit(self, row: int, texts: Sequence[tuple[str, float]], size: float = 10, bold: bool = False) -> None:
        """Make a row high enough for wrapped texts in columns of these widths; other texts keep what they need."""
        count = max((lines(text, wide, size, bold) for text, wide in texts), default=1)
        self._heights[row] = max(self._heights.get(row, 0.0), height(count, size))

    def set_height(self, row: int, points: float) -> None:
        """Height of a row in points."""
        self._heights[row] = points

    def widths(self, widths: Sequence[float], first: int = 1) -> None:
        """Widths of columns side by side, in Excel's units."""
        for column, wide in enumerate(widths, first):
            self.worksheet.column_dimensions[letter(column)].width = wide

    def hide_columns(self, first: int, last: int) -> None:
        """Keep the columns that only formulas need out of sight."""
        for column in range(first, last + 1):
            self.worksheet.column_dimensions[letter(column)].hidden = True

    def define(self, name: str, cells: str) -> None:
        """A short name for cells, valid in this sheet's formulas only."""
        self.worksheet.defined_names[name] = DefinedName(name, attr_text=cells)

    def seal(self, row: int) -> None:
        """Say that a row is finished: it then takes a fraction of the memory, and no more cells."""
        self._sealed[row] = self._row_xml(row)
        self._rows[row] = _NO_MORE

    def rows_xml(self) -> Iterator[bytes]:
        """The rows as they stand inside <sheetData>, from the top."""
        for row in sorted(self._rows.keys() | self._heights.keys()):
            yield self._sealed[row] if row in self._sealed else self._row_xml(row)

    @property
    def dimension(self) -> str:
        """The used range."""
        return f"A1:{letter(self._last_column)}{max(self._rows, default=1)}"

    def _row_xml(self, row: int) -> bytes:
        tall = self._heights.get(row)
        attributes = f' ht="{tall:g}" customHeight="1"' if tall else ""
        cells = self._rows.get(row, {})
        return f'<row r="{row}"{attributes}>{"".join(cells[column] for column in sorted(cells))}</row>'.encode()

    def _cell(self, row: int, column: int, style: int, kind: str, content: str) -> None:
        self._last_column = max(self._last_column, column)
        cells = self._rows.setdefault(row, {})
        if cells is _NO_MORE:
            raise ValueError(f"row {row} of {self.name} is sealed")
        cells[column] = f'<c r="{letter(column)}{row}" s="{style}"{kind}>{content}</c>'


def serial(moment: date | datetime) -> float:
    """A day, or an instant by the clock in Hà Nội, as Excel counts days."""
    if not isinstance(moment, datetime):
        return float((moment - _DAY_ZERO.date()).days)
    local = moment.astimezone(HANOI).replace(tzinfo=None) if moment.tzinfo else moment
    return round((local - _DAY_ZERO) / timedelta(days=1), 11)  # to the microsecond: fewer show 16:59 for 17:00


def _content(value: Value) -> str:
    """What stands in a cell of a constant that is no text."""
    match value:
        case None | str():
            return ""
        case date():
            return f"<v>{_number(serial(value))}</v>"
        case _:
            return f"<v>{_number(value)}</v>" if math.isfinite(value) else ""


def _number(value: int | float | Decimal) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = repr(float(value)) if isinstance(value, float) else str(int(value))
    return text.removesuffix(".0")


def _cached(value: Cached) -> tuple[str, str]:
    if value is None or isinstance(value, str):
        return ' t="str"', f"<v>{escape(clean(value or ''))}</v>"
    return ("", f"<v>{_number(value)}</v>") if math.isfinite(value) else (' t="str"', "<v></v>")
