"""The power goes while everybody saves: only what was synced is on the disk then, and all that was told as saved is.

As root: the database lies on an ext4 whose blocks are a file in memory. What the kernel has not written back is not in
that file. A cut stops the server, copies the file, kills the server and goes on from the copy, as a machine does.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from survey.services.doctor_findings import Level
from survey.services.examine import examine
from survey.services.instance import open_database
from tests.faults.conftest import size
from tests.faults.disks import Ext4, ext4, memory_disk, run
from tests.faults.served import PATIENCE, Served, build
from tests.faults.storm import Client, acknowledged_by, blowing, clients_of, lost

CUTS = int(os.environ.get("SANSANGSO_CUTS") or size(2, 50))
SAVES_A_CUT = size(20, 200)
CUTS_TO_LOSE = 5  # within which a database that does not sync each save must have lost one
MEGABYTES = 1024  # of the disk; few of them are ever written
NO_COMMIT_OF_ITS_OWN = "rw,commit=300,noinit_itable"  # the file system writes its journal when asked, no other time
NOT_SYNCED = """
import survey.storage.database as storage
prepare = storage._prepare_sqlite
def hasty(connection, record, *, wait):
    prepare(connection, record, wait=wait)
    connection.execute("PRAGMA synchronous=NORMAL")
storage._prepare_sqlite = hasty
"""


@dataclass
class Room:
    """A server over an instance on a disk whose power can go."""

    served: Served
    disk: Ext4
    clients: list[Client]
    cuts: int = 0

    def saves(self) -> int:
        """How many were acknowledged."""
        return sum(client.acknowledged for client in self.clients)

    def wait_for(self, saves: int) -> None:
        """Until so many more are acknowledged."""
        wanted, until = self.saves() + saves, time.monotonic() + PATIENCE
        while self.saves() < wanted and time.monotonic() < until:
            assert [client.wrong for client in self.clients if client.wrong] == []
            time.sleep(0.01)
        assert self.saves() >= wanted

    def cut(self) -> list[str]:
        """Cut the power and bring it back; what was lost or is ill then. The server is down."""
        self.cuts += 1
        self.served.signal(signal.SIGSTOP)
        wait_until_stopped(self.served.child)
        after = self.disk.image.with_name(f"image.{self.cuts}")
        run("cp", "--sparse=always", self.disk.image, after)
        self.served.kill()
        unmount(self.disk)
        self.disk.image.unlink()
        self.disk.image = after
        self.disk.mount()
        database = open_database(self.served.folder)
        try:
            ill = [one.key for one in examine(database, self.served.folder) if one.level is Level.FAULT]
            return ill + lost(database, acknowledged_by(self.clients))
        finally:
            database.close()


def wait_until_stopped(group: int) -> None:
    """Until no thread of the process group does anything, in the kernel either."""
    until = time.monotonic() + PATIENCE
    while not set(states(group)) <= {"T", "Z"}:
        assert time.monotonic() < until
        time.sleep(0.001)


def states(group: int) -> Iterator[str]:
    """The state of each thread of a process group."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if fields(process / "stat")[2] == str(group):
                for thread in (process / "task").iterdir():
                    yield fields(thread / "stat")[0]


def fields(stat: Path) -> list[str]:
    """State, parent, group … of a process."""
    return stat.read_text(errors="replace").rpartition(")")[2].split()


def unmount(disk: Ext4) -> None:
    """Take the disk away once the killed processes have let go of it."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            disk.unmount()
            return
        except subprocess.CalledProcessError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


@contextmanager
def room(tmp_path: Path, before: str = "") -> Iterator[Room]:
    with (
        memory_disk(tmp_path / "memory", 600) as memory,
        ext4(tmp_path / "disk", memory / "image", MEGABYTES, options=NO_COMMIT_OF_ITS_OWN) as disk,
    ):
        (disk.place / "instance").mkdir(mode=0o700)
        folder = tmp_path / "instance"
        folder.symlink_to(disk.place / "instance")  # the log of the server lies beside it, on no disk that is cut off
        database = open_database(folder)
        known, tokens = build(database, folder)
        database.close()
        disk.sync()
        with Served(folder, before=before) as served:
            found = Room(served, disk, clients_of(known, tokens, served.port))
            with blowing(found.clients):
                yield found


def test_nothing_that_was_told_as_saved_is_lost_in_a_power_cut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with room(tmp_path) as one:
        for _ in range(CUTS):
            one.wait_for(SAVES_A_CUT)
            assert one.cut() == []
            one.served.start()
    assert [client.wrong for client in one.clients if client.wrong] == []
    with capsys.disabled():
        sys.stdout.write(f"\n{CUTS} power cuts, {one.saves()} saves acknowledged, 0 lost\n")


def test_without_syncing_each_save_a_power_cut_loses_some(tmp_path: Path) -> None:
    """The falsifier: were the cuts no cuts, this would lose nothing either."""
    with room(tmp_path, NOT_SYNCED) as one:
        found: list[str] = []
        while not found and one.cuts < CUTS_TO_LOSE:
            one.wait_for(SAVES_A_CUT)
            found = one.cut()
            if not found:
                one.served.start()
    assert any("was acknowledged" in line for line in found)
