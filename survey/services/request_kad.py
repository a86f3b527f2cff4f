"""Asking that an indicator counts as "không áp dụng", and the coordinator's answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.core import document as doc
from survey.core.answers import clean_text
from survey.core.asks import Text
from survey.core.workflow import Step
from survey.services.errors import NotFound, Refused
from survey.services.heads import names_for
from survey.services.indicator_pages import kad_view
from survey.services.instance import Clock, Session, system_clock
from survey.services.page_views import KadView
from survey.services.people import Person
from survey.services.published import published
from survey.services.reasons import checked_reason
from survey.services.round_scope import is_seen
from survey.services.scope import find_submission, may, require, require_overview
from survey.services.sheet import Sheet, read_sheet
from survey.services.submission_views import AgencyRef
from survey.services.writing import take_step, write_document
from survey.storage.submission_rows import SubmissionRow, rows_of_round, with_answers


@dataclass(frozen=True, slots=True)
class KadRequest:
    """One request in the coordinator's list."""

    submission_id: int
    agency: AgencyRef
    code: str
    name: Text
    maximum: float
    kad: KadView
    may_decide: bool = False  # the person is coordinator of the body's khối and the round is open


def request_kad(
    session: Session, person: Person, submission_id: int, code: str, reason: str, *, clock: Clock = system_clock
) -> None:
    """Ask, with a reason of at least 10 characters. Raises NotFound, NotAllowed, Blocked, Refused."""
    row, sheet, now = _open(session, person, submission_id, Step.FILL, clock)
    indicator = sheet.questionnaire.by_code.get(code)
    if indicator is None:
        raise NotFound
    if not indicator.may_request_kad or indicator.provided_by is not None:
        raise Refused("services.kad_not_here", "reason", code=code)
    text = checked_reason(reason, asked="kad")
    before = row.answers.get(doc.KAD + code)
    if doc.request_of(row.answers, code) is not None and before and before["reason"] == text:
        return
    entry = doc.stamped({"reason": text, "decision": None}, before, now, person.account_id)
    write_document(session, row, person, now, {doc.KAD + code: entry}, "kad_requested")


def cancel_kad(session: Session, person: Person, submission_id: int, code: str, *, clock: Clock = system_clock) -> None:
    """Take the request (or what was decided on it) back; nothing happens where there is none."""
    row, _, now = _open(session, person, submission_id, Step.FILL, clock)
    if doc.request_of(row.answers, code) is None:
        return
    entry = doc.stamped({}, row.answers[doc.KAD + code], now, person.account_id)
    write_document(session, row, person, now, {doc.KAD + code: entry}, "kad_cancelled")


def list_kad(
    session: Session, person: Person, round_id: int, *, pending_only: bool = True, clock: Clock = system_clock
) -> tuple[KadRequest, ...]:
    """Requests of the bodies that the person sees, by agency. Coordinators and auditors only."""
    require_overview(person)
    every = rows_of_round(session, round_id, answers=False)
    seen = with_answers(session, [row for row in every if is_seen(row, person.readable_kinds)])
    rows = [row for row in seen if doc.requests(row.answers)]
    names = names_for(session, *rows, documents=True)
    found = []
    for row in rows:
        by_code = published(session, row.version_id, row.sha256).by_code
        open_to_decide = may(row, person, Step.DECIDE_KAD, clock())
        for code, entry in doc.requests(row.answers).items():
            view = kad_view(entry, names)
            if view is None or (pending_only and view.decision is not None) or code not in by_code:
                continue
            agency = AgencyRef(row.agency_id, row.agency_code, row.agency_name)
            maximum = float(by_code[code].maximum)
            found.append(KadRequest(row.id, agency, code, by_code[code].name, maximum, view, open_to_decide))
    return tuple(found)


def decide_kad(
    session: Session,
    person: Person,
    submission_id: int,
    code: str,
    *,
    approve: bool,
    reason: str = "",
    clock: Clock = system_clock,
) -> None:
    """Approve or refuse; a refusal needs a reason of at least 10 characters. Coordinators only."""
    row, _, now = _open(session, person, submission_id, Step.DECIDE_KAD, clock)
    before = doc.request_of(row.answers, code)
    if before is None:
        raise NotFound
    decision = doc.APPROVED if approve else doc.REFUSED
    text = clean_text(reason).strip() if approve else checked_reason(reason)
    if (before.get("decision"), before.get("decision_reason")) == (decision, text):
        return
    decided = {
        "decision": decision,
        "decision_reason": text,
        "decided_at": now.isoformat(),
        "decided_by": person.account_id,
    }
    # The stamp stays the body's: it tells who asked, and a decision is no change of theirs.
    told = {"code": code, "decision": decision, "reason": text}
    take_step(
        session, row, person, Step.DECIDE_KAD, now, "kad_decided", told,
        answers={**row.answers, doc.KAD + code: {**before, **decided}},
    )  # fmt: skip


def _open(
    session: Session, person: Person, submission_id: int, step: Step, clock: Clock
) -> tuple[SubmissionRow, Sheet, datetime]:
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    require(row, person, step, now)
    return row, read_sheet(session, row), now
