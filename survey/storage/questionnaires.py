"""Published versions of questionnaires, each with its full text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from survey.storage.base import Base


class QuestionnaireVersion(Base):
    """One version of one questionnaire, never changed."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (sa.UniqueConstraint("questionnaire_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[str]
    version: Mapped[str]
    title_vi: Mapped[str]
    title_en: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str]  # of the text
    source: Mapped[str] = mapped_column(sa.Text)  # the YAML text as published, to the byte
    published_at: Mapped[datetime]


def find_version(session: Session, questionnaire_id: str, version: str) -> QuestionnaireVersion | None:
    """One version."""
    wanted = (QuestionnaireVersion.questionnaire_id == questionnaire_id, QuestionnaireVersion.version == version)
    return session.scalar(sa.select(QuestionnaireVersion).where(*wanted))


def listed(session: Session) -> Sequence[QuestionnaireVersion]:
    """Every version without its text, newest of each questionnaire first."""
    order = (QuestionnaireVersion.questionnaire_id, QuestionnaireVersion.id.desc())
    query = sa.select(QuestionnaireVersion).options(defer(QuestionnaireVersion.source)).order_by(*order)
    return session.scalars(query).all()


def source_of(session: Session, version_id: int) -> str:
    """The text of a version."""
    return session.scalars(sa.select(QuestionnaireVersion.source).where(QuestionnaireVersion.id == version_id)).one()
