"""The log: whatever is done to a chain behind its back is found, and where."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.storage import events
from survey.storage.database import Database, system_clock
from survey.storage.events import Break, Event, EventStream, append, event_hash, find_breaks, hold_head, start_stream


def write(database: Database, stream: str, count: int) -> None:
    with database.writing() as session:
        head = start_stream(session, stream)
        for number in range(count):
            data = {"số": number, "typed": "ä"}
            head = append(session, head, at=system_clock(), account_id=number, kind="saved", data=data)


def breaks(database: Database) -> list[Break]:
    with database.reading() as session:
        return list(find_breaks(session))


def at(session: Session, number: int, stream: str = "a") -> Event:
    return session.scalars(sa.select(Event).where(Event.stream == stream, Event.number == number)).one()


def edit_data(session: Session) -> None:
    at(session, 3).data = '{"số":99}'


def edit_time(session: Session) -> None:
    at(session, 3).at = system_clock()


def edit_author(session: Session) -> None:
    at(session, 3).account_id = 77


def edit_and_hash_again(session: Session) -> None:
    event = at(session, 3)
    event.data = "{}"
    event.hash = event_hash(event.previous, "a", 3, event.at, event.account_id, event.kind, "{}")


def delete(session: Session) -> None:
    session.delete(at(session, 3))


def delete_and_renumber(session: Session) -> None:
    session.delete(at(session, 3))
    session.flush()
    for number in (4, 5):
        at(session, number).number = number - 1
        session.flush()


def swap(session: Session) -> None:
    first, second = at(session, 2), at(session, 3)
    first.number = 100
    session.flush()
    second.number = 2
    session.flush()
    first.number = 3


def insert(session: Session) -> None:
    last = at(session, 5)
    digest = event_hash(last.hash, "a", 6, last.at, 1, "saved", "{}")
    added = Event(
        stream="a", number=6, at=last.at, account_id=1, kind="saved", data="{}", previous=last.hash, hash=digest
    )
    session.add(added)


def truncate(session: Session) -> None:
    session.execute(sa.delete(Event).where(Event.stream == "a", Event.number > 3))


def delete_all(session: Session) -> None:
    session.execute(sa.delete(Event).where(Event.stream == "a"))


def forget_the_head(session: Session) -> None:
    session.execute(sa.delete(EventStream).where(EventStream.stream == "a"))


@pytest.mark.parametrize(
    ("tamper", "number", "what"),
    [
        (edit_data, 3, "edited"),
        (edit_time, 3, "edited"),
        (edit_author, 3, "edited"),
        (edit_and_hash_again, 4, "edited"),
        (delete, 3, "missing"),
        (delete_and_renumber, 3, "edited"),
        (swap, 2, "edited"),
        (insert, 7, "head"),
        (truncate, 4, "head"),
        (delete_all, 1, "head"),
        (forget_the_head, 6, "head"),
    ],
)
def test_tampering_is_found(database: Database, tamper: Callable[[Session], None], number: int, what: str) -> None:
    write(database, "a", 5)
    write(database, "b", 3)
    assert breaks(database) == []
    with database.writing() as session:
        tamper(session)
    assert breaks(database) == [Break("a", number, what)]


def test_a_chain_goes_on_where_it_ended(database: Database) -> None:
    write(database, "a", 2)
    write(database, "a", 2)
    with database.writing() as session:
        assert hold_head(session, "a").count == 4
    assert breaks(database) == []


def test_history_comes_newest_first(database: Database) -> None:
    write(database, "a", 5)
    with database.reading() as session:
        assert [event.number for event in events.history(session, "a", 3)] == [5, 4, 3]
