"""The states of a submission, the steps between them, and who may take which step when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person does. Clerk and leader hold for a body, the others for the whole instance."""

    CLERK = "clerk"
    LEADER = "leader"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"  # reads everything, changes nothing


BODY_ROLES = frozenset({Role.CLERK, Role.LEADER})
INSTANCE_ROLES = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR})


class SubmissionState(StrEnum):
    """Where one phiếu stands."""

    NOT_STARTED = "not_started"
    FILLING = "filling"
    AWAITING_APPROVAL = "awaiting_approval"
    SENT = "sent"


class RoundState(StrEnum):
    """Where an assessment round stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Step(StrEnum):
    """What can be done to a submission."""

    FILL = "fill"  # answers, notes, evidence, requests for "không áp dụng"
    PRESENT = "present"  # trình duyệt
    RECALL = "recall"  # the clerk takes it back from the leader
    APPROVE = "approve"  # duyệt và gửi
    APPROVE_ON_PAPER = "approve_on_paper"  # ghi nhận bản giấy đã ký; also straight from filling in
    KEEP_SCAN = "keep_scan"  # the scan of the signed paper is added later, or replaced
    RETURN = "return"  # the leader gives it back with a reason
    WITHDRAW = "withdraw"  # rút lại what has been sent
    SEND_BACK = "send_back"  # the coordinator gives it back with a reason
    DECIDE_KAD = "decide_kad"  # the coordinator answers a request for "không áp dụng"
    EXTEND = "extend"  # the coordinator gives one body a later deadline, or takes it back
    PROVIDE = "provide"  # the body that owns a figure gives it for an agency, or the coordinator in its place
    DEPUTISE = "deputise"  # the leader says who approves in their place, from day to day, or ends that
    ADJUST = "adjust"  # the clerk asks the owner of a provided figure to correct it, or takes that back


class Obstacle(StrEnum):
    """Why a step cannot be taken."""

    ROLE = "role"  # not this person's step
    STATE = "state"  # not in this state
    NOT_OPEN = "not_open"  # the round has not been opened
    CLOSED = "closed"  # the round is closed
    DEADLINE = "deadline"  # the deadline has passed


@dataclass(frozen=True, slots=True)
class Rule:
    """One step: from which states, to which (None: unchanged), by whom, and whether the deadline binds it."""

    sources: frozenset[SubmissionState]
    target: SubmissionState | None
    roles: frozenset[Role]
    before_deadline: bool = True
    by_duty: bool = False  # also those whose body was given the duty, though they have no role at the agency


_S = SubmissionState
RULES: dict[Step, Rule] = {
    Step.FILL: Rule(frozenset({_S.NOT_STARTED, _S.FILLING}), _S.FILLING, frozenset({Role.CLERK})),
    Step.PRESENT: Rule(frozenset({_S.NOT_STARTED, _S.FILLING}), _S.AWAITING_APPROVAL, frozenset({Role.CLERK})),
    Step.RECALL: Rule(frozenset({_S.AWAITING_APPROVAL}), _S.FILLING, frozenset({Role.CLERK})),
    Step.APPROVE: Rule(frozenset({_S.AWAITING_APPROVAL}), _S.SENT, frozenset({Role.LEADER})),
    Step.APPROVE_ON_PAPER: Rule(
        frozenset({_S.FILLING, _S.AWAITING_APPROVAL}), _S.SENT, frozenset({Role.CLERK, Role.COORDINATOR})
    ),
    Step.KEEP_SCAN: Rule(frozenset({_S.SENT}), None, frozenset({Role.CLERK, Role.COORDINATOR}), before_deadline=False),
    Step.RETURN: Rule(frozenset({_S.AWAITING_APPROVAL}), _S.FILLING, frozenset({Role.LEADER})),
    Step.WITHDRAW: Rule(frozenset({_S.SENT}), _S.FILLING, frozenset({Role.LEADER})),
    Step.SEND_BACK: Rule(
        frozenset({_S.AWAITING_APPROVAL, _S.SENT}), _S.FILLING, frozenset({Role.COORDINATOR}), before_deadline=False
    ),
    Step.EXTEND: Rule(frozenset(_S), None, frozenset({Role.COORDINATOR}), before_deadline=False),
    Step.DECIDE_KAD: Rule(frozenset(_S), None, frozenset({Role.COORDINATOR}), before_deadline=False),
    Step.PROVIDE: Rule(frozenset(_S), None, frozenset({Role.COORDINATOR}), before_deadline=False, by_duty=True),
    Step.DEPUTISE: Rule(frozenset(_S), None, frozenset({Role.LEADER, Role.COORDINATOR}), before_deadline=False),
    Step.ADJUST: Rule(frozenset(_S), None, frozenset({Role.CLERK}), before_deadline=False),
}


def obstacle(
    step: Step,
    state: SubmissionState,
    roles: Collection[Role],
    round_state: RoundState,
    *,
    in_time: bool,
    duty: bool = False,
) -> Obstacle | None:
    """What keeps a person with `roles` (those that hold for this submission) from `step`; None where nothing does.

    `duty`: the person's body owns the figures in question.
    """
    rule = RULES[step]
    if not (rule.roles & set(roles) or (duty and rule.by_duty)):
        return Obstacle.ROLE
    if round_state is RoundState.DRAFT:
        return Obstacle.NOT_OPEN
    if round_state is RoundState.CLOSED:
        return Obstacle.CLOSED
    if state not in rule.sources:
        return Obstacle.STATE
    if rule.before_deadline and not in_time:
        return Obstacle.DEADLINE
    return None


def open_steps(
    state: SubmissionState, roles: Collection[Role], round_state: RoundState, *, in_time: bool
) -> frozenset[Step]:
    """Every step that nothing keeps this person from."""
    return frozenset(step for step in Step if obstacle(step, state, roles, round_state, in_time=in_time) is None)


def target(step: Step, state: SubmissionState) -> SubmissionState:
    """The state after `step` taken in `state`."""
    return RULES[step].target or state
