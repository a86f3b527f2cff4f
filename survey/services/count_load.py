"""Counts for monitoring: mail that waits, people at work, the last backup; numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from survey.services import audit
from survey.services.back_up import BACKED_UP
from survey.services.instance import Clock, Session, system_clock
from survey.services.sign_in import IDLE
from survey.storage.accounts import WebSession
from survey.storage.events import Event
from survey.storage.outbox import Message


@dataclass(frozen=True, slots=True)
class Load:
    """What waits and who is there."""

    outbox_waiting: int
    sessions: int  # signed in and seen lately
    last_backup: datetime | None


def count_load(session: Session, *, clock: Clock = system_clock) -> Load:
    """Three statements."""
    count = sa.func.count()
    waiting = sa.select(count).where(Message.sent_at.is_(None), Message.given_up_at.is_(None))
    seen = sa.select(count).where(WebSession.ended_at.is_(None), WebSession.last_seen > clock() - IDLE)
    backup = sa.select(sa.func.max(Event.at)).where(Event.stream == audit.INSTANCE, Event.kind == BACKED_UP)
    return Load(session.scalar(waiting) or 0, session.scalar(seen) or 0, session.scalar(backup))
