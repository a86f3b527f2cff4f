"""The texts of a workbook, each kept once; cells hold their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from xml.sax.saxutils import escape

LONGEST = 32_767  # characters in a cell
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads _x0041_ as A, and LibreOffice even mang_xa_hoi as "mang", line feed, "hoi".
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]+_)")
_AT_ONCE = 4096

PART = "xl/sharedStrings.xml"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT_TYPE = f'<Override PartName="/{PART}" ContentType="{_SPREADSHEET}.sharedStrings+xml"/>'
RELATIONSHIP = f'<Relationship Id="rIdTexts" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'


def clean(text: str) -> str:
    """A text without what a workbook cannot hold."""
    return _NOT_XML.sub("", text)[:LONGEST]


class SharedTexts:
    """Every text once, numbered in the order first asked for."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number that stands for a text in its cells."""
        return self._numbers.setdefault(text, len(self._numbers))

    def part(self) -> Iterator[bytes]:
        """The package's part, piece by piece."""
        yield (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            f' uniqueCount="{len(self._numbers)}">'
        ).encode()
        texts = iter(self._numbers)
        while some := list(islice(texts, _AT_ONCE)):
            yield "".join(f'<si><t xml:space="preserve">{_written(text)}</t></si>' for text in some).encode()
        yield b"</sst>"


def _written(text: str) -> str:
    return escape(_CODED.sub("_x005F_", clean(text)))
