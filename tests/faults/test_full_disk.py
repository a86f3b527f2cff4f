"""A full disk: nothing is told as saved that is not, a sentence says so, and saving goes on without a restart."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.web.app import create_app
from tests.conftest import absent
from tests.faults.test_lost_answers import saves
from tests.web.conftest import Site
from tests.web.strict_client import StrictClient
from tests.web.test_save_json import post, token, told

KEY = "note:2.1"


@pytest.fixture
def small(built: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Site]:
    """A site on a small disk of its own."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        absent("A full disk is tried as root alone, who may mount a small one")
    template, submissions = built
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], check=False).returncode:
        absent("This machine lets nobody mount a small disk")
    try:
        shutil.copytree(template, disk / "instance")
        app = create_app(disk / "instance")
        app.test_client_class = StrictClient
        yield Site(app, disk / "instance", submissions)
        app.extensions["instance"].database.close()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_is_told_and_once_there_is_room_saving_goes_on(small: Site) -> None:
    client = small.client("nhap")
    csrf, path = token(client), f"{small.ward}/luu"
    filler, saved = small.folder / "filler", 0
    with filler.open("wb", buffering=0) as out:
        try:
            while True:
                out.write(b"\0" * 65536)
        except OSError:
            pass
    refused = 0
    for number in range(60):
        body = {"changes": [{"key": KEY, "typed": f"{number} " + "x" * 1500, "seen": saved}]}
        answer = post(client, path, body, csrf)
        if answer.status_code == 200:
            saved += 1
            continue
        refused += 1
        assert answer.status_code == 503
        assert "Chưa có gì được lưu" in told(answer)["sentence"]
    assert refused > 0
    assert len(saves(small)) == saved
    filler.unlink()
    body = {"changes": [{"key": KEY, "typed": "còn chỗ", "seen": saved}]}
    assert post(client, path, body, csrf).status_code == 200
    assert len(saves(small)) == saved + 1
