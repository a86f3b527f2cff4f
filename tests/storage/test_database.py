"""Units of work: all or nothing, one snapshot for readers, one turn at a time for writers."""

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey.storage import settings
from survey.storage.database import Database, DatabaseBusy, DatabaseTrouble, Trouble
from survey.storage.settings import Setting
from tests.databases import Store


def value_of(database: Database, name: str) -> str | None:
    with database.reading() as session:
        return settings.read(session).get(name)


def test_a_writing_unit_is_kept_at_its_end(database: Database) -> None:
    with database.writing() as session:
        settings.write(session, "a", "1")
    assert value_of(database, "a") == "1"


def test_a_writing_unit_that_fails_keeps_nothing(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            settings.write(session, "a", "1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert value_of(database, "a") is None


def test_a_reading_unit_refuses_to_write(database: Database) -> None:
    with pytest.raises(RuntimeError, match="asked to write"), database.reading() as session:
        settings.write(session, "a", "1")


def test_a_reading_unit_sees_one_snapshot(database: Database) -> None:
    with database.reading() as session:
        before = settings.read(session)
        with database.writing() as writer:
            settings.write(writer, "a", "1")
        assert settings.read(session) == before
    assert value_of(database, "a") == "1"


def test_no_update_of_many_writers_is_lost(database: Database) -> None:
    with database.writing() as session:
        settings.write(session, "count", "0")

    def add() -> None:
        for _ in range(25):
            with database.writing() as session:
                query = sa.select(Setting).where(Setting.name == "count").with_for_update()
                setting = session.scalars(query).one()
                setting.value = str(int(setting.value) + 1)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value_of(database, "count") == "200"


def test_a_writer_whose_lock_does_not_come_is_told_so(store: Store, database: Database) -> None:
    with database.writing() as session:
        settings.write(session, "a", "1")
    impatient = Database(database.url.render_as_string(hide_password=False), wait=0.2)
    try:
        with database.writing() as session:
            session.execute(sa.update(Setting).where(Setting.name == "a").values(value="2"))
            with pytest.raises(DatabaseBusy), impatient.writing() as other:
                other.execute(sa.update(Setting).where(Setting.name == "a").values(value="3"))
    finally:
        impatient.close()
    assert value_of(database, "a") == "2"


def test_a_thread_whose_turn_does_not_come_is_told_so(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}", wait=0.2)
    told: list[Exception] = []

    def try_it() -> None:
        try:
            with database.writing():
                pass
        except DatabaseBusy as busy:
            told.append(busy)

    try:
        with database.writing():
            thread = threading.Thread(target=try_it)
            thread.start()
            thread.join()
    finally:
        database.close()
    assert len(told) == 1


def test_sqlite_keeps_what_it_has_acknowledged(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    try:
        with database.engine.connect() as connection:
            pragmas = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
    finally:
        database.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_a_database_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'gone' / 'a.db'}")
    try:
        with pytest.raises(DatabaseTrouble) as caught, database.writing():
            pass
    finally:
        database.close()
    assert caught.value.kind is Trouble.BROKEN


def test_a_full_disk_is_named_and_nothing_is_kept(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    try:
        with database.writing() as session:
            session.execute(sa.text("CREATE TABLE t (x TEXT)"))
        sa.event.listen(database.engine, "begin", lambda c: c.exec_driver_sql("PRAGMA max_page_count = 3"))
        with pytest.raises(DatabaseTrouble) as caught, database.writing() as session:
            session.execute(sa.text("INSERT INTO t VALUES (:x)"), {"x": "a" * 100_000})
        assert caught.value.kind is Trouble.FULL
        with database.reading() as session:
            assert session.scalar(sa.text("SELECT count(*) FROM t")) == 0
    finally:
        database.close()


def test_postgresql_urls_get_the_driver_that_is_installed() -> None:
    database = Database("postgresql://nobody@localhost/none")
    try:
        assert database.url.drivername == "postgresql+psycopg"
    finally:
        database.close()
