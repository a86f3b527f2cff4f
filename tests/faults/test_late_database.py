"""A service that starts before its database, or outlives it: 503 with a sentence meanwhile, and no restart."""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest

from survey.storage.database import Database
from survey.web.app import create_app
from tests.cli.test_serve import PATIENCE, command, environment, free_port
from tests.faults.own_postgresql import own_postgresql
from tests.web.strict_client import StrictClient

NOWHERE = "postgresql://nobody@/nothing?host=/nowhere"


def ask(port: int, accept: str, data: bytes | None = None) -> tuple[int, str]:
    """Status and text of one answer; tried until the socket is there."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", data=data, headers={"Accept": accept})
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def test_a_service_waits_for_its_database_and_says_so(tmp_path: Path) -> None:
    with own_postgresql() as postgresql:
        postgresql.kill_all()
        port, more = free_port(), {"DATABASE_URL": postgresql.url}
        process = subprocess.Popen(
            command("serve"), env=environment(tmp_path, PORT=str(port), **more), text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        try:
            status, page = ask(port, "text/html")
            assert status == 503
            assert "Hệ thống đang khởi động" in page
            assert "The system is starting" in page
            status, told = ask(port, "application/json", b"x" * 3_000_000)
            assert (status, json.loads(told)["error"]) == (503, "503")
            assert "Chưa có gì được lưu" in json.loads(told)["sentence"]
            postgresql.wait()
            until = time.monotonic() + PATIENCE
            while ask(port, "application/json")[0] == 503 and time.monotonic() < until:
                time.sleep(0.05)
            assert ask(port, "application/json")[0] == 200
            assert process.poll() is None
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            out, err = process.communicate(timeout=PATIENCE)
    assert err.startswith("Chưa dùng được cơ sở dữ liệu (")
    assert str(postgresql.folder) in err.splitlines()[0]  # what the driver says of the place
    assert "Đã dùng được cơ sở dữ liệu." in out.splitlines()


@pytest.fixture
def orphan(built: tuple[Path, dict[str, int]], tmp_path: Path) -> StrictClient:
    """A browser that was signed in, at an application whose database is nowhere."""
    shutil.copytree(built[0], tmp_path / "instance")
    app = create_app(tmp_path / "instance", Database(NOWHERE))
    app.test_client_class = StrictClient
    client = app.test_client()
    client.set_cookie("phien", "x" * 40)
    assert isinstance(client, StrictClient)
    return client


def test_an_application_that_has_never_seen_its_database_tells_503_on_every_page(orphan: StrictClient) -> None:
    page = orphan.get("/phieu/")
    assert page.status_code == 503
    assert "Chưa lưu được" in page.get_data(as_text=True)
    assert orphan.get("/healthz", headers={"Accept": "application/json"}).status_code == 503


def test_pages_that_need_no_database_are_shown_without_it(orphan: StrictClient) -> None:
    orphan.delete_cookie("phien")
    assert orphan.get("/huong-dan").status_code == 200
