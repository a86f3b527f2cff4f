"""Sending what a leader has signed, by a click or on paper: number, state, event and sign-off in one unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from survey.core.paper import Capacity
from survey.core.workflow import Step, SubmissionState
from survey.services.content import Content
from survey.services.heads import receipt_of
from survey.services.instance import Session
from survey.services.people import Person
from survey.services.sheet import Sheet
from survey.services.submission_views import Receipt
from survey.services.writing import take_step
from survey.storage import rounds
from survey.storage.submissions import Route, SignOff


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and how; the members from `number` on are of paper alone."""

    name: str
    title: str  # chức vụ
    route: Route = Route.CLICK
    number: str = ""  # số, ký hiệu
    signed_on: date | None = None
    capacity: Capacity = Capacity.OWN
    scan_id: int | None = None


def send_signed(
    session: Session, sheet: Sheet, content: Content, person: Person, signature: Signature, now: datetime
) -> Receipt:
    """Send the content under the next number of its round; the right to do so, and the content, have been checked.

    The agency's attributes stay as they are now while it is sent. Raises Blocked where the round was just closed.
    """
    row, paper = sheet.row, signature.route is Route.PAPER
    step = Step.APPROVE_ON_PAPER if paper else Step.APPROVE
    number = f"{row.round_code}-{rounds.next_receipt(session, row.round_id):06d}"
    told = {"hash": content.digest, "receipt": number}
    values: dict[str, object] = {}
    if signature.capacity is not Capacity.OWN:
        told["capacity"] = signature.capacity.value
    if paper:
        told |= {"number": signature.number, "signed_on": str(signature.signed_on), "capacity": signature.capacity}
        if row.state is not SubmissionState.AWAITING_APPROVAL:  # presented and signed in one
            values = {"presented_at": now, "presented_by": person.account_id, "compared_at": row.presented_at}
            values["returned_at"] = None
    head = take_step(
        session, row, person, step, now, "approved_on_paper" if paper else "approved", told,
        sent_at=now, attributes=dict(sheet.case.attributes),
        last_activity_at=now, last_activity_by=person.account_id, **values,
    )  # fmt: skip
    sign_off = SignOff(
        submission_id=row.id,
        receipt=number,
        leader_id=person.account_id,
        leader_name=signature.name,
        leader_title=signature.title,
        at=now,
        route=signature.route,
        paper_number=signature.number,
        paper_date=signature.signed_on,
        capacity=signature.capacity.value,
        scan_id=signature.scan_id,
        content_hash=content.digest,
        content=content.text,
        audit_head=head.hash,
    )
    session.add(sign_off)
    session.flush()
    return receipt_of(sign_off, row.kind)
