"""What was signed, held against the log and against what is there now, so that an edit behind the pages is found."""

from __future__ import annotations

import json
from collections.abc import Iterator

import sqlalchemy as sa

from survey.core import document as doc
from survey.core.workflow import SubmissionState
from survey.services import audit
from survey.services.audit import BrokenChain
from survey.services.content import read_content
from survey.services.instance import Session
from survey.services.sheet import read_sheet
from survey.storage import events
from survey.storage.events import Event
from survey.storage.submission_rows import find_row
from survey.storage.submissions import SignOff, Submission

APPROVALS = ("approved", "approved_on_paper")


def check_log(session: Session) -> tuple[BrokenChain, ...]:
    """All that can be checked: every chain, what receipts and exports pin, what was signed and what is sent."""
    return (*audit.check_events(session), *check_signed(session))


def check_signed(session: Session) -> Iterator[BrokenChain]:
    """Where a sign-off is not as the log tells ("signed"), or what is sent is not what was signed ("content")."""
    approvals = {event.hash: event for event in events.of_kinds(session, APPROVALS)}
    sign_offs = session.scalars(sa.select(SignOff).order_by(SignOff.id)).all()
    for event in approvals.keys() - {one.audit_head for one in sign_offs}:
        yield BrokenChain(approvals[event].stream, approvals[event].number, "signed")
    for one in sign_offs:
        known = approvals.get(one.audit_head)  # None: told by check_events
        if known is not None and not _is_as_told(one, known):
            yield BrokenChain(known.stream, known.number, "signed")
        elif one.ended_at is None and not _is_as_signed(session, one):
            yield BrokenChain(events.submission_stream(one.submission_id), known.number if known else 0, "content")
    standing = {one.submission_id for one in sign_offs if one.ended_at is None}
    for number in session.scalars(sa.select(Submission.id).where(Submission.state == SubmissionState.SENT)):
        if number not in standing:
            yield BrokenChain(events.submission_stream(number), 0, "content")


def _is_as_told(sign_off: SignOff, event: Event) -> bool:
    """Whether text, hash and number of the receipt are those of the event."""
    try:
        told = json.loads(event.data)
        expected = told["hash"], told["receipt"]
    except (ValueError, KeyError, TypeError):
        return False
    return expected == (sign_off.content_hash, sign_off.receipt) == (
        doc.content_hash(sign_off.content), sign_off.receipt
    )  # fmt: skip


def _is_as_signed(session: Session, sign_off: SignOff) -> bool:
    """Whether the submission is sent and holds what was signed; one whose answers cannot be read does not."""
    row = find_row(session, sign_off.submission_id, (), None, lock=False)
    if row is None or row.state is not SubmissionState.SENT:
        return False
    try:
        return read_content(session, read_sheet(session, row)).digest == sign_off.content_hash
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
