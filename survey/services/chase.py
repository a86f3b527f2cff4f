"""The chase list: bodies that have not sent, whom to call there, how much is missing, how often they were reminded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np

from survey.core import document as doc
from survey.core.answers import Case, Special, clean_text
from survey.core.asks import Text
from survey.core.instants_vi import days_between
from survey.core.questionnaire import Questionnaire
from survey.core.rules.exact import State
from survey.core.scoring import score
from survey.core.sorting_vi import fold, vietnamese_key
from survey.core.workflow import SubmissionState
from survey.services.foreign_results import rows_in_round
from survey.services.instance import Clock, Session, system_clock
from survey.services.open_round import get_round
from survey.services.people import Person
from survey.services.published import published
from survey.services.scope import require_overview
from survey.services.submission_views import AgencyRef, RoundRef
from survey.storage import accounts, announcements
from survey.storage.announcements import Reminded
from survey.storage.contacts import Contact, contacts
from survey.storage.submission_rows import SubmissionRow, with_answers

NEVER = datetime.min.replace(tzinfo=UTC)


class Chased(StrEnum):
    """Why a body is on the list; the first that holds."""

    OVERDUE = "overdue"
    RETURNED = "returned"  # given back and not presented again
    AWAITING = "awaiting_approval"
    FILLING = "filling"
    NOT_STARTED = "not_started"


class Order(StrEnum):
    """How the list is sorted."""

    PARENT = "parent"  # parents in official order, their bodies inside
    NAME = "name"
    DEADLINE = "deadline"  # the nearest first
    QUIET = "quiet"  # never or longest not touched first
    MISSING = "missing"  # most missing first
    REMINDED = "reminded"  # least reminded first


@dataclass(frozen=True, slots=True)
class ChaseFilter:
    """What the list is narrowed to; empty = all. `search` is compared without dấu with name, code and mã định danh."""

    search: str = ""
    state: Chased | None = None
    parent: str = ""  # name of the parent agency
    cohort: str = ""  # cohort code
    kind: str = ""  # khối
    order: Order = Order.PARENT


@dataclass(frozen=True, slots=True)
class ChaseRow:
    """One body that has not sent."""

    submission_id: int
    agency: AgencyRef
    parent: str  # "" where none
    kind: str
    cohort_code: str
    cohort: Text
    chased: Chased
    state: SubmissionState
    last_activity: datetime | None
    last_by: str
    deadline: datetime
    extended: bool
    days_left: int  # whole days by the calendar of Hà Nội; negative after the deadline
    missing: int  # indicators without an answer that counts
    contact: str  # name; "" where nobody is named
    phone: str
    has_mail: bool  # whether there is an address to write to
    reminders: int
    reminded_at: datetime | None
    mine: bool  # whether the person may remind and extend it


@dataclass(frozen=True, slots=True)
class ChaseList:
    """The list of a round."""

    round: RoundRef
    at: datetime  # as of
    rows: tuple[ChaseRow, ...]  # that match, sorted
    counts: Mapping[Chased, int]  # of all that the person sees and that have not sent
    unsent: int
    sent: int
    parents: tuple[tuple[str, int], ...]  # with how many have not sent, in official order
    cohorts: tuple[tuple[str, Text], ...]
    kinds: tuple[str, ...]


def list_chased(
    session: Session,
    person: Person,
    round_id: int,
    narrow: ChaseFilter = ChaseFilter(),
    *,
    clock: Clock = system_clock,
) -> ChaseList:
    """The bodies of a round that the person reads and that have not sent. Raises NotFound, NotAllowed."""
    require_overview(person)
    current, now = get_round(session, round_id), clock()
    seen = [row for row in rows_in_round(session, round_id, answers=False) if person.reads(row.kind)]
    unsent = [row for row in seen if row.state is not SubmissionState.SENT]
    rows = _rows(session, person, unsent, now)
    parents, order = Counter(row.parent for row in rows), _parents_in_order(unsent)
    search = fold(clean_text(narrow.search).strip())
    hits = {row.id for row in unsent if search in row.agency_search}
    return ChaseList(
        round=current,
        at=now,
        rows=_sorted([row for row in rows if row.submission_id in hits and _matches(row, narrow)], narrow.order, order),
        counts={state: sum(row.chased is state for row in rows) for state in Chased},
        unsent=len(rows),
        sent=len(seen) - len(unsent),
        parents=tuple((name, parents[name]) for name in order),
        cohorts=tuple({row.cohort_code: row.cohort for row in rows}.items()),
        kinds=tuple(dict.fromkeys(row.kind for row in rows)),
    )


def read_chased(
    session: Session, person: Person, round_id: int, submission_ids: Sequence[int], *, clock: Clock = system_clock
) -> tuple[ChaseRow, ...]:
    """These bodies as the list shows them, by parent; those that have sent or are not the person's are left out."""
    wanted, found = set(submission_ids), list_chased(session, person, round_id, clock=clock)
    return tuple(row for row in found.rows if row.submission_id in wanted and row.mine)


def _rows(session: Session, person: Person, unsent: Sequence[SubmissionRow], now: datetime) -> list[ChaseRow]:
    """Each body with what stands beside it; a fixed number of statements."""
    if not unsent:
        return []
    missing = count_missing(session, unsent)
    known = contacts(session, [row.agency_id for row in unsent])
    reminded = announcements.reminders_of(session, unsent[0].round_id)
    names = accounts.names(session, {row.last_activity_by for row in unsent if row.last_activity_by is not None})
    return [
        _row(row, person, now, missing[row.id], known[row.agency_id], reminded.get(row.agency_id), names)
        for row in unsent
    ]


def _row(
    row: SubmissionRow,
    person: Person,
    now: datetime,
    missing: int,
    contact: Contact,
    reminded: Reminded | None,
    names: Mapping[int, str],
) -> ChaseRow:
    return ChaseRow(
        submission_id=row.id,
        agency=AgencyRef(row.agency_id, row.agency_code, row.agency_name),
        parent=row.parent_name or "",
        kind=row.kind,
        cohort_code=row.cohort_code,
        cohort=Text(row.cohort_vi, row.cohort_en),
        chased=_chased(row, now),
        state=row.state,
        last_activity=row.last_activity_at,
        last_by=names.get(row.last_activity_by or 0, ""),
        deadline=row.deadline,
        extended=row.deadline > row.closes_at,
        days_left=days_between(now, row.deadline),
        missing=missing,
        contact=contact.names,
        phone=contact.phones,
        has_mail=bool(contact.addresses),
        reminders=reminded.count if reminded else 0,
        reminded_at=reminded.last if reminded else None,
        mine=person.coordinates(row.kind),
    )


def _chased(row: SubmissionRow, now: datetime) -> Chased:
    if now > row.deadline:
        return Chased.OVERDUE
    if row.returned_at is not None:
        return Chased.RETURNED
    return Chased(row.state.value)


def count_missing(session: Session, rows: Sequence[SubmissionRow]) -> dict[int, int]:
    """Submission id → how many indicators that the body itself is asked for have no answer that counts.

    One vector pass a questionnaire. Not counted: figures that others give, requests that wait for an answer, and what
    is asked only once another answer is there.
    """
    by_version: dict[int, list[SubmissionRow]] = {}
    for row in with_answers(session, rows):
        by_version.setdefault(row.version_id, []).append(row)
    found: dict[int, int] = {}
    for members in by_version.values():
        questionnaire = published(session, members[0].version_id, members[0].sha256)
        reader = doc.CaseReader(questionnaire)
        cases = [reader.read(row.answers, row.agency_code, row.attributes) for row in members]
        scores = score(questionnaire, cases)
        own = np.array([questionnaire.by_code[code].provided_by is None for code in scores.codes], dtype=bool)
        for index, row in enumerate(members):
            lacking = {scores.codes[at] for at in np.flatnonzero((scores.states[index] == State.MISSING) & own)}
            lacking -= set(doc.pending_requests(row.answers))
            found[row.id] = sum(not _waits(questionnaire, code, cases[index]) for code in lacking)
    return found


def _waits(questionnaire: Questionnaire, code: str, case: Case) -> bool:
    """Whether the answer that decides if it is asked is missing."""
    shown = questionnaire.by_code[code].show_when
    return shown is not None and case.value(questionnaire.by_code[shown.code].keys[0]) is Special.MISSING


def _matches(row: ChaseRow, narrow: ChaseFilter) -> bool:
    return (
        (narrow.state is None or row.chased is narrow.state)
        and (not narrow.parent or row.parent == narrow.parent)
        and (not narrow.cohort or row.cohort_code == narrow.cohort)
        and (not narrow.kind or row.kind == narrow.kind)
    )


def _parents_in_order(unsent: Sequence[SubmissionRow]) -> list[str]:
    """Names of the parents, each where its first body stands in the official order; bodies without one last."""
    first: dict[str, int] = {}
    for row in unsent:
        name = row.parent_name or ""
        first[name] = min(first.get(name, row.agency_place), row.agency_place)
    return sorted(first, key=lambda name: (not name, first[name]))


def _sorted(rows: Sequence[ChaseRow], order: Order, parents: Sequence[str]) -> tuple[ChaseRow, ...]:
    keys: Mapping[Order, Callable[[ChaseRow], object]] = {
        Order.NAME: lambda row: vietnamese_key(row.agency.name),
        Order.DEADLINE: lambda row: row.deadline,
        Order.QUIET: lambda row: row.last_activity or NEVER,
        Order.MISSING: lambda row: -row.missing,
        Order.REMINDED: lambda row: (row.reminders, row.reminded_at or NEVER),
    }
    if order is Order.PARENT:
        places = {name: place for place, name in enumerate(parents)}
        return tuple(sorted(rows, key=lambda row: places[row.parent]))
    return tuple(sorted(rows, key=keys[order]))  # type: ignore[arg-type]  # each key compares with itself
