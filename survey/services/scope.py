"""The one place where a submission is looked up for a person: another body's is as little found as none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from survey.core.kinds import KINDS
from survey.core.workflow import Obstacle, Role, RoundState, Step, obstacle
from survey.services.errors import Blocked, NotAllowed, NotFound, Refused
from survey.services.instance import Session
from survey.services.people import EVERY_KIND, Person
from survey.storage import agencies
from survey.storage.submission_rows import SubmissionRow, find_row

TOTALS = "chung"  # instead of a khối: a coordinator who sees counts and totals alone


def find_submission(session: Session, person: Person, submission_id: int, *, lock: bool = False) -> SubmissionRow:
    """The submission, if this person may see it; `lock` for those about to change it. Raises NotFound."""
    bodies = {body.agency_id for body in person.bodies}
    row = find_row(session, submission_id, bodies, person.readable_kinds, lock=lock)
    if row is None:
        raise NotFound
    return row


def is_in_time(row: SubmissionRow, now: datetime) -> bool:
    """Whether the body may still change and send it: the very moment of the deadline is in time."""
    return now <= row.deadline


def round_state(row: SubmissionRow, now: datetime) -> RoundState:
    """The state of its round; an open one that has not begun counts as a draft."""
    return RoundState.DRAFT if row.round_state is RoundState.OPEN and now < row.opens_at else row.round_state


def require(row: SubmissionRow, person: Person, step: Step, now: datetime) -> None:
    """Raise what keeps the person from a step: NotAllowed or Blocked."""
    roles = person.roles_for(row.agency_id, row.kind)
    found = obstacle(step, row.state, roles, round_state(row, now), in_time=is_in_time(row, now))
    if found is Obstacle.ROLE:
        raise NotAllowed
    if found is not None:
        raise Blocked(step, found)


def may(row: SubmissionRow, person: Person, step: Step, now: datetime) -> bool:
    """Whether nothing keeps the person from a step."""
    roles = person.roles_for(row.agency_id, row.kind)
    return obstacle(step, row.state, roles, round_state(row, now), in_time=is_in_time(row, now)) is None


def require_coordinator(person: Person) -> None:
    """Raise NotAllowed for anyone but a coordinator, of whichever khối."""
    if Role.COORDINATOR not in person.roles:
        raise NotAllowed


def checked_kinds(session: Session, asked: Sequence[str]) -> frozenset[str]:
    """The khối that a coordinator is to see: none asked for is every one, TOTALS alone is none.

    Raises Refused for a khối that neither the register nor this program knows.
    """
    if not asked or list(asked) == [TOTALS]:
        return frozenset() if asked else frozenset({EVERY_KIND})
    known = agencies.kinds(session) | set(KINDS)
    for kind in asked:
        if kind not in known:
            raise Refused("scope.kind_unknown", "kinds", kind=kind, known=", ".join(sorted(known)))
    return frozenset(asked)


def require_overview(person: Person) -> None:
    """Raise NotAllowed for anyone who may not see a round's counts: coordinators and auditors may."""
    if not person.roles & {Role.COORDINATOR, Role.AUDITOR}:
        raise NotAllowed


def require_administrator(person: Person) -> None:
    """Raise NotAllowed for anyone but an administrator."""
    if Role.ADMINISTRATOR not in person.roles:
        raise NotAllowed
