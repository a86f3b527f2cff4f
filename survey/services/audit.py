"""The log of everything done: append-only, each event hashed with the one before, so that any tampering is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from survey.services.instance import Session
from survey.services.people import Person
from survey.services.scope import find_submission
from survey.storage import accounts, events
from survey.storage.events import Head
from survey.storage.submission_rows import SubmissionRow
from survey.storage.submissions import SignOff

ACCOUNTS, AGENCIES, QUESTIONNAIRES, ROUNDS = "accounts", "agencies", "questionnaires", "rounds"
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


@dataclass(frozen=True, slots=True)
class BrokenChain:
    """Where a stream has been tampered with."""

    stream: str
    number: int  # of the first event that does not fit
    what: str  # "edited", "missing", "head" (the end was cut off), "receipt" (a receipt names an event that is gone)


def record(session: Session, stream: str, kind: str, by: Person | None, at: datetime, **data: Any) -> Head:
    """Add an event to one of the shared streams."""
    head = events.start_stream(session, stream)
    return events.append(session, head, at=at, account_id=by.account_id if by else None, kind=kind, data=data)


def record_for(session: Session, row: SubmissionRow, kind: str, by: Person | None, at: datetime, **data: Any) -> Head:
    """Add an event to the chain of a submission that was read with its lock."""
    head = Head(events.submission_stream(row.id), row.event_count, row.event_head)
    return events.append(session, head, at=at, account_id=by.account_id if by else None, kind=kind, data=data)


def check_events(session: Session) -> tuple[BrokenChain, ...]:
    """Walk every chain to its head, then look for every receipt's event; empty where all is as written."""
    broken = [BrokenChain(found.stream, found.number, found.what) for found in events.find_breaks(session)]
    receipts = session.execute(sa.select(SignOff.submission_id, SignOff.audit_head)).all()
    known = events.known_hashes(session)
    for submission_id, head in receipts:
        if head not in known:
            broken.append(BrokenChain(events.submission_stream(submission_id), 0, "receipt"))
    return tuple(broken)


def audit_head(session: Session) -> str:
    """One hash over the heads of all chains: printed on exports, it pins the whole log."""
    told = json.dumps([[head.stream, head.count, head.hash] for head in events.all_heads(session)])
    return hashlib.sha256(told.encode()).hexdigest()


def history_of(session: Session, person: Person, submission_id: int, limit: int = 200) -> tuple[EventView, ...]:
    """The events of a submission, newest first. Raises NotFound."""
    row = find_submission(session, person, submission_id)
    found = events.history(session, events.submission_stream(row.id), limit)
    names = accounts.names(session, {event.account_id for event in found if event.account_id is not None})
    return tuple(
        EventView(
            event.stream,
            event.number,
            event.at,
            names.get(event.account_id, "") if event.account_id else "",
            event.kind,
            json.loads(event.data),
            event.hash,
        )
        for event in found
    )
