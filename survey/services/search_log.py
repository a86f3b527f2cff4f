"""Searching the log: administrators its chains of the instance, coordinators those of their khối, auditors all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from survey.core.answers import clean_text
from survey.core.numbers_vi import HANOI
from survey.core.sorting_vi import fold
from survey.core.workflow import Role
from survey.services import audit
from survey.services.audit import EventView, event_views
from survey.services.errors import NotAllowed
from survey.services.instance import Session
from survey.services.people import Person
from survey.storage import event_search
from survey.storage.event_search import Reach, Wanted
from survey.storage.events import Event

PER_PAGE = 50
MOST_TAKEN = 50_000  # lines of a file
AREAS = ("submission", audit.ACCESS, audit.ROUNDS, audit.AGENCIES, audit.QUESTIONNAIRES, audit.ACCOUNTS, audit.INSTANCE)
OF_ADMINISTRATORS = frozenset({audit.INSTANCE, audit.ACCOUNTS, audit.AGENCIES, audit.ROUNDS, audit.QUESTIONNAIRES})
READERS = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What is looked for; empty: everything. Days are those of Hà Nội, both included."""

    person: str = ""
    kind: str = ""
    area: str = ""  # of AREAS
    body: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""
    before: int = 0  # id of the event that the page before ended with
    after: int = 0  # id of the event that the page after begins with


@dataclass(frozen=True, slots=True)
class LogLine:
    """One event, and whose submission it is about."""

    id: int
    event: EventView
    body: str = ""
    round: str = ""
    submission_id: int = 0

    @property
    def area(self) -> str:
        """The kind of chain that it is in."""
        return self.event.stream.partition(":")[0]


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log."""

    lines: tuple[LogLine, ...]
    newer: int  # id to give as `after`; 0 where there is nothing newer
    older: int  # id to give as `before`; 0 where there is nothing older
    kinds: tuple[str, ...]  # that have happened, for the filter
    areas: tuple[str, ...]  # that the person reads
    nothing: bool  # the person reads no chain at all: a coordinator without khối


def search_log(session: Session, person: Person, asked: LogFilter = LogFilter()) -> LogPage:
    """A page of what the person may read, newest first. Raises NotAllowed for those who read none of it by role."""
    reach = _reach(person)
    if reach.nothing:
        return LogPage((), 0, 0, (), (), nothing=True)
    wanted, forward = _wanted(asked), bool(asked.after)
    found = event_search.page(session, reach, wanted, PER_PAGE + 1, before=asked.before, after=asked.after)
    more = len(found) > PER_PAGE
    found = found[-PER_PAGE:] if forward else found[:PER_PAGE]
    newer = more if forward else bool(asked.before) and bool(found)
    older = bool(found) if forward else more
    return LogPage(
        lines=tuple(_lines(session, found)),
        newer=found[0].id if newer else 0,
        older=found[-1].id if older else 0,
        kinds=tuple(sorted(event_search.known_kinds(session, reach))),
        areas=_areas(reach),
        nothing=False,
    )


def take_log(session: Session, person: Person, asked: LogFilter) -> Iterator[LogLine]:
    """Everything that is found, newest first, MOST_TAKEN lines at the utmost. Raises NotAllowed."""
    reach = _reach(person)
    if reach.nothing:
        return
    events = event_search.every(session, reach, _wanted(asked), MOST_TAKEN)
    while part := list(islice(events, 500)):
        yield from _lines(session, part)


def _reach(person: Person) -> Reach:
    if not person.roles & READERS:
        raise NotAllowed
    if Role.AUDITOR in person.roles:
        return Reach(None, None)
    shared = OF_ADMINISTRATORS if Role.ADMINISTRATOR in person.roles else frozenset()
    return Reach(shared, person.readable_kinds)


def _areas(reach: Reach) -> tuple[str, ...]:
    own = set(AREAS) if reach.shared is None else set(reach.shared)
    if reach.kinds is None or reach.kinds:
        own |= set(event_search.OF_SUBMISSIONS)
    return tuple(area for area in AREAS if area in own)


def _wanted(asked: LogFilter) -> Wanted:
    return Wanted(
        person=fold(clean_text(asked.person)),
        kind=asked.kind,
        area=asked.area if asked.area in AREAS else "",
        body=fold(clean_text(asked.body)),
        since=_midnight(asked.since),
        until=_midnight(asked.until + timedelta(days=1)) if asked.until and asked.until < date.max else None,
        text=clean_text(asked.text),
    )


def _midnight(day: date | None) -> datetime | None:
    """When a day begins in Hà Nội; None for one before which nothing can have happened."""
    return None if day is None or day.year < 1970 else datetime.combine(day, time(), HANOI)


def _lines(session: Session, found: Sequence[Event]) -> Iterator[LogLine]:
    numbers = [_submission(event.stream) for event in found]
    bodies = event_search.bodies_of(session, {number for number in numbers if number})
    for event, view, number in zip(found, event_views(session, found), numbers, strict=True):
        body, code = bodies.get(number, ("", ""))
        yield LogLine(event.id, view, body, code, number if body else 0)


def _submission(stream: str) -> int:
    """The submission that a chain is named by; 0 for others."""
    area, _, number = stream.partition(":")
    return int(number) if area in event_search.OF_SUBMISSIONS and number.isdecimal() else 0
