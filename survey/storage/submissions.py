"""Submissions, the sign-offs that sent them and the records of their being given back."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.core.workflow import SubmissionState
from survey.storage.accounts import Account
from survey.storage.base import EMPTY, Base, word


class Submission(Base):
    """Phiếu tự đánh giá: one agency's answers to one questionnaire in one round."""

    __tablename__ = "submission"
    __table_args__ = (sa.UniqueConstraint("round_id", "agency_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("questionnaire_version.id"))
    cohort_code: Mapped[str] = mapped_column(sa.ForeignKey("cohort.code"))
    state: Mapped[SubmissionState] = mapped_column(word(SubmissionState))
    answers: Mapped[dict[str, Any]]  # the document, see survey.core.document
    revision: Mapped[int]  # counts every change
    attributes: Mapped[dict[str, bool] | None] = mapped_column(sa.JSON(none_as_null=True))  # frozen while sent
    extended_until: Mapped[datetime | None]  # a later deadline for this body alone
    extension_reason: Mapped[str] = mapped_column(default="", server_default=EMPTY)
    last_activity_at: Mapped[datetime | None]
    last_activity_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    presented_at: Mapped[datetime | None]  # trình duyệt, the last time
    presented_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    compared_at: Mapped[datetime | None]  # trình duyệt, the time before: what changed is shown since then
    sent_at: Mapped[datetime | None]  # only while sent
    returned_at: Mapped[datetime | None]  # given back; only until it is presented again


class Route(StrEnum):
    """How a leader approved."""

    CLICK = "click"
    PAPER = "paper"  # signed on paper, recorded here by the clerk or the coordinator


class SignOff(Base):
    """A leader's approval, bound to the hash of the exact content; one at most stands for a submission."""

    __tablename__ = "sign_off"
    __table_args__ = (
        sa.Index(
            "uq_sign_off_standing",
            "submission_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), index=True)
    receipt: Mapped[str] = mapped_column(unique=True)
    leader_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))  # or who recorded the paper
    leader_name: Mapped[str]  # as they were called when they signed
    leader_title: Mapped[str]
    at: Mapped[datetime]
    route: Mapped[Route] = mapped_column(word(Route), default=Route.CLICK, server_default=Route.CLICK.value)
    paper_number: Mapped[str] = mapped_column(default="", server_default=EMPTY)  # số, ký hiệu văn bản
    paper_date: Mapped[date | None]
    capacity: Mapped[str] = mapped_column(default="", server_default=EMPTY)  # "", TM., KT., TL., TUQ.
    scan_id: Mapped[int | None]  # of the stored file
    content_hash: Mapped[str]
    content: Mapped[str] = mapped_column(sa.Text)  # the exact text that was hashed
    audit_head: Mapped[str]  # of the submission's chain of events, this approval included
    ended_at: Mapped[datetime | None]  # withdrawn or given back


class ReturnRecord(Base):
    """A submission given back, and why."""

    __tablename__ = "return_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    by_coordinator: Mapped[bool]
    reason: Mapped[str]
    at: Mapped[datetime]


def standing_sign_off(session: Session, submission_id: int) -> SignOff | None:
    """The approval by which a submission is sent now."""
    wanted = (SignOff.submission_id == submission_id, SignOff.ended_at.is_(None))
    return session.scalar(sa.select(SignOff).where(*wanted))


def last_ended(session: Session, submission_id: int) -> SignOff | None:
    """The approval that ended last, by being withdrawn or given back."""
    wanted = (SignOff.submission_id == submission_id, SignOff.ended_at.is_not(None))
    return session.scalar(
        sa.select(SignOff).where(*wanted).order_by(SignOff.ended_at.desc(), SignOff.id.desc()).limit(1)
    )


def standing_of_round(session: Session, round_id: int) -> dict[int, SignOff]:
    """The standing approvals of a round, by submission id."""
    query = sa.select(SignOff).join(Submission, Submission.id == SignOff.submission_id)
    found = session.scalars(query.where(Submission.round_id == round_id, SignOff.ended_at.is_(None)))
    return {sign_off.submission_id: sign_off for sign_off in found}


def end_sign_off(session: Session, submission_id: int, now: datetime) -> None:
    """The approval stands no longer."""
    standing = (SignOff.submission_id == submission_id, SignOff.ended_at.is_(None))
    session.execute(sa.update(SignOff).where(*standing).values(ended_at=now))


def last_return(session: Session, submission_id: int) -> tuple[ReturnRecord, str] | None:
    """The last time a submission was given back, and the name of who did it."""
    query = (
        sa.select(ReturnRecord, Account.name)
        .join(Account, Account.id == ReturnRecord.account_id)
        .where(ReturnRecord.submission_id == submission_id)
        .order_by(ReturnRecord.at.desc(), ReturnRecord.id.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])
