"""The kinds of files that are taken, and why one is not."""

from __future__ import annotations

from enum import StrEnum


class FileKind(StrEnum):
    """A kind of file that is taken, by its media type."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PNG = "image/png"
    JPEG = "image/jpeg"

    @property
    def ending(self) -> str:
        """How the name of such a file ends."""
        return {
            FileKind.PDF: ".pdf",
            FileKind.DOCX: ".docx",
            FileKind.XLSX: ".xlsx",
            FileKind.PNG: ".png",
            FileKind.JPEG: ".jpg",
        }[self]

    @property
    def short(self) -> str:
        """The kind as people call it."""
        return self.ending[1:].upper()


class FileFault(StrEnum):
    """Why a file is not taken; its sentence is `files.<fault>`."""

    EMPTY = "empty"
    UNKNOWN = "unknown"  # none of the kinds that are taken, whatever its name says
    PROGRAM = "program"
    WEB = "web"  # a web page, SVG or other XML
    ARCHIVE = "archive"
    OLD_OFFICE = "old_office"  # .doc, .xls, .ppt
    CUT_SHORT = "cut_short"  # begins as one and does not end as one
    BROKEN = "broken"  # its parts are not what they say
    ENCRYPTED = "encrypted"  # behind a password, or locked by one
    ACTIVE = "active"  # a PDF or document with a program, another file or a command in it
    MACROS = "macros"
    LINKS = "links"  # fetches something from elsewhere when it is opened
    PACKED = "packed"  # grows beyond measure when it is opened
    NAMES = "names"  # a part with a name that would leave its folder


class FileError(ValueError):
    """A file that is not taken; `part` is where inside it, "" for the whole."""

    def __init__(self, fault: FileFault, part: str = "") -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.part = part
