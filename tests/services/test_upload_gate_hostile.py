"""The upload gate on files made to harm: a kind sentence each, little time and memory, and the next good file works."""

import io
import resource
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.core.errors import Faults
from survey.services import upload_gate, upload_gate_package
from tests.services.gate_files import (
    GOOD,
    HEADINGS,
    faults,
    many_rows,
    read,
    respelled,
    with_cell,
    with_parts,
    with_sheet,
    with_strings,
    workbook,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
XXE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
SHEET = "xl/worksheets/sheet1.xml"


def filled(*names: str) -> bytes:
    """A package of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            package.writestr(name, b"<x/>")
    return out.getvalue()


def lying_size(content: bytes) -> bytes:
    """A package whose directory says that a part is small; the part itself unpacks to far more."""
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(SHEET.encode()))
    return content[: at + 24] + struct.pack("<I", 100) + content[at + 28 :]


def defined(definition: bytes, part: str) -> bytes:
    """A workbook with a definition at the head of one part."""
    return respelled(
        workbook(*GOOD), lambda name, data: definition + data.partition(b"?>")[2] if name == part else data
    )


GOOD_BYTES = workbook(*GOOD)
FILES = {
    "encrypted": (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "old xls": (OLE + bytes(600) + "Workbook".encode("utf-16-le"), "old_format"),
    "pdf": (b"%PDF-1.7\n", "renamed"),
    "program": (b"MZ\x90\0", "renamed"),
    "web page": (b"\xef\xbb\xbf <html><table><tr><td>code</td></tr></table>", "renamed"),
    "picture": (b"\x89PNG\r\n\x1a\n", "renamed"),
    "svg": (b'<?xml version="1.0"?><svg onload="x()"/>', "renamed"),
    "binary": (b"code\0\1\2\3" * 40, "kind_unknown"),
    "word": (filled("[Content_Types].xml", "word/document.xml"), "renamed"),
    "ods": (filled("mimetype", "content.xml"), "renamed"),
    "xlsb": (filled("[Content_Types].xml", "xl/workbook.bin"), "renamed"),
    "archive": (filled("a.txt"), "renamed"),
    "no workbook": (filled("[Content_Types].xml"), "broken"),
    "macros": (with_parts(GOOD_BYTES, ("xl/vbaProject.bin", b"x")), "macros"),
    "macro sheet": (with_parts(GOOD_BYTES, ("xl/macrosheets/sheet1.xml", b"x")), "macros"),
    "links": (with_parts(GOOD_BYTES, ("xl/externalLinks/externalLink1.xml", b"<x/>")), "links"),
    "connections": (with_parts(GOOD_BYTES, ("xl/connections.xml", b"<x/>")), "links"),
    "zip slip": (with_parts(GOOD_BYTES, ("../../etc/cron.d/x", b"x")), "names"),
    "absolute": (with_parts(GOOD_BYTES, ("/etc/passwd", b"x")), "names"),
    "backslash": (with_parts(GOOD_BYTES, ("xl\\a.xml", b"x")), "names"),
    "twice": (with_parts(GOOD_BYTES, ("XL/Workbook.xml", b"<x/>")), "names"),
    "cut": (GOOD_BYTES[: len(GOOD_BYTES) // 2], "broken"),
    "cut at the end": (GOOD_BYTES[:-30], "broken"),
    "entities": (with_strings(workbook(*GOOD), BOMB + b"<sst><si><t>&b;</t></si></sst>"), "entities"),
    "entities of a sheet": (defined(BOMB, SHEET), "entities"),
    "xxe": (defined(XXE, "xl/workbook.xml"), "entities"),
    "not xml": (with_sheet(GOOD_BYTES, lambda xml: xml[:-20]), "broken"),
    "zip bomb": (with_parts(GOOD_BYTES, ("xl/media/a.png", bytes(90_000_000))), "bomb"),
    "lying size": (lying_size(many_rows(200_000, b"<row><c><v>1</v></c></row>")), "broken"),
    "many parts": (with_parts(GOOD_BYTES, *((f"xl/a{i}.xml", b"") for i in range(2_001))), "bomb"),
    "a million rows": (many_rows(1_000_000, b"<row><c><v>1</v></c></row>"), "far_row"),
    "many blank cells": (many_rows(8_000, b"<row>" + b'<c s="1"/>' * 200 + b"</row>"), "many_cells"),
    "address": (with_sheet(GOOD_BYTES, lambda xml: xml.replace(b'r="B2"', b'r="ZZZZ0"')), "broken"),
    "string missing": (with_cell(GOOD_BYTES, b'<c r="B2" t="s"><v>999</v></c>'), "broken"),
    "infinite": (with_cell(GOOD_BYTES, b'<c r="B2"><v>1e999</v></c>'), "broken"),
    "long attribute": (
        with_sheet(GOOD_BYTES, lambda xml: xml.replace(b'r="B2"', b'r="B2" x="' + b"y" * 50_000_000 + b'"')),
        "too_much",
    ),
    "too large": (b"code,name\n" * 900_000, "file_large"),
}


@pytest.fixture(autouse=True)
def _next_good_file() -> Iterator[None]:
    yield
    assert len(read(workbook(*GOOD)).rows) == 2


@pytest.mark.parametrize(("content", "key"), FILES.values(), ids=FILES.keys())
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_hostile_file_gets_one_kind_sentence_and_little_time(content: bytes, key: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    found = faults(content)
    assert time.monotonic() - started < upload_gate.SECONDS + 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # kB
    assert [one for one, _ in found] == [key]


@pytest.mark.parametrize("prefix", [b"", b"x:"])
def test_too_many_cells_are_counted_in_the_bytes_before_any_is_read(
    prefix: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_gate_package, "MOST_CELLS", 50_000)
    monkeypatch.setattr(upload_gate_package.SheetReader, "feed", None)
    row = b"<row><" + prefix + b'c s="1"/></row>'  # of a length that chunks cut everywhere
    wanted = upload_gate_package.Wanted((("code", ("code",), True),))
    with pytest.raises(upload_gate_package.Stop) as stop:
        upload_gate_package.read_workbook(many_rows(50_001, row), wanted)
    assert [fault.key for fault in stop.value.faults] == ["many_cells"]
    with pytest.raises(TypeError):  # one less is given to the reader
        upload_gate_package.read_workbook(many_rows(49_900, row), wanted)


def measured_child(content: bytes) -> int:
    """Peak memory (kB) of a reading process beyond that of one that reads a small file."""
    code = (
        "import resource, sys; from survey.services import upload_gate_worker as w; w.limit();"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; w.answer(sys.stdin.buffer.read());"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    wanted = b'{"columns": [["code", ["code"], true]], "sheet": "", "more": false}\n'
    done = subprocess.run([sys.executable, "-c", code], input=wanted + content, capture_output=True, check=False)
    return int(done.stdout or -1)


@pytest.mark.parametrize("text", [b"%d", b"x" * 300 + b"%d"], ids=["many texts", "long texts"])
def test_texts_beyond_measure_do_not_fill_the_memory(text: bytes) -> None:
    one = b"<si><t>" + text + b"</t></si>"
    strings = b"<sst>" + b"".join(one % i for i in range(59_000_000 // (len(one) + 5))) + b"</sst>"
    content = with_strings(GOOD_BYTES, strings)
    assert len(content) < upload_gate.LARGEST_FILE
    assert measured_child(content) < 150_000


def test_a_reading_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_gate, "SECONDS", 0.001)
    with pytest.raises(Faults, match="quá nhiều thời gian"):
        read(GOOD_BYTES)
    monkeypatch.undo()


def test_the_reading_process_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://bi-mat")
    assert "bi-mat" not in str(upload_gate._environment())
    assert "DATABASE_URL" not in upload_gate._environment()


def test_a_third_file_at_once_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_gate, "_turn", upload_gate.threading.BoundedSemaphore(1))
    monkeypatch.setattr(upload_gate, "SECONDS", 0.05)
    upload_gate._turn.acquire()
    with pytest.raises(Faults, match="cùng lúc"):
        read(GOOD_BYTES)
    monkeypatch.undo()


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    faults(workbook(HEADINGS))
    assert list(tmp_path.iterdir()) == []
