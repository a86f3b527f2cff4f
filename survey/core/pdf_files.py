"""Looking through a PDF: whole, without a password, without anything that runs, also inside its packed objects."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from survey.core.file_faults import FileError, FileFault

TAIL = 2048  # bytes at the end in which a whole file has its end mark
MOST_UNPACKED = 64 * 2**20  # bytes of packed objects
MOST_STREAMS = 20_000
_CHUNK = 2**16
_FAR = 1000  # bytes in which the stream of a packed object begins
_LONGEST = 64  # bytes of a name, its letters hidden


def _name(word: str) -> bytes:
    """A name of PDF as a pattern: each letter as it is, or hidden as # and its code."""
    return "".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in word).encode()


_HEAD = re.compile(rb"%PDF-[12]\.[0-9]")
_RUNS = ("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "ImportData")
_ACTIVE = re.compile(b"/(?:" + b"|".join(_name(word) for word in _RUNS) + rb")(?![\w#])")
_LOCKED = re.compile(b"/" + _name("Encrypt") + rb"\s*(?:\d{1,10}\s+\d{1,5}\s+R|<<)")
_PACKED = re.compile(b"/" + _name("ObjStm") + rb"(?![\w#])")


def check_pdf(content: bytes) -> None:
    """Raise FileError for what is no whole, passive, open PDF."""
    if not _HEAD.match(content) or b"%%EOF" not in content[-TAIL:]:
        raise FileError(FileFault.CUT_SHORT)
    if _LOCKED.search(content):
        raise FileError(FileFault.ENCRYPTED)
    if _ACTIVE.search(content):
        raise FileError(FileFault.ACTIVE)
    _check_packed(content)


def _check_packed(content: bytes) -> None:
    """Look through the packed objects, few bytes at a time. Raises FileError."""
    left = MOST_UNPACKED  # of what is read and of what comes out, together
    for place in _packed_places(content):
        before = b""
        for read, piece in _unpack(memoryview(content)[place:]):
            left -= read + len(piece)
            if left <= 0:
                raise FileError(FileFault.PACKED)
            if _ACTIVE.search(before + piece):
                raise FileError(FileFault.ACTIVE)
            before = piece[-_LONGEST:]


def _packed_places(content: bytes) -> Iterator[int]:
    """Where packed objects begin. Raises FileError for more of them than any document has."""
    for count, found in enumerate(_PACKED.finditer(content)):
        if count >= MOST_STREAMS:
            raise FileError(FileFault.PACKED)
        place = content.find(b"stream", found.end(), found.end() + _FAR)
        if place >= 0:
            place += len(b"stream")
            yield place + (2 if content[place : place + 2] == b"\r\n" else 1)


def _unpack(packed: memoryview) -> Iterator[tuple[int, bytes]]:
    """What a deflated stream holds, as far as it can be read: bytes read for it, and a piece of it."""
    stream = zlib.decompressobj()
    for start in range(0, len(packed), _CHUNK):
        piece: bytes | memoryview = packed[start : start + _CHUNK]
        read = len(piece)
        while piece and not stream.eof:
            try:
                got = stream.decompress(piece, _CHUNK)
            except zlib.error:  # packed otherwise, or no such stream
                return
            piece = stream.unconsumed_tail
            yield read, got
            read = 0
        if stream.eof:
            return
