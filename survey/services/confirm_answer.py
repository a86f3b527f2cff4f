""" "Đúng như vậy": the body's word on what was asked back, with a reason where it gives one, and taking it back."""

from __future__ import annotations

from survey.core import document as doc
from survey.core.answers import LONGEST_TEXT, clean_text
from survey.core.questionnaire import Indicator
from survey.core.workflow import Step
from survey.services.errors import NotFound, Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.questions_back import QuestionsBack, read_backdrop
from survey.services.scope import find_submission, require
from survey.services.sheet import Sheet, read_sheet
from survey.services.writing import write_document


def confirm_answer(
    session: Session, person: Person, submission_id: int, code: str, reason: str = "", *, clock: Clock = system_clock
) -> None:
    """Say that what was asked back at an indicator is right; it holds until one of the figures changes.

    Nothing happens where nothing is asked back, or where the same was said already. Raises NotFound, NotAllowed,
    Blocked, Refused for a reason that is too long.
    """
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    require(row, person, Step.FILL, now)
    text = clean_text(reason).strip()
    if len(text) > LONGEST_TEXT:
        raise Refused("services.note_long", "reason", longest=LONGEST_TEXT)
    sheet = read_sheet(session, row)
    indicator = _indicator(sheet, code)
    questions = QuestionsBack(sheet, read_backdrop(session, row, sheet.questionnaire), "vi")
    if not questions.asked(indicator):
        return
    said = {"of": doc.state_of(row.answers, questions.keys(indicator)), "text": text}
    before = row.answers.get(doc.RIGHT + code)
    if doc.content_of(before) == said:
        return
    entry = doc.stamped(said, before, now, person.account_id)
    write_document(session, row, person, now, {doc.RIGHT + code: entry}, "answer_confirmed")


def reopen_answer(
    session: Session, person: Person, submission_id: int, code: str, *, clock: Clock = system_clock
) -> None:
    """Take that back; nothing happens where nothing was said."""
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    require(row, person, Step.FILL, now)
    _indicator(read_sheet(session, row), code)
    before = row.answers.get(doc.RIGHT + code)
    if not doc.content_of(before):
        return
    entry = doc.stamped({}, before, now, person.account_id)
    write_document(session, row, person, now, {doc.RIGHT + code: entry}, "answer_reopened")


def _indicator(sheet: Sheet, code: str) -> Indicator:
    found = sheet.questionnaire.by_code.get(code)
    if found is None:
        raise NotFound
    return found
