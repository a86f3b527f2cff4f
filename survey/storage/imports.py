"""Files that were read and wait, as a preview, to be applied or dropped."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import EMPTY, Base


class PendingImport(Base):
    """One file as read: its rows, and what stood in the database when the preview was made."""

    __tablename__ = "pending_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # agencies, accounts, figures
    place: Mapped[str] = mapped_column(default="", server_default=EMPTY)  # what it is about, e.g. a round's code
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    name: Mapped[str]  # of the file
    sha256: Mapped[str]  # of the file
    content: Mapped[str] = mapped_column(sa.Text)  # what was read, JSON
    basis: Mapped[str]  # fingerprint of what the preview was compared with
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
