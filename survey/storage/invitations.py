"""Invitations to set a password, and the recovery codes of a second factor."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.storage.accounts import Account
from survey.storage.base import Base, UtcTime, word


class Purpose(StrEnum):
    """What an invitation is for."""

    FIRST = "first"  # the first sign-in
    RESET = "reset"  # a forgotten password


class Channel(StrEnum):
    """How an invitation reaches its person."""

    MAIL = "mail"
    LETTER = "letter"


class Invitation(Base):
    """A one-time right to set the password of an account; its secret is kept as a hash."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    channel: Mapped[Channel] = mapped_column(word(Channel))
    secret_hash: Mapped[str] = mapped_column(unique=True)  # SHA-256 of the link's token or of the letter's code
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # replaced by a newer one, or taken back


class RecoveryCode(Base):
    """A code that stands in for the second factor once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    code_hash: Mapped[str]  # SHA-256, hex
    used_at: Mapped[datetime | None]


def find_open(
    session: Session, secret_hash: str, channel: Channel, now: datetime, *, hold: bool = False
) -> tuple[Invitation, Account] | None:
    """The invitation of a secret that may still be used, with its account; one statement."""
    query = (
        sa.select(Invitation, Account)
        .join(Account, Account.id == Invitation.account_id)
        .where(Invitation.secret_hash == secret_hash, Invitation.channel == channel)
        .where(Invitation.used_at.is_(None), Invitation.ended_at.is_(None), Invitation.expires_at > now)
        .where(Account.disabled_at.is_(None))
    )
    row = session.execute(query.with_for_update() if hold else query).first()
    return None if row is None else (row[0], row[1])


def end_open(session: Session, account_id: int, now: datetime) -> None:
    """Take back whatever invitation of the account could still be used."""
    unused = (Invitation.account_id == account_id, Invitation.used_at.is_(None), Invitation.ended_at.is_(None))
    session.execute(sa.update(Invitation).where(*unused).values(ended_at=now))


def last_by_others(session: Session, account_ids: Collection[int]) -> dict[int, datetime]:
    """When each account was last invited by somebody else than its own person, by id."""
    asked_for = sa.and_(Invitation.purpose == Purpose.RESET, Invitation.created_by.is_(None))  # by the person
    query = (
        sa.select(Invitation.account_id, sa.func.max(Invitation.created_at, type_=UtcTime))
        .where(Invitation.account_id.in_(account_ids), ~asked_for)
        .group_by(Invitation.account_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def codes_left(session: Session, account_id: int) -> int:
    """How many recovery codes can still be used."""
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode).where(*unused)) or 0


def use_code(session: Session, account_id: int, code_hash: str, now: datetime) -> bool:
    """Use up a recovery code; whether there was one."""
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    found = sa.update(RecoveryCode).where(*unused, RecoveryCode.code_hash == code_hash).values(used_at=now)
    return session.execute(found.returning(RecoveryCode.id)).first() is not None


def drop_codes(session: Session, account_id: int) -> None:
    """Throw away every recovery code of the account."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def asked_for_since(session: Session, account_id: int, moment: datetime) -> bool:
    """Whether the person was mailed a link that they asked for since then, and has not used it."""
    own = (Invitation.purpose == Purpose.RESET, Invitation.created_by.is_(None), Invitation.channel == Channel.MAIL)
    running = (Invitation.used_at.is_(None), Invitation.ended_at.is_(None), Invitation.created_at > moment)
    found = sa.select(Invitation.id).where(Invitation.account_id == account_id, *own, *running)
    return session.scalar(found.limit(1)) is not None
