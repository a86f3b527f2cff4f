"""What is still missing: faults and a > b, which block sending, and blanks, which the clerk has to confirm."""

from __future__ import annotations

from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.review_views import CheckView


def check_submission(
    session: Session, person: Person, submission_id: int, *, language: str = "vi", clock: Clock = system_clock
) -> CheckView:
    """Everything to be mended or known before sending. Provided figures are never listed. Raises NotFound."""
    raise NotImplementedError
