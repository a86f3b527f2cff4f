"""Invitations to set a password, and the recovery codes of a second factor."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import Base, word


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
