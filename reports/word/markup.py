"""WordprocessingML as text: runs, paragraphs, cells, rows and tables of our documents, every text escaped once.

Lengths are in centimetres, sizes of letters in points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from survey.core.characters import clean_text

LINES = '<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
OPEN = '<w:tcBorders><w:left w:val="nil"/><w:bottom w:val="nil"/><w:right w:val="nil"/></w:tcBorders>'
SHADE = "EDEDED"  # of headings in tables
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def twips(centimetres: float) -> int:
    """A length as Word counts it."""
    return round(centimetres * 567)


def run(text: str, size: float = 0, *, bold: bool = False, italic: bool = False, underlined: bool = False) -> str:
    """Letters of one kind; line ends are kept."""
    marks = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    marks += f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>' if size else ""
    marks += '<w:u w:val="single"/>' if underlined else ""
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean_text(text).split("\n"))
    return f"<w:r><w:rPr>{marks}</w:rPr>{'<w:br/>'.join(lines)}</w:r>"


def field(code: str, size: float = 0) -> str:
    """A figure that Word fills in: PAGE, NUMPAGES."""
    marks = f'<w:rPr><w:sz w:val="{round(size * 2)}"/></w:rPr>' if size else ""
    parts = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {code} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return "".join(f"<w:r>{marks}{part}</w:r>" for part in parts)


def paragraph(
    *runs: str,
    align: str = "left",
    keep: bool = False,
    before: float = 0,
    after: float = 0,
    first: float = 0,
    rule: float = 0,
    sides: float = 0,
    heading: bool = False,
) -> str:
    """One paragraph; `keep` holds it on the page of the next one, `rule` indents a line drawn above it from both sides.

    `before` and `after` are in points, `first` indents the first line, `sides` every line from both sides, `heading`
    shows it in the outline.
    """
    marks = "<w:keepNext/>" if keep else ""
    marks += "<w:keepLines/>" if keep else ""
    if rule:
        marks += '<w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
    line = ' w:line="40" w:lineRule="exact"' if rule else ""
    marks += f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"{line}/>'
    if rule or sides:
        marks += f'<w:ind w:left="{twips(rule or sides)}" w:right="{twips(rule or sides)}"/>'
    elif first:
        marks += f'<w:ind w:firstLine="{twips(first)}"/>'
    marks += f'<w:jc w:val="{align}"/>' + ('<w:outlineLvl w:val="0"/>' if heading else "")
    return f"<w:p><w:pPr>{marks}</w:pPr>{''.join(runs)}</w:p>"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: paragraphs, columns spanned, whether it goes on below ("restart") or from above ("continue")."""

    content: str
    span: int = 1
    merge: str = ""
    shaded: bool = False
    open: bool = False  # no lines beside and below it


def row(cells: Sequence[Cell], widths: Sequence[float], *, header: bool = False, height: float = 0) -> str:
    """One row, never torn between pages; `header` repeats it on every page, `height` is its least."""
    marks = "<w:cantSplit/>"
    marks += f'<w:trHeight w:val="{twips(height)}" w:hRule="atLeast"/>' if height else ""
    marks += "<w:tblHeader/>" if header else ""
    written, at = [], 0
    for cell in cells:
        width = sum(widths[at : at + cell.span])
        at += cell.span
        inner = f'<w:tcW w:w="{twips(width)}" w:type="dxa"/>'
        inner += f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
        inner += f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
        inner += OPEN if cell.open else ""
        inner += f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/>' if cell.shaded else ""
        written.append(f"<w:tc><w:tcPr>{inner}</w:tcPr>{cell.content or paragraph()}</w:tc>")
    return f"<w:tr><w:trPr>{marks}</w:trPr>{''.join(written)}</w:tr>"


def table(rows: Sequence[str], widths: Sequence[float], *, lines: bool = True, gap: int = 0) -> str:
    """A table of fixed widths, with lines or without; `gap` (twips) parts columns that have no lines."""
    border = "".join(LINES.format(side=side) for side in SIDES) if lines else ""
    margin = 80 if lines else gap
    marks = f'<w:tblW w:w="{sum(twips(width) for width in widths)}" w:type="dxa"/>'
    marks += f'<w:tblInd w:w="{margin}" w:type="dxa"/>' + (f"<w:tblBorders>{border}</w:tblBorders>" if lines else "")
    marks += '<w:tblLayout w:type="fixed"/>'
    sides = ("top", 20), ("left", margin), ("bottom", 20), ("right", margin)
    marks += "<w:tblCellMar>" + "".join(f'<w:{side} w:w="{w}" w:type="dxa"/>' for side, w in sides) + "</w:tblCellMar>"
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    return f"<w:tbl><w:tblPr>{marks}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
