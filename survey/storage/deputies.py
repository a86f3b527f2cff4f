"""Who approves in a leader's place from day to day, and how far each leader has read a phiếu."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.core.workflow import Role
from survey.storage.accounts import Account, Deputy, Membership
from survey.storage.base import Base


class LastLook(Base):
    """How many events a phiếu had when a leader last opened it, and when they had last opened it before that."""

    __tablename__ = "last_look"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), primary_key=True)
    events: Mapped[int]
    at: Mapped[datetime]
    earlier_events: Mapped[int | None] = mapped_column(default=None)  # None: it was opened for the first time
    earlier_at: Mapped[datetime | None] = mapped_column(default=None)


def deputies_of(session: Session, agency_id: int) -> Sequence[Deputy]:
    """Every deputising of a body, the one that begins last first."""
    order = (Deputy.from_day.desc(), Deputy.id.desc())
    return session.scalars(sa.select(Deputy).where(Deputy.agency_id == agency_id).order_by(*order)).all()


def may_deputise(session: Session, agency_id: int) -> list[tuple[int, str, str]]:
    """(account id, name, chức vụ) of the people of a body who are not its leaders, disabled ones left out."""
    leading = sa.select(Membership.account_id).where(Membership.agency_id == agency_id, Membership.role == Role.LEADER)
    query = (
        sa.select(Account.id, Account.name, Membership.title)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.agency_id == agency_id, Account.disabled_at.is_(None), Account.id.not_in(leading))
        .order_by(Account.id)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
