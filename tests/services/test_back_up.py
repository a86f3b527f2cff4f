"""Backups: consistent under a save storm, complete, never half there; every acknowledged answer comes back."""

import io
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest
import sqlalchemy as sa

from survey.core.document import revision_of
from survey.services import back_up as back_up_module
from survey.services.audit import check_events
from survey.services.back_up import back_up
from survey.services.doctor_findings import Level
from survey.services.errors import Refused
from survey.services.examine import examine
from survey.services.fill import save_answers
from survey.services.instance import secret_key
from survey.services.restore import restore
from survey.services.saved_views import Change
from survey.services.scope import find_submission
from survey.storage.database import Database
from survey.storage.events import Event
from tests.databases import Store
from tests.services.rows import rows_of, without_last_events
from tests.services.world import FULL, World, at

SAVERS = {"clerk": "SO-1", "other": "SO-2", "third": "SO-3"}


@dataclass
class Storm:
    """People who save a growing number again and again, each at their own body."""

    world: World
    acknowledged: dict[str, int] = field(default_factory=dict)  # by agency: the last number that was saved
    errors: list[BaseException] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Storm":
        self.threads = [threading.Thread(target=self._save, args=pair) for pair in SAVERS.items()]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _save(self, login: str, agency: str) -> None:
        number, person = 0, self.world[login]
        while not self.over.is_set():
            number += 1
            try:
                with self.world.database.writing() as session:
                    row = find_submission(session, person, self.world.submission(agency))
                    change = Change("2.3", str(number), revision_of(row.answers.get("2.3")))
                    assert not save_answers(session, person, row.id, [change], clock=at(minutes=1)).conflicts
                self.acknowledged[agency] = number
            except BaseException as error:
                self.errors.append(error)
                return

    def wait_for_more(self) -> None:
        """Until every body has saved again."""
        before, until = dict(self.acknowledged), time.monotonic() + 20
        while any(self.acknowledged.get(agency, 0) <= before.get(agency, 0) for agency in SAVERS.values()):
            assert not self.errors, self.errors
            assert time.monotonic() < until, "savers are held up"
            time.sleep(0.002)


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def target(store: Store, folder: Path) -> str:
    """Where a backup is restored to: a file in the folder, or an empty database."""
    return url_of(store.empty()) if store.kind == "postgresql" else f"sqlite:///{folder}/sansangso.db"


def faults(database: Database, folder: Path, allowed: frozenset[str]) -> list[str]:
    """What the doctor calls a fault; the tests' PostgreSQL is hasty on purpose."""
    found = examine(database, folder, clock=at(minutes=5))
    return [one.sentence() for one in found if one.level is Level.FAULT and one.key not in allowed]


def test_a_backup_under_a_save_storm_brings_back_every_acknowledged_answer(
    world: World, store: Store, tmp_path: Path
) -> None:
    folder, backups, restored = tmp_path / "instance", tmp_path / "backups", tmp_path / "restored"
    folder.mkdir(mode=0o700)
    backups.mkdir()
    key = secret_key(folder)
    with Storm(world) as storm:
        storm.wait_for_more()
        before = dict(storm.acknowledged)
        done = back_up(
            world.database, folder, backups, progress=lambda _done, _total: storm.wait_for_more(), clock=at(minutes=2)
        )
        during = dict(storm.acknowledged)
    assert not storm.errors
    assert all(during[agency] > before[agency] for agency in SAVERS.values())  # nobody waited for the backup
    url = target(store, restored)
    view = restore(done.file, restored, url, clock=at(minutes=3))
    assert (view.rows, view.broken_chains, view.aside) == (done.rows, 0, ())
    database = Database(url)
    try:
        for agency in SAVERS.values():
            with database.reading() as session:
                row = find_submission(session, world["coordinator"], world.submission(agency))
                assert before[agency] <= int(row.answers["2.3"]["value"]) <= during[agency]
        with database.reading() as session:
            assert check_events(session) == ()
        hasty = frozenset({"not_durable"} if store.kind == "postgresql" else ())
        assert faults(database, restored, hasty) == []
        with database.writing() as session:  # and people can go on, with ids of their own
            row = find_submission(session, world["clerk"], world.submission())
            save_answers(session, world["clerk"], row.id, [Change("1.2.a", "7", 0)], clock=at(minutes=6))
    finally:
        database.close()
    assert secret_key(restored) == key
    assert list(backups.iterdir()) == [done.file]


def test_a_restored_instance_holds_every_row_and_tells_where_it_comes_from(
    world: World, store: Store, tmp_path: Path
) -> None:
    world.send(FULL)
    folder, file, restored = tmp_path / "instance", tmp_path / "a.tar", tmp_path / "restored"
    folder.mkdir()
    secret_key(folder)
    (folder / "config.toml").write_text("trusted_proxies = 1\n", encoding="utf-8")
    before = rows_of(world.database)
    done = back_up(world.database, folder, file, clock=at(minutes=9))
    url = target(store, restored)
    restore(file, restored, url, clock=at(minutes=10))
    database = Database(url)
    try:
        after = rows_of(database)
        with database.reading() as session:
            last = session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    finally:
        database.close()
    assert without_last_events(after, 1) == without_last_events(before, 0)
    assert last is not None
    assert (last.stream, last.kind) == ("instance", "restored")
    assert done.digest in last.data
    assert (restored / "config.toml").read_text(encoding="utf-8") == "trusted_proxies = 1\n"
    assert file.stat().st_mode & 0o077 == 0


def test_a_backup_is_told_in_the_log_and_older_ones_are_removed_when_asked(world: World, tmp_path: Path) -> None:
    names = []
    for hour in range(4):
        done = back_up(world.database, tmp_path, tmp_path, keep=2, clock=at(hours=hour))
        names.append(done.file.name)
    assert sorted(file.name for file in tmp_path.glob("*.tar")) == names[-2:]
    with world.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Event.kind == "backed_up")) == 4


def test_secrets_are_sealed_by_a_passphrase_and_open_only_with_it(world: World, store: Store, tmp_path: Path) -> None:
    folder, file = tmp_path / "instance", tmp_path / "a.tar"
    folder.mkdir()
    key = secret_key(folder)
    done = back_up(world.database, folder, file, passphrase="mười hai con giáp")
    assert done.secrets == "sealed"
    assert key.hex().encode() not in file.read_bytes()
    for typed, said in (("", "passphrase_needed"), ("mười hai con gà", "passphrase_wrong")):
        with pytest.raises(Refused, match=said):
            restore(file, tmp_path / "b", target(store, tmp_path / "b"), passphrase=typed)
    restore(file, tmp_path / "b", target(store, tmp_path / "b"), passphrase="mười hai con giáp")
    assert secret_key(tmp_path / "b") == key


def test_secrets_can_be_left_out_which_is_said_when_restoring(world: World, store: Store, tmp_path: Path) -> None:
    folder, file = tmp_path / "instance", tmp_path / "a.tar"
    folder.mkdir()
    key = secret_key(folder)
    assert back_up(world.database, folder, file, with_secrets=False).secrets == "left_out"
    view = restore(file, tmp_path / "b", target(store, tmp_path / "b"))
    assert view.left_out == ("secret.key",)
    assert secret_key(tmp_path / "b") != key


@pytest.mark.parametrize("what", ["disk full", "rename"])
def test_a_backup_that_cannot_be_finished_leaves_the_old_one(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    file = tmp_path / "a.tar"
    back_up(world.database, tmp_path, file)
    old = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    place = {"disk full": (back_up_module.ArchiveWriter, "finish"), "rename": (Path, "replace")}[what]
    monkeypatch.setattr(*place, full)
    with pytest.raises(Refused, match="not_written") as refused:
        back_up(world.database, tmp_path, file)
    assert "No space left" in refused.value.sentence()
    assert file.read_bytes() == old
    assert list(tmp_path.iterdir()) == [file]


KILLED = """
import os, sys
from pathlib import Path
from survey.services import back_up
from survey.storage.database import Database

seen = 0
def progress(done, total):
    if done == int(sys.argv[3]):
        os._exit(9)

back_up.back_up(Database(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[2]) / "a.tar", progress=progress)
"""


@pytest.mark.parametrize("step", [1, 12])
def test_a_backup_killed_half_way_leaves_nothing(world: World, tmp_path: Path, repository: Path, step: int) -> None:
    command = [sys.executable, "-c", KILLED, url_of(world.database), str(tmp_path), str(step)]
    killed = subprocess.run(command, cwd=repository, env=os.environ | {"PYTHONPATH": str(repository)}, check=False)
    assert killed.returncode == 9
    assert list(tmp_path.iterdir()) == []


def test_there_is_nothing_to_back_up_in_an_empty_place(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(Refused, match="no_database"):
        back_up(database, tmp_path, tmp_path / "a.tar")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(world: World, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no_folder"):
        back_up(world.database, tmp_path, tmp_path / "none" / "a.tar")


def test_a_file_that_shrinks_while_it_is_written_is_an_error() -> None:
    content: IO[bytes] = io.BytesIO(b"abc")
    with pytest.raises(OSError, match="shorter"):
        back_up_module.ArchiveWriter(io.BytesIO()).add("files/x", content, 4)
