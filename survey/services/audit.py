"""The log of everything done: append-only, each event hashed with the one before, so that any tampering is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from survey.services.instance import Session
from survey.services.people import Person
from survey.services.published import published
from survey.services.scope import find_submission
from survey.storage import accounts, events
from survey.storage.events import Event, Head
from survey.storage.submission_rows import SubmissionRow
from survey.storage.submissions import SignOff

ACCOUNTS, AGENCIES, QUESTIONNAIRES, ROUNDS = "accounts", "agencies", "questionnaires", "rounds"
PINNING = ("exported", "log_checked")  # kinds of events that may hold a pin
ACCESS, INSTANCE = "access", "instance"  # views and exports of others' data; settings, backups, packages


@dataclass(frozen=True, slots=True)
class EventView:
    """One event."""

    stream: str  # "submission:12", "accounts", "agencies", "questionnaires", "rounds", …
    number: int  # from 1 in its stream
    at: datetime
    by: str  # name, "" for the system itself
    kind: str  # "answers_saved", "presented", "approved", …
    data: Mapping[str, Any]
    hash: str
    about: str = ""  # name of the account that it is about, where it is about one
    homes: Mapping[str, str] = field(default_factory=dict)  # inputs that several indicators use: where each is entered


@dataclass(frozen=True, slots=True)
class BrokenChain:
    """Where a stream has been tampered with."""

    stream: str
    number: int  # of the first event that does not fit
    what: str  # "edited", "missing", "head" (its end), "receipt", "export" (names what is gone), "signed", "content"


def record(session: Session, stream: str, kind: str, by: Person | None, at: datetime, **data: Any) -> Head:
    """Add an event to one of the shared streams."""
    head = events.start_stream(session, stream)
    return events.append(session, head, at=at, account_id=by.account_id if by else None, kind=kind, data=data)


def record_for(session: Session, row: SubmissionRow, kind: str, by: Person | None, at: datetime, **data: Any) -> Head:
    """Add an event to the chain of a submission that was read with its lock."""
    head = Head(events.submission_stream(row.id), row.event_count, row.event_head)
    return events.append(session, head, at=at, account_id=by.account_id if by else None, kind=kind, data=data)


def check_events(session: Session) -> tuple[BrokenChain, ...]:
    """Walk every chain to its head, then look for what receipts and exports pin; empty where all is as written."""
    broken = [BrokenChain(found.stream, found.number, found.what) for found in events.find_breaks(session)]
    receipts = session.execute(sa.select(SignOff.submission_id, SignOff.audit_head)).all()
    written = events.all_hashes(session)
    known = set(written.values())
    for submission_id, head in receipts:
        if head not in known:
            broken.append(BrokenChain(events.submission_stream(submission_id), 0, "receipt"))
    for event in events.of_kinds(session, PINNING):
        pin = pin_of(event)
        if pin is not None and not holds(pin, written):
            broken.append(BrokenChain(event.stream, event.number, "export"))
    return tuple(broken)


@dataclass(frozen=True, slots=True)
class Pin:
    """The whole log at a moment: one hash over the heads of all chains, and how long each of them was.

    The lengths let the hash be counted again later from the events themselves, when the chains have grown.
    """

    head: str
    counts: Mapping[str, int]  # by stream


def take_pin(session: Session) -> Pin:
    """The log as it stands in this unit of work."""
    heads = events.all_heads(session)
    return Pin(hash_heads(heads), {head.stream: head.count for head in heads if head.count})


def pin_of(event: Event) -> Pin | None:
    """The pin that an event of an export or a check holds; None where nothing was printed on it."""
    try:
        data = json.loads(event.data)
    except ValueError:
        return None  # it was edited, as its chain tells
    known = isinstance(data, dict) and isinstance(data.get("counts"), dict) and "head" in data
    return Pin(data["head"], data["counts"]) if known else None


def holds(pin: Pin, written: Mapping[tuple[str, int], str]) -> bool:
    """Whether the chains, as long as they were then, still come to the same hash; `written` are hashes of events."""
    places = ((stream, count, written.get((stream, count), "")) for stream, count in pin.counts.items())
    return hash_heads(Head(*place) for place in places) == pin.head


def audit_head(session: Session) -> str:
    """One hash over the heads of all chains: printed on exports, it pins the whole log."""
    return take_pin(session).head


def figures_head(session: Session) -> str:
    """The same without who signed in and who looked: it changes only where a figure may have."""
    heads = events.all_heads(session)
    return hash_heads([head for head in heads if head.stream.partition(":")[0] not in (ACCESS, ACCOUNTS)])


def hash_heads(heads: Iterable[Head]) -> str:
    """One hash over the heads of chains in the order of their names; chains that have not begun leave no trace."""
    begun = sorted((head.stream, head.count, head.hash) for head in heads if head.count)
    return hashlib.sha256(json.dumps(begun).encode()).hexdigest()


def history_of(session: Session, person: Person, submission_id: int, limit: int = 200) -> tuple[EventView, ...]:
    """The events of a submission, newest first. Raises NotFound."""
    row = find_submission(session, person, submission_id)
    users_of = published(session, row.version_id, row.sha256).users_of
    homes = {key: users[0].code for key, users in users_of.items() if not key.startswith(users[0].code)}
    found = event_views(session, events.history(session, events.submission_stream(row.id), limit))
    return tuple(replace(one, homes=homes) for one in found)


def event_views(session: Session, found: Sequence[Event]) -> tuple[EventView, ...]:
    """Events with the names of those who did them, in the same order."""
    told = [json.loads(event.data) for event in found]
    about = [data.get("account") if isinstance(data.get("account"), int) else None for data in told]
    ids = {number for number in (*about, *(event.account_id for event in found)) if number is not None}
    names = accounts.names(session, ids)
    return tuple(
        EventView(
            stream=event.stream,
            number=event.number,
            at=event.at,
            by=names.get(event.account_id, "") if event.account_id else "",
            kind=event.kind,
            data=data,
            hash=event.hash,
            about=names.get(number, "") if number else "",
        )
        for event, data, number in zip(found, told, about, strict=True)
    )
