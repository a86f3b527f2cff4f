"""Files that people hand in, known by the hash of their content; the content itself lies in the instance folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

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


def by_id(session: Session, ids: Iterable[int | None]) -> Mapping[int, StoredFile]:
    """Files by their id; no statement where none is asked for."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    found = session.scalars(sa.select(StoredFile).where(StoredFile.id.in_(wanted)))
    return {row.id: row for row in found}
