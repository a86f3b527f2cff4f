"""Đề nghị điều chỉnh: an agency asks the owner of a provided figure to correct it, and is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.core import document as doc
from survey.core.answers import fault_sentence, from_stored, read_typed, show_value, to_stored
from survey.core.asks import Text
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.workflow import Step
from survey.services import audit
from survey.services.checks import Checks
from survey.services.errors import NotFound, Refused
from survey.services.figures_views import EntryField, entry_field, inputs_of
from survey.services.heads import names_for, read_head
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.provide_figures import (
    broken_pairs,
    pair_sentence,
)
from survey.services.provided_source import source_sentence, value_of
from survey.services.published import published
from survey.services.reasons import checked_reason
from survey.services.scope import find_submission, require
from survey.services.submission_views import SubmissionHead
from survey.storage import accounts, providers
from survey.storage.providers import Adjustment
from survey.storage.submission_rows import SubmissionRow

ACCEPTED, REFUSED, WITHDRAWN = "accepted", "refused", "withdrawn"


@dataclass(frozen=True, slots=True)
class Proposed:
    """One figure of a request."""

    label: Text
    unit: Text
    now: str  # in words; what stands, while the request waits
    proposed: str


@dataclass(frozen=True, slots=True)
class AdjustmentView:
    """A request as the agency sees it."""

    id: int
    code: str  # of the indicator
    figures: tuple[Proposed, ...]
    reason: str
    asked_at: datetime
    asked_by: str
    decision: str  # "" while it waits
    decision_reason: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class AskPage:
    """The form in which an agency asks: what stands now and what it holds to be right."""

    head: SubmissionHead
    code: str
    name: Text
    owner: Text
    source: str
    fields: tuple[EntryField, ...]
    may_ask: bool
    waiting: AdjustmentView | None
    earlier: tuple[AdjustmentView, ...]


def read_ask(
    session: Session,
    person: Person,
    submission_id: int,
    code: str,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> AskPage:
    """The page of one provided indicator. Raises NotFound, also where the indicator is not provided."""
    row = find_submission(session, person, submission_id)
    questionnaire = published(session, row.version_id, row.sha256)
    indicator = _provided(questionnaire, row, code)
    head = read_head(session, row, person, clock(), names_for(session, row), questionnaire)
    own = [one for one in providers.adjustments_of(session, row.id) if one.indicator == code]
    views = _views(session, questionnaire, row.answers, own, language)
    return AskPage(
        head,
        code,
        indicator.name,
        indicator.provided_by or Text(""),
        source_sentence(indicator, row.answers, language),
        tuple(
            entry_field(questionnaire, one, row.answers, language)
            for one in inputs_of(questionnaire, indicator, language)
        ),
        Step.ADJUST in head.steps,
        next((view for view in views if not view.decision), None),
        tuple(view for view in views if view.decision),
    )


def adjustments_of(
    session: Session, person: Person, submission_id: int, *, language: str = "vi"
) -> Mapping[str, AdjustmentView]:
    """The last request on each indicator of a phiếu, those taken back left out. Raises NotFound."""
    row = find_submission(session, person, submission_id)
    found = [one for one in providers.adjustments_of(session, row.id) if one.decision != WITHDRAWN]
    questionnaire = published(session, row.version_id, row.sha256)
    views = _views(session, questionnaire, row.answers, found, language)
    return {view.code: view for view in reversed(views)}


def _provided(questionnaire: Questionnaire, row: SubmissionRow, code: str) -> Indicator:
    indicator = questionnaire.by_code.get(code)
    if indicator is None or indicator.provided_by is None or not indicator.applies_to(row.attributes):
        raise NotFound
    return indicator


def _views(
    session: Session, questionnaire: Questionnaire, document: doc.Document, found: list[Adjustment], language: str
) -> list[AdjustmentView]:
    names = accounts.names(session, {one.created_by for one in found})
    return [
        AdjustmentView(
            one.id, one.indicator, proposed_figures(questionnaire, one, document, language), one.reason,
            one.created_at, names.get(one.created_by, ""), one.decision, one.decision_reason, one.decided_at,
        )
        for one in found
    ]  # fmt: skip


def proposed_figures(
    questionnaire: Questionnaire, request: Adjustment, document: doc.Document, language: str
) -> tuple[Proposed, ...]:
    """What a request proposes beside what stands."""
    indicator = questionnaire.by_code[request.indicator]

    def words(key: str, entry: Mapping[str, Any] | None) -> str:
        return show_value(questionnaire, key, from_stored(questionnaire, key, entry or {}).value, language)

    return tuple(
        Proposed(one.label, one.unit, words(one.key, document.get(one.key)), words(one.key, request.proposed[one.key]))
        for one in inputs_of(questionnaire, indicator, language)
        if one.key in request.proposed
    )


def request_adjustment(
    session: Session,
    person: Person,
    submission_id: int,
    code: str,
    typed: Mapping[str, str],
    reason: str,
    *,
    clock: Clock = system_clock,
) -> int:
    """Ask that figures (input key → text as typed) be corrected, with a reason; the number of the request.

    One request an indicator waits at a time. Raises NotFound, NotAllowed, Blocked, Refused naming the field: a key,
    or `reason`.
    """
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    require(row, person, Step.ADJUST, now)
    questionnaire = published(session, row.version_id, row.sha256)
    indicator = _provided(questionnaire, row, code)
    if providers.open_adjustment(session, row.id, code) is not None:
        raise Refused("web_provide.ask_open", "reason")
    checks = Checks()
    nothing: dict[str, dict[str, Any]] = {}
    proposed = checks.take(nothing, _proposed, questionnaire, indicator, row, typed, person.language)
    text = checks.take("", checked_reason, reason)
    checks.settle()
    request = Adjustment(
        submission_id=row.id, indicator=code, proposed=proposed, reason=text, created_at=now,
        created_by=person.account_id,
    )  # fmt: skip
    session.add(request)
    session.flush()
    told = {"adjustment": request.id, "code": code, "proposed": proposed, "reason": text}
    audit.record_for(session, row, "adjustment_requested", person, now, **told)
    return request.id


def _proposed(
    questionnaire: Questionnaire, indicator: Indicator, row: SubmissionRow, typed: Mapping[str, str], language: str
) -> dict[str, dict[str, Any]]:
    """The figures that differ from what stands. Raises NotFound, Refused."""
    proposed = {}
    for key, text in typed.items():
        if key not in indicator.keys:
            raise NotFound
        answer = read_typed(questionnaire, key, text)
        if answer.fault is not None:
            sentence = fault_sentence(questionnaire, key, answer, language)
            raise Refused("services.figure_fault", key, sentence=sentence)
        stored = to_stored(answer)
        if stored and stored != value_of(row.answers.get(key)):
            proposed[key] = stored
    if not proposed:
        raise Refused("web_provide.ask_same", indicator.keys[0])
    for broken in broken_pairs(questionnaire, indicator, {**row.answers, **proposed}):
        sentence = pair_sentence(questionnaire, broken, language)
        raise Refused("services.figure_fault", broken[0].a.key, sentence=sentence)
    return proposed


def withdraw_adjustment(
    session: Session, person: Person, submission_id: int, code: str, *, clock: Clock = system_clock
) -> None:
    """Take the waiting request on an indicator back; nothing happens where there is none."""
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    require(row, person, Step.ADJUST, now)
    request = providers.open_adjustment(session, row.id, code)
    if request is None:
        return
    request.decision, request.decided_at, request.decided_by = WITHDRAWN, now, person.account_id
    session.flush()
    audit.record_for(session, row, "adjustment_withdrawn", person, now, adjustment=request.id, code=code)
