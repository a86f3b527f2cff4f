"""What a handed-in file is, told by its content alone: whole, open to all who may see it, and nothing that runs."""

from __future__ import annotations

import re
from collections.abc import Collection

from survey.core.characters import clean_text
from survey.core.file_faults import FileError, FileFault, FileKind
from survey.core.office_files import office_kind
from survey.core.pdf_files import check_pdf
from survey.core.picture_files import check_jpeg, check_png

SCANS = (FileKind.PDF, FileKind.PNG, FileKind.JPEG)  # of signed papers
EVIDENCE = (FileKind.PDF, FileKind.DOCX, FileKind.XLSX, FileKind.PNG, FileKind.JPEG)
LONGEST_NAME = 100  # characters of a kept file name, its ending included

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")  # names that Windows takes for a machine
_WEB = re.compile(rb"(?i)<(?:!doctype|\?xml|html|head|body|svg|script|table|iframe)\b")
_OTHERS: tuple[tuple[bytes, FileFault], ...] = (
    (b"MZ", FileFault.PROGRAM),
    (b"\x7fELF", FileFault.PROGRAM),
    (b"\xcf\xfa\xed\xfe", FileFault.PROGRAM),
    (b"\xca\xfe\xba\xbe", FileFault.PROGRAM),
    (b"#!", FileFault.PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", FileFault.PROGRAM),  # a shortcut of Windows
    (b"Rar!", FileFault.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FileFault.ARCHIVE),
    (b"\x1f\x8b", FileFault.ARCHIVE),
    (b"BZh", FileFault.ARCHIVE),
    (b"\xfd7zXZ", FileFault.ARCHIVE),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def file_kind(content: bytes, taken: Collection[FileKind]) -> FileKind:
    """The kind of a whole, passive file, one of `taken`. Raises FileError."""
    if not content.strip(b"\0 \t\r\n"):
        raise FileError(FileFault.EMPTY)
    kind = _kind(content)
    if kind is None:
        raise FileError(_other(content))
    if kind not in taken:
        raise FileError(FileFault.UNKNOWN)
    return kind


def _kind(content: bytes) -> FileKind | None:
    """The kind that it begins as, once it has been looked through. Raises FileError."""
    if content.startswith(b"%PDF-"):
        check_pdf(content)
        return FileKind.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        check_png(content)
        return FileKind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        check_jpeg(content)
        return FileKind.JPEG
    return office_kind(content) if content.startswith(b"PK\x03\x04") else None


def _other(content: bytes) -> FileFault:
    """What a file that begins as none of ours is, for the sentence about it."""
    if content.startswith(_OLE):
        locked = any(name.encode("utf-16-le") in content for name in ("EncryptedPackage", "EncryptionInfo"))
        return FileFault.ENCRYPTED if locked else FileFault.OLD_OFFICE
    for mark, fault in _OTHERS:
        if content.startswith(mark):
            return fault
    start = content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if _WEB.match(start) or start.replace(b"\0", b"").startswith((b"\xff\xfe<", b"\xfe\xff<")):
        return FileFault.WEB
    return FileFault.UNKNOWN


def kept_name(name: str, kind: FileKind, unnamed: str = "ban-quet") -> str:
    """A file name that every system can hold: no path, no control characters, the ending of what it really is."""
    base = re.split(r"[\\/]", clean_text(name).replace("\n", " ").replace("\t", " "))[-1]
    stem = base.rpartition(".")[0] if "." in base.strip(". ") else base
    stem = " ".join(_FORBIDDEN.sub(" ", stem).split()).strip(". ")
    if _DEVICES.match(stem):
        stem = f"{unnamed} {stem}"
    return (stem[: LONGEST_NAME - len(kind.ending)].rstrip(". ") or unnamed) + kind.ending
