"""Looking through a picture: whole, and not larger when it is shown than any scan is."""

from __future__ import annotations

import struct

from survey.core.file_faults import FileError, FileFault

MOST_DOTS = 250_000_000  # A0 at 300 dpi has 140 million
MOST_SEGMENTS = 5_000
_MARK, _SCAN = 0xFF, 0xDA  # of every segment; where the picture itself begins
_TAIL = 2048  # bytes at the end in which a whole picture has its end mark
_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})  # between C0 and CF: tables, no sizes


def check_png(content: bytes) -> None:
    """Raise FileError for what is no whole PNG."""
    if content[12:16] != b"IHDR" or b"IEND\xaeB`\x82" not in content[-_TAIL:]:
        raise FileError(FileFault.CUT_SHORT)
    _check_size(*struct.unpack(">II", content[16:24]))


def check_jpeg(content: bytes) -> None:
    """Raise FileError for what is no whole JPEG; cameras may put more behind its end."""
    place = 2
    for _ in range(MOST_SEGMENTS):
        head = content[place : place + 9]
        if len(head) < 9 or head[0] != _MARK:
            break
        kind = head[1]
        if kind == _SCAN:
            if content.find(b"\xff\xd9", place) < 0:
                raise FileError(FileFault.CUT_SHORT)
            return
        if 0xC0 <= kind <= 0xCF and kind not in _NO_FRAME:
            height, width = struct.unpack(">HH", head[5:9])
            _check_size(width, height)
        place += 2 + int.from_bytes(head[2:4])
    raise FileError(FileFault.CUT_SHORT if place >= len(content) - 9 else FileFault.BROKEN)


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_DOTS:
        raise FileError(FileFault.PACKED)
