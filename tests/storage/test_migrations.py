"""Migrations: they make what the models say, once, and a killed one leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from survey.storage.database import Database, DatabaseTrouble
from survey.storage.migrations import HEAD
from survey.storage.tables import metadata
from survey.storage.upgrade import MIGRATIONS, current_revision, upgrade
from tests.databases import Store

KILLED = """
import os, sys
import sqlalchemy as sa
from survey.storage.database import Database
from survey.storage.upgrade import upgrade

database = Database(sys.argv[1])
seen = 0

def count(*_):
    global seen
    seen += 1
    if seen == int(sys.argv[2]):
        os._exit(9)

sa.event.listen(database.engine, "after_cursor_execute", count)
upgrade(database)
"""


def tables(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


def test_models_and_migrations_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_head_named_in_the_code_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_an_empty_database_gets_every_table(store: Store) -> None:
    database = store.empty()
    upgrade(database)
    assert tables(database) == set(metadata.tables) | {"alembic_version"}


def test_upgrading_twice_is_upgrading_once(database: Database) -> None:
    upgrade(database)
    with database.engine.connect() as connection:
        assert current_revision(connection) == HEAD


def test_an_upgrade_killed_half_way_can_be_run_again(store: Store, repository: Path) -> None:
    database = store.empty()
    url = database.url.render_as_string(hide_password=False)
    for statement in (8, 20):
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, url, str(statement)],
            cwd=repository,
            env={**os.environ, "PYTHONPATH": str(repository)},
            check=False,
        )
        assert killed.returncode == 9
        assert not tables(database) & set(metadata.tables)
    upgrade(database)
    assert tables(database) >= set(metadata.tables)


def test_an_upgrade_that_fails_leaves_nothing(store: Store) -> None:
    database = store.empty()
    with database.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE submission (id INTEGER)"))  # in the way of the migration
    with pytest.raises((DatabaseTrouble, sa.exc.DBAPIError)):
        upgrade(database)
    assert tables(database) == {"submission"}
