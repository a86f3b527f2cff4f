"""Files that were read and wait, as a preview, to be applied or dropped."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

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


def find_own(session: Session, account_id: int, import_id: int, kind: str) -> PendingImport | None:
    """The account's file of this kind, applied or not, while what it held is kept."""
    wanted = sa.select(PendingImport).where(
        PendingImport.id == import_id,
        PendingImport.account_id == account_id,
        PendingImport.kind == kind,
        PendingImport.content != "",
    )
    return session.scalar(wanted)


def mark_applied(session: Session, account_id: int, import_id: int, kind: str, now: datetime) -> bool:
    """Whether the file waited until now."""
    applied = sa.update(PendingImport).where(*_waiting(account_id, import_id, kind)).values(applied_at=now)
    return bool(session.scalars(applied.returning(PendingImport.id)).all())


def drop(session: Session, account_id: int, import_id: int, kind: str) -> None:
    """Empty the account's file that was not applied. The line stays: its number must not come to mean another file."""
    session.execute(sa.update(PendingImport).where(*_waiting(account_id, import_id, kind)).values(content=""))


def drop_before(session: Session, moment: datetime) -> None:
    """Empty files that are older than `moment`, applied or not."""
    old = (PendingImport.content != "") & (PendingImport.created_at < moment)
    session.execute(sa.update(PendingImport).where(old).values(content=""))


def _waiting(account_id: int, import_id: int, kind: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        PendingImport.id == import_id,
        PendingImport.account_id == account_id,
        PendingImport.kind == kind,
        PendingImport.applied_at.is_(None),
        PendingImport.content != "",
    )
