"""Who gives figures for others, what is asked to be corrected, and which colleague holds which group."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import EMPTY, Base


class Provider(Base):
    """The body that gives the figures of a provided indicator in a round, for every agency."""

    __tablename__ = "provider"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("questionnaire_version.id"), primary_key=True)
    indicator: Mapped[str] = mapped_column(primary_key=True)  # its code
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)


class Adjustment(Base):
    """Đề nghị điều chỉnh: an agency asks the owner of a provided figure to correct it."""

    __tablename__ = "adjustment"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), index=True)
    indicator: Mapped[str]
    proposed: Mapped[dict[str, Any]]  # input key → stored content that the agency holds to be right
    reason: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    decision: Mapped[str] = mapped_column(default="", server_default=EMPTY)  # accepted, refused, withdrawn
    decision_reason: Mapped[str] = mapped_column(default="", server_default=EMPTY)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class Assignment(Base):
    """A group of a submission in the hands of one colleague."""

    __tablename__ = "assignment"

    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), primary_key=True)
    group_code: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
