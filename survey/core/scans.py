"""What a scan is: PDF, PNG or JPEG, told by its content alone, whole and without anything that runs."""

from __future__ import annotations

import re
from enum import StrEnum

from survey.core.characters import clean_text

LONGEST_NAME = 100  # characters of a kept file name, its ending included


class ScanKind(StrEnum):
    """A kind of file that is taken, by its media type."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"

    @property
    def ending(self) -> str:
        """How the name of such a file ends."""
        return {ScanKind.PDF: ".pdf", ScanKind.PNG: ".png", ScanKind.JPEG: ".jpg"}[self]


class ScanFault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    UNKNOWN = "unknown"  # neither PDF nor picture, whatever its name says
    CUT_SHORT = "cut_short"  # begins as one and does not end as one
    ACTIVE = "active"  # a PDF with a program, another file or a command in it


class ScanError(ValueError):
    """A file that is no scan."""

    def __init__(self, fault: ScanFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


_TAIL = 2048  # bytes at the end in which a whole file has its end mark
_PDF = re.compile(rb"%PDF-[12]\.[0-9]")
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData)\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")  # a letter of a PDF name, hidden
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def scan_kind(content: bytes) -> ScanKind:
    """The kind of a whole, passive scan. Raises ScanError."""
    if not content:
        raise ScanError(ScanFault.EMPTY)
    tail = content[-_TAIL:]
    if _PDF.match(content):
        _check(b"%%EOF" in tail)
        if _ACTIVE.search(_ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)):
            raise ScanError(ScanFault.ACTIVE)
        return ScanKind.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        _check(b"IEND\xaeB`\x82" in tail)
        return ScanKind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        _check(b"\xff\xd9" in tail)
        return ScanKind.JPEG
    raise ScanError(ScanFault.UNKNOWN)


def _check(whole: bool) -> None:
    if not whole:
        raise ScanError(ScanFault.CUT_SHORT)


def kept_name(name: str, kind: ScanKind) -> str:
    """A file name that every system can hold: no path, no control characters, the ending of what it really is."""
    base = re.split(r"[\\/]", clean_text(name).replace("\n", " ").replace("\t", " "))[-1]
    stem = base.rpartition(".")[0] if "." in base.strip(". ") else base
    stem = " ".join(_FORBIDDEN.sub(" ", stem).split()).strip(". ")
    return (stem[: LONGEST_NAME - len(kind.ending)].rstrip(". ") or "ban-quet") + kind.ending
