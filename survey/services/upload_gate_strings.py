"""The parts beside a sheet, read in the limited process: shared texts, and which styles show a number as a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from survey.services.upload_gate_faults import Found, Stop

DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))  # built in
_NO_SIGN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')  # of a number format: quoted, colours, escaped, padding
_CODED = re.compile("_x([0-9A-Fa-f]{4})_")


def safe_parser() -> expat.XMLParserType:
    """An XML parser that knows no definitions and no entities of the file."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> NoReturn:
        raise Stop(Found("entities"))

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.buffer_text = True
    return parser


def decode(text: str) -> str:
    """What a text of a workbook says: _x000A_ and its like are the characters they stand for."""
    return _CODED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def read_strings(chunks: Iterator[bytes]) -> list[str]:
    """The shared texts in their order, without how they are pronounced."""
    texts: list[str] = []
    parts: list[str] = []
    inside = [False, False]  # in <t>, in <rPh>

    def start(tag: str, _: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "t":
            inside[0] = True
        elif name == "rPh":
            inside[1] = True

    def end(tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "t":
            inside[0] = False
        elif name == "rPh":
            inside[1] = False
        elif name == "si":
            texts.append(decode("".join(parts)))
            parts.clear()

    def characters(text: str) -> None:
        if inside[0] and not inside[1]:
            parts.append(text)

    parser = safe_parser()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    for chunk in chunks:
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return texts


def read_date_styles(chunks: Iterator[bytes]) -> frozenset[int]:
    """The styles, by their number, that show a number as a date or time."""
    formats: dict[int, bool] = dict.fromkeys(DATE_FORMATS, True)
    styles: list[int] = []
    inside = [False]

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "numFmt":
            shown = _NO_SIGN.sub("", attributes.get("formatCode", "")).lower()
            formats[int(attributes.get("numFmtId", "0"))] = bool(re.search("[dmyhs]", shown.replace("general", "")))
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0]:
            styles.append(int(attributes.get("numFmtId", "0")))

    def end(tag: str) -> None:
        if tag.rpartition(":")[2] == "cellXfs":
            inside[0] = False

    parser = safe_parser()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    for chunk in chunks:
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return frozenset(place for place, form in enumerate(styles) if formats.get(form, False))
