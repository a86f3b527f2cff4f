"""Trình duyệt: the clerk puts the filled phiếu before the leader, or takes it back."""

from __future__ import annotations

from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person


def send_for_approval(
    session: Session,
    person: Person,
    submission_id: int,
    *,
    missing_confirmed: bool = False,
    clock: Clock = system_clock,
) -> None:
    """Put it before the leader; twice is once.

    Raises NotFound, NotAllowed, Blocked, StillFaulty (faults or a > b) and StillMissing (missing answers that the clerk
    has not confirmed).
    """
    raise NotImplementedError


def recall(session: Session, person: Person, submission_id: int, *, clock: Clock = system_clock) -> None:
    """Take it back from the leader to go on filling in. Raises NotFound, NotAllowed, Blocked."""
    raise NotImplementedError
