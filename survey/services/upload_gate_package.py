"""Opening a workbook's package in the limited process: what may not be in it is refused before any part is read."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

from survey.services.upload_gate_faults import Found, RawTable, Stop
from survey.services.upload_gate_sheet import MOST_CELLS, SheetReader, too_many_cells
from survey.services.upload_gate_strings import read_date_styles, read_strings, safe_parser
from survey.services.upload_gate_table import HEAD_ROWS, Wanted, head_score

LARGEST_UNPACKED = 60_000_000  # bytes
MOST_PARTS = 2_000
CHUNK = 2**16
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    ValueError,
    NotImplementedError,
    OSError,
    expat.ExpatError,
)

_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_LONGEST_OPENING = 12  # bytes that may have begun with one chunk and end with the next

Start = Callable[[str, dict[str, str]], None]


def read_workbook(content: bytes, wanted: Wanted) -> RawTable:
    """The sheet that is wanted, or of those that are shown the one with the wanted headings. Raises Stop."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _refuse_parts(package)
            return _Workbook(package).table(wanted)
    except BROKEN:
        raise Stop(Found("broken")) from None
    except RuntimeError:  # a part with a password
        raise Stop(Found("encrypted")) from None


def _refuse_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Stop(Found("bomb", data={"megabytes": LARGEST_UNPACKED // 1_000_000}))
    seen: set[str] = set()
    for part in parts:
        name = part.orig_filename
        plain = name.lower()
        steps = name.split("/")
        if name.startswith("/") or ".." in steps or "\\" in name or ":" in name or "\0" in name or plain in seen:
            raise Stop(Found("names", data={"part": name[:80]}))
        seen.add(plain)
    for name in sorted(seen):
        if name.endswith("vbaproject.bin") or "/macrosheets/" in name or "/dialogsheets/" in name:
            raise Stop(Found("macros"))
        if "/externallinks/" in name or name in ("xl/connections.xml", "xl/model/item.data"):
            raise Stop(Found("links", data={"part": name[:80]}))
    _refuse_other_packages(package, seen)


def _refuse_other_packages(package: zipfile.ZipFile, names: set[str]) -> None:
    """A package that is no workbook is named for what it is."""
    for name, what in (
        ("word/document.xml", "word"),
        ("ppt/presentation.xml", "slides"),
        ("xl/workbook.bin", "xlsb"),
        ("content.xml", "ods"),
    ):
        if name in names:
            raise Stop(Found("renamed", data={"what": what}))
    if "[content_types].xml" not in names:
        raise Stop(Found("renamed", data={"what": "archive"}))
    if b"macroEnabled" in package.read("[Content_Types].xml"):
        raise Stop(Found("macros"))


class _Workbook:
    """An open package: its sheets, strings and styles."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.path = self._main_part()
        self.parts = self._relations(self.path)
        self.sheets: list[tuple[str, str, bool]] = []  # name, part, shown
        self.from_1904 = False
        self._read_part(self.path, self._workbook_tag)
        self.strings = self._optional("sharedStrings", read_strings, [])
        self.date_styles = self._optional("styles", read_date_styles, frozenset())

    def table(self, wanted: Wanted) -> RawTable:
        """The whole sheet that is wanted."""
        shown = [(name, part) for name, part, seen in self.sheets if seen]
        if not shown:
            raise Stop(Found("no_sheet"))
        if wanted.sheet:
            named = [(name, part) for name, part, _ in self.sheets if same_name(name, wanted.sheet)]
            if not named:
                found = ", ".join(f"“{name}”" for name, _ in shown)[:300]
                raise Stop(Found("sheet_missing", data={"wanted": wanted.sheet, "found": found}))
            return self._read_sheet(*named[0])
        if len(shown) > 1:
            heads = [(head_score(self._read_sheet(name, part, HEAD_ROWS), wanted), name, part) for name, part in shown]
            best = max(score for score, _, _ in heads)
            needed = sum(required for _, _, required in wanted.columns)
            if best[1] > 1 or best[0] == needed:  # else one word of a guide: what is missing is said of the first sheet
                shown = [(name, part) for score, name, part in heads if score == best]
            if len(shown) > 1 and best[0] == needed:
                found = ", ".join(f"“{name}”" for name, _ in shown)[:300]
                raise Stop(Found("sheets_alike", data={"found": found}))
        return self._read_sheet(*shown[0])

    def _read_sheet(self, name: str, part: str, rows: int = 0) -> RawTable:
        reader = SheetReader(name, self.strings, self.date_styles, from_1904=self.from_1904, rows=rows)
        if not rows:
            self._refuse_many_cells(name, part)
        try:
            for chunk in self._chunks(part):
                reader.feed(chunk)
                if reader.enough:
                    return reader.table
            reader.feed(b"", last=True)
        except (expat.ExpatError, ValueError):
            raise Stop(Found("broken", reader.line, reader.letters, name)) from None
        return reader.table

    def _refuse_many_cells(self, name: str, part: str) -> None:
        """Count the cells in the bytes, a tenth of the work of reading them: no sheet is read in vain."""
        count, before = 0, b""
        for chunk in self._chunks(part):
            count += len(_CELL.findall(before + chunk)) - len(_CELL.findall(before))
            if count > MOST_CELLS:
                raise too_many_cells(name)
            before = chunk[-_LONGEST_OPENING:]

    def _workbook_tag(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            identity = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            part, kind = self.parts.get(identity, ("", ""))
            if kind == "worksheet":
                shown = attributes.get("state", "visible") == "visible"
                self.sheets.append((attributes.get("name", "")[:100] or "?", part, shown))
        elif tag == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in ("1", "true", "on")

    def _main_part(self) -> str:
        found = [part for part, kind in self._relations("").values() if kind == "officeDocument"]
        return found[0] if found else "xl/workbook.xml"

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """Identity → (part, last word of its type) of what a part refers to inside the package."""
        folder, name = posixpath.split(path)
        found: dict[str, tuple[str, str]] = {}

        def take(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode", "Internal") == "Internal":
                target = attributes.get("Target", "")
                part = target[1:] if target.startswith("/") else posixpath.join(folder, target)
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = (posixpath.normpath(part), kind)

        self._read_part(posixpath.join(folder, "_rels", f"{name}.rels"), take)
        return found

    def _optional(self, kind: str, read: Callable[[Iterator[bytes]], Any], absent: Any) -> Any:
        part = next((part for part, found in self.parts.values() if found == kind), "")
        return read(self._chunks(part)) if part else absent

    def _read_part(self, path: str, start: Start) -> None:
        parser = safe_parser()
        parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
        for chunk in self._chunks(path):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def _chunks(self, path: str) -> Iterator[bytes]:
        with self.package.open(path) as part:
            while chunk := part.read(CHUNK):
                yield chunk


def same_name(one: str, other: str) -> bool:
    """Whether two names of sheets are the same for a reader."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
