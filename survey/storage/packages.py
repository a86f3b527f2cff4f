"""Results that came from another instance in a one-way package, and the instances whose packages are taken."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import Base


class Source(Base):
    """Another instance, known by the key it signs with."""

    __tablename__ = "source"

    instance_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    public_key: Mapped[str]  # Ed25519, hex
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))


class TakenPackage(Base):
    """One package taken into a round; a newer one of the same source replaces it."""

    __tablename__ = "taken_package"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), index=True)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("source.instance_id"))
    source_round: Mapped[str]  # code of the round there
    sha256: Mapped[str]  # of the package
    with_figures: Mapped[bool]  # or points only
    made_at: Mapped[datetime]
    content: Mapped[str] = mapped_column(sa.Text)  # the package's JSON
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    removed_at: Mapped[datetime | None]
