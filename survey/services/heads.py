"""The head of a submission's pages: where it stands, who did what last, and what this person may do now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from survey.core.asks import Text
from survey.core.document import short_hash
from survey.core.numbers_vi import format_date
from survey.core.paper import Capacity, layout_of
from survey.core.questionnaire import Questionnaire
from survey.core.text import say
from survey.core.workflow import BODY_ROLES, Obstacle, Step, SubmissionState, obstacle, open_steps
from survey.services.instance import Session
from survey.services.people import Person
from survey.services.scope import is_in_time, round_state
from survey.services.submission_views import (
    AgencyRef,
    PaperSignature,
    Receipt,
    Returned,
    RoundRef,
    Stamp,
    SubmissionHead,
)
from survey.storage import accounts, submissions
from survey.storage.submission_rows import SubmissionRow
from survey.storage.submissions import Route, SignOff

Names = Mapping[int, str]  # of accounts, by id


def names_for(session: Session, *rows: SubmissionRow, documents: bool = False) -> Names:
    """Names of everybody whom the heads (and the documents) of these submissions tell of; one statement."""
    ids = {i for row in rows for i in (row.last_activity_by, row.presented_by) if i is not None}
    if documents:
        for row in rows:
            entries = row.answers.values()
            ids |= {entry[key] for entry in entries for key in ("by", "decided_by") if entry.get(key) is not None}
    return accounts.names(session, ids)


def stamp(names: Names, at: datetime | None, by: int | None) -> Stamp | None:
    """Who and when; None where never."""
    return None if at is None else Stamp(at, names.get(by, "") if by is not None else "")


def read_head(
    session: Session, row: SubmissionRow, person: Person, now: datetime, names: Names, questionnaire: Questionnaire
) -> SubmissionHead:
    """The head; at most one statement of its own (the receipt or the return)."""
    roles, in_time, state = person.roles_for(row.agency_id, row.kind), is_in_time(row, now), round_state(row, now)
    return SubmissionHead(
        id=row.id,
        agency=AgencyRef(row.agency_id, row.agency_code, row.agency_name),
        round=round_ref(row),
        cohort=Text(row.cohort_vi, row.cohort_en),
        questionnaire_id=row.questionnaire_id,
        version=row.version,
        title=questionnaire.title,
        notice=questionnaire.notice,
        state=row.state,
        deadline=row.deadline,
        steps=open_steps(row.state, roles, state, in_time=in_time),
        locked=_locked(row, now),
        last_activity=stamp(names, row.last_activity_at, row.last_activity_by),
        presented=stamp(names, row.presented_at, row.presented_by),
        returned=_returned(session, row),
        receipt=_receipt(session, row),
        kind=row.kind,
        missing_is_zero=questionnaire.missing_is_zero,
    )


def round_ref(row: SubmissionRow) -> RoundRef:
    """The submission's round."""
    return RoundRef(
        row.round_id, row.round_code, row.round_title, row.period, row.opens_at, row.closes_at, row.round_state
    )


def receipt_of(sign_off: SignOff, kind: str) -> Receipt:
    """The receipt of an approval; `kind` is the body's khối, whose way of writing a signature is kept."""
    digest, clicked = sign_off.content_hash, sign_off.route is Route.CLICK
    capacity = Capacity(sign_off.capacity).written(layout_of(kind)) if clicked else ""
    return Receipt(
        number=sign_off.receipt,
        at=sign_off.at,
        content_hash=digest,
        short_hash=short_hash(digest),
        by=f"{capacity} {sign_off.leader_name}".strip(),
        audit_head=sign_off.audit_head,
        paper=paper_of(sign_off, kind),
        title=sign_off.leader_title if capacity else "",
        in_place=bool(capacity),
    )


def paper_of(sign_off: SignOff, kind: str) -> PaperSignature | None:
    """What was recorded of the signed paper; None where it was approved by a click."""
    if sign_off.route is not Route.PAPER or sign_off.paper_date is None:
        return None
    return PaperSignature(
        number=sign_off.paper_number,
        signed_on=sign_off.paper_date,
        capacity=Capacity(sign_off.capacity).written(layout_of(kind)),
        signer=sign_off.leader_name,
        title=sign_off.leader_title,
        scan_id=sign_off.scan_id,
    )


def signed_words(paper: PaperSignature, language: str = "vi") -> str:
    """ "Ký giấy: số 125/TTr-UBND, ngày 20/11/2026, KT. Nguyễn Văn A, Phó Chủ tịch."."""
    signer = " ".join(word for word in (paper.capacity, paper.signer) if word)
    day = format_date(paper.signed_on)
    return say("paper.signed", language, number=paper.number, day=day, signer=signer, title=paper.title)


def _locked(row: SubmissionRow, now: datetime) -> Obstacle | None:
    return obstacle(Step.FILL, row.state, BODY_ROLES, round_state(row, now), in_time=is_in_time(row, now))


def _returned(session: Session, row: SubmissionRow) -> Returned | None:
    found = submissions.last_return(session, row.id) if row.returned_at is not None else None
    if found is None:
        return None
    record, name = found
    return Returned(record.reason, name, record.at, record.by_coordinator)


def _receipt(session: Session, row: SubmissionRow) -> Receipt | None:
    if row.state is not SubmissionState.SENT:
        return None
    standing = submissions.standing_sign_off(session, row.id)
    return None if standing is None else receipt_of(standing, row.kind)
