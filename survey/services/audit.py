"""The log of everything done: append-only, each event hashed with the one before, so that any tampering is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.services.instance import Session
from survey.services.people import Person


@dataclass(frozen=True, slots=True)
class EventView:
    """One event."""

    stream: str  # "submission:12", "round:1", "accounts", "agencies", "questionnaires"
    number: int  # from 1 in its stream
    at: datetime
    by: str  # name, "" for the system itself
    kind: str  # "answers_saved", "presented", "approved", …
    data: Mapping[str, object]
    hash: str


@dataclass(frozen=True, slots=True)
class BrokenChain:
    """Where a stream has been tampered with."""

    stream: str
    number: int  # of the first event that does not fit
    what: str  # "edited", "missing", "head"


def check_events(session: Session) -> tuple[BrokenChain, ...]:
    """Walk every chain to its head; empty where all is as written."""
    raise NotImplementedError


def history_of(session: Session, person: Person, submission_id: int, limit: int = 200) -> tuple[EventView, ...]:
    """The events of a submission, newest first. Raises NotFound."""
    raise NotImplementedError
