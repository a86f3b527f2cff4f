"""Files that people hand in, known by the hash of their content; the content itself lies in the instance folder."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import Base


class StoredFile(Base):
    """One file as it was handed in; two of one content share their bytes."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)  # of the content, hex
    size: Mapped[int]  # bytes
    media_type: Mapped[str]  # found in the content, never taken from the name
    name: Mapped[str]  # as handed in, cleaned
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
