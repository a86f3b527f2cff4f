"""Đối chiếu: whether the code on a printed sheet is that of the phiếu as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from survey.core.document import short_hash
from survey.core.paper import is_code_of, read_code
from survey.services.content import read_content
from survey.services.heads import names_for, read_head
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.scope import find_submission
from survey.services.sheet import read_sheet
from survey.services.submission_views import SubmissionHead


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the code says."""

    head: SubmissionHead
    code: str  # as people compare it; as typed where it is no code
    matches: bool | None  # None: nothing typed, or no code


def compare_print(
    session: Session, person: Person, submission_id: int, typed: str, *, clock: Clock = system_clock
) -> Comparison:
    """Compare a code off a sheet with the present content. Raises NotFound."""
    row = find_submission(session, person, submission_id)
    sheet = read_sheet(session, row)
    head = read_head(session, row, person, clock(), names_for(session, row), sheet.questionnaire)
    code = read_code(typed)
    if code is None:
        return Comparison(head, typed.strip(), None)
    return Comparison(head, short_hash(code), is_code_of(code, read_content(session, sheet).digest))
