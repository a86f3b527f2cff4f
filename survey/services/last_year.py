"""What a body sent the period before to the same questions: offered again one by one, held against what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.core import document as doc
from survey.core.answers import Answer, Case, Special, from_stored, number_of
from survey.core.questionnaire import Questionnaire
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
    answers = {
        key: answer for key in questionnaire.keys if (answer := _answer(questionnaire, asked, before, key)) is not None
    }
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


def _answer(questionnaire: Questionnaire, asked: Questionnaire, before: SubmissionRow, key: str) -> Answer | None:
    """The answer to an input, where it meant the same then."""
    entry = before.answers.get(key)
    if entry is None or doc.is_provided(questionnaire, key) or not _is_same(questionnaire, asked, key):
        return None
    try:
        answer = from_stored(questionnaire, key, entry)
    except ValueError:  # an option that there is no more, a number that may not be one now
        return None
    return None if answer.fault is not None or isinstance(answer.value, Special) else answer


def _is_same(questionnaire: Questionnaire, asked: Questionnaire, key: str) -> bool:
    """Whether an input has the same indicator, label and unit in both: codes are given anew now and then."""
    if questionnaire is asked:
        return True
    if key not in asked.users_of:
        return False
    return _meaning(questionnaire, key) == _meaning(asked, key)


def _meaning(questionnaire: Questionnaire, key: str) -> tuple[str, ...]:
    user = questionnaire.users_of[key][0]
    number = number_of(questionnaire, key) if user.numbers else None
    own = (number.label.vi, number.unit.vi) if number else ("", "")
    return (type(user.ask).__name__, *(own if own[0] else (user.name.vi, own[1])))
