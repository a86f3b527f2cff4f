"""`kill -9` of every process while everybody saves: what was told as saved is there, once, and the log is sound."""

import itertools
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey.services.instance import open_database
from survey.storage.database import Database
from tests.faults.conftest import size
from tests.faults.own_postgresql import own_postgresql
from tests.faults.served import Served, build
from tests.faults.storm import acknowledged_by, blowing, clients_of, lost

CYCLES, SAVES = size(20, 100), size(0, 20_000)
POSTGRESQL_CYCLES = size(2, 100)
LONGEST_QUIET = 0.3  # seconds between two kills at most, but as many as the saves need on demand


def blow(clients: list[Any], cycles: int, hit: Callable[[], None]) -> None:
    """Hit while the clients save, spread over the saves that are wanted."""
    chance = random.Random(9)
    with blowing(clients):
        for cycle in range(cycles):
            wanted = max(SAVES * (cycle + 1) // cycles, cycle + 1)
            time.sleep(chance.uniform(0.02, LONGEST_QUIET))
            while sum(client.acknowledged for client in clients) < wanted and not any(one.wrong for one in clients):
                time.sleep(0.02)
            hit()


def nothing_lost(database: Database, clients: list[Any]) -> int:
    """Hold what was acknowledged against the store; the number of saves."""
    assert [client.wrong for client in clients if client.wrong] == []
    assert lost(database, acknowledged_by(clients)) == []
    database.close()
    return sum(client.acknowledged for client in clients)


def test_sqlite_loses_nothing_when_every_process_is_killed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "instance"
    folder.mkdir()
    database = open_database(folder)
    known, tokens = build(database, folder)
    with Served(folder) as served:
        clients = clients_of(known, tokens, served.port)

        def hit() -> None:
            served.kill()
            served.start()

        blow(clients, CYCLES, hit)
    saves = nothing_lost(database, clients)
    assert saves >= max(SAVES, CYCLES)
    with capsys.disabled():
        sys.stdout.write(f"\nSQLite: {CYCLES} kills, {saves} saves acknowledged, 0 lost\n")


def test_postgresql_loses_nothing_when_it_is_killed_with_or_without_the_server(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "instance"
    folder.mkdir()
    with own_postgresql() as postgresql:
        database = Database(postgresql.url)
        known, tokens = build(database, folder)
        database.close()
        with Served(folder, postgresql.url) as served:
            clients = clients_of(known, tokens, served.port)

            def both() -> None:
                served.kill()
                postgresql.kill_all()
                served.begin()  # before its database
                postgresql.wait()

            def database_at_once() -> None:
                postgresql.immediate_shutdown()
                postgresql.wait()

            def postmaster() -> None:
                postgresql.kill_parent()
                postgresql.wait()

            ways = itertools.cycle((both, served.kill, database_at_once, postmaster))

            def hit() -> None:
                next(ways)()
                served.start()

            blow(clients, POSTGRESQL_CYCLES, hit)
        saves = nothing_lost(database, clients)
    assert saves >= max(SAVES, POSTGRESQL_CYCLES)
    with capsys.disabled():
        sys.stdout.write(f"\nPostgreSQL: {POSTGRESQL_CYCLES} kills of it, the server or both, {saves} saves, 0 lost\n")
