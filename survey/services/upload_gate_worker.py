"""What a handed-in file holds, read in a process of its own with little time and memory: `python -m` this module.

Reads one line of JSON (what is wanted) and then the file from stdin; answers with one JSON object: the table, or the
faults. Only the standard library and this gate's own modules are loaded here.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

from survey.services.upload_gate_csv import read_csv
from survey.services.upload_gate_faults import Found, Stop
from survey.services.upload_gate_package import read_workbook
from survey.services.upload_gate_table import Wanted, to_answer

SECONDS = 4  # of CPU
MEMORY = 140 * 2**20  # bytes beyond what the interpreter itself takes
OTHER_FILES = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
    (b"{\\rtf", "rich_text"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def limit() -> None:
    """Bind this process to little time and memory, where the platform can."""
    try:
        import resource
    except ImportError:  # Windows: only the time on the wall is limited, by the caller
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        now = 256 * 2**20
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, now + MEMORY))


def read(content: bytes, wanted: Wanted) -> dict[str, Any]:
    """The table that a file holds. Raises Stop with what is wrong with it."""
    _refuse_other_files(content)
    if content.startswith(b"PK"):
        return to_answer(read_workbook(content, wanted), wanted)
    return to_answer(read_csv(content), wanted)


def _refuse_other_files(content: bytes) -> None:
    if not content.strip():
        raise Stop(Found("empty"))
    if content.startswith(OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise Stop(Found("encrypted" if encrypted else "old_format"))
    for mark, what in OTHER_FILES:
        if content.startswith(mark):
            raise Stop(Found("renamed", data={"what": what}))
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"<?xml", b"<!", b"<html", b"<svg", b"<table", b"<script")):
        raise Stop(Found("renamed", data={"what": "web"}))


def answer(given: bytes) -> dict[str, Any]:
    """What is answered to one request: the table, or the faults of the file."""
    line, _, content = given.partition(b"\n")
    try:
        return read(content, Wanted.from_json(json.loads(line)))
    except Stop as stop:
        return {"faults": [fault.to_json() for fault in stop.faults]}
    except (MemoryError, RecursionError):
        pass  # said below, where what was read so far is no longer held
    return {"faults": [Found("too_much").to_json()]}


def main() -> None:
    """Read stdin, answer on stdout."""
    limit()
    told = answer(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(told, ensure_ascii=False).encode())


if __name__ == "__main__":
    main()
