"""Requests to correct provided figures as their owner sees and answers them; coordinators where an owner cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.core.answers import clean_text
from survey.core.asks import Text
from survey.core.numbers_vi import HANOI
from survey.core.questionnaire import Questionnaire
from survey.core.workflow import Step
from survey.services import audit
from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.figures_views import rows_of
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.provide_duty import Item, Task, clerk_bodies, open_provided, require_round, tasks_of
from survey.services.provide_figures import (
    Source,
    broken_pairs,
    changes_of,
    merged,
    pair_sentence,
    read_source,
)
from survey.services.published import published
from survey.services.reasons import LONGEST, checked_reason
from survey.services.request_adjustment import ACCEPTED, REFUSED, WITHDRAWN, Proposed, proposed_figures
from survey.services.submission_views import AgencyRef
from survey.services.writing import take_step
from survey.storage import providers
from survey.storage.providers import Adjustment
from survey.storage.submission_rows import SubmissionRow


@dataclass(frozen=True, slots=True)
class AdjustmentEntry:
    """One request in the owner's list; who asked is named by the body alone."""

    id: int
    submission_id: int
    agency: AgencyRef
    code: str
    name: Text
    body: str  # the owner; "" where there is none
    figures: tuple[Proposed, ...]
    reason: str
    asked_at: datetime
    decision: str
    decision_reason: str
    decided_at: datetime | None
    mine: bool  # this person may answer it


def list_adjustments(
    session: Session, person: Person, code: str, *, language: str = "vi", clock: Clock = system_clock
) -> tuple[AdjustmentEntry, ...]:
    """The requests of a round on figures that this person gives, oldest first. Raises NotFound where it gives none."""
    entries: list[AdjustmentEntry] = []
    for task in tasks_of(session, person, code, clock=clock):
        entries += _of_task(session, person, task, language)
    return tuple(sorted(entries, key=lambda entry: entry.id))


def _of_task(session: Session, person: Person, task: Task, language: str) -> list[AdjustmentEntry]:
    items = {item.indicator.code: item for item in task.items}
    found = providers.adjustments_in(session, task.round.id, [task.version_id])
    found = [one for one in found if one.decision != WITHDRAWN and one.indicator in items]
    if not found:
        return []
    rows = {row.submission_id: row for row in rows_of(session, task)}
    may = {code: may_decide(session, person, items[code]) for code in {one.indicator for one in found}}
    return [
        AdjustmentEntry(
            one.id, row.submission_id, AgencyRef(row.agency_id, row.code, row.name),
            one.indicator, items[one.indicator].indicator.name, items[one.indicator].body,
            proposed_figures(task.questionnaire, one, row.answers, language), one.reason, one.created_at,
            one.decision, one.decision_reason, one.decided_at, may[one.indicator],
        )
        for one in found
        if (row := rows.get(one.submission_id)) is not None
    ]  # fmt: skip


def may_decide(session: Session, person: Person, item: Item) -> bool:
    """Whether somebody who gives an item answers requests on it: the owner, a coordinator only in place of one."""
    if item.body_id is None or item.body_id in clerk_bodies(person):
        return True
    return not providers.has_clerk(session, item.body_id)


def decide_adjustment(
    session: Session,
    person: Person,
    code: str,
    adjustment_id: int,
    *,
    accept: bool,
    reason: str = "",
    number: str = "",
    dated: str = "",
    clock: Clock = system_clock,
) -> None:
    """Accept (the figures become what was proposed, with a new source) or refuse, with a reason.

    Raises NotFound for those who do not answer it, Blocked in a closed round, Refused naming the field.
    """
    require_round(session, person, code, clock)
    request = session.get(Adjustment, adjustment_id)
    if request is None:
        raise NotFound
    try:
        row, items = open_provided(session, person, request.submission_id, clock)
    except NotAllowed:
        raise NotFound from None
    item = items.get(request.indicator)
    if item is None or row.round_code != code or not may_decide(session, person, item):
        raise NotFound
    session.refresh(request)  # as it is now that the phiếu is held
    now = clock()
    if request.decision:
        raise Refused("web_provide.ask_answered", "reason")
    text = clean_text(reason).strip()[:LONGEST] if accept else checked_reason(reason)
    told: dict[str, Any] = {
        "adjustment": request.id, "code": request.indicator, "decision": ACCEPTED if accept else REFUSED,
        "reason": text,
    }  # fmt: skip
    if not accept:
        _answer(session, person, request, REFUSED, text, now)
        audit.record_for(session, row, "adjustment_decided", person, now, **told)
        return
    source = read_source(number, dated, now.astimezone(HANOI).date())
    questionnaire = published(session, row.version_id, row.sha256)
    written = _written(request, row, questionnaire, item, source, now, person)
    _answer(session, person, request, ACCEPTED, text, now)
    told["changes"] = changes_of(row, written)
    answers = {**row.answers, **written}
    take_step(session, row, person, Step.PROVIDE, now, "adjustment_decided", told, answers=answers)


def _written(
    request: Adjustment,
    row: SubmissionRow,
    questionnaire: Questionnaire,
    item: Item,
    source: Source,
    now: datetime,
    person: Person,
) -> dict[str, dict[str, Any]]:
    """The entries that accepting makes. Raises Refused where a would be larger than its b."""
    bodies = dict.fromkeys(request.proposed, item.body)
    asked = request.created_at.astimezone(HANOI).date().isoformat()
    written = merged(row, request.proposed, bodies, source, now, person.account_id, renew=True, adjusted=asked)
    for broken in broken_pairs(questionnaire, item.indicator, {**row.answers, **written}):
        raise Refused("services.figure_fault", "reason", sentence=pair_sentence(questionnaire, broken, person.language))
    return written


def _answer(session: Session, person: Person, request: Adjustment, decision: str, text: str, now: datetime) -> None:
    request.decision, request.decision_reason = decision, text
    request.decided_at, request.decided_by = now, person.account_id
    session.flush()
