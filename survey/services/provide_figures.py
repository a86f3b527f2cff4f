"""Figures that the body which owns them gives for others: read-only to the agency, entered by the coordinator."""

from __future__ import annotations

from collections.abc import Mapping

from survey.core import document as doc
from survey.core.answers import fault_sentence, read_typed, to_stored
from survey.core.workflow import Step
from survey.services.errors import NotFound, Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.scope import find_submission, require
from survey.services.sheet import read_sheet
from survey.services.writing import take_step


def provide_figures(
    session: Session, person: Person, submission_id: int, typed: Mapping[str, str], *, clock: Clock = system_clock
) -> None:
    """Set provided figures (input key → text as typed), all or none. Coordinators only.

    Raises NotFound for a key that is not provided, Refused for a text that cannot be taken, Blocked in a closed round.
    """
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    require(row, person, Step.PROVIDE, now)
    questionnaire = read_sheet(session, row).questionnaire
    written = {}
    for key, text in typed.items():
        if key not in questionnaire.users_of or not doc.is_provided(questionnaire, key):
            raise NotFound
        answer = read_typed(questionnaire, key, text)
        if answer.fault is not None:
            sentence = fault_sentence(questionnaire, key, answer, person.language)
            raise Refused("services.figure_fault", key, sentence=sentence)
        content, before = to_stored(answer), row.answers.get(key)
        if content != doc.content_of(before):
            written[key] = doc.stamped(content, before, now, person.account_id)
    if written:
        changes = {key: [doc.content_of(row.answers.get(key)), doc.content_of(new)] for key, new in written.items()}
        answers = {**row.answers, **written}
        take_step(session, row, person, Step.PROVIDE, now, "figures_provided", {"changes": changes}, answers=answers)
