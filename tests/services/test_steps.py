"""Each step is for its role at its body alone; everybody else is told no more than they may know."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey.core.workflow import Step
from survey.services.errors import Blocked, NotAllowed, NotFound, StillMissing
from survey.services.send_for_approval import recall, send_for_approval
from survey.services.sign_off import approve, return_to_clerk, send_back, withdraw
from survey.services.sign_on_paper import NotRecorded, PaperForm, Scan, add_scan, sign_on_paper
from tests.services.world import World

REASON = "Chỉ số 1.2 ghi nhầm số người được tập huấn."
ROLES = {
    "clerk": {Step.FILL, Step.PRESENT, Step.RECALL, Step.APPROVE_ON_PAPER, Step.KEEP_SCAN},
    "leader": {Step.APPROVE, Step.RETURN, Step.WITHDRAW},
    "coordinator": {Step.SEND_BACK, Step.APPROVE_ON_PAPER, Step.KEEP_SCAN},
    "admin": set(),
}


def _on_paper(session: Any, person: Any, submission_id: int, *, clock: Any) -> None:
    """A form with nothing in it: only those who may take the step learn what is wrong with it."""
    sign_on_paper(session, Path("nowhere"), person, submission_id, PaperForm(), clock=clock)


def _scan(session: Any, person: Any, submission_id: int, *, clock: Any) -> None:
    add_scan(session, Path("nowhere"), person, submission_id, Scan(b"", ""), clock=clock)


STEPS: dict[Step, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    Step.PRESENT: (send_for_approval, ()),
    Step.RECALL: (recall, ()),
    Step.APPROVE: (approve, ("0" * 64,)),
    Step.APPROVE_ON_PAPER: (_on_paper, ()),
    Step.KEEP_SCAN: (_scan, ()),
    Step.RETURN: (return_to_clerk, (REASON,)),
    Step.WITHDRAW: (withdraw, ()),
    Step.SEND_BACK: (send_back, (REASON,)),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("person", ROLES)
def test_each_step_is_for_its_role_alone(world: World, person: str, step: Step) -> None:
    service, values = STEPS[step]
    expected: tuple[type[Exception], ...] = (Blocked, StillMissing, NotRecorded)
    if person == "admin":
        expected = (NotFound,)
    elif step not in ROLES[person]:
        expected = (NotAllowed,)
    with pytest.raises(expected):
        world.act(service, person, *values)


@pytest.mark.parametrize("step", STEPS)
def test_another_bodys_submission_is_not_found_by_any_step(world: World, step: Step) -> None:
    service, values = STEPS[step]
    with pytest.raises(NotFound):
        world.act(service, "other", *values)
