"""The parts of a ZIP package, read within bounds: no list longer and no part larger than it says."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from survey.core.file_faults import FileError, FileFault

MOST_PARTS = 5_000
LARGEST_LIST = 2 * 2**20  # bytes of the list of parts
CHUNK = 2**16
_END, _END64, _LOCATOR, _ENTRY, _LOCAL = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x01\x02", b"PK\x03\x04"
_FULL = 0xFFFFFFFF
_STORED, _DEFLATED = 0, 8
_SHOWN = 80  # characters of a name that are told


@dataclass(frozen=True, slots=True)
class Part:
    """One part as the list tells it."""

    name: str
    raw: bytes  # the name as it lies
    method: int
    crc: int
    packed: int  # bytes
    size: int  # bytes, unpacked
    place: int  # of its own head


def read_parts(content: bytes) -> list[Part]:
    """Every part of a package, with a name that stays inside its folder. Raises FileError."""
    count, size, place = _list_of(content)
    if count > MOST_PARTS or size > LARGEST_LIST:
        raise FileError(FileFault.PACKED)
    if place + size > len(content):
        raise FileError(FileFault.CUT_SHORT)
    found, seen, end = list[Part](), set[str](), place + size
    while place < end:
        part, place = _read_part(content, place, end)
        if part.name.lower() in seen or len(found) >= count:
            raise FileError(FileFault.NAMES, part.name[:_SHOWN])
        seen.add(part.name.lower())
        found.append(part)
    return found


def _list_of(content: bytes) -> tuple[int, int, int]:
    """How many parts there are, and the size and place of their list. Raises FileError."""
    place = content.rfind(_END, max(0, len(content) - 2**16 - 22))
    if place < 0 or place + 22 > len(content):
        raise FileError(FileFault.CUT_SHORT)
    count, size, start = struct.unpack("<10xHII2x", content[place : place + 22])
    if _FULL in (size, start) or count == 0xFFFF:
        before = content[max(0, place - 20) : place]
        if len(before) < 20 or not before.startswith(_LOCATOR):
            raise FileError(FileFault.BROKEN)
        place = struct.unpack("<8xQ4x", before)[0]
        record = content[place : place + 56]
        if len(record) < 56 or not record.startswith(_END64):
            raise FileError(FileFault.BROKEN)
        count, size, start = struct.unpack("<32xQQQ", record)
    return count, size, start


def _read_part(content: bytes, place: int, end: int) -> tuple[Part, int]:
    """The part told at a place of the list, and where the next one is. Raises FileError."""
    head = content[place : place + 46]
    if len(head) < 46 or not head.startswith(_ENTRY):
        raise FileError(FileFault.BROKEN)
    flags, method, crc, packed, size, long, extra, comment, start = struct.unpack("<8xHH4xIIIHHH8xI", head)
    after = place + 46 + long + extra + comment
    if after > end:
        raise FileError(FileFault.BROKEN)
    raw = content[place + 46 : place + 46 + long]
    name = raw.decode("utf-8" if flags & 0x800 else "cp437", "replace")
    if flags & 1:
        raise FileError(FileFault.ENCRYPTED)
    _check_name(name)
    more = content[place + 46 + long : place + 46 + long + extra]
    size, packed, start = _wide(more, size, packed, start)
    if method not in (_STORED, _DEFLATED):
        raise FileError(FileFault.BROKEN, name[:_SHOWN])
    return Part(name, raw, method, crc, packed, size, start), after


def _check_name(name: str) -> None:
    steps = name.split("/")
    if not name or name.startswith("/") or ".." in steps or any(c in name for c in "\\:\0\n\r"):
        raise FileError(FileFault.NAMES, "".join(c for c in name if c.isprintable())[:_SHOWN])


def _wide(extra: bytes, *values: int) -> tuple[int, int, int]:
    """Size, packed size and place, those that do not fit into 32 bits taken from the wide field."""
    found, place = list(values), 0
    while place + 4 <= len(extra) and _FULL in found:
        kind, long = struct.unpack("<HH", extra[place : place + 4])
        if kind == 1:
            wide = [int.from_bytes(extra[at : at + 8], "little") for at in range(place + 4, place + 4 + long - 7, 8)]
            return tuple(wide.pop(0) if one == _FULL and wide else one for one in found)  # type: ignore[return-value]
        place += 4 + long
    return found[0], found[1], found[2]


def pieces_of(content: bytes, part: Part) -> Iterator[bytes]:
    """What a part holds, piece by piece. Raises FileError where it is not what the list says."""
    head = content[part.place : part.place + 30]
    if len(head) < 30 or not head.startswith(_LOCAL):
        raise FileError(FileFault.CUT_SHORT)
    long, extra = struct.unpack("<26xHH", head)
    start = part.place + 30 + long + extra
    if content[part.place + 30 : part.place + 30 + long] != part.raw:
        raise FileError(FileFault.NAMES, part.name[:_SHOWN])
    if start + part.packed > len(content):
        raise FileError(FileFault.CUT_SHORT)
    size = crc = 0
    packed = memoryview(content)[start : start + part.packed]
    for piece in _inflate(packed) if part.method == _DEFLATED else _cut(packed):
        size, crc = size + len(piece), zlib.crc32(piece, crc)
        if size > part.size:
            raise FileError(FileFault.PACKED, part.name[:_SHOWN])
        yield piece
    if (size, crc) != (part.size, part.crc):
        raise FileError(FileFault.BROKEN, part.name[:_SHOWN])


def _cut(packed: memoryview) -> Iterator[bytes]:
    for start in range(0, len(packed), CHUNK):
        yield bytes(packed[start : start + CHUNK])


def _inflate(packed: memoryview) -> Iterator[bytes]:
    stream = zlib.decompressobj(-15)
    try:
        for start in range(0, len(packed), CHUNK):
            piece: bytes | memoryview = packed[start : start + CHUNK]
            while piece:
                got = stream.decompress(piece, CHUNK)
                piece = stream.unconsumed_tail
                if got:
                    yield got
                elif not piece or stream.eof:
                    break
        if rest := stream.flush():
            yield rest
    except zlib.error:
        raise FileError(FileFault.BROKEN) from None
