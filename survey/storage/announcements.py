"""What coordinators tell bodies: notices to many and reminders to one, shown on their hub."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import Base


class Announcement(Base):
    """One notice or reminder of a round."""

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)  # None: every body
    kind: Mapped[str]  # notice, reminder
    channel: Mapped[str]  # page, mail, dispatch (công văn), zalo
    text: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    until: Mapped[datetime | None]  # shown until then
    removed_at: Mapped[datetime | None]
