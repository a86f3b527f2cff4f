"""Looking through a Word or Excel file: every part unpacked within bounds, nothing in it runs or fetches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NoReturn
from xml.parsers import expat

from survey.core.file_faults import FileError, FileFault, FileKind
from survey.core.zip_parts import Part, pieces_of, read_parts

LARGEST_UNPACKED = 200 * 2**20  # bytes of all parts
LARGEST_READ = 4 * 2**20  # bytes of a part that is understood here
TYPES = "[Content_Types].xml"
_MAIN = {
    f"application/vnd.openxmlformats-officedocument.{kind}.main+xml": found
    for kind, found in (("wordprocessingml.document", FileKind.DOCX), ("spreadsheetml.sheet", FileKind.XLSX))
}
_RUNS = re.compile(r"vbaproject\.bin$|vbadata\.xml$|/macrosheets/|/dialogsheets/|/activex/|\.(?:doc|dot|xls|xlt|ppt)m$")
_FETCHES = frozenset({"xl/connections.xml", "xl/model/item.data"})
_OTHER_FILE = "\x01Ole10Native".encode("utf-16-le")  # any file, packed into the document to be opened from it
_HERE = re.compile(r"(?:file:///)?[A-Za-z]:[\\/].*|[^:\\/]+(?:/[^:\\/]+)*", re.DOTALL)  # of a disk, or beside the file
_DEFINED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)|<\0!\0(?:D\0O\0C|E\0N\0T)|\0<\0!(?:\0D\0O\0C|\0E\0N\0T)")


def office_kind(content: bytes) -> FileKind:
    """Whether a package is a Word or an Excel file. Raises FileError."""
    parts = read_parts(content)
    if sum(part.size for part in parts) > LARGEST_UNPACKED:
        raise FileError(FileFault.PACKED)
    names = {part.name.lower() for part in parts}
    for name in sorted(names):
        if _RUNS.search(name):
            raise FileError(FileFault.MACROS)
        if name in _FETCHES:
            raise FileError(FileFault.LINKS, name)
    if TYPES.lower() not in names:
        raise FileError(FileFault.ARCHIVE)
    kind: FileKind | None = None
    for part in parts:
        read = _look_through(content, part)
        if part.name.lower() == TYPES.lower():
            kind = _kind_told(read)
        elif part.name.lower().endswith(".rels"):
            _check_targets(read, part.name)
    if kind is None:
        raise FileError(FileFault.UNKNOWN)
    return kind


def _look_through(content: bytes, part: Part) -> bytes:
    """Unpack a part and check it; what it holds, of parts that are understood here."""
    name, kept, before = part.name.lower(), bytearray(), b""
    is_xml, is_read = name.endswith((".xml", ".rels")), name.endswith(".rels") or name == TYPES.lower()
    if is_read and part.size > LARGEST_READ:
        raise FileError(FileFault.PACKED, part.name)
    for first, piece in _numbered(pieces_of(content, part)):
        if first and is_xml and _DEFINED.search(piece):
            raise FileError(FileFault.BROKEN, part.name)
        if name.endswith(".bin") and _OTHER_FILE in before + piece:
            raise FileError(FileFault.ACTIVE, part.name)
        before = piece[-len(_OTHER_FILE) :]
        if is_read:
            kept += piece
    return bytes(kept)


def _numbered(pieces: Iterator[bytes]) -> Iterator[tuple[bool, bytes]]:
    for place, piece in enumerate(pieces):
        yield place == 0, piece


def _kind_told(types: bytes) -> FileKind | None:
    """The kind that the list of types tells. Raises FileError for one with macros."""
    found: list[FileKind] = []

    def take(tag: str, attributes: dict[str, str]) -> None:
        told = attributes.get("ContentType", "")
        if "macroenabled" in told.lower() or "vbaproject" in told.lower():
            raise FileError(FileFault.MACROS)
        if tag == "Override" and told in _MAIN:
            found.append(_MAIN[told])

    _parse(types, take, TYPES)
    return found[0] if len(set(found)) == 1 else None


def _check_targets(relations: bytes, name: str) -> None:
    """Raise FileError where a part is fetched from elsewhere; links that one must press are none."""

    def take(tag: str, attributes: dict[str, str]) -> None:
        if tag != "Relationship" or attributes.get("TargetMode", "").lower() != "external":
            return
        if attributes.get("Type", "").rpartition("/")[2] == "hyperlink":
            return
        if not _HERE.fullmatch(attributes.get("Target", "")):
            raise FileError(FileFault.LINKS, name)

    _parse(relations, take, name)


def _parse(text: bytes, take: Callable[[str, dict[str, str]], None], name: str) -> None:
    """Tell `take` every tag of a short part, without its namespace. Raises FileError."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: object) -> NoReturn:
        raise FileError(FileFault.BROKEN, name)

    def start(tag: str, attributes: dict[str, str]) -> None:
        take(tag.rpartition(" ")[2], attributes)

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except FileError:
        raise
    except (expat.ExpatError, ValueError, LookupError):  # no XML, or in letters that nobody uses
        raise FileError(FileFault.BROKEN, name) from None
