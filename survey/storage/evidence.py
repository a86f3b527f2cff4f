"""Records of documents that prove answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.storage.base import Base


class EvidenceRecord(Base):
    """Tài liệu kiểm chứng, kept once per submission; which indicators it proves is in the answers document."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), index=True)
    number: Mapped[str]  # số, ký hiệu
    issued: Mapped[date | None]
    issuer: Mapped[str]
    summary: Mapped[str]  # trích yếu
    link: Mapped[str]
    revision: Mapped[int]  # from 1
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    removed_at: Mapped[datetime | None]
    file_id: Mapped[int | None]  # of the stored file


def of_submission(session: Session, submission_id: int) -> Sequence[EvidenceRecord]:
    """A submission's documents, newest first."""
    wanted = (EvidenceRecord.submission_id == submission_id, EvidenceRecord.removed_at.is_(None))
    return session.scalars(sa.select(EvidenceRecord).where(*wanted).order_by(EvidenceRecord.id.desc())).all()


def of_submissions(session: Session, submission_ids: Sequence[int]) -> Sequence[EvidenceRecord]:
    """The documents of many submissions, oldest first."""
    wanted = (EvidenceRecord.submission_id.in_(submission_ids), EvidenceRecord.removed_at.is_(None))
    return session.scalars(sa.select(EvidenceRecord).where(*wanted).order_by(EvidenceRecord.id)).all()
