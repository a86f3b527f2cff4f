"""How sheets sit on paper and on screen: A4 landscape, repeated headers, page numbers, frozen panes, level colours."""

from __future__ import annotations

import math

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.excel.sheet import literal
from reports.excel.styles import GREEN, GREY, RED, RULE
from reports.palette import LEVEL_COLOURS, LEVEL_INKS, level_colour
from survey.core.questionnaire import Level

CENTIMETRE = 1 / 2.54  # inches
PAPER = 145.0  # column units that A4 landscape takes at full size
LONGEST_FOOT = 230  # characters; Excel takes 255 with its codes
SMALLEST = 0.55  # scale under which print is no longer read


def set_page(worksheet: Worksheet, area: str, header_rows: str, footer: str, title_columns: str = "") -> None:
    """A4 landscape, fitted to its width, or to as many pages across as keep it legible."""
    setup = worksheet.page_setup
    setup.orientation, setup.paperSize = "landscape", 9
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    across = max(1, math.ceil(_width(worksheet, area) * SMALLEST / PAPER))
    setup.fitToWidth, setup.fitToHeight = across, 0
    if across > 1:
        setup.pageOrder = "overThenDown"
    margins = worksheet.page_margins
    margins.left = margins.right = 1.2 * CENTIMETRE
    margins.top, margins.bottom = 1.4 * CENTIMETRE, 1.5 * CENTIMETRE
    margins.header = margins.footer = 0.7 * CENTIMETRE
    worksheet.print_area = area
    worksheet.print_title_rows = header_rows
    if title_columns and across > 1:
        worksheet.print_title_cols = title_columns
    worksheet.print_options.horizontalCentered = across == 1
    worksheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(_header_text(footer), size=8), right=_HeaderFooterPart("&P/&N", size=8)
    )


def _header_text(text: str) -> str:
    return text.replace("&", "&&")[:LONGEST_FOOT]


def _width(worksheet: Worksheet, area: str) -> float:
    """Sum of the visible columns of a print area."""
    first, _, last, _ = range_boundaries(area)
    shapes = (worksheet.column_dimensions[get_column_letter(c)] for c in range(first or 1, (last or 1) + 1))
    return float(sum(shape.width for shape in shapes if not shape.hidden))


def freeze(worksheet: Worksheet, cell: str, zoom: int = 100) -> None:
    """Keep what is above and left of `cell` in sight."""
    worksheet.freeze_panes = cell
    view = worksheet.sheet_view
    view.showGridLines, view.zoomScale = False, zoom


def _rule(
    condition: str, font: Font | None = None, fill: PatternFill | None = None, border: Border | None = None
) -> Rule:
    return Rule(type="expression", formula=[condition], dxf=DifferentialStyle(font=font, fill=fill, border=border))


def colour_levels(worksheet: Worksheet, area: str, first: str, levels: tuple[Level, ...], language: str) -> None:
    """Colour the cells of an area that hold a level's name; `first` is its first cell."""
    for place, level in enumerate(levels):
        colour = level_colour(place, len(levels))
        rule = _rule(
            f"{first}={literal(level.name.in_language(language))}",
            fill=PatternFill(bgColor=LEVEL_COLOURS[colour]),
            font=Font(color=LEVEL_INKS[colour], bold=colour == len(LEVEL_COLOURS) - 1),
        )
        worksheet.conditional_formatting.add(area, rule)


def dim(worksheet: Worksheet, area: str, condition: str) -> None:
    """Grey italics where a condition holds: figures that do not count yet."""
    worksheet.conditional_formatting.add(area, _rule(condition, font=Font(color=GREY, italic=True)))


def blank(worksheet: Worksheet, areas: str, condition: str) -> None:
    """Show nothing where a condition holds: a 0 that nobody gave."""
    nothing = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode=";;;"))
    worksheet.conditional_formatting.add(areas, Rule(type="expression", formula=[condition], dxf=nothing))


def mark(worksheet: Worksheet, area: str, condition: str, *, good: bool) -> None:
    """Green or red bold where a condition holds."""
    font = Font(color=GREEN if good else RED, bold=True)
    worksheet.conditional_formatting.add(area, _rule(condition, font=font))


def frame(worksheet: Worksheet, area: str, condition: str) -> None:
    """Thin lines around the cells of a list that is as long as its content."""
    side = Side(style="thin", color=RULE)
    border = Border(left=side, right=side, top=side, bottom=side)
    worksheet.conditional_formatting.add(area, _rule(condition, border=border))
