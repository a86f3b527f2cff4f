"""What a body sent the period before to the same questions: offered again one by one, held against what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.core import document as doc
from survey.core.answers import Answer, Case, Special, from_stored
from survey.core.questionnaire import Questionnaire
from survey.core.same_meaning import as_asked_now, same_keys
from survey.services.instance import Session
from survey.services.published import published
from survey.services.sheet import read_sheet
from survey.storage.submission_rows import SubmissionRow, row_sent_before


@dataclass(frozen=True, slots=True)
class LastYear:
    """The answers of the newest earlier phiếu that was sent, as far as the same was asked."""

    period: str  # "2025", the title of the round where it has no period
    answers: Mapping[str, Answer]  # by input key; neither blank nor faulty
    case: Case


def read_last_year(session: Session, row: SubmissionRow, questionnaire: Questionnaire) -> LastYear | None:
    """What the body of a submission sent before to a questionnaire of the same name. One statement."""
    before = row_sent_before(session, row)
    if before is None:
        return None
    asked = published(session, before.version_id, before.sha256)
    kept = same_keys(questionnaire, asked)
    found = ((key, _answer(questionnaire, before, key)) for key in questionnaire.keys if key in kept)
    answers = {key: answer for key, answer in found if answer is not None}
    values = {key: answer.value for key, answer in answers.items()}
    case = Case(before.agency_code, values, frozenset(), before.attributes)
    return LastYear(before.period or before.round_title, answers, case)


@dataclass(frozen=True, slots=True)
class LastTotal:
    """What a body came to the period before."""

    period: str
    rate: float  # as published, 0..1
    same_rules: bool  # whether the questionnaire has not changed since


def read_last_total(session: Session, row: SubmissionRow) -> LastTotal | None:
    """The published rate of what a body sent before; None where it sent nothing or had no rate. One statement."""
    before = row_sent_before(session, row)
    rate = None if before is None else read_sheet(session, before).standing().rate_published
    if before is None or rate is None:
        return None
    return LastTotal(before.period or before.round_title, rate, before.sha256 == row.sha256)


def case_then(session: Session, questionnaire: Questionnaire, before: SubmissionRow) -> Case:
    """What a body sent then, as far as it was asked the same; `before` with its answers."""
    asked = published(session, before.version_id, before.sha256)
    case = doc.CaseReader(asked).read(before.answers, before.agency_code, before.attributes)
    return as_asked_now(questionnaire, asked, case)


def _answer(questionnaire: Questionnaire, before: SubmissionRow, key: str) -> Answer | None:
    """The answer to an input that meant the same then."""
    entry = before.answers.get(key)
    if entry is None or doc.is_provided(questionnaire, key):
        return None
    try:
        answer = from_stored(questionnaire, key, entry)
    except ValueError:  # an option that there is no more, a number that may not be one now
        return None
    return None if answer.fault is not None or isinstance(answer.value, Special) else answer
