"""What a request is answered, computed from the route table and the workflow: what tests hold the pages to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from survey.core.workflow import Obstacle, Role, RoundState, SubmissionState, obstacle
from survey.services.people import EVERY_KIND, Person
from survey.web.access import Access, Of, may_open


class Answer(StrEnum):
    """How a request ends."""

    OPEN = "open"  # the page, the deed, or a sentence on what was typed
    BLOCKED = "blocked"  # theirs, but not now: 409
    MISSING = "missing"  # not theirs or not there, which is one answer: 404
    SIGN_IN = "sign_in"  # nobody is signed in: to the sign-in page, a form 401


@dataclass(frozen=True, slots=True)
class Target:
    """The submission (or the body or the cohort) that an address names, and where it stands."""

    agency_id: int
    kind: str
    state: SubmissionState = SubmissionState.NOT_STARTED
    round: RoundState = RoundState.OPEN
    in_time: bool = True
    givers: frozenset[int] = frozenset()  # ids of bodies that give figures in the round
    given: frozenset[str] = frozenset()  # khối of the agencies that are given figures


def expected(access: Access, person: Person | None, target: Target) -> frozenset[Answer]:
    """The answers that the table allows: one, but for what is pressed again and has been done already."""
    if access.roles is None:
        return frozenset({Answer.OPEN})
    if person is None:
        return frozenset({Answer.SIGN_IN})
    if not may_open(access.roles, person) or not reaches(access.of, person, target):
        return frozenset({Answer.MISSING})
    if access.states is not None and target.state not in access.states:
        return frozenset({Answer.MISSING})
    if access.of in (Of.DUTY, Of.GIVEN) and access.step is not None:
        found = obstacle(access.step, target.state, (), target.round, in_time=target.in_time, duty=True)
        return frozenset({Answer.OPEN if found is None else Answer.BLOCKED})
    return _of_submission(access, person, target) if access.of is Of.SUBMISSION else frozenset({Answer.OPEN})


def reaches(of: Of, person: Person, target: Target) -> bool:
    """Whether what the address names is there for the person."""
    match of:
        case Of.SUBMISSION:
            return person.reads(target.kind) or any(body.agency_id == target.agency_id for body in person.bodies)
        case Of.DUTY:
            return _gives(person, target) or any(person.coordinates(kind) for kind in target.given)
        case Of.GIVEN:
            return _gives(person, target) or person.coordinates(target.kind)
        case Of.COHORT:
            return person.reads(target.kind)
        case Of.WHOLE:
            return person.coordinates(EVERY_KIND)
        case Of.BODY:
            return person.reads(target.kind) or Role.ADMINISTRATOR in person.roles
        case Of.ROUND | Of.NOTHING:
            return True


def _gives(person: Person, target: Target) -> bool:
    """Whether a body of the person gives figures in a round that has begun."""
    clerks = {body.agency_id for body in person.bodies if Role.CLERK in body.roles}
    return bool(clerks & target.givers) and target.round is not RoundState.DRAFT


def _of_submission(access: Access, person: Person, target: Target) -> frozenset[Answer]:
    roles = person.roles_for(target.agency_id, target.kind)
    if access.while_open is not None:
        found = obstacle(access.while_open, target.state, roles, target.round, in_time=target.in_time)
        return frozenset({Answer.OPEN if found is None else Answer.MISSING})
    if access.step is None:
        return frozenset({Answer.OPEN})
    found = obstacle(access.step, target.state, roles, target.round, in_time=target.in_time)
    if found is None:
        return frozenset({Answer.OPEN})
    if found is Obstacle.ROLE:
        return frozenset({Answer.MISSING})
    return frozenset({Answer.BLOCKED} | ({Answer.OPEN} if access.done is target.state else set()))
