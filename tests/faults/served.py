"""A real server (`sansangso serve`) that can be started quickly, killed in all its processes, and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from types import TracebackType

import sqlalchemy as sa

from survey.services.instance import secret_key
from survey.services.sign_in import check_password, open_session
from survey.storage.database import Database, system_clock
from survey.storage.rounds import Round
from tests.cli.test_serve import environment, free_port
from tests.services.world import PASSWORD, Known, build_world

PATIENCE = 120.0  # seconds; a slow machine is no fault of the code
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
NURSERY = """
import ctypes, os, signal, sys
import gunicorn.app.base, gunicorn.workers.gthread
import survey.web.app, survey.cli.serve
from survey.cli import main
{before}
if sys.platform == "linux":  # what a killed server leaves behind is ours, and reaped as it dies
    ctypes.CDLL(None).prctl({subreaper}, 1)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        sys.exit(main(["serve"]))
    print(child, flush=True)
"""


def build(database: Database, folder: Path) -> tuple[Known, dict[str, str]]:
    """The small world with a round that is open now; tokens of sessions that begin now, by login."""
    known = build_world(database)
    secret_key(folder)
    now, tokens = datetime.now(UTC), {}
    with database.writing() as session:
        session.execute(
            sa.update(Round).values(
                opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9), figures_to=None
            )
        )
    for login in ("clerk", "clerk2", "other", "third"):
        with database.reading() as session:
            checked = check_password(session, login, PASSWORD, clock=system_clock)
        with database.writing() as session:
            token = open_session(session, checked).token
        assert token is not None
        tokens[login] = token
    return known, tokens


def alive(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Served:
    """A server over an instance folder; `before` is Python run in it before it serves."""

    folder: Path
    url: str = ""  # of the database; "" for the file in the folder
    before: str = ""
    port: int = 0
    child: int = 0

    def __enter__(self) -> Served:
        self.port = free_port()
        temporary = str(self.folder.parent)  # what a killed server leaves behind goes with the test
        more = {"PORT": str(self.port), "TMPDIR": temporary} | ({"DATABASE_URL": self.url} if self.url else {})
        self.log = (self.folder.parent / f"{self.folder.name}.log").open("a", encoding="utf-8")
        program = NURSERY.format(before=self.before, subreaper=SUBREAPER)
        self.nursery = subprocess.Popen(
            [sys.executable, "-c", program], env=environment(self.folder, **more),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True,
        )  # fmt: skip
        self.start()
        return self

    def begin(self) -> None:
        """Start it; it may not answer yet."""
        self.child = self._born()

    def start(self) -> None:
        """Start it where it does not run, and wait until it answers that all is well."""
        until = time.monotonic() + PATIENCE
        if not self.child or not alive(self.child):
            self.begin()
        while time.monotonic() < until and alive(self.child):
            with suppress(OSError, HTTPException):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
                return
            time.sleep(0.05)
        raise AssertionError(Path(self.log.name).read_text(encoding="utf-8")[-3000:])

    def _born(self) -> int:
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write("\n")
        self.nursery.stdin.flush()
        return int(self.nursery.stdout.readline())

    def signal(self, number: signal.Signals) -> None:
        """To every process of the server at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.child, number)

    def kill(self) -> None:
        """`kill -9` of every process; returns when all are gone."""
        self.signal(signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                os.killpg(self.child, 0)
            except ProcessLookupError:
                return
            time.sleep(0.005)
        raise AssertionError("the server does not die")

    def __exit__(self, _kind: type[BaseException] | None, _value: object, _trace: TracebackType | None) -> None:
        self.kill()
        assert self.nursery.stdin is not None
        self.nursery.stdin.close()
        self.nursery.wait(PATIENCE)
        assert self.nursery.stdout is not None
        self.nursery.stdout.close()
        self.log.close()
