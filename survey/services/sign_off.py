"""Duyệt và gửi: the leader's approval bound to the exact content; returning with a reason, withdrawing."""

from __future__ import annotations

from datetime import datetime

from survey.core.answers import clean_text
from survey.core.document import short_hash
from survey.core.instants_vi import plain_instant
from survey.core.paper import Capacity
from survey.core.workflow import Role, Step, SubmissionState
from survey.services.content import read_content
from survey.services.errors import ContentChanged, NotFound, Refused, StillFaulty
from survey.services.findings import count_blocking
from survey.services.heads import receipt_of
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.reasons import checked_reason
from survey.services.scope import find_submission, require
from survey.services.send_signed import Signature, send_signed
from survey.services.sheet import read_sheet
from survey.services.submission_views import Receipt
from survey.services.writing import take_step
from survey.storage import submissions
from survey.storage.submission_rows import SubmissionRow
from survey.storage.submissions import ReturnRecord


def approve(
    session: Session, person: Person, submission_id: int, seen_hash: str, *, clock: Clock = system_clock
) -> Receipt:
    """Approve and send what the leader saw; a second time gives the same receipt.

    Raises NotFound, NotAllowed, Blocked (deadline by the clock inside the transaction), ContentChanged, StillFaulty.
    """
    row = find_submission(session, person, submission_id, lock=True)
    seen = clean_text(seen_hash).strip().lower()
    if row.state is SubmissionState.SENT and Role.LEADER in person.roles_for(row.agency_id, row.kind):
        standing = submissions.standing_sign_off(session, row.id)
        if standing is not None and standing.content_hash == seen:
            return receipt_of(standing, row.kind)
    now = clock()
    require(row, person, Step.APPROVE, now)
    sheet = read_sheet(session, row)
    content = read_content(session, sheet)
    if content.digest != seen:
        raise ContentChanged(short_hash(seen), short_hash(content.digest))
    if faulty := count_blocking(sheet):
        raise StillFaulty(faulty)
    title = next((body.title for body in person.bodies if body.agency_id == row.agency_id), "")
    deputy = person.deputises(row.agency_id)
    capacity = Capacity.OWN if deputy is None else Capacity(deputy.capacity)
    return send_signed(session, sheet, content, person, Signature(person.name, title, capacity=capacity), now)


def in_place(person: Person, row: SubmissionRow) -> dict[str, str]:
    """What an event tells of one who acts in the leader's place; nothing of the leader."""
    deputy = person.deputises(row.agency_id)
    return {} if deputy is None else {"capacity": deputy.capacity}


def return_to_clerk(
    session: Session, person: Person, submission_id: int, reason: str, *, clock: Clock = system_clock
) -> None:
    """The leader gives it back to be mended. Raises also Refused for a reason under 10 characters or a placeholder."""
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    require(row, person, Step.RETURN, now)
    text = checked_reason(reason)
    take_step(
        session, row, person, Step.RETURN, now, "returned", {"reason": text, **in_place(person, row)}, returned_at=now
    )
    _keep_return(session, row, person, text, now, by_coordinator=False)


def withdraw(session: Session, person: Person, submission_id: int, *, clock: Clock = system_clock) -> None:
    """The leader takes back what was sent, before the deadline. Raises NotFound, NotAllowed, Blocked."""
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    require(row, person, Step.WITHDRAW, now)
    submissions.end_sign_off(session, row.id, now)
    take_step(
        session, row, person, Step.WITHDRAW, now, "withdrawn", in_place(person, row), sent_at=None, attributes=None
    )


def send_back(
    session: Session,
    person: Person,
    submission_id: int,
    reason: str,
    *,
    until: datetime | None = None,
    clock: Clock = system_clock,
) -> None:
    """The coordinator gives a submission back with a reason; `until` is a later deadline for this body alone.

    After the deadline `until` is needed, or the body could not mend anything; one that is given must be later than the
    deadline that holds (Refused). The reason is that of the extension too.
    """
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    require(row, person, Step.SEND_BACK, now)
    text = checked_reason(reason)
    if until is None and row.deadline <= now:
        raise Refused("services.until_needed", "until")
    if until is not None and until <= now:
        raise Refused("extend.past", "until")
    if until is not None and until <= row.deadline:
        raise Refused("services.until_too_early", "until", deadline=plain_instant(row.deadline))
    extended = {} if until is None else {"extended_until": until, "extension_reason": text}
    told = {"reason": text, "until": until.isoformat() if until else None}
    submissions.end_sign_off(session, row.id, now)
    take_step(
        session, row, person, Step.SEND_BACK, now, "sent_back", told,
        sent_at=None, attributes=None, returned_at=now, **extended,
    )  # fmt: skip
    _keep_return(session, row, person, text, now, by_coordinator=True)


def _keep_return(
    session: Session, row: SubmissionRow, person: Person, reason: str, now: datetime, *, by_coordinator: bool
) -> None:
    record = ReturnRecord(
        submission_id=row.id, account_id=person.account_id, by_coordinator=by_coordinator, reason=reason, at=now
    )
    session.add(record)
    session.flush()


def read_receipt(session: Session, person: Person, submission_id: int) -> Receipt:
    """The receipt of a sent submission. Raises NotFound."""
    row = find_submission(session, person, submission_id)
    standing = submissions.standing_sign_off(session, row.id) if row.state is SubmissionState.SENT else None
    if standing is None:
        raise NotFound
    return receipt_of(standing, row.kind)
