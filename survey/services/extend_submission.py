"""A later deadline for some bodies of a round, one or several at once, with the reason; taken back the same way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.core.asks import Text
from survey.core.instants_vi import plain_instant
from survey.core.workflow import Obstacle, RoundState, Step, SubmissionState
from survey.services import audit
from survey.services.checks import Checks
from survey.services.errors import Blocked, NotFound, Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.open_round import get_round
from survey.services.people import Person
from survey.services.round_rules import checked_instant, checked_why
from survey.services.scope import find_submission, require, require_overview
from survey.services.submission_views import AgencyRef
from survey.storage import round_plans
from survey.storage.submission_rows import SubmissionRow, find_row, hold_rows, rows_of_round, write_row

MOST_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Extension:
    """One body with a deadline of its own."""

    submission_id: int
    agency: AgencyRef
    parent: str
    cohort: Text
    state: SubmissionState
    until: datetime
    reason: str
    past: bool  # this deadline is over as well
    in_force: bool  # it is later than the round's own
    mine: bool  # the person may take it back


def extend_submissions(
    session: Session,
    person: Person | None,
    round_id: int,
    submission_ids: Collection[int],
    until: datetime | None,
    reason: str,
    *,
    clock: Clock = system_clock,
) -> int:
    """Give bodies of an open round a later deadline, all or none; how many. None is the command line.

    Raises NotFound for another khối's body as for none, Blocked before the round begins, Refused naming the field.
    """
    if not submission_ids:
        raise Refused("extend.none_chosen", "bodies")
    if len(submission_ids) > MOST_AT_ONCE:
        raise Refused("extend.too_many", "bodies", most=MOST_AT_ONCE)
    now, state = clock(), get_round(session, round_id).state
    if state is not RoundState.OPEN:
        raise Refused("rounds.closed" if state is RoundState.CLOSED else "rounds.not_opened", "until")
    rows = hold_rows(session, set(submission_ids), None if person is None else person.readable_kinds)
    if len(rows) != len(set(submission_ids)) or any(row.round_id != round_id for row in rows):
        raise NotFound
    if person is not None:
        for row in rows:
            require(row, person, Step.EXTEND, now)
    checks = Checks()
    later, text = checks.take(now, _checked_until, until, rows[0].closes_at, now), checks.take("", checked_why, reason)
    checks.settle()
    reasons = round_plans.extended(session, round_id)
    for row in rows:
        if (row.extended_until, reasons.get(row.id)) == (later, text):
            continue  # told already
        values = {"extended_until": later, "extension_reason": text}
        _write(session, row, person, now, "extended", values, reason=text, until=later.isoformat())
    return len(rows)


def _checked_until(typed: datetime | None, closes_at: datetime, now: datetime) -> datetime:
    """A deadline still to come and later than the round's own. Raises Refused."""
    until = checked_instant(typed, "until")
    if until <= now:
        raise Refused("extend.past", "until")
    if until <= closes_at:
        raise Refused("extend.too_early", "until", deadline=plain_instant(closes_at))
    return until


def take_back_extension(
    session: Session, person: Person | None, submission_id: int, reason: str, *, clock: Clock = system_clock
) -> None:
    """End a body's later deadline: the round's own holds again. Raises as `extend_submissions` does."""
    now = clock()
    row = _held(session, person, submission_id, now)
    if row.extended_until is None:
        raise Refused("extend.not_extended", "reason")
    text = checked_why(reason)
    values = {"extended_until": None, "extension_reason": ""}
    was = row.extended_until.isoformat()
    _write(session, row, person, now, "extension_taken_back", values, reason=text, was=was)


def _held(session: Session, person: Person | None, submission_id: int, now: datetime) -> SubmissionRow:
    """The submission with its lock, if the person coordinates its khối and its round is open."""
    if person is not None:
        row = find_submission(session, person, submission_id, lock=True)
        require(row, person, Step.EXTEND, now)
        return row
    found = find_row(session, submission_id, (), None, lock=True)
    if found is None:
        raise NotFound
    return found


def _write(
    session: Session,
    row: SubmissionRow,
    person: Person | None,
    now: datetime,
    kind: str,
    values: dict[str, Any],
    **told: str,
) -> None:
    if not write_row(session, row, values):
        raise Blocked(Step.EXTEND, Obstacle.CLOSED)
    audit.record_for(session, row, kind, person, now, **told)


def find_submissions(session: Session, round_id: int, codes: Collection[str]) -> dict[str, int]:
    """Code of the body → its submission in a round; those without one are left out. For the command line."""
    rows = rows_of_round(session, round_id, answers=False)
    return {row.agency_code: row.id for row in rows if row.agency_code in codes}


def list_extensions(
    session: Session, person: Person, round_id: int, *, clock: Clock = system_clock
) -> tuple[Extension, ...]:
    """The bodies of a round with a deadline of their own that the person may see. Raises NotFound, NotAllowed."""
    require_overview(person)
    get_round(session, round_id)
    reasons, now = round_plans.extended(session, round_id), clock()
    return tuple(
        Extension(
            submission_id=row.id,
            agency=AgencyRef(row.agency_id, row.agency_code, row.agency_name),
            parent=row.parent_name or "",
            cohort=Text(row.cohort_vi, row.cohort_en),
            state=row.state,
            until=row.extended_until,
            reason=reasons.get(row.id, ""),
            past=now > row.deadline,
            in_force=row.extended_until > row.closes_at,
            mine=person.coordinates(row.kind),
        )
        for row in rows_of_round(session, round_id, answers=False)
        if row.extended_until is not None and person.reads(row.kind)
    )
