"""Duyệt thay: who approves in a leader's place from one day to another, by themselves over at the end of the last."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from survey.core.instants_vi import day_of
from survey.core.numbers_vi import format_date, parse_date
from survey.core.paper import Capacity, layout_of
from survey.core.sorting_vi import vietnamese_key
from survey.core.workflow import Step
from survey.services import audit
from survey.services.checks import Checks
from survey.services.errors import NotFound, Refused
from survey.services.heads import names_for, read_head
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.published import published
from survey.services.scope import find_submission, require
from survey.services.submission_views import Stamp, SubmissionHead
from survey.storage import accounts, deputies
from survey.storage.accounts import Deputy
from survey.storage.submission_rows import SubmissionRow

CAPACITIES = (Capacity.KT, Capacity.TL, Capacity.TUQ)
LONGEST = timedelta(days=366)


class DeputyState(StrEnum):
    """Where a deputising stands on a day."""

    COMING = "coming"
    PRESENT = "present"
    OVER = "over"  # its last day has passed
    ENDED = "ended"  # before its last day


@dataclass(frozen=True, slots=True)
class DeputyView:
    """One deputising of a body."""

    id: int
    name: str
    capacity: str  # as documents of the body write it
    from_day: date
    until_day: date
    state: DeputyState
    named: Stamp
    ended: Stamp | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the body who may be named."""

    account_id: int
    name: str
    title: str  # chức vụ


@dataclass(frozen=True, slots=True)
class Deputies:
    """The page: who deputises and who did, and who can be named."""

    head: SubmissionHead
    deputies: tuple[DeputyView, ...]  # the one that begins last first
    colleagues: tuple[Colleague, ...]  # by name; none where the person names nobody
    today: date
    may_name: bool


@dataclass(frozen=True, slots=True)
class DeputyForm:
    """What is typed."""

    account: int | None
    from_day: str  # dd/mm/yyyy
    until_day: str
    capacity: str


def read_deputies(session: Session, person: Person, submission_id: int, *, clock: Clock = system_clock) -> Deputies:
    """Who deputises at the body of a phiếu. Raises NotFound."""
    row = find_submission(session, person, submission_id)
    now = clock()
    head = read_head(session, row, person, now, names_for(session, row), published(session, row.version_id, row.sha256))
    found = deputies.deputies_of(session, row.agency_id)
    ids = {number for one in found for number in (one.account_id, one.named_by, one.ended_by) if number is not None}
    names = accounts.names(session, ids)
    may_name = Step.DEPUTISE in head.steps and person.deputises(row.agency_id) is None
    others = deputies.may_deputise(session, row.agency_id) if may_name else []
    colleagues = {number: Colleague(number, name, title) for number, name, title in others}
    return Deputies(
        head,
        tuple(_view(one, names, row.kind, day_of(now)) for one in found),
        tuple(sorted(colleagues.values(), key=lambda one: vietnamese_key(one.name))),
        day_of(now),
        may_name,
    )


def name_deputy(
    session: Session, person: Person, submission_id: int, form: DeputyForm, *, clock: Clock = system_clock
) -> int:
    """Let somebody of the body approve in the leader's place on these days; the number of the deputising.

    Raises NotFound, NotAllowed, Blocked; Refused for each thing that cannot be, and for those who deputise themselves.
    """
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    _may_name(row, person, now)
    checks = Checks()
    known = {number for number, _, _ in deputies.may_deputise(session, row.agency_id)}
    account = checks.take(0, _checked_account, form.account, known)
    from_day = checks.take(date.max, _checked_day, form.from_day, "from_day")
    until = checks.take(date.min, _checked_day, form.until_day, "until_day")
    capacity = checks.take(Capacity.KT, _checked_capacity, form.capacity)
    if not checks.found:
        checks.take(None, _check_span, from_day, until, day_of(now))
        checks.take(None, _check_alone, deputies.deputies_of(session, row.agency_id), account, from_day, until)
    checks.settle()
    made = Deputy(
        agency_id=row.agency_id, account_id=account, capacity=capacity.value, from_day=from_day, until_day=until,
        named_by=person.account_id, named_at=now, ended_by=None, ended_at=None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    told = {"from": from_day.isoformat(), "until": until.isoformat(), "capacity": capacity.value}
    _record(session, person, now, "deputy_named", made, row, **told)
    return made.id


def end_deputy(
    session: Session, person: Person, submission_id: int, deputy_id: int, *, clock: Clock = system_clock
) -> None:
    """End a deputising now. Nothing happens where it is over; NotFound where it is not of this body."""
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    _may_name(row, person, now)
    found = session.get(Deputy, deputy_id)
    if found is None or found.agency_id != row.agency_id:
        raise NotFound
    if _state(found, day_of(now)) in (DeputyState.OVER, DeputyState.ENDED):
        return
    found.ended_at, found.ended_by = now, person.account_id
    session.flush()
    _record(session, person, now, "deputy_ended", found, row)


def _may_name(row: SubmissionRow, person: Person, now: datetime) -> None:
    require(row, person, Step.DEPUTISE, now)
    if person.deputises(row.agency_id) is not None:
        raise Refused("deputise.not_on", "account")


def _checked_account(chosen: int | None, known: Collection[int]) -> int:
    if chosen is None or chosen not in known:
        raise Refused("deputise.no_colleague", "account")
    return chosen


def _checked_day(typed: str, field: str) -> date:
    found = parse_date(typed)
    if found is None:
        raise Refused("deputise.no_day", field)
    return found


def _checked_capacity(typed: str) -> Capacity:
    if typed not in {one.value for one in CAPACITIES}:
        raise Refused("deputise.no_capacity", "capacity")
    return Capacity(typed)


def _check_span(from_day: date, until: date, today: date) -> None:
    if until < from_day:
        raise Refused("deputise.order", "until_day", day=format_date(from_day))
    if until < today:
        raise Refused("deputise.past", "until_day", day=format_date(today))
    if until - from_day > LONGEST:
        raise Refused("deputise.long", "until_day")


def _check_alone(found: Collection[Deputy], account: int, from_day: date, until: date) -> None:
    """Nobody is named twice for the same day."""
    for one in found:
        if one.account_id == account and one.ended_at is None and one.from_day <= until and from_day <= one.until_day:
            days = {"from_day": format_date(one.from_day), "until": format_date(one.until_day)}
            raise Refused("deputise.twice", "account", **days)


def _state(one: Deputy, today: date) -> DeputyState:
    if one.ended_at is not None:
        return DeputyState.ENDED
    if today < one.from_day:
        return DeputyState.COMING
    return DeputyState.PRESENT if today <= one.until_day else DeputyState.OVER


def _view(one: Deputy, names: dict[int, str], kind: str, today: date) -> DeputyView:
    ended = None if one.ended_at is None else Stamp(one.ended_at, names.get(one.ended_by or 0, ""))
    return DeputyView(
        one.id, names.get(one.account_id, ""), Capacity(one.capacity).written(layout_of(kind)), one.from_day,
        one.until_day, _state(one, today), Stamp(one.named_at, names.get(one.named_by, "")), ended,
    )  # fmt: skip


def _record(
    session: Session, person: Person, now: datetime, kind: str, one: Deputy, row: SubmissionRow, **told: str
) -> None:
    about = {"account": one.account_id, "agency": row.agency_code, "deputy": one.id}
    audit.record(session, audit.ACCOUNTS, kind, person, now, **about, **told)
