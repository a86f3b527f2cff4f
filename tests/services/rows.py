"""Every row of a database, to be compared with those of another."""

from survey.storage.database import Database
from survey.storage.table_rows import lines_of, tables_of


def rows_of(database: Database) -> dict[str, list[bytes]]:
    """The lines of every table, by its name."""
    with database.reading() as session:
        connection = session.connection()
        return {table.name: list(lines_of(connection, table)) for table in tables_of(connection)}


def without_last_events(rows: dict[str, list[bytes]], count: int) -> dict[str, list[bytes]]:
    """The same without the last events, which moves and restorations add, and without the heads of chains."""
    return {name: lines[: len(lines) - count] if name == "event" else lines for name, lines in rows.items()} | {
        "event_stream": []
    }
