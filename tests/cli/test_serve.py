"""`sansangso serve`: a real server in a process of its own, stopped as a person would stop it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError

import pytest

pytestmark = pytest.mark.long

PATIENCE = 90.0  # seconds; a slow machine is no fault of the code


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "import sys; from survey.cli import main; sys.exit(main())", *arguments]


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PORT")}
    return kept | {"SANSANGSO_INSTANCE": str(folder), "PYTHONUNBUFFERED": "1", **more}


@contextmanager
def serving(folder: Path, *arguments: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server that answers; killed in the end if it was not stopped."""
    port = free_port()
    process = subprocess.Popen(
        command("serve", *arguments), env=environment(folder, PORT=str(port), **more), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            with (
                suppress(URLError, OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer,
            ):
                assert answer.status == 200
                assert json.load(answer)["status"] == "ok"
                break
            time.sleep(0.2)
        yield process, port
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_stops_cleanly(tmp_path: Path, stop: signal.Signals) -> None:
    with serving(tmp_path) as (process, port):
        os.killpg(process.pid, stop)  # the whole group, as a terminal does
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    lines = [json.loads(line) for line in err.splitlines()]  # nothing else is on stderr
    assert {(line["route"], line["status"], line["level"]) for line in lines} == {("/healthz", 200, "info")}
    assert out.splitlines() == [
        "Hệ thống còn trống: tạo tài khoản quản trị bằng lệnh: "
        "sansangso account create --login … --name … --role administrator",
        f"Đang phục vụ tại http://127.0.0.1:{port} (Ctrl-C để dừng)",
        "Đã dừng.",
    ]


def test_an_empty_instance_is_seeded_once(tmp_path: Path) -> None:
    with serving(tmp_path, "--demo") as (process, _):
        os.killpg(process.pid, signal.SIGINT)
        first, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    assert "Đã tạo 412 đơn vị và 408 phiếu minh họa" in first
    accounts = json.loads((tmp_path / "demo-accounts.json").read_text(encoding="utf-8"))
    assert all(account["login"] in first for account in accounts)
    with serving(tmp_path, "--demo", "--language", "en") as (process, _):
        os.killpg(process.pid, signal.SIGINT)
        second, _ = process.communicate(timeout=PATIENCE)
    assert "Made 412 agencies" not in second
    assert all(account["login"] in second for account in accounts)


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            command("serve", "--demo"), env=environment(tmp_path, PORT=port), capture_output=True, encoding="utf-8",
            timeout=PATIENCE, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == f"Cổng {port} đang có chương trình khác dùng; chọn cổng khác, ví dụ: PORT=9000 make run.\n"
    assert list(tmp_path.iterdir()) == []  # nothing was begun


@pytest.mark.parametrize("typed", ["abc", "0", "65536", "-1", "８０"])
def test_a_port_that_is_none_is_exit_2(tmp_path: Path, typed: str) -> None:
    done = subprocess.run(
        command("serve"), env=environment(tmp_path, PORT=typed), capture_output=True, encoding="utf-8",
        timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert f"“{typed}”" in done.stderr


def test_a_configuration_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("secure_cookies = maybe", encoding="utf-8")
    done = subprocess.run(
        command("serve"), env=environment(tmp_path, PORT=str(free_port())), capture_output=True, encoding="utf-8",
        timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Không đọc được config.toml")
    assert done.stderr.count("\n") == 1
