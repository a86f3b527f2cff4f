"""The database and its units of work: a writing one takes the writers' lock at once, a reading one is a snapshot."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from survey.storage.turns import TurnNotCome, Turns

Clock = Callable[[], datetime]

WAIT = 10.0  # seconds that a writer waits for its turn or a lock
_WRITES = "survey_writes"
_SQLITE_POOL = 40
_CONNECT_TIMEOUT = 10  # seconds that a PostgreSQL server may take to answer at all


def system_clock() -> datetime:
    """Now, aware, in UTC: the server's clock."""
    return datetime.now(UTC)


class Trouble(StrEnum):
    """What keeps the database from doing its work."""

    BUSY = "busy"
    FULL = "full"
    READ_ONLY = "read_only"
    BROKEN = "broken"


class DatabaseTrouble(Exception):
    """The database could not do its work; nothing of the unit of work was kept."""

    def __init__(self, kind: Trouble) -> None:
        super().__init__(kind.value)
        self.kind = kind


class DatabaseBusy(DatabaseTrouble):
    """The turn or a lock did not come in time: to be tried again."""

    def __init__(self) -> None:
        super().__init__(Trouble.BUSY)


class Database:
    """One database, by SQLAlchemy URL; SQLite files and PostgreSQL are known."""

    def __init__(self, url: str, *, wait: float = WAIT) -> None:
        self.url = _with_driver(sa.make_url(url))
        self.wait = wait
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._sqlite_engine() if self.is_sqlite else self._postgresql_engine()
        self._turns = Turns() if self.is_sqlite else None
        self._writer = self.engine.execution_options(**{_WRITES: True})
        self._reader = (
            self.engine
            if self.is_sqlite
            else self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        )

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A unit of work that may write: committed at the end, rolled back by any exception.

        Raises DatabaseTrouble where the database cannot; then nothing was kept.
        """
        with self._translated(), self._turn(), Session(self._writer, expire_on_commit=False) as session:
            if self.is_sqlite:
                session.connection()  # BEGIN IMMEDIATE now, so that everything read is still true when written
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A unit of work that sees one snapshot and keeps nothing."""
        with self._translated(), Session(self._reader, autoflush=False) as session:
            event.listen(session, "before_flush", _refuse_flush)
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn what the drivers say about a sick or busy database into DatabaseTrouble.

        A connection that has met a sick one is not used again: its files may be those of a disk that is there no more.
        But where SQLite could not sync, closing every connection would forget that what was written is not to count.
        """
        try:
            yield
        except TurnNotCome:
            raise DatabaseBusy from None
        except (sa.exc.OperationalError, sa.exc.InternalError) as error:
            kind = _trouble(error)
            if kind is Trouble.BUSY:
                raise DatabaseBusy from error
            if getattr(error.orig, "sqlite_errorcode", None) not in _NOT_SYNCED:
                self.engine.dispose()
            raise DatabaseTrouble(kind) from error

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._turns is None:
            yield
            return
        with self._turns.take(self.wait):
            yield

    def _sqlite_engine(self) -> sa.Engine:
        engine = sa.create_engine(
            self.url, json_serializer=compact_json, pool_size=_SQLITE_POOL, max_overflow=-1, connect_args={"timeout": 0}
        )
        event.listen(engine, "connect", partial(_prepare_sqlite, wait=self.wait))
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _postgresql_engine(self) -> sa.Engine:
        milliseconds = int(self.wait * 1000)
        options = f"-c lock_timeout={milliseconds} -c timezone=UTC"
        return sa.create_engine(
            self.url,
            json_serializer=compact_json,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=30,
            connect_args={"options": options, "connect_timeout": _CONNECT_TIMEOUT},
        )


def compact_json(value: object) -> str:
    """JSON with sorted keys, no blanks and letters as they are: equal values are equal texts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _with_driver(url: sa.URL) -> sa.URL:
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    return url


def _prepare_sqlite(connection: Any, _record: Any, *, wait: float) -> None:
    """Every connection: no transactions begun behind our back, no acknowledged write lost in a power cut."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={int(wait * 1000)}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _refuse_flush(_session: Session, _context: Any, _instances: Any) -> None:
    raise RuntimeError("a reading unit of work was asked to write")


_SQLITE_TROUBLE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
}
_NOT_SYNCED = (sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC)
_POSTGRESQL_TROUBLE = {
    "55P03": Trouble.BUSY,  # lock_not_available
    "40P01": Trouble.BUSY,  # deadlock_detected
    "40001": Trouble.BUSY,  # serialization_failure
    "57014": Trouble.BUSY,  # query_canceled
    "53100": Trouble.FULL,
    "25006": Trouble.READ_ONLY,
}


def _trouble(error: sa.exc.DBAPIError) -> Trouble:
    """What the driver says about a sick or busy database."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE_TROUBLE.get(code & 0xFF, Trouble.BROKEN)
    return _POSTGRESQL_TROUBLE.get(getattr(error.orig, "sqlstate", None) or "", Trouble.BROKEN)
