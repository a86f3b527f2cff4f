"""Workbooks for tests of the upload gate: good ones, and ways to spoil them."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from survey.core.errors import Faults
from survey.core.handed_in import Table
from survey.services.upload_gate import Column, read_upload

COLUMNS = (
    Column("code", ("Mã đơn vị", "code"), required=True),
    Column("name", ("Tên đơn vị",), required=True),
    Column("day", ("Ngày",)),
    Column("note", ("Ghi chú",)),
)
HEADINGS = ["Mã đơn vị", "Tên đơn vị", "Ngày", "Ghi chú"]
GOOD = [HEADINGS, ["A", "Sở A", None, "x"], ["B", "Sở B", None, None]]


def workbook(
    *rows: list[Any], title: str = "Đơn vị", also: Callable[[Workbook, Worksheet], object] | None = None
) -> bytes:
    """An xlsx of these rows."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if also is not None:
        also(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def respelled(content: bytes, change: Callable[[str, bytes], bytes | None], *more: tuple[str, bytes]) -> bytes:
    """The package with each part as `change` leaves it (None drops it) and parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
        for item in good.infolist():
            data = change(item.filename, good.read(item))
            if data is not None:
                bad.writestr(item.filename, data)
        for name, data in more:
            bad.writestr(name, data)
    return out.getvalue()


def with_parts(content: bytes, *more: tuple[str, bytes]) -> bytes:
    """The package with parts added."""
    return respelled(content, lambda _, data: data, *more)


def with_sheet(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The package with the XML of its first sheet changed."""
    return respelled(content, lambda name, data: change(data) if name == "xl/worksheets/sheet1.xml" else data)


def with_cell(content: bytes, cell: bytes) -> bytes:
    """The package with B2 of its first sheet written as this XML."""

    def change(xml: bytes) -> bytes:
        found = re.search(rb'<c r="B2".*?</c>', xml)
        assert found is not None
        return xml.replace(found[0], cell)

    return with_sheet(content, change)


def with_strings(content: bytes, strings: bytes) -> bytes:
    """The package with shared texts, of which B2 is the first."""
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = b'<Relationship Id="texts" Type="' + kind + b'" Target="sharedStrings.xml"/></Relationships>'

    def change(name: str, data: bytes) -> bytes:
        return data.replace(b"</Relationships>", relation) if name == "xl/_rels/workbook.xml.rels" else data

    shared = with_cell(content, b'<c r="B2" t="s"><v>0</v></c>')
    return respelled(shared, change, ("xl/sharedStrings.xml", strings))


def many_rows(count: int, row: bytes, content: bytes = b"") -> bytes:
    """A workbook whose first sheet repeats a row without addresses."""

    def change(xml: bytes) -> bytes:
        head, _, tail = xml.partition(b"</sheetData>")
        return head + row * count + b"</sheetData>" + tail

    return with_sheet(content or workbook(*GOOD), change)


def read(content: bytes, name: str = "ds.xlsx", **options: Any) -> Table:
    """Read with the columns of these tests."""
    return read_upload(content, name, COLUMNS, **options)


def faults(content: bytes, name: str = "ds.xlsx", **options: Any) -> list[tuple[str, str]]:
    """(sentence key without room, place) of every fault; each has its sentence in both languages."""
    try:
        table = read(content, name, **options)
    except Faults as found:
        for fault in found.faults:
            for language in ("vi", "en"):
                sentence = fault.sentence(language)
                assert sentence.startswith(fault.place(language))
                assert "{" not in sentence
        return [(fault.key.removeprefix("upload."), fault.place()) for fault in found.faults]
    raise AssertionError(table)
