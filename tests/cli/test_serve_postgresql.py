"""Serving from PostgreSQL: several workers, whose counts for monitoring are put together."""

import json
import os
import signal
import urllib.request
from pathlib import Path

import pytest

from tests.cli.test_serve import PATIENCE, serving
from tests.databases import PostgresqlServer, postgresql_server

__all__ = ["postgresql_server"]

ASKED = 30  # requests, so that every worker is likely to answer some


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one worker serves all on one processor")
def test_the_counts_of_all_workers_are_told_by_each(tmp_path: Path, postgresql_server: PostgresqlServer) -> None:
    with serving(tmp_path, DATABASE_URL=postgresql_server.make("served")) as (process, port):
        for _ in range(ASKED):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
                assert json.load(answer)["status"] == "ok"
        told = set()
        for _ in range(8):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                lines = answer.read().decode().splitlines()
            told |= {line for line in lines if line.startswith("sansangso_requests_total") and "/healthz" in line}
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert len(told) == 1, told  # whichever worker answers
    assert float(told.pop().rpartition(" ")[2]) >= ASKED
