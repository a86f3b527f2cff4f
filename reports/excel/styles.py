"""How cells look: a small set of frozen styles, each registered once in the workbook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook import Workbook

from survey.core.modifiers import Counts
from survey.core.questionnaire import Questionnaire

INK = "1B2733"
GREY = "5F6B78"
BLUE = "12436D"
RULE = "B8C2CC"  # thin lines
HEAD = "E6ECF2"  # header cells
BAND = "F3F6F9"  # group rows
EDITABLE = "FFF8DC"  # cells that may be changed by hand
WARNING = "8A5A00"
RED = "A61B1B"
GREEN = "1E6B3A"

SANS = "Arial"
SERIF = "Times New Roman"  # of printed annexes

PERCENT = "0.00%"
INTEGER = "#,##0"
DAY = "dd/mm/yyyy"
MOMENT = "dd/mm/yyyy hh:mm"


def points_format(decimals: int | None) -> str:
    """Number format of points: 1.234,50, or all digits where they are not rounded."""
    if decimals is None:
        return "#,##0.00####"
    return "#,##0." + "0" * decimals if decimals else INTEGER


def maxima_format(questionnaire: Questionnaire, counts: Counts = Counts.POINTS) -> str:
    """Number format of maxima: without decimals where none has any, signed where they add to no maximum."""
    whole = all(indicator.maximum.denominator == 1 for indicator in questionnaire.indicators)
    return _SIGNS[counts] + (INTEGER if whole else points_format(None))


_SIGNS = {Counts.POINTS: "", Counts.BONUS: '"+"', Counts.PENALTY: '"−"'}


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a cell."""

    font: str = SANS
    size: float = 10
    bold: bool = False
    italic: bool = False
    color: str = INK
    fill: str = ""
    horizontal: str = ""  # left, center, right; "" is Excel's own
    vertical: str = "center"
    wrap: bool = False
    indent: int = 0
    border: str = ""  # "", thin, bottom
    number: str = "General"
    rotation: int = 0
    quoted: bool = False  # stays text when the cell is edited
    underline: bool = False
    unlocked: bool = False  # may be typed into on a protected sheet

    def but(self, **changes: object) -> Style:
        """This style with changes."""
        return replace(self, **changes)  # type: ignore[arg-type]  # names and types are the fields' own


TITLE = Style(size=15, bold=True, color=BLUE)
SUBTITLE = Style(size=10, color=GREY)
NOTICE = Style(size=10, italic=True, color=WARNING)
HEADER = Style(bold=True, fill=HEAD, horizontal="center", wrap=True, border="thin", size=9)
TEXT = Style(border="thin", wrap=True)
LINE = Style(border="thin")
CENTERED = Style(border="thin", horizontal="center")
CODE = Style(border="thin", color=GREY, size=9)
COUNT = Style(border="thin", number=INTEGER)
RATE = Style(border="thin", number=PERCENT)


class StyleBook:
    """The styles of one workbook: asked by look, answered by Excel's number for it."""

    def __init__(self, workbook: Workbook) -> None:
        # Column widths count digits of the workbook's first font: ours, so that they are the same everywhere.
        first: Any = workbook
        first._fonts[0] = Font(name=SANS, size=10, family=2)
        first._named_styles["Normal"].font = first._fonts[0]
        self._scratch = workbook.create_sheet("scratch")
        self._workbook = workbook
        self._numbers: dict[Style, int] = {}

    def number(self, style: Style) -> int:
        """Index of the style among the workbook's cell formats."""
        if style not in self._numbers:
            self._numbers[style] = self._register(style)
        return self._numbers[style]

    def close(self) -> None:
        """Remove the sheet that styles were tried on; the formats stay."""
        self._workbook.remove(self._scratch)

    def _register(self, style: Style) -> int:
        cell = Cell(self._scratch, row=1, column=1)
        cell.font = Font(
            name=style.font,
            size=style.size,
            bold=style.bold,
            italic=style.italic,
            color=style.color,
            underline="single" if style.underline else None,
        )
        if style.fill:
            cell.fill = PatternFill("solid", start_color=style.fill, end_color=style.fill)
        cell.alignment = Alignment(
            horizontal=style.horizontal or None,
            vertical=style.vertical,
            wrap_text=style.wrap or None,
            indent=style.indent,
            text_rotation=style.rotation,
        )
        if style.border:
            side = Side(style="thin", color=RULE if style.font == SANS else "000000")
            bottom = style.border == "bottom"
            cell.border = Border(bottom=side) if bottom else Border(left=side, right=side, top=side, bottom=side)
        cell.number_format = style.number
        if style.unlocked:
            cell.protection = Protection(locked=False)
        cell._style.quotePrefix = int(style.quoted)  # type: ignore[attr-defined]  # openpyxl offers no other door
        return int(cell.style_id)
