"""Assessment rounds, the questionnaires and the cohorts in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.core.workflow import RoundState
from survey.storage.base import Base, word


class Round(Base):
    """Đợt đánh giá."""

    __tablename__ = "round"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    period: Mapped[str]  # kỳ số liệu
    figures_from: Mapped[date | None]  # first day that figures cover
    figures_to: Mapped[date | None]  # last day
    copied_from: Mapped[int | None]  # id of the round it was made from
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    state: Mapped[RoundState] = mapped_column(word(RoundState))
    receipts: Mapped[int] = mapped_column(default=0)  # receipt numbers given so far


class RoundQuestionnaire(Base):
    """A questionnaire's version in a round."""

    __tablename__ = "round_questionnaire"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("questionnaire_version.id"), primary_key=True)


class RoundCohort(Base):
    """A cohort that takes part in a round; a round without any takes all."""

    __tablename__ = "round_cohort"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    cohort_code: Mapped[str] = mapped_column(sa.ForeignKey("cohort.code"), primary_key=True)


def find(session: Session, code: str) -> Round | None:
    """The round of a code."""
    return session.scalar(sa.select(Round).where(Round.code == code))


def listed(session: Session) -> Sequence[Round]:
    """Rounds, newest first."""
    return session.scalars(sa.select(Round).order_by(Round.opens_at.desc(), Round.id.desc())).all()


def versions_of(session: Session, round_id: int) -> set[int]:
    """Ids of the questionnaire versions of a round."""
    query = sa.select(RoundQuestionnaire.version_id).where(RoundQuestionnaire.round_id == round_id)
    return set(session.scalars(query))


def hold(session: Session, round_id: int) -> Round | None:
    """The round, kept from being changed by others until the unit of work ends."""
    return session.get(Round, round_id, with_for_update=True, populate_existing=True)


def cohorts_of(session: Session, round_id: int) -> set[str]:
    """Codes of the cohorts that take part; none where all do."""
    return set(session.scalars(sa.select(RoundCohort.cohort_code).where(RoundCohort.round_id == round_id)))


def set_cohorts(session: Session, round_id: int, codes: Collection[str]) -> None:
    """Let these cohorts take part and no others; none: all."""
    session.execute(sa.delete(RoundCohort).where(RoundCohort.round_id == round_id))
    session.add_all(RoundCohort(round_id=round_id, cohort_code=code) for code in sorted(codes))
    session.flush()


def set_versions(session: Session, round_id: int, versions: Collection[int]) -> None:
    """Let a round use these versions and no others."""
    session.execute(sa.delete(RoundQuestionnaire).where(RoundQuestionnaire.round_id == round_id))
    session.add_all(RoundQuestionnaire(round_id=round_id, version_id=one) for one in sorted(versions))
    session.flush()


def next_receipt(session: Session, round_id: int) -> int:
    """The next receipt number of a round, given out once."""
    counted = sa.update(Round).where(Round.id == round_id).values(receipts=Round.receipts + 1)
    return session.scalars(counted.returning(Round.receipts)).one()
