"""The small world with the phiếu as a workbook: downloaded, typed into, handed in, looked at, taken."""

from __future__ import annotations

import io
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from survey.core.document import content_of
from survey.services.instance import open_database
from survey.services.offline_preview import OfflinePreview, preview_offline
from survey.services.offline_upload import apply_offline, take_offline, take_pasted
from survey.services.offline_workbook import make_offline_workbook
from survey.services.scope import find_submission
from tests.services.world import Known, World, build_world

REASON = "Cơ quan không được giao nhiệm vụ này."

VALUE, NOTE, KAD, WHY = "D", "E", "F", "G"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Known]:
    """A folder with a world on SQLite."""
    folder = tmp_path_factory.mktemp("world")
    with closing(open_database(folder)) as database:
        return folder, build_world(database)


@pytest.fixture
def one(built: tuple[Path, Known], tmp_path: Path) -> Iterator[World]:
    """A copy of it, for what is the same on every database."""
    copied = shutil.copytree(built[0], tmp_path / "world")
    with closing(open_database(copied)) as database:
        yield World(database, built[1])


def download(world: World, person: str = "clerk", agency: str = "SO-1", language: str = "vi") -> bytes:
    """The workbook."""
    content, code = world.act(make_offline_workbook, person, agency=agency, language=language)
    assert code == agency
    return bytes(content)


def typed(content: bytes, cells: Mapping[tuple[str, str], object]) -> bytes:
    """The workbook with values at (code, column letter)."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Phiếu"]
    rows = {sheet.cell(row, 1).value: row for row in range(6, sheet.max_row + 1)}
    for (code, column), value in cells.items():
        sheet[f"{column}{rows[code]}"].value = value
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """A workbook as bytes."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def hand_in(world: World, content: bytes, name: str = "phieu.xlsx", person: str = "clerk", agency: str = "SO-1") -> int:
    """Upload a file; the number of its preview."""
    return int(world.act(take_offline, person, content, name, agency=agency))


def paste(world: World, text: str, person: str = "clerk", **named: Any) -> int:
    """Paste a table; the number of its preview."""
    return int(world.act(take_pasted, person, text, **named))


def look(world: World, number: int, person: str = "clerk", agency: str = "SO-1") -> OfflinePreview:
    """Its preview."""
    found = world.look(preview_offline, person, number, agency=agency)
    assert isinstance(found, OfflinePreview)
    return found


def take(
    world: World,
    number: int,
    chosen: Collection[str] | None = None,
    person: str = "clerk",
    agency: str = "SO-1",
    seen: str | None = None,
) -> int:
    """Take what was previewed: all of it, or these targets."""
    shown = look(world, number, person, agency)
    wanted = {one.target for one in shown.changes} if chosen is None else chosen
    basis = shown.basis if seen is None else seen
    return int(world.act(apply_offline, person, number, basis, wanted, agency=agency))


def stands(world: World, agency: str = "SO-1") -> dict[str, Any]:
    """What a body's phiếu says, key by key."""
    with world.database.reading() as session:
        row = find_submission(session, world["coordinator"], world.submission(agency))
    return {key: found for key, entry in row.answers.items() if (found := content_of(entry))}
