"""Restoring: a damaged archive is refused with a sentence, nothing is half done, what stood there is kept aside."""

import random
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey.services import restore as restore_module
from survey.services.back_up import back_up
from survey.services.backup_archive import read_archive
from survey.services.errors import Refused
from survey.services.instance import secret_key
from survey.services.restore import restore
from survey.services.stored_files import place_of
from survey.storage.database import Database
from survey.storage.files import StoredFile
from survey.storage.migrations import HEAD
from survey.storage.upgrade import current_revision, migrate
from tests.databases import Store
from tests.services.rows import rows_of
from tests.services.test_back_up import target
from tests.services.world import FULL, NOW, World, at

DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # of "abc"


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    """An instance with a file that was handed in."""
    folder = tmp_path / "instance"
    folder.mkdir()
    secret_key(folder)
    place_of(folder, DIGEST).parent.mkdir(parents=True)
    place_of(folder, DIGEST).write_bytes(b"abc")
    with world.database.writing() as session:
        row = StoredFile(
            sha256=DIGEST, size=3, media_type="application/pdf", name="a.pdf", created_at=NOW, created_by=1
        )
        session.add(row)
    world.send(FULL)
    return folder


@pytest.fixture
def archive(world: World, folder: Path, tmp_path: Path) -> Path:
    """Its backup."""
    return back_up(world.database, folder, tmp_path / "a.tar", clock=at(minutes=30)).file


def test_files_that_were_handed_in_come_back(archive: Path, store: Store, tmp_path: Path) -> None:
    view = restore(archive, tmp_path / "b", target(store, tmp_path / "b"))
    assert view.files == 1
    assert place_of(tmp_path / "b", DIGEST).read_bytes() == b"abc"


def test_a_file_whose_content_is_gone_is_told_and_does_not_stop_the_backup(
    world: World, folder: Path, tmp_path: Path
) -> None:
    place_of(folder, DIGEST).write_bytes(b"other")
    done = back_up(world.database, folder, tmp_path / "a.tar")
    assert (done.files, done.missing_files) == (0, (DIGEST,))


def test_any_changed_byte_is_refused(archive: Path, tmp_path: Path) -> None:
    content = archive.read_bytes()
    chosen = random.Random(3).sample(range(len(content)), 300)
    chosen += list(range(520)) + list(range(len(content) - 2048, len(content)))
    copy = tmp_path / "changed.tar"
    for place in chosen:
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        copy.write_bytes(changed)
        with copy.open("rb") as stream, pytest.raises(Refused):
            read_archive(stream)


@pytest.mark.parametrize("left", [0, 1, 511, 512, 5000, -1, -512, -1025])
def test_an_archive_that_is_cut_off_is_refused(archive: Path, tmp_path: Path, store: Store, left: int) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[:left])
    with pytest.raises(Refused, match="archive_"):
        restore(archive, tmp_path / "b", target(store, tmp_path / "b"))
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" * 300, bytes(10240), b"x" * 2000])
def test_another_file_is_no_backup(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(content)
    with pytest.raises(Refused, match="archive_none"):
        restore(file, tmp_path / "b", f"sqlite:///{tmp_path}/b/sansangso.db")


def test_more_bytes_behind_the_end_are_refused(archive: Path) -> None:
    with archive.open("ab") as stream:
        stream.write(b"x")
    with archive.open("rb") as stream, pytest.raises(Refused, match="archive_changed"):
        read_archive(stream)


def test_a_folder_in_use_is_refused_and_kept_aside_when_forced(archive: Path, store: Store, tmp_path: Path) -> None:
    used = tmp_path / "used"
    used.mkdir()
    (used / "secret.key").write_text("old", encoding="ascii")
    url = target(store, used)
    with pytest.raises(Refused, match="folder_in_use"):
        restore(archive, used, url)
    assert (used / "secret.key").read_text(encoding="ascii") == "old"
    view = restore(archive, used, url, force=True, clock=at(days=1))
    assert (Path(view.aside[0]) / "secret.key").read_text(encoding="ascii") == "old"
    assert len((used / "secret.key").read_text(encoding="ascii")) == 64


def test_a_failure_at_the_very_end_leaves_everything_as_it_was(
    archive: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = tmp_path / "used"
    used.mkdir()
    (used / "config.toml").write_text("", encoding="utf-8")
    url = target(store, used)

    def full(self: Path, aim: Path) -> Path:
        if ".restoring" in self.name:
            raise OSError(28, "No space left on device")
        return rename(self, aim)

    rename = Path.rename
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(Refused, match="not_restored"):
        restore(archive, used, url, force=True)
    assert [file.name for file in used.iterdir()] == ["config.toml"]
    assert {file.name for file in tmp_path.iterdir()} == {"a.tar", "instance", "used"}
    if store.kind == "postgresql":
        database = Database(url)
        assert rows_of(database) == {}
        database.close()


def test_a_database_in_use_is_refused_and_set_aside_when_forced(
    archive: Path, world: World, store: Store, tmp_path: Path
) -> None:
    if store.kind == "sqlite":
        pytest.skip("a SQLite file lies in the folder, which is kept aside as a whole")
    url = world.database.url.render_as_string(hide_password=False)
    with pytest.raises(Refused, match="not_empty"):
        restore(archive, tmp_path / "b", url)
    assert not (tmp_path / "b").exists()
    before = rows_of(world.database)
    view = restore(archive, tmp_path / "b", url, force=True, clock=at(days=1))
    schema = view.aside[-1]
    assert schema == "before_20261124_090000"
    with world.database.reading() as session:
        count = session.scalar(sa.select(sa.func.count()).select_from(sa.table("event", schema=schema)))
    assert count == len(before["event"]) - 1  # less the heading


def test_an_older_backup_is_brought_to_the_present_tables(store: Store, tmp_path: Path) -> None:
    old = store.empty()
    with old.writing() as session:
        migrate(session.connection(), "0001")
        session.execute(sa.text("INSERT INTO setting (name, value) VALUES ('instance_id', 'aabbccdd00112233')"))
    done = back_up(old, tmp_path, tmp_path / "a.tar")
    view = restore(done.file, tmp_path / "b", target(store, tmp_path / "b"))
    assert view.upgraded
    assert view.manifest.revision == "0001"


def test_a_backup_of_a_newer_program_is_refused(
    archive: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore_module, "known_revisions", lambda: ("0001",))
    with pytest.raises(Refused, match="archive_newer"):
        restore(archive, tmp_path / "b", target(store, tmp_path / "b"))


def test_a_backup_of_one_kind_is_restored_to_the_other(
    archive: Path, world: World, store: Store, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/b/sansangso.db"
    restore(archive, tmp_path / "b", url)
    database = Database(url)
    with database.reading() as session:
        assert current_revision(session.connection()) == HEAD
    assert rows_of(database)["submission"] == rows_of(world.database)["submission"]
    database.close()
