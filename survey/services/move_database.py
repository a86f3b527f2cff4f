"""Moving an instance from SQLite to PostgreSQL or back: every row, compared after, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from survey.services import audit
from survey.services.back_up import is_there
from survey.services.errors import Refused
from survey.services.instance import Clock, Database, system_clock
from survey.storage.migrations import HEAD
from survey.storage.table_rows import VERSION_TABLE, Told, lines_of, set_sequences, tables_of, tell, write_lines
from survey.storage.upgrade import current_revision, migrate

FRESH = frozenset({"setting"})  # tables that hold rows where nobody has begun to work
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class MoveView:
    """What was moved."""

    tables: int
    rows: int
    target: str  # URL without its password


class Hashed:
    """Lines on their way, counted and hashed."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = lines
        self._digest = hashlib.sha256()
        self._count = -1  # the heading is no row

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self._digest.update(line)
            self._count += 1
            yield line

    @property
    def told(self) -> Told:
        """What has passed."""
        return Told(self._count, self._digest.hexdigest())


def open_target(url: str) -> Database:
    """The database of a URL. Raises Refused where it is none that we know."""
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() not in ("sqlite", "postgresql") or not parsed.database:
            raise Refused("operate.url_unknown", "url")
        database = Database(url)
    except sa.exc.ArgumentError:
        raise Refused("operate.url_unknown", "url") from None
    except ModuleNotFoundError as error:
        raise Refused("operate.no_driver", "url", name=error.name) from None
    if database.is_sqlite and database.url.database:
        Path(database.url.database).touch(mode=0o600)
    return database


def move_database(
    source: Database,
    target: Database,
    *,
    progress: Progress = lambda _done, _total: None,
    clock: Clock = system_clock,
) -> MoveView:
    """Copy every row into an empty database; there it is all or nothing. Nobody may save meanwhile. Raises Refused."""
    if not is_there(source):
        raise Refused("operate.no_database")
    rows = 0
    with source.reading() as old, target.writing() as new:
        here, there = old.connection(), new.connection()
        if current_revision(here) != HEAD:
            raise Refused("operate.not_at_head")
        make_room(there)
        migrate(there)
        places = {table.name: table for table in tables_of(there)}
        tables = tables_of(here)
        if {table.name for table in tables} != places.keys():
            raise Refused("operate.not_at_head")
        for done, table in enumerate(tables):
            progress(done, len(tables))
            rows += copy_lines(there, places[table.name], lines_of(here, table))
        set_sequences(there, places.values())
        with source.reading() as now:
            if audit.audit_head(now) != audit.audit_head(old):
                raise Refused("operate.moved_meanwhile")
        backends = {"from": here.dialect.name, "to": there.dialect.name}
        audit.record(new, audit.INSTANCE, "moved", None, clock(), rows=rows, **backends)
    return MoveView(len(tables), rows, target.url.render_as_string(hide_password=True))


def copy_lines(connection: sa.Connection, table: sa.Table, lines: Iterable[bytes]) -> int:
    """Write lines into an empty table and read it again: how many rows. Raises Refused, UnfitRows."""
    passing = Hashed(lines)
    count = write_lines(connection, table, passing)
    if tell(connection, table) != passing.told:
        raise Refused("operate.rows_differ", table=table.name)
    return count


def make_room(connection: sa.Connection, aside: str = "") -> str:
    """Leave no table: those that nobody has worked in are dropped, others set aside in a schema of this name.

    Returns the schema that was made, "" where none was. Raises Refused where people have worked in them and no name
    is given.
    """
    metadata = sa.MetaData()
    metadata.reflect(connection)
    filled = {
        table.name
        for table in metadata.sorted_tables
        if table.name != VERSION_TABLE and connection.scalar(sa.select(sa.exists().select_from(table)))
    }
    if filled <= FRESH:
        metadata.drop_all(connection)
        return ""
    if not aside or connection.dialect.name != "postgresql":
        raise Refused("operate.not_empty", "url")
    quote = connection.dialect.identifier_preparer.quote
    schema = str(connection.scalar(sa.text("SELECT current_schema()")))
    connection.execute(sa.text(f"ALTER SCHEMA {quote(schema)} RENAME TO {quote(aside)}"))
    connection.execute(sa.text(f"CREATE SCHEMA {quote(schema)}"))
    return aside
