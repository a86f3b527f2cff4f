"""Duyệt và gửi: the leader's approval bound to the exact content; returning with a reason, withdrawing."""

from __future__ import annotations

from datetime import datetime

from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.submission_views import Receipt

SHORTEST_REASON = 10


def approve(
    session: Session, person: Person, submission_id: int, seen_hash: str, *, clock: Clock = system_clock
) -> Receipt:
    """Approve and send what the leader saw; a second time gives the same receipt.

    Raises NotFound, NotAllowed, Blocked (deadline by the clock inside the transaction), ContentChanged, StillFaulty.
    """
    raise NotImplementedError


def return_to_clerk(
    session: Session, person: Person, submission_id: int, reason: str, *, clock: Clock = system_clock
) -> None:
    """The leader gives it back to be mended. Raises also Refused for a reason under 10 characters or a placeholder."""
    raise NotImplementedError


def withdraw(session: Session, person: Person, submission_id: int, *, clock: Clock = system_clock) -> None:
    """The leader takes back what was sent, before the deadline. Raises NotFound, NotAllowed, Blocked."""
    raise NotImplementedError


def send_back(
    session: Session,
    person: Person,
    submission_id: int,
    reason: str,
    *,
    until: datetime | None = None,
    clock: Clock = system_clock,
) -> None:
    """The coordinator gives a submission back with a reason; `until` is a later deadline for this body alone."""
    raise NotImplementedError


def read_receipt(session: Session, person: Person, submission_id: int) -> Receipt:
    """The receipt of a sent submission. Raises NotFound."""
    raise NotImplementedError
