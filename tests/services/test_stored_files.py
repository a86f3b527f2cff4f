"""Files handed in are kept under their hash, whole before they are named, and given back as they were or not at all."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from survey.services.errors import NotFound, Refused
from survey.services.instance import DatabaseTrouble, change_setting
from survey.services.stored_files import LARGEST, open_file, place_of, store_file
from survey.storage.files import StoredFile
from tests.core.handed_files import HOSTILE, PDF, SVG, png
from tests.services.world import World, at


def store(world: World, folder: Path, content: bytes, name: str = "ban-quet.pdf") -> int:
    with world.database.writing() as session:
        return store_file(session, folder, world["clerk"], content, name, clock=at())


def rows(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) or 0


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_comes_back_as_it_was_under_its_own_kind(world: World, tmp_path: Path) -> None:
    file_id = store(world, tmp_path, png(), "../Bản quét.exe")
    with world.database.reading() as session:
        found = open_file(session, tmp_path, file_id)
    assert (found.content, found.name, found.media_type) == (png(), "Bản quét.png", "image/png")
    digest = hashlib.sha256(png()).hexdigest()
    place = tmp_path / "files" / digest[:2] / digest
    assert place.read_bytes() == png()
    assert place.stat().st_mode & 0o777 == 0o600
    assert names_in(tmp_path) == [digest]


def test_two_of_one_content_share_their_bytes(world: World, tmp_path: Path) -> None:
    first, second = store(world, tmp_path, PDF, "a.pdf"), store(world, tmp_path, PDF, "b.pdf")
    assert first != second
    assert len(names_in(tmp_path)) == 1


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_leaves_nothing(world: World, tmp_path: Path, what: str) -> None:
    with pytest.raises(Refused) as caught:
        store(world, tmp_path, HOSTILE[what][0], "ban-quet.pdf")
    assert caught.value.field == "scan"
    assert caught.value.sentence("vi") != caught.value.sentence("en")
    assert (names_in(tmp_path), rows(world)) == ([], 0)


def test_a_huge_file_is_refused_and_the_largest_is_taken(world: World, tmp_path: Path) -> None:
    largest = PDF + b" " * (LARGEST - len(PDF) - 5) + b"%%EOF"
    store(world, tmp_path, largest)
    with pytest.raises(Refused) as caught:
        store(world, tmp_path, largest + b"\n")
    assert caught.value.key == "files.large"


def test_nothing_is_taken_where_uploads_are_off(world: World, tmp_path: Path) -> None:
    with world.database.writing() as session:
        change_setting(session, "uploads", "0")
    with pytest.raises(Refused) as caught:
        store(world, tmp_path, PDF)
    assert caught.value.key == "paper.uploads_off"
    assert names_in(tmp_path) == []


def test_a_file_that_has_changed_on_the_disk_is_not_handed_out(world: World, tmp_path: Path) -> None:
    file_id = store(world, tmp_path, PDF)
    place_of(tmp_path, hashlib.sha256(PDF).hexdigest()).write_bytes(SVG)
    with world.database.reading() as session, pytest.raises(DatabaseTrouble):
        open_file(session, tmp_path, file_id)
    store(world, tmp_path, PDF)  # handed in again, its bytes are mended
    with world.database.reading() as session:
        assert open_file(session, tmp_path, file_id).content == PDF


def test_a_file_that_is_not_there_is_not_found(world: World, tmp_path: Path) -> None:
    with world.database.reading() as session, pytest.raises(NotFound):
        open_file(session, tmp_path, 999)


@pytest.mark.parametrize("number", [28, 30, 5])
def test_a_disk_that_fails_leaves_no_row_and_no_draft(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(handle: int) -> Any:
        raise OSError(number, "disk")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(DatabaseTrouble):
            store(world, tmp_path, PDF)
    assert (names_in(tmp_path), rows(world)) == ([], 0)


def test_the_bytes_are_synced_before_they_are_named(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    sync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (told.append("sync"), sync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda self, to: (told.append("name"), replace(self, to))[1])
    store(world, tmp_path, PDF)
    assert told[:3] == ["sync", "name", "sync"]
