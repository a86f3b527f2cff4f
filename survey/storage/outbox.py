"""Mail that waits to be sent, with what became of it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

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
