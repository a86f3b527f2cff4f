"""`kill -9` of every process while everybody saves: what was told as saved is there, once, and the log is sound."""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey.services.instance import open_database
from tests.faults.conftest import size
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
