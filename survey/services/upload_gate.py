"""The one way in for tables that people hand in: read by a limited process, told cell by cell or refused."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey.core.asks import Text
from survey.core.characters import clean_text
from survey.core.errors import CellFault, Fault, Faults
from survey.core.handed_in import Cell, Row, Table
from survey.core.text import LANGUAGES, say

LARGEST_FILE = 8_000_000  # bytes
SECONDS = 4.5  # on the wall
AT_ONCE = 2  # files that are read at the same time
LONGEST_NAME = 100  # characters of a file's name that are told

_ROOT = Path(__file__).parents[2]
_turn = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is looked for by any of its headings; the first is the one that is told."""

    key: str
    headings: tuple[str, ...]
    required: bool = False


def read_upload(
    content: bytes,
    name: str,
    columns: Iterable[Column],
    *,
    sheet: str = "",
    more: bool = False,
    as_is: bool = False,
) -> Table:
    """The table of an xlsx or CSV file, its columns found by heading wherever they stand. Raises Faults.

    `sheet`: the only one that is taken; else the shown one with these headings. `more` also keeps columns that are
    not listed, under their own heading. `as_is` also keeps cells that cannot be taken, told by their kind.
    The bytes are looked at by another process, with little time and memory.
    """
    file = told_name(name)
    if len(content) > LARGEST_FILE:
        raise Faults([CellFault(file, 0, "upload.file_large", {"megabytes": LARGEST_FILE // 1_000_000})])
    listed = [[c.key, list(c.headings), c.required] for c in columns]
    wanted = {"columns": listed, "sheet": sheet, "more": more, "as_is": as_is}
    told = _ask(file, json.dumps(wanted).encode() + b"\n" + content)
    if "faults" in told:
        raise Faults([_fault(file, *fault) for fault in told["faults"]])
    return _table(file, told, hashlib.sha256(content).hexdigest())


def told_name(name: str) -> str:
    """A file's name as it is told: no folders, nothing unseen, not too long."""
    last = clean_text(name).replace("\\", "/").rpartition("/")[2]
    return " ".join(last.split())[:LONGEST_NAME] or say("upload.unnamed")


def _ask(file: str, given: bytes) -> dict[str, Any]:
    """The answer of the reading process; that it needed too much where there is none."""
    if not _turn.acquire(timeout=SECONDS):
        raise Faults([CellFault(file, 0, "upload.busy")])
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-S", "-B", "-m", "survey.services.upload_gate_worker"],
            input=given,
            capture_output=True,
            timeout=SECONDS,
            env=_environment(),
            cwd=_ROOT,
            check=True,
        )
        told: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise Faults([CellFault(file, 0, "upload.too_much")]) from None
    finally:
        _turn.release()
    return told


def _environment() -> dict[str, str]:
    """Nothing of this process but what Python needs to start: no secrets, no addresses."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "LC_ALL": "C", "MALLOC_ARENA_MAX": "2"}


def _fault(file: str, key: str, line: int, column: str, sheet: str, data: dict[str, Any]) -> Fault:
    told = {name: clean_text(value) if isinstance(value, str) else value for name, value in data.items()}
    if what := told.pop("what", ""):
        told["what"] = Text(*(say(f"upload.what_{what}", language) for language in LANGUAGES))
    return CellFault(file, line, f"upload.{key}", told, column, clean_text(sheet))


def _table(file: str, told: Mapping[str, Any], sha256: str) -> Table:
    rows = tuple(
        Row(number, {key: Cell(clean_text(text), kind) for key, (text, kind) in cells.items()})
        for number, cells in told["rows"]
    )
    return Table(file, clean_text(told["sheet"]), dict(told["letters"]), rows, sha256)


def table_to_json(table: Table) -> str:
    """A table as it is kept; the inverse of `table_from_json`."""
    rows = [[row.number, {key: [cell.text, cell.kind] for key, cell in row.cells.items()}] for row in table.rows]
    kept = {
        "file": table.file,
        "sheet": table.sheet,
        "letters": dict(table.letters),
        "rows": rows,
        "sha256": table.sha256,
    }
    return json.dumps(kept, ensure_ascii=False)


def table_from_json(text: str) -> Table:
    """A table that was kept."""
    told = json.loads(text)
    return _table(told["file"], told, told["sha256"])
