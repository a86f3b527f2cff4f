"""Ending a body and opening it again, with reason and date; taking away one that was never used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from survey.core.numbers_vi import HANOI, format_date, parse_date
from survey.core.workflow import RoundState, SubmissionState
from survey.services import audit
from survey.services.checks import Checks
from survey.services.edit_agency import AgencyChanged, checked_reason
from survey.services.errors import Refused
from survey.services.import_agencies import hold_register
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.read_register import find_agency
from survey.services.register_values import values_of
from survey.services.scope import require_administrator
from survey.storage import agencies
from survey.storage.agencies import Agency
from survey.storage.submission_rows import rows_of_agency

SHOWN = 3  # bodies and rounds that a sentence names


def hindrances(session: Session, person: Person, code: str, deed: Callable[..., None]) -> tuple[Refused, ...]:
    """What stands in the way of closing, reopening or removing a body now, told before anything is typed."""
    require_administrator(person)
    agency = find_agency(session, person, code)
    checks = Checks()
    for check in _HINDERED.get(deed, ()):
        checks.take(None, check, session, agency)
    return checks.found


def close_agency(
    session: Session, person: Person, code: str, day: str, reason: str, seen: int, *, clock: Clock = system_clock
) -> None:
    """End a body: it takes part in no further round; all it did stays. Raises Refused with the safe way.

    `day` is dd/mm/yyyy, today or before.
    """
    agency = _held(session, person, code, seen)
    now = clock()
    _refuse_closed(session, agency)
    checks, today = Checks(), now.astimezone(HANOI).date()
    last, reason = checks.take(today, _checked_day, day, today), checks.take("", checked_reason, reason)
    checks.settle()
    _refuse_unfinished(session, agency)
    _refuse_children(session, agency)
    agency.closed_at = datetime.combine(last, time(), HANOI)
    agency.revision += 1
    session.flush()
    told = {"code": code, "day": last.isoformat(), "reason": reason}
    audit.record(session, audit.AGENCIES, "agency_closed", person, now, **told)


def _checked_day(typed: str, today: date) -> date:
    """The day a body ended. Raises Refused."""
    day = parse_date(typed)
    if day is None:
        raise Refused("registry.day_form" if typed.strip() else "registry.day_needed", "day", typed=typed[:20])
    if day > today:
        raise Refused("registry.day_future", "day")
    return day


def reopen_agency(
    session: Session, person: Person, code: str, reason: str, seen: int, *, clock: Clock = system_clock
) -> None:
    """Let a closed body take part again. Raises Refused where it is open, or stands under a closed one."""
    agency = _held(session, person, code, seen)
    _refuse_open(session, agency)
    _refuse_closed_parent(session, agency)
    reason = checked_reason(reason)
    agency.closed_at = None
    agency.revision += 1
    session.flush()
    audit.record(session, audit.AGENCIES, "agency_reopened", person, clock(), code=code, reason=reason)


def remove_agency(session: Session, person: Person, code: str, seen: int, *, clock: Clock = system_clock) -> None:
    """Take away a body that was put in by mistake. Raises Refused where anything names it: it can only be closed."""
    agency = _held(session, person, code, seen)
    _refuse_used(session, agency)
    name = agency.name
    agencies.remove(session, agency)
    audit.record(session, audit.AGENCIES, "agency_removed", person, clock(), code=code, name=name)


def _held(session: Session, person: Person, code: str, seen: int) -> Agency:
    require_administrator(person)
    hold_register(session)
    agency = find_agency(session, person, code)
    if agency.revision != seen:
        raise AgencyChanged(agency.revision, values_of(agency, agency.parent.code if agency.parent else ""))
    return agency


def _refuse_closed(_: Session, agency: Agency) -> None:
    if agency.closed_at is not None:
        raise Refused("registry.closed_already", "day", day=format_date(agency.closed_at))


def _refuse_open(_: Session, agency: Agency) -> None:
    if agency.closed_at is None:
        raise Refused("registry.open_already", "reason")


def _refuse_closed_parent(_: Session, agency: Agency) -> None:
    if agency.parent is not None and agency.parent.closed_at is not None:
        raise Refused("registry.parent_is_closed", "reason", name=agency.parent.name)


def _refuse_used(session: Session, agency: Agency) -> None:
    if agencies.uses(session, agency.id):
        raise Refused("registry.in_use", "reason", name=agency.name)


def _refuse_unfinished(session: Session, agency: Agency) -> None:
    rounds = [
        row.round_title
        for row in rows_of_agency(session, agency.id)
        if row.round_state is RoundState.OPEN and row.state is not SubmissionState.SENT
    ]
    if rounds:
        raise Refused("registry.unfinished", "day", rounds=_some(rounds))


def _refuse_children(session: Session, agency: Agency) -> None:
    below = [one.name for one in agencies.children(session, agency.id) if one.closed_at is None]
    if below:
        raise Refused("registry.has_children", "day", count=len(below), names=_some(below))


_HINDERED: Mapping[Callable[..., None], tuple[Callable[[Session, Agency], None], ...]] = {
    close_agency: (_refuse_closed, _refuse_unfinished, _refuse_children),
    reopen_agency: (_refuse_open, _refuse_closed_parent),
    remove_agency: (_refuse_used,),
}


def _some(names: list[str]) -> str:
    return "; ".join(names[:SHOWN]) + ("; …" if len(names) > SHOWN else "")
