"""Reading a submission: the list of a body's submissions, the hub and the page of one group."""

from __future__ import annotations

from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.page_views import EvidenceView, GroupPage
from survey.services.submission_views import SubmissionHead, SubmissionView


def list_submissions(
    session: Session, person: Person, agency_id: int, *, clock: Clock = system_clock
) -> tuple[SubmissionHead, ...]:
    """The submissions of one body, newest round first; rounds not yet opened are left out. Raises NotFound."""
    raise NotImplementedError


def read_submission(
    session: Session, person: Person, submission_id: int, *, clock: Clock = system_clock
) -> SubmissionView:
    """The hub of one submission. Raises NotFound for another body's as for none."""
    raise NotImplementedError


def read_group(
    session: Session,
    person: Person,
    submission_id: int,
    group_code: str,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> GroupPage:
    """The page of a lowest group; `language` is that of its sentences. Raises NotFound."""
    raise NotImplementedError


def read_evidence(session: Session, person: Person, submission_id: int) -> tuple[EvidenceView, ...]:
    """All documents of a submission, newest first. Raises NotFound."""
    raise NotImplementedError
