"""From sheets to the bytes of an .xlsx file: openpyxl writes the package, our rows are put into its sheets."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

from openpyxl.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter

from reports.excel.sheet import Sheet
from reports.excel.strings import CONTENT_TYPE, PART, RELATIONSHIP, SharedTexts

_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"\s*/>')
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
CHUNK = 64  # rows written at once


def save(workbook: Workbook, sheets: Iterable[Sheet], texts: SharedTexts, taken_at: datetime) -> bytes:
    """The finished file. Its times are `taken_at`, so that one snapshot always makes the same bytes."""
    frame = io.BytesIO()
    with zipfile.ZipFile(frame, "w", zipfile.ZIP_STORED) as archive:
        ExcelWriter(workbook, archive).save()
    by_path = {sheet.worksheet.path.removeprefix("/"): sheet for sheet in sheets}
    stamp = taken_at.astimezone(UTC)
    finished = io.BytesIO()
    with zipfile.ZipFile(frame) as source, zipfile.ZipFile(finished, "w") as target:

        def write(name: str, pieces: Iterable[bytes]) -> None:
            entry = zipfile.ZipInfo(name, date_time=stamp.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with target.open(entry, "w") as stream:
                for piece in pieces:
                    stream.write(piece)

        for name in source.namelist():
            part = source.read(name)
            write(name, _with_rows(part, by_path[name]) if name in by_path else (_completed(name, part, stamp),))
        write(PART, texts.part())
    return finished.getvalue()


def _completed(name: str, part: bytes, stamp: datetime) -> bytes:
    """A part as openpyxl wrote it, with the shared texts made known and the time of the snapshot."""
    match name:
        case "docProps/core.xml":
            return _MODIFIED.sub(rb"\g<1>" + f"{stamp:%Y-%m-%dT%H:%M:%SZ}".encode() + rb"\g<2>", part)
        case "[Content_Types].xml":
            return part.replace(b"</Types>", CONTENT_TYPE.encode() + b"</Types>")
        case "xl/_rels/workbook.xml.rels":
            return part.replace(b"</Relationships>", RELATIONSHIP.encode() + b"</Relationships>")
        case _:
            return part


def _with_rows(part: bytes, sheet: Sheet) -> Iterator[bytes]:
    """A sheet as openpyxl wrote it, with our rows in it, piece by piece."""
    part = _DIMENSION.sub(f'<dimension ref="{sheet.dimension}"/>'.encode(), part, count=1)
    # Codes such as 1.10 are texts on purpose: Excel need not mark them as numbers stored as text.
    quiet = f'<ignoredErrors><ignoredError sqref="{sheet.dimension}" numberStoredAsText="1"/></ignoredErrors>'
    part = part.replace(b"</worksheet>", quiet.encode() + b"</worksheet>")
    start, end = _span(part)
    yield part[:start] + b"<sheetData>"
    rows = sheet.rows_xml()
    while chunk := b"".join(islice(rows, CHUNK)):
        yield chunk
    yield b"</sheetData>" + part[end:]


def _span(part: bytes) -> tuple[int, int]:
    """Where the rows of a sheet stand. Raises ValueError for a part that is no sheet."""
    found = _ROWS.search(part)
    if found is None:
        raise ValueError("a sheet without rows")
    return found.span()
