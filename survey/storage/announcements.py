"""What coordinators tell bodies: notices to many and reminders to one, shown on their hub; and who has read how far."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.storage.accounts import Account
from survey.storage.base import EMPTY, Base
from survey.storage.events import Event, submission_stream
from survey.storage.submission_rows import SubmissionRow

NOTICE, REMINDER = "notice", "reminder"


class Announcement(Base):
    """One notice or reminder of a round."""

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)  # None: every body
    agency_kind: Mapped[str] = mapped_column(default="", server_default=EMPTY)  # only bodies of this khối
    cohort_code: Mapped[str] = mapped_column(default="", server_default=EMPTY)  # only bodies of this nhóm xếp hạng
    kind: Mapped[str]  # notice, reminder
    channel: Mapped[str]  # page, mail, dispatch (công văn), zalo
    text: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    until: Mapped[datetime | None]  # shown until then
    removed_at: Mapped[datetime | None]


class FeedRead(Base):
    """How far a person has read what a submission's body was told."""

    __tablename__ = "feed_read"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), primary_key=True)
    read_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Reminded:
    """How often a body was reminded in a round, and when last."""

    count: int
    last: datetime


def told_to(session: Session, row: SubmissionRow) -> Sequence[tuple[Announcement, str]]:
    """Every notice and reminder that a submission's body was ever given in its round, with who wrote it."""
    for_all = (
        Announcement.agency_id.is_(None),
        Announcement.agency_kind.in_(("", row.kind)),
        Announcement.cohort_code.in_(("", row.cohort_code)),
    )
    query = (
        sa.select(Announcement, Account.name)
        .join(Account, Account.id == Announcement.created_by)
        .where(Announcement.round_id == row.round_id, sa.and_(*for_all) | (Announcement.agency_id == row.agency_id))
        .order_by(Announcement.created_at.desc(), Announcement.id.desc())
    )
    return [(found, name) for found, name in session.execute(query)]


def notices_of(session: Session, round_id: int) -> Sequence[tuple[Announcement, str]]:
    """The notices of a round with who wrote them, newest first."""
    query = (
        sa.select(Announcement, Account.name)
        .join(Account, Account.id == Announcement.created_by)
        .where(Announcement.round_id == round_id, Announcement.kind == NOTICE)
        .order_by(Announcement.created_at.desc(), Announcement.id.desc())
    )
    return [(found, name) for found, name in session.execute(query)]


def reminders_of(session: Session, round_id: int) -> dict[int, Reminded]:
    """Agency id → how it was reminded in a round."""
    query = (
        sa.select(Announcement.agency_id, sa.func.count(), sa.func.max(Announcement.created_at))
        .where(Announcement.round_id == round_id, Announcement.kind == REMINDER, Announcement.agency_id.is_not(None))
        .group_by(Announcement.agency_id)
    )
    found = session.execute(query)
    return {agency_id: Reminded(count, last) for agency_id, count, last in found if agency_id is not None}


def events_of(session: Session, submission_id: int, kinds: Collection[str]) -> Sequence[Event]:
    """What happened to a submission, of these kinds, newest first."""
    wanted = (Event.stream == submission_stream(submission_id), Event.kind.in_(kinds))
    return session.scalars(sa.select(Event).where(*wanted).order_by(Event.number.desc())).all()


def read_until(session: Session, account_id: int, submission_id: int) -> datetime | None:
    """Up to when a person has read what a submission's body was told; None: nothing yet."""
    found = session.get(FeedRead, (account_id, submission_id))
    return None if found is None else found.read_at


def mark_read(session: Session, account_id: int, submission_id: int, now: datetime) -> None:
    """A person has read everything so far."""
    session.merge(FeedRead(account_id=account_id, submission_id=submission_id, read_at=now))
    session.flush()
