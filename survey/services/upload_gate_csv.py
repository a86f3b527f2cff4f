"""Reading a CSV file in the limited process: UTF-8 with or without its mark, comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
import io
import re

from survey.services.upload_gate_faults import Found, RawCell, RawTable, Stop, letters_of

MOST_ROWS = 50_000
MOST_COLUMNS = 500
LONGEST = 32_767  # characters of a cell, as in a workbook


def read_csv(content: bytes) -> RawTable:
    """The rows of a CSV file by the line each begins on. Raises Stop."""
    text = _decode(content)
    table = RawTable()
    csv.field_size_limit(LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return table
        except csv.Error as error:
            large = "field larger" in str(error)
            raise Stop(Found("cell_long" if large else "quotes", line, data={"longest": LONGEST})) from None
        filled = {place: RawCell(cell) for place, cell in enumerate(cells, start=1) if cell.strip()}
        if filled:
            _refuse_far(line, max(filled))
            table.rows[line] = filled
        line = reader.line_num + 1


def _refuse_far(line: int, column: int) -> None:
    if line > MOST_ROWS:
        raise Stop(Found("far_row", line, "A", data={"most": MOST_ROWS}))
    if column > MOST_COLUMNS:
        raise Stop(Found("far_column", line, letters_of(column), data={"most": MOST_COLUMNS}))


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:1000]:
        raise Stop(Found("utf16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "kind_unknown"))
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Stop(Found("not_utf8", line)) from None


def _delimiter(text: str) -> str:
    """The sign between columns: whichever of , ; and tab stands most often outside quotes in the first filled line.

    "sep=;" in the first line, as Excel writes it, is no heading and not looked for: it falls out with the title rows.
    """
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("sep="))
    first = next(lines, "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(",;\t", key=bare.count)
