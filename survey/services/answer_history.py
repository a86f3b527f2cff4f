"""The history of one indicator's answers, each value that was ever saved, and taking an earlier one back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.core import document as doc
from survey.core.answers import number_of
from survey.core.asks import Text
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.workflow import Step
from survey.services.errors import NotFound, Refused
from survey.services.fill import present_entry, save_answers
from survey.services.heads import names_for, read_head
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.published import published
from survey.services.saved_views import Change, SaveOutcome
from survey.services.scope import find_submission, require
from survey.services.submission_views import SubmissionHead
from survey.storage import accounts, events
from survey.storage.submission_rows import SubmissionRow

MOST_EVENTS = 5000  # of one phiếu that are looked through; a phiếu of 62 indicators filled in twice has some 300


@dataclass(frozen=True, slots=True)
class AnswerVersion:
    """One value as it was saved."""

    event: int  # number of the event in the chain of the phiếu
    at: datetime
    by: str  # name; "" for another body or the system
    shown: str  # the value in words, as typed where it was faulty; "" = cleared
    faulty: bool
    present: bool  # what stands there now


@dataclass(frozen=True, slots=True)
class FieldHistory:
    """The values of one input, newest first; empty where it was never answered."""

    key: str  # `note:<code>` for the body's note
    label: Text  # empty where the indicator's name is the label, and for the note
    unit: Text
    revision: int  # to be sent back as `seen`
    versions: tuple[AnswerVersion, ...]

    @property
    def is_unproven(self) -> bool:
        """Whether it is why there is no document."""
        return self.key.startswith(doc.UNPROVEN)

    @property
    def is_note(self) -> bool:
        """Whether it is the body's note."""
        return self.key.startswith(doc.NOTE)


@dataclass(frozen=True, slots=True)
class IndicatorHistory:
    """Everything that was ever answered to one indicator."""

    head: SubmissionHead
    code: str
    name: Text
    group: str  # code of its page
    fields: tuple[FieldHistory, ...]
    editable: bool  # whether this person may take an earlier value back now


def history_of_indicator(
    session: Session,
    person: Person,
    submission_id: int,
    code: str,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> IndicatorHistory:
    """The history of one indicator. Raises NotFound for another body's phiếu and for an unknown code."""
    row = find_submission(session, person, submission_id)
    questionnaire = published(session, row.version_id, row.sha256)
    indicator = _indicator(questionnaire, code)
    unproven = [key] if (key := doc.UNPROVEN + code) in row.answers else []
    keys = [*indicator.keys, doc.NOTE + code, *unproven]
    found = _changes(session, row, frozenset(keys))
    given = any(doc.is_provided(questionnaire, key) for key in indicator.keys)
    names = {} if given else accounts.names(session, {event.account_id for _, event, _ in found if event.account_id})
    fields = []
    for key in keys:
        now = row.answers.get(key)
        own = [(event, after) for changed, event, after in found if changed == key]
        standing = next((event.number for event, after in own if after == doc.content_of(now)), None)
        versions = tuple(
            AnswerVersion(
                event=event.number,
                at=event.at,
                by=names.get(event.account_id or 0, ""),
                shown=present_entry(questionnaire, key, after, language)[1],
                faulty="fault" in after,
                present=event.number == standing,
            )
            for event, after in own
        )
        fields.append(_field(questionnaire, indicator, key, doc.revision_of(now), versions))
    head = read_head(session, row, person, clock(), names_for(session, row), questionnaire)
    group = next(page.code for page in questionnaire.pages if indicator in page.indicators)
    return IndicatorHistory(
        head, code, indicator.name, group, tuple(fields), editable=Step.FILL in head.steps and not given
    )


def take_value_back(
    session: Session,
    person: Person,
    submission_id: int,
    code: str,
    key: str,
    event: int,
    seen: int,
    *,
    clock: Clock = system_clock,
) -> None:
    """Save an earlier value of an input again; what stands there stays in the history.

    `seen` is the revision that the page showed. Raises NotFound, NotAllowed, Blocked; Refused where there is no
    such value and where somebody has changed the answer since.
    """
    row = find_submission(session, person, submission_id, lock=True)
    require(row, person, Step.FILL, clock())
    questionnaire = published(session, row.version_id, row.sha256)
    indicator = _indicator(questionnaire, code)
    if key not in (*indicator.keys, doc.NOTE + code, doc.UNPROVEN + code):
        raise NotFound
    wanted = next((after for _, one, after in _changes(session, row, frozenset({key})) if one.number == event), None)
    if wanted is None:
        raise Refused("services.value_unknown")
    typed, _, _ = present_entry(questionnaire, key, wanted, "vi")
    change = Change(key, typed, seen)
    saved = save_answers(session, person, submission_id, [change], clock=clock).answers[0]
    if saved.outcome in (SaveOutcome.CONFLICT, SaveOutcome.READ_ONLY):
        raise Refused("services.value_changed_since")


def _indicator(questionnaire: Questionnaire, code: str) -> Indicator:
    found = questionnaire.by_code.get(code)
    if found is None:
        raise NotFound
    return found


def _changes(
    session: Session, row: SubmissionRow, keys: frozenset[str]
) -> list[tuple[str, events.Event, Mapping[str, Any]]]:
    """(key, event, content after) of every event that changed one of these keys, newest first. One statement."""
    found = []
    for event in events.history(session, events.submission_stream(row.id), MOST_EVENTS):
        changed = json.loads(event.data).get("changes") or {}
        found += [(key, event, after) for key, (_, after) in changed.items() if key in keys]
    return found


def _field(
    questionnaire: Questionnaire, indicator: Indicator, key: str, revision: int, versions: tuple[AnswerVersion, ...]
) -> FieldHistory:
    number = number_of(questionnaire, key) if key in indicator.keys and indicator.numbers else None
    return FieldHistory(
        key, number.label if number else Text(""), number.unit if number else Text(""), revision, versions
    )
