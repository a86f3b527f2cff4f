"""Finding events in the chains that may be read: by person, kind, body, day and words, from the newest on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.storage.accounts import Account
from survey.storage.agencies import Agency
from survey.storage.events import Event, submission_stream
from survey.storage.rounds import Round
from survey.storage.submissions import Submission

OF_SUBMISSIONS = ("submission", "access")  # chains that are named by a submission: submission:12, access:12
MOST_BODIES = 30  # found by a name, whose lines of the register are looked for too


@dataclass(frozen=True, slots=True)
class Reach:
    """The chains that somebody may read."""

    shared: frozenset[str] | None  # None: every chain there is
    kinds: Collection[str] | None = frozenset()  # khối of whose submissions the chains are read; None: all

    @property
    def nothing(self) -> bool:
        """Whether no chain at all is theirs."""
        return self.shared is not None and not self.shared and self.kinds is not None and not self.kinds


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty: everything."""

    person: str = ""  # folded, in name or login of who did it
    kind: str = ""
    area: str = ""  # the chain's name up to its colon
    body: str = ""  # folded, in name, code or mã định danh
    since: datetime | None = None
    until: datetime | None = None  # exclusive
    text: str = ""  # anywhere in what the event tells


def page(session: Session, reach: Reach, wanted: Wanted, size: int, *, before: int = 0, after: int = 0) -> list[Event]:
    """At most `size` events, newest first: those older than the event `before`, or the next newer than `after`."""
    query = _found(session, reach, wanted)
    edge = session.get(Event, before or after) if before or after else None
    order = (Event.at.desc(), Event.id.desc())
    if edge is not None:
        place = sa.tuple_(Event.at, Event.id)
        here = sa.tuple_(sa.bindparam(None, edge.at, Event.at.type), sa.literal(edge.id))
        query = query.where(place < here if before else place > here)
        if not before:
            order = (Event.at.asc(), Event.id.asc())
    found = list(session.scalars(query.order_by(*order).limit(size)))
    return found[::-1] if edge is not None and not before else found


def every(session: Session, reach: Reach, wanted: Wanted, most: int) -> Iterator[Event]:
    """All that is found, newest first, `most` at the utmost."""
    query = _found(session, reach, wanted).order_by(Event.at.desc(), Event.id.desc()).limit(most)
    yield from session.scalars(query.execution_options(yield_per=500))


def _found(session: Session, reach: Reach, wanted: Wanted) -> sa.Select[Any]:
    query = sa.select(Event).where(_within(reach))
    if wanted.person:
        known = sa.select(Account.id).where(Account.search.contains(wanted.person, autoescape=True))
        query = query.where(Event.account_id.in_(known))
    if wanted.kind:
        query = query.where(Event.kind == wanted.kind)
    if wanted.area:
        query = query.where((Event.stream == wanted.area) | Event.stream.startswith(f"{wanted.area}:", autoescape=True))
    if wanted.since is not None:
        query = query.where(Event.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Event.at < wanted.until)
    if wanted.text:
        written = Event.data.contains(wanted.text, autoescape=True)  # SQLite lowers the letters a to z alone
        lowered = sa.func.lower(Event.data).contains(wanted.text.lower(), autoescape=True)
        query = query.where(written | lowered)
    return query.where(_of_body(session, wanted.body)) if wanted.body else query


def _within(reach: Reach) -> sa.ColumnElement[bool]:
    if reach.shared is None:
        return sa.true()
    parts: list[sa.ColumnElement[bool]] = [Event.stream.in_(reach.shared)]
    if reach.kinds is None:
        parts += [Event.stream.startswith(f"{name}:", autoescape=True) for name in OF_SUBMISSIONS]
    elif reach.kinds:
        parts.append(_chains_of(Agency.kind.in_(reach.kinds)))
    return sa.or_(*parts)


def _chains_of(of: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The chains of the submissions of some bodies."""
    mine = sa.select(submission_stream(Submission.id)).join(Agency, Agency.id == Submission.agency_id).where(of)
    looked = sa.literal("access:", sa.Text).concat(sa.cast(Submission.id, sa.Text))
    looks = sa.select(looked).join(Agency, Agency.id == Submission.agency_id).where(of)
    return Event.stream.in_(mine) | Event.stream.in_(looks)


def _of_body(session: Session, search: str) -> sa.ColumnElement[bool]:
    """Whatever is in the chains of the bodies found, and what the register's chain says of them."""
    named = Agency.search.contains(search, autoescape=True)
    codes = session.scalars(sa.select(Agency.code).where(named).order_by(Agency.place).limit(MOST_BODIES)).all()
    lines = [Event.data.contains(f'"{code}"', autoescape=True) for code in codes]
    return _chains_of(named) | (sa.and_(Event.stream == "agencies", sa.or_(*lines)) if lines else sa.false())


def bodies_of(session: Session, submissions: Collection[int]) -> dict[int, tuple[str, str]]:
    """(name of the body, code of the round) of submissions, by id."""
    if not submissions:
        return {}
    query = (
        sa.select(Submission.id, Agency.name, Round.code)
        .join(Agency, Agency.id == Submission.agency_id)
        .join(Round, Round.id == Submission.round_id)
        .where(Submission.id.in_(submissions))
    )
    return {row.id: (row.name, row.code) for row in session.execute(query)}


def known_kinds(session: Session, reach: Reach) -> Sequence[str]:
    """The kinds of events that have happened in these chains."""
    return session.scalars(sa.select(Event.kind).where(_within(reach)).distinct()).all()
