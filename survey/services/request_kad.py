"""Asking that an indicator counts as "không áp dụng", and the coordinator's answer to it."""

from __future__ import annotations

from dataclasses import dataclass

from survey.core.asks import Text
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.page_views import KadView
from survey.services.submission_views import AgencyRef


@dataclass(frozen=True, slots=True)
class KadRequest:
    """One request in the coordinator's list."""

    submission_id: int
    agency: AgencyRef
    code: str
    name: Text
    maximum: float
    kad: KadView


def request_kad(
    session: Session, person: Person, submission_id: int, code: str, reason: str, *, clock: Clock = system_clock
) -> None:
    """Ask, with a reason of at least 10 characters. Raises NotFound, NotAllowed, Blocked, Refused."""
    raise NotImplementedError


def cancel_kad(session: Session, person: Person, submission_id: int, code: str, *, clock: Clock = system_clock) -> None:
    """Take the request (or what was decided on it) back; nothing happens where there is none."""
    raise NotImplementedError


def list_kad(session: Session, person: Person, round_id: int, *, pending_only: bool = True) -> tuple[KadRequest, ...]:
    """Requests of a round, by agency. Coordinators only."""
    raise NotImplementedError


def decide_kad(
    session: Session,
    person: Person,
    submission_id: int,
    code: str,
    *,
    approve: bool,
    reason: str = "",
    clock: Clock = system_clock,
) -> None:
    """Approve or refuse; a refusal needs a reason of at least 10 characters. Coordinators only."""
    raise NotImplementedError
