"""Bringing a database to the present tables, all in one transaction: killed half-way, nothing has happened."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from survey.storage.database import Database
from survey.storage.migrations import HEAD

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 205_2026  # PostgreSQL advisory lock: one upgrade at a time


def upgrade(database: Database, revision: str = "head") -> str | None:
    """Run every revision up to `revision`, none where the database is there already; the one before, None if empty."""
    with database.writing() as session:
        connection = session.connection()
        if not database.is_sqlite:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        before = current_revision(connection)
        if revision != "head" or before != HEAD:
            migrate(connection, revision)
        return before


def migrate(connection: sa.Connection, revision: str = "head") -> None:
    """Run every revision up to `revision` in the transaction of this connection."""
    from alembic import command  # takes a second to import
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def known_revisions() -> tuple[str, ...]:
    """Every revision of this program, oldest first."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return tuple(reversed([script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]))


def current_revision(connection: sa.Connection) -> str | None:
    """The revision that the database is at; None where it is empty."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return revision
