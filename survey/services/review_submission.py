"""What the leader sees before approving, and the coordinator of one body's phiếu: every answer, read-only."""

from __future__ import annotations

from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.review_views import ReviewView


def review_submission(
    session: Session, person: Person, submission_id: int, *, language: str = "vi", clock: Clock = system_clock
) -> ReviewView:
    """Every answer with its points, warnings, the five lowest, what changed since last presented. Raises NotFound."""
    raise NotImplementedError
