"""The append-only log: chains of events, each hashed with the one before it, and the head of each chain kept apart."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.storage.base import Base, table_of
from survey.storage.database import compact_json

START = "0" * 64  # what the first event of a stream is hashed with
SAVE_KEY = "save_key"  # in the data of an event


class Event(Base):
    """One thing that was done."""

    __tablename__ = "event"
    __table_args__ = (
        sa.UniqueConstraint("stream", "number"),
        sa.Index("ix_event_at_id", "at", "id"),
        sa.Index("ix_event_account_id_at", "account_id", "at"),
        sa.Index("uq_event_save_key", "stream", "save_key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stream: Mapped[str]
    number: Mapped[int]  # from 1 in its stream
    at: Mapped[datetime]
    account_id: Mapped[int | None]  # None: the system itself; no foreign key, since the log outlives what it tells of
    kind: Mapped[str]
    data: Mapped[str] = mapped_column(sa.Text)  # compact JSON, as hashed
    previous: Mapped[str]
    hash: Mapped[str]
    save_key: Mapped[str | None]  # made by the browser that sent the save; in `data` too, and so in the hash


class EventStream(Base):
    """The head of one chain, so that cutting off its end is found."""

    __tablename__ = "event_stream"

    stream: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    head: Mapped[str]


_ADDED = sa.insert(table_of(Event))
_streams = table_of(EventStream)
_MOVED = (
    sa.update(_streams)
    .where(_streams.c.stream == sa.bindparam("of"))
    .values(count=sa.bindparam("to"), head=sa.bindparam("digest"))
)


class SaveKeyUsed(Exception):
    """The chain has an event of this save key."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends."""

    stream: str
    count: int
    hash: str


def submission_stream(submission_id: Any) -> Any:
    """The stream of a submission: a text for an id, an expression for a column."""
    if isinstance(submission_id, int):
        return f"submission:{submission_id}"
    return sa.literal("submission:", sa.Text).concat(sa.cast(submission_id, sa.Text))


def access_stream(submission_id: int) -> str:
    """The stream of who looked at a submission."""
    return f"access:{submission_id}"


def event_hash(
    previous: str, stream: str, number: int, at: datetime, account_id: int | None, kind: str, data: str
) -> str:
    """SHA-256 over everything an event says and the hash before it."""
    told = compact_json([previous, stream, number, at.astimezone(UTC).isoformat(), account_id, kind, data])
    return hashlib.sha256(told.encode()).hexdigest()


def start_stream(session: Session, stream: str) -> Head:
    """Begin an empty chain; the one there is, if it has begun."""
    began = sa.text("INSERT INTO event_stream (stream, count, head) VALUES (:stream, 0, :head) ON CONFLICT DO NOTHING")
    session.execute(began, {"stream": stream, "head": START})
    return hold_head(session, stream)


def hold_head(session: Session, stream: str) -> Head:
    """The head of a chain that has begun; no one else can add to it until the unit of work ends."""
    columns = sa.select(EventStream.stream, EventStream.count, EventStream.head)
    row = session.execute(columns.where(EventStream.stream == stream).with_for_update()).one()
    return Head(*row)


def append(
    session: Session, head: Head, *, at: datetime, account_id: int | None, kind: str, data: Mapping[str, Any]
) -> Head:
    """Add an event behind `head`, which the caller holds. Two statements.

    A save key in `data` is findable, and raises SaveKeyUsed where the chain has an event of that key.
    """
    number, text = head.count + 1, compact_json(data)
    digest = event_hash(head.hash, head.stream, number, at, account_id, kind, text)
    added = {
        "stream": head.stream, "number": number, "at": at, "account_id": account_id, "kind": kind, "data": text,
        "previous": head.hash, "hash": digest,
    }  # fmt: skip
    if SAVE_KEY in data:  # else not named: a database that is backed up before it is upgraded lacks the column
        added["save_key"] = data[SAVE_KEY]
    try:
        session.execute(_ADDED, added)
    except sa.exc.IntegrityError as error:
        if SAVE_KEY in data:  # the number is the holder's alone, so that it can only be the key
            raise SaveKeyUsed from error
        raise
    session.execute(_MOVED, {"of": head.stream, "to": number, "digest": digest})
    return Head(head.stream, number, digest)


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain is not as it was written: the number of the first event that does not fit."""

    stream: str
    number: int
    what: str  # edited, missing, head


def find_breaks(session: Session) -> Iterator[Break]:
    """Walk every chain to its head."""
    heads = {row.stream: row for row in session.scalars(sa.select(EventStream))}
    state: dict[str, tuple[int, str]] = {}
    broken: set[str] = set()
    ordered = sa.select(Event).order_by(Event.stream, Event.number).execution_options(yield_per=1000)
    for event in session.scalars(ordered):
        if event.stream in broken:
            continue
        count, previous = state.get(event.stream, (0, START))
        told = event_hash(previous, event.stream, event.number, event.at, event.account_id, event.kind, event.data)
        if event.number != count + 1:
            broken.add(event.stream)
            yield Break(event.stream, count + 1, "missing")
        elif event.previous != previous or event.hash != told:
            broken.add(event.stream)
            yield Break(event.stream, event.number, "edited")
        state[event.stream] = (event.number, event.hash)
    for stream in sorted((heads.keys() | state.keys()) - broken):
        count, last = state.get(stream, (0, START))
        head = heads.get(stream)
        if head is None or (head.count, head.head) != (count, last):
            yield Break(stream, count + 1, "head")


def all_hashes(session: Session) -> dict[tuple[str, int], str]:
    """The hashes of all events, by stream and number."""
    rows = session.execute(sa.select(Event.stream, Event.number, Event.hash))
    return {(row.stream, row.number): row.hash for row in rows}


def history(session: Session, stream: str, limit: int) -> Sequence[Event]:
    """The last events of a stream, newest first."""
    query = sa.select(Event).where(Event.stream == stream).order_by(Event.number.desc()).limit(limit)
    return session.scalars(query).all()


def find_save(session: Session, stream: str, save_key: str) -> Event | None:
    """The event of a save that was done under this key."""
    return session.scalar(sa.select(Event).where(Event.stream == stream, Event.save_key == save_key))


def of_kinds(session: Session, kinds: Collection[str]) -> Sequence[Event]:
    """All events of some kinds, in the order in which they were written."""
    return session.scalars(sa.select(Event).where(Event.kind.in_(kinds)).order_by(Event.id)).all()


def is_known_since(session: Session, stream: str, account_id: int, kind: str, since: datetime) -> bool:
    """Whether this account left an event of a kind in a stream at or after a time."""
    wanted = (Event.stream == stream, Event.account_id == account_id, Event.kind == kind, Event.at >= since)
    return session.scalar(sa.select(Event.id).where(*wanted).limit(1)) is not None


def all_heads(session: Session) -> list[Head]:
    """The heads of all chains, by stream."""
    rows = session.scalars(sa.select(EventStream).order_by(EventStream.stream))
    return [Head(row.stream, row.count, row.head) for row in rows]
