"""What is printed and signed: the two layouts of official documents, who signs for whom, the code on a sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

PARTY_KIND = "dang"  # khối of the Party's bodies


class Layout(StrEnum):
    """How the head of an official document is laid out."""

    STATE = "state"  # NĐ 30/2020/NĐ-CP; also of the Front and the organisations
    PARTY = "party"  # Hướng dẫn 36-HD/VPTW


def layout_of(kind: str) -> Layout:
    """The layout of bodies of this khối."""
    return Layout.PARTY if kind == PARTY_KIND else Layout.STATE


class Capacity(StrEnum):
    """In what capacity a person signs."""

    OWN = ""
    TM = "TM."  # thay mặt
    KT = "KT."  # ký thay
    TL = "TL."  # thừa lệnh
    TUQ = "TUQ."  # thừa ủy quyền

    def written(self, layout: Layout) -> str:
        """As documents of the layout write it: KT. or K/T."""
        return _PARTY_WRITES.get(self, self.value) if layout is Layout.PARTY else self.value


_PARTY_WRITES = {Capacity.TM: "T/M", Capacity.KT: "K/T", Capacity.TL: "T/L"}
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})  # letters that no code has, as hands write them


def read_code(typed: str) -> str | None:
    """The content code as typed off a sheet, lower-case: its first 8 (7F3A-91C2) or 16 digits or all 64; else None."""
    digits = re.sub(r"[\s\-–—.:]", "", typed).upper().translate(_READ_AS).lower()
    return digits if re.fullmatch(r"(?:[0-9a-f]{8}){1,2}|[0-9a-f]{64}", digits) else None


def is_code_of(code: str, digest: str) -> bool:
    """Whether a code read by `read_code` is that of a content hash."""
    return digest[: len(code)] == code


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of a body's documents."""

    layout: Layout
    above: tuple[str, ...]  # the body above it, in capitals, a part a line; none where none is written
    body: tuple[str, ...]  # its own name, in capitals, a part a line
    place: str  # địa danh; "" where it is not known
    symbol: str  # after the number of a tờ trình: "TTr-UBND"; ends in "-" where the body's letters are not known


_PLACE = re.compile(r"\b(?:phường|xã|đặc khu)\s+(\S.*)$", re.IGNORECASE)
_TOWN = re.compile(r"\b(?:thành phố|tỉnh|Thành ủy|Tỉnh ủy)\s+([A-ZĐÀ-Ỹ]\S*(?:\s+[A-ZĐÀ-Ỹ]\S*)*)$")
_WHOSE = re.compile(r"\s+(?=(?:thành phố|tỉnh|phường|xã|đặc khu)\s)", re.IGNORECASE)
_COMMITTEE = re.compile(r"^Ủy ban (?:nhân dân|Mặt trận)", re.IGNORECASE)
_LONGEST = 24  # capitals that stand in one line of the narrow column of names
_TOGETHER = re.compile(r"\b(VIỆT|ĐẶC) (NAM|KHU)\b")
# What begins a part of a name, so also a line:
_BEFORE = re.compile(r"(?:VÀ|KHU|THÀNH PHỐ|TỈNH|PHƯỜNG|XÃ|ĐẶC\xa0KHU|BỘ TƯ LỆNH) ")
_AFTER = re.compile(r"(?:^|.* )(?:-|PHƯỜNG|XÃ)$")  # ends one, where the part itself is too long
_PARTY_ABOVE = {"Thành ủy": "Đảng bộ thành phố", "Tỉnh ủy": "Đảng bộ tỉnh"}


def letterhead(kind: str, name: str, above: str) -> Letterhead:
    """The head of documents of a body called `name`, `above` being the body above it ("" where there is none)."""
    own = re.sub(r"\bUBND\b", "Ủy ban nhân dân", name)
    layout = layout_of(kind)
    written_above = "" if _COMMITTEE.match(own) else re.sub(r"\bUBND\b", "Ủy ban nhân dân", above)
    if layout is Layout.PARTY:
        own, written_above = _party_names(own, written_above)
    ward = _PLACE.search(name)
    town = next((found for one in (name, above) if (found := _TOWN.search(one))), None)
    place = ward[1] if ward else town[1] if town else ""
    return Letterhead(layout, _lines(written_above), _lines(own), place, _symbol(layout, own))


def _lines(name: str) -> tuple[str, ...]:
    """In capitals; a committee's name is parted before whose it is, a long one by its parts, the country's nowhere."""
    lines = _WHOSE.split(name, maxsplit=1) if _COMMITTEE.match(name) else [name]
    capitals = [_TOGETHER.sub("\\1\xa0\\2", line.upper()) for line in lines if line]
    return tuple(part for line in capitals for part in _parted(tuple(line.split(" ")))[1])


@cache
def _parted(words: tuple[str, ...]) -> tuple[float, tuple[str, ...]]:
    """(cost, lines) of a name: few lines, of like length, parted where its parts begin and never before a dash."""
    whole = " ".join(words)
    best: tuple[float, tuple[str, ...]] = (_cost_of_line(whole), (whole,))
    for place in range(1, len(words)):
        first, rest = " ".join(words[:place]), words[place:]
        if len(first) > _LONGEST or rest[0] == "-":
            continue
        told = f"{' '.join(rest)} "
        parting = 0 if first.endswith(" -") or _BEFORE.match(told) else 10 if _AFTER.match(first) else 40
        cost, lines = _parted(rest)
        best = min(best, (_cost_of_line(first) + parting + cost, (first, *lines)))
    return best


def _cost_of_line(line: str) -> float:
    missing = _LONGEST - len(line)
    return 30 + missing**2 / 20 if missing >= 0 else 1000 - missing


def _party_names(own: str, above: str) -> tuple[str, str]:
    """A committee stands under the Party organisation above it, a board under the committee whose name it carries."""
    if own.startswith("Đảng ủy"):
        first = next((words for words in _PARTY_ABOVE if above.startswith(words)), "")
        return own, above.replace(first, _PARTY_ABOVE[first], 1) if first else above
    committee = next((words for words in _PARTY_ABOVE if above.startswith(words)), "")
    return (own.removesuffix(committee).rstrip() if committee else own), above


def _symbol(layout: Layout, own: str) -> str:
    if layout is Layout.PARTY:
        return "TTr/ĐU" if own.startswith("Đảng ủy") else "TTr/"
    folded = own.lower()
    if folded.startswith("ủy ban nhân dân"):
        return "TTr-UBND"
    return "TTr-MTTQ-BTT" if folded.startswith("ủy ban mặt trận") else "TTr-"
