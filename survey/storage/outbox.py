"""Mail that waits to be sent, with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.storage.base import EMPTY, Base


class Message(Base):
    """One mail; its text is emptied once it is sent or given up, since it may hold a one-time link."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # invitation, reset, reminder, notice
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)  # whom it is for
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)  # not tried before
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str] = mapped_column(default="", server_default=EMPTY)
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]


def _waiting() -> tuple[sa.ColumnElement[bool], ...]:
    return Message.sent_at.is_(None), Message.given_up_at.is_(None)


def claim(session: Session, now: datetime, until: datetime, most: int) -> Sequence[Message]:
    """The oldest messages that are due, each taken until `until`: nobody else is given it before.

    On PostgreSQL rows that another worker is just taking are passed over; on SQLite writers come one by one.
    """
    due = (
        sa.select(Message.id)
        .where(*_waiting(), Message.due_at <= now)
        .order_by(Message.due_at, Message.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = session.scalars(due).all()
    taken = session.scalars(sa.select(Message).where(Message.id.in_(ids)).order_by(Message.due_at, Message.id)).all()
    for message in taken:
        message.due_at = until
        message.tries += 1
    session.flush()
    return taken


def waiting(session: Session) -> Sequence[Message]:
    """All that is neither sent nor given up, oldest first."""
    return session.scalars(sa.select(Message).where(*_waiting()).order_by(Message.id)).all()


def newest_for(session: Session, account_id: int, most: int) -> Sequence[Message]:
    """The last messages for an account, newest first."""
    query = sa.select(Message).where(Message.account_id == account_id).order_by(Message.id.desc()).limit(most)
    return session.scalars(query).all()
