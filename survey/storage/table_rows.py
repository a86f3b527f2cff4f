"""Whole tables row by row in one plain form, for backups and moves: equal rows are equal lines on every database.

Tables are read from the database itself, not from the models: one of an older revision is taken as it is.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from survey.storage.database import compact_json

VERSION_TABLE = "alembic_version"
_BATCH = 500  # rows that are read or written at once


class UnfitRows(Exception):
    """Lines that are no rows of this table."""


@dataclass(frozen=True, slots=True)
class Told:
    """How much a table holds: rows, and the SHA-256 over its lines."""

    rows: int
    sha256: str


def tables_of(connection: sa.Connection) -> list[sa.Table]:
    """The tables that are there, each after those it refers to; the revision's own table left out."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    tables = [table for table in metadata.sorted_tables if table.name != VERSION_TABLE]
    for table in tables:
        for column in table.columns:
            if isinstance(column.type, sa.JSON):
                column.type.none_as_null = True
    return tables


def is_empty(connection: sa.Connection) -> bool:
    """Whether no table holds a row."""
    return not any(connection.scalar(sa.select(sa.exists().select_from(table))) for table in tables_of(connection))


def lines_of(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """The table as JSON lines, by primary key; the first one names the columns."""
    columns = sorted(table.columns, key=lambda column: column.name)
    yield _line([column.name for column in columns])
    order = [_bytewise(connection, column) for column in table.primary_key.columns]
    query = sa.select(*columns).order_by(*order).execution_options(yield_per=_BATCH)
    for row in connection.execute(query):
        yield _line([_plain(value) for value in row])


def tell(connection: sa.Connection, table: sa.Table) -> Told:
    """Count and hash a table."""
    digest, count = hashlib.sha256(), -1
    for count, line in enumerate(lines_of(connection, table)):  # noqa: B007  the heading is number 0
        digest.update(line)
    return Told(count, digest.hexdigest())


def write_lines(connection: sa.Connection, table: sa.Table, lines: Iterable[bytes]) -> int:
    """Put the lines of a table into an empty one; how many rows. Raises UnfitRows.

    A row that refers to another of its own table gets that reference once all are there.
    """
    rows = iter(lines)
    columns = _columns(table, next(rows, b""))
    own = [column for column in columns if any(key.column.table is table for key in column.foreign_keys)]
    later: list[dict[str, Any]] = []
    count = 0
    while batch := [_values(columns, line) for line in itertools.islice(rows, _BATCH)]:
        count += len(batch)
        for values in batch:
            references = {column.name: values[column.name] for column in own if values[column.name] is not None}
            if references:
                later.append({f"_{key.name}": values[key.name] for key in table.primary_key} | references)
                values.update(dict.fromkeys(references))
        connection.execute(sa.insert(table), batch)
    for values in later:
        keys = [key == values.pop(f"_{key.name}") for key in table.primary_key]
        connection.execute(sa.update(table).where(*keys).values(values))
    return count


def set_sequences(connection: sa.Connection, tables: Iterable[sa.Table]) -> None:
    """Let PostgreSQL go on counting after the highest id of each table; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        keys = list(table.primary_key.columns)
        if len(keys) != 1 or not isinstance(keys[0].type, sa.Integer):
            continue
        sequence = sa.func.pg_get_serial_sequence(table.name, keys[0].name)
        highest = sa.select(sa.func.max(keys[0])).scalar_subquery()
        connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1), highest.is_not(None))))


def _bytewise(connection: sa.Connection, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """The column as an order that is the same everywhere."""
    is_text = isinstance(column.type, sa.String) and connection.dialect.name == "postgresql"
    return sa.collate(column, "C") if is_text else column


def _line(values: list[Any]) -> bytes:
    return compact_json(values).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _columns(table: sa.Table, heading: bytes) -> list[sa.Column[Any]]:
    try:
        names = json.loads(heading)
        columns = [table.columns[name] for name in names]
    except (ValueError, KeyError, TypeError):
        raise UnfitRows(table.name) from None
    if len(columns) != len(table.columns):
        raise UnfitRows(table.name)
    return columns


def _values(columns: list[sa.Column[Any]], line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line)
        return {column.name: _typed(column, value) for column, value in zip(columns, values, strict=True)}
    except (ValueError, TypeError):
        raise UnfitRows(columns[0].table.name) from None


def _typed(column: sa.Column[Any], value: Any) -> Any:
    """What the column's type takes for a plain value."""
    if value is None:
        return None
    if isinstance(column.type, sa.DateTime):
        moment = datetime.fromisoformat(value)
        return moment if column.type.timezone else moment.replace(tzinfo=None)
    return date.fromisoformat(value) if isinstance(column.type, sa.Date) else value
