"""Moving between SQLite and PostgreSQL: there and back every row is the same; a target in use is refused."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from survey.services import move_database as module
from survey.services.audit import check_events
from survey.services.errors import Refused
from survey.services.fill import save_answers
from survey.services.instance import upgrade
from survey.services.move_database import move_database, open_target
from survey.services.saved_views import Change
from survey.storage.database import Database
from survey.storage.table_rows import Told
from tests.databases import PostgresqlServer, Store
from tests.services.rows import rows_of, without_last_events
from tests.services.world import FULL, World, at, build_world


def test_there_and_back_every_row_is_the_same(
    store: Store, world: World, postgresql_server: PostgresqlServer, tmp_path: Path
) -> None:
    world.send(FULL)
    world.save({"2.3": "sai", "2.7": "Khó “khăn”\nở cơ sở"}, by="other", agency="SO-2")
    before = rows_of(world.database)
    assert sum(map(len, before.values())) > 60
    name = f"moved_{store.kind}"
    there = Database(postgresql_server.make(name))
    back = open_target(f"sqlite:///{tmp_path}/back.db")
    try:
        first = move_database(world.database, there, clock=at(minutes=20))
        second = move_database(there, back, clock=at(minutes=21))
        assert second.rows == first.rows + 1 + int("instance" not in streams(before))  # the event of the first move
        assert without_last_events(rows_of(there), 1) == without_last_events(before, 0)
        assert without_last_events(rows_of(back), 2) == without_last_events(before, 0)
        for database in (there, back):
            with database.reading() as session:
                assert check_events(session) == ()
            with database.writing() as session:  # new ids go on where they were
                person, number = world["third"], world.submission("SO-3")
                save_answers(session, person, number, [Change("2.3", "4", 0)], clock=at(minutes=30))
    finally:
        there.close()
        back.close()
        postgresql_server.drop(name)


def streams(rows: dict[str, list[bytes]]) -> set[str]:
    return {"instance"} if any(b'"instance"' in line for line in rows["event_stream"]) else set()


def test_a_target_in_use_is_refused(world: World, store: Store) -> None:
    other, _ = store.fresh(build_world)
    before = rows_of(other)
    with pytest.raises(Refused, match="not_empty"):
        move_database(world.database, other)
    assert rows_of(other) == before


def test_a_target_that_was_only_upgraded_is_taken(world: World, store: Store) -> None:
    other = store.empty()
    upgrade(other)
    move_database(world.database, other)
    assert rows_of(other)["setting"] == rows_of(world.database)["setting"]


def test_rows_that_read_differently_are_found_and_nothing_is_kept(
    world: World, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = store.empty()
    monkeypatch.setattr(module, "tell", lambda _connection, table: Told(0, table.name))
    with pytest.raises(Refused, match="rows_differ"):
        move_database(world.database, other)
    assert rows_of(other) == {}


def test_a_save_during_the_move_stops_it(world: World, store: Store) -> None:
    other = store.empty()
    saved = []

    def save(done: int, _total: int) -> None:
        if done == 3:
            saved.append(world.save({"2.3": "4"}))

    with pytest.raises(Refused, match="moved_meanwhile"):
        move_database(world.database, other, progress=save)
    assert saved
    assert rows_of(other) == {}


def test_a_database_that_is_not_at_its_head_is_not_moved(world: World, store: Store) -> None:
    with world.database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(Refused, match="not_at_head"):
        move_database(world.database, store.empty())


def test_what_is_not_there_is_not_moved_and_not_made(tmp_path: Path, store: Store) -> None:
    nothing = Database(f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(Refused, match="no_database"):
        move_database(nothing, store.empty())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["", "abc", "mysql://a/b", "sqlite://", "postgresql://"])
def test_an_address_that_is_none_of_ours_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="url_unknown"):
        open_target(url)
