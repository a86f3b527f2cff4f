"""Who may move a submission, from which state, and when: the whole table."""

import itertools

import pytest

from survey.core.workflow import Obstacle, Role, RoundState, Step, SubmissionState, obstacle, open_steps, target

ALLOWED = {
    (Step.FILL, Role.CLERK, SubmissionState.NOT_STARTED): SubmissionState.FILLING,
    (Step.FILL, Role.CLERK, SubmissionState.FILLING): SubmissionState.FILLING,
    (Step.PRESENT, Role.CLERK, SubmissionState.NOT_STARTED): SubmissionState.AWAITING_APPROVAL,
    (Step.PRESENT, Role.CLERK, SubmissionState.FILLING): SubmissionState.AWAITING_APPROVAL,
    (Step.RECALL, Role.CLERK, SubmissionState.AWAITING_APPROVAL): SubmissionState.FILLING,
    (Step.APPROVE, Role.LEADER, SubmissionState.AWAITING_APPROVAL): SubmissionState.SENT,
    **{
        (Step.APPROVE_ON_PAPER, role, state): SubmissionState.SENT
        for role in (Role.CLERK, Role.COORDINATOR)
        for state in (SubmissionState.FILLING, SubmissionState.AWAITING_APPROVAL)
    },
    **{(Step.KEEP_SCAN, role, SubmissionState.SENT): SubmissionState.SENT for role in (Role.CLERK, Role.COORDINATOR)},
    (Step.RETURN, Role.LEADER, SubmissionState.AWAITING_APPROVAL): SubmissionState.FILLING,
    (Step.WITHDRAW, Role.LEADER, SubmissionState.SENT): SubmissionState.FILLING,
    (Step.SEND_BACK, Role.COORDINATOR, SubmissionState.AWAITING_APPROVAL): SubmissionState.FILLING,
    (Step.SEND_BACK, Role.COORDINATOR, SubmissionState.SENT): SubmissionState.FILLING,
    **{(Step.DECIDE_KAD, Role.COORDINATOR, state): state for state in SubmissionState},
    **{(Step.EXTEND, Role.COORDINATOR, state): state for state in SubmissionState},
    **{(Step.PROVIDE, Role.COORDINATOR, state): state for state in SubmissionState},
    **{(Step.ADJUST, Role.CLERK, state): state for state in SubmissionState},
    **{(Step.DEPUTISE, role, state): state for role in (Role.LEADER, Role.COORDINATOR) for state in SubmissionState},
}
UNTIL_CLOSED = {Step.KEEP_SCAN, Step.SEND_BACK, Step.EXTEND, Step.DECIDE_KAD, Step.PROVIDE, Step.ADJUST, Step.DEPUTISE}


@pytest.mark.parametrize(("step", "role", "state"), list(itertools.product(Step, Role, SubmissionState)))
def test_a_step_is_open_exactly_where_the_table_says(step: Step, role: Role, state: SubmissionState) -> None:
    found = obstacle(step, state, {role}, RoundState.OPEN, in_time=True)
    assert (found is None) == ((step, role, state) in ALLOWED)
    if found is None:
        assert target(step, state) is ALLOWED[step, role, state]


@pytest.mark.parametrize("step", Step)
def test_after_the_deadline_only_what_goes_on_until_closing_goes_on(step: Step) -> None:
    for role, state in itertools.product(Role, SubmissionState):
        if (step, role, state) in ALLOWED:
            expected = None if step in UNTIL_CLOSED else Obstacle.DEADLINE
            assert obstacle(step, state, {role}, RoundState.OPEN, in_time=False) is expected


@pytest.mark.parametrize(
    ("round_state", "expected"), [(RoundState.DRAFT, Obstacle.NOT_OPEN), (RoundState.CLOSED, Obstacle.CLOSED)]
)
def test_nothing_moves_in_a_round_that_is_not_open(round_state: RoundState, expected: Obstacle) -> None:
    for step, role, state in ALLOWED:
        assert obstacle(step, state, {role}, round_state, in_time=True) is expected


def test_one_who_is_clerk_and_leader_does_both() -> None:
    both = {Role.CLERK, Role.LEADER}
    assert open_steps(SubmissionState.AWAITING_APPROVAL, both, RoundState.OPEN, in_time=True) == {
        Step.RECALL,
        Step.APPROVE,
        Step.APPROVE_ON_PAPER,
        Step.RETURN,
        Step.DEPUTISE,
        Step.ADJUST,
    }


def test_those_whose_body_owns_a_figure_give_it_without_any_role_at_the_agency() -> None:
    for step in Step:
        found = obstacle(step, SubmissionState.SENT, (), RoundState.OPEN, in_time=False, duty=True)
        assert found is (None if step is Step.PROVIDE else Obstacle.ROLE)
    closed = obstacle(Step.PROVIDE, SubmissionState.SENT, (), RoundState.CLOSED, in_time=True, duty=True)
    assert closed is Obstacle.CLOSED


def test_one_without_a_role_does_nothing() -> None:
    for state in SubmissionState:
        assert open_steps(state, set(), RoundState.OPEN, in_time=True) == set()
