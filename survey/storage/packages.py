"""Results that came from another instance in a one-way package, and the instances whose packages are taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from survey.storage.base import Base


class Source(Base):
    """Another instance, known by the key it signs with."""

    __tablename__ = "source"

    instance_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    public_key: Mapped[str]  # Ed25519, hex
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))  # None: the command line
    ended_at: Mapped[datetime | None]  # no longer trusted since; None: trusted


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
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))  # None: the command line
    removed_at: Mapped[datetime | None]


def sources(session: Session) -> Sequence[Source]:
    """Every instance that is or was trusted, oldest first."""
    return session.scalars(sa.select(Source).order_by(Source.created_at, Source.instance_id)).all()


def standing(session: Session, round_id: int) -> Sequence[tuple[TakenPackage, str]]:
    """The packages that count in a round, oldest first, each with the name of its source."""
    query = (
        sa.select(TakenPackage, Source.name)
        .join(Source, Source.instance_id == TakenPackage.instance_id)
        .where(TakenPackage.round_id == round_id, TakenPackage.removed_at.is_(None))
        .order_by(TakenPackage.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def taken(session: Session, round_id: int) -> Sequence[TakenPackage]:
    """Every package that was ever taken into a round, newest first, without its content."""
    query = sa.select(TakenPackage).options(defer(TakenPackage.content)).where(TakenPackage.round_id == round_id)
    return session.scalars(query.order_by(TakenPackage.id.desc())).all()


def end_standing(session: Session, round_id: int, instance_id: str, now: datetime) -> None:
    """The packages of a source count no longer in a round."""
    wanted = (TakenPackage.round_id == round_id, TakenPackage.instance_id == instance_id)
    still = TakenPackage.removed_at.is_(None)
    session.execute(sa.update(TakenPackage).where(*wanted, still).values(removed_at=now))
