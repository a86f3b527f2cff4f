"""Agencies and the cohorts they are ranked in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from survey.core.sorting_vi import fold
from survey.storage.base import EMPTY, Base
from survey.storage.database import compact_json
from survey.storage.events import Event


class Cohort(Base):
    """Nhóm xếp hạng: agencies are ranked inside one only."""

    __tablename__ = "cohort"

    code: Mapped[str] = mapped_column(primary_key=True)
    name_vi: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    place: Mapped[int]  # official order, from 0


class Agency(Base):
    """Đơn vị."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    identifier: Mapped[str] = mapped_column(default="")  # mã định danh, as the owner assigns it
    name: Mapped[str]
    search: Mapped[str]  # name, code and identifier without dấu
    kind: Mapped[str]  # khối: dang, nha_nuoc, mttq_ctxh
    type: Mapped[str]
    level: Mapped[str]  # thanh_pho, xa_phuong
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    ward_code: Mapped[str] = mapped_column(default="")  # of the General Statistics Office
    basis: Mapped[str] = mapped_column(default="")  # where it is known from
    questionnaire_id: Mapped[str] = mapped_column(default="")
    cohort_code: Mapped[str | None] = mapped_column(sa.ForeignKey("cohort.code"), index=True)
    assessed: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
    attributes: Mapped[dict[str, bool]]
    contact_name: Mapped[str] = mapped_column(default="", server_default=EMPTY)  # đầu mối
    contact_phone: Mapped[str] = mapped_column(default="", server_default=EMPTY)
    contact_email: Mapped[str] = mapped_column(default="", server_default=EMPTY)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")  # counts changes of the register's line
    place: Mapped[int]  # official order
    closed_at: Mapped[datetime | None]

    parent: Mapped[Agency | None] = relationship(remote_side=[id], lazy="raise")
    cohort: Mapped[Cohort | None] = relationship(lazy="raise")

    def refresh_search(self) -> None:
        """Keep what search compares in step with the names."""
        self.search = fold(f"{self.name} {self.code} {self.identifier}")


class FormerName(Base):
    """A name that a body had."""

    __tablename__ = "former_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    name: Mapped[str]
    until: Mapped[datetime]
    reason: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


def by_code(session: Session) -> dict[str, Agency]:
    """Every agency, by code."""
    return {agency.code: agency for agency in session.scalars(sa.select(Agency))}


def find(session: Session, code: str) -> Agency | None:
    """The agency of a code."""
    return session.scalar(sa.select(Agency).where(Agency.code == code))


def assessed(session: Session) -> Sequence[Agency]:
    """The agencies that are assessed and not closed, in official order."""
    wanted = sa.select(Agency).where(Agency.assessed, Agency.closed_at.is_(None)).order_by(Agency.place, Agency.id)
    return session.scalars(wanted).all()


def listed(session: Session, search: str) -> Sequence[Agency]:
    """The register in official order with parents and cohorts, narrowed to a folded `search`."""
    query = sa.select(Agency).options(sa.orm.joinedload(Agency.parent), sa.orm.joinedload(Agency.cohort))
    if search:
        query = query.where(Agency.search.contains(search, autoescape=True))
    return session.scalars(query.order_by(Agency.place, Agency.id)).all()


def find_whole(session: Session, code: str, kinds: Collection[str] | None) -> Agency | None:
    """The agency of a code with its parent and cohort, if it belongs to one of these khối (None: any)."""
    query = sa.select(Agency).options(sa.orm.joinedload(Agency.parent), sa.orm.joinedload(Agency.cohort))
    if kinds is not None:
        query = query.where(Agency.kind.in_(kinds))
    return session.scalar(query.where(Agency.code == code))


def children(session: Session, agency_id: int) -> Sequence[Agency]:
    """The agencies directly below one, in official order."""
    query = sa.select(Agency).where(Agency.parent_id == agency_id)
    return session.scalars(query.order_by(Agency.place, Agency.id)).all()


def former_names(session: Session, agency_id: int) -> Sequence[FormerName]:
    """The names that a body had, the last one first."""
    query = sa.select(FormerName).where(FormerName.agency_id == agency_id)
    return session.scalars(query.order_by(FormerName.until.desc(), FormerName.id.desc())).all()


def keep_name(session: Session, agency: Agency, until: datetime, reason: str, account_id: int | None) -> None:
    """Keep the name that an agency has now as a former one."""
    session.add(FormerName(agency_id=agency.id, name=agency.name, until=until, reason=reason, account_id=account_id))


def kinds(session: Session) -> set[str]:
    """Codes of the khối in the register."""
    return set(session.scalars(sa.select(Agency.kind).distinct()))


def cohorts(session: Session) -> Sequence[Cohort]:
    """Cohorts in official order."""
    return session.scalars(sa.select(Cohort).order_by(Cohort.place, Cohort.code)).all()


def events_about(session: Session, stream: str, code: str, limit: int) -> Sequence[Event]:
    """The last events of a shared stream that name an agency's code, newest first."""
    named = Event.data.contains(compact_json(code), autoescape=True)
    query = sa.select(Event).where(Event.stream == stream, named).order_by(Event.number.desc())
    return session.scalars(query.limit(limit)).all()


def uses(session: Session, agency_id: int) -> dict[str, int]:
    """How many lines of each other table name an agency; tables without any are left out."""
    counts: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        if table.name == FormerName.__tablename__:
            continue
        for column in table.columns:
            if any(key.column is Agency.__table__.c.id for key in column.foreign_keys):
                query = sa.select(sa.func.count()).select_from(table).where(column == agency_id)
                counts[table.name] = counts.get(table.name, 0) + session.scalars(query).one()
    return {name: count for name, count in counts.items() if count}


def remove(session: Session, agency: Agency) -> None:
    """Delete an agency that nothing names, and its former names."""
    session.execute(sa.delete(FormerName).where(FormerName.agency_id == agency.id))
    session.delete(agency)
    session.flush()
