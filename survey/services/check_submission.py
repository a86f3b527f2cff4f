"""What is still missing: faults and a > b, which block sending, and blanks, which the clerk has to confirm."""

from __future__ import annotations

from survey.services.findings import counts, find_all
from survey.services.heads import names_for, read_head
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.questions_back import read_backdrop
from survey.services.review_views import CheckView
from survey.services.scope import find_submission
from survey.services.sheet import read_sheet


def check_submission(
    session: Session, person: Person, submission_id: int, *, language: str = "vi", clock: Clock = system_clock
) -> CheckView:
    """Everything to be mended or known before sending. Provided figures are never listed. Raises NotFound."""
    row = find_submission(session, person, submission_id)
    sheet = read_sheet(session, row)
    head = read_head(session, row, person, clock(), names_for(session, row), sheet.questionnaire)
    findings = find_all(sheet, language, read_backdrop(session, row, sheet.questionnaire))
    return CheckView(head, findings, counts(findings), sheet.standing())
