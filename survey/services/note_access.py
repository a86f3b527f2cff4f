"""What a person looked at or took away of others' data, told in the log."""

from __future__ import annotations

from typing import Any

from survey.services import audit
from survey.services.audit import Pin
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.storage import events

VIEWED = "viewed"


def note_export(
    session: Session,
    person: Person | None,
    what: str,
    *,
    pin: Pin | None = None,
    clock: Clock = system_clock,
    **data: Any,
) -> None:
    """A file was made for somebody: `what` names it (workbook, chart, register, accounts, package, phieu …).

    `pin` is the log whose head is printed on it, so that the print can be compared later (`sansangso verify-log`).
    None for `person` is the command line.
    """
    if pin is not None:
        data |= {"head": pin.head, "counts": dict(pin.counts)}
    audit.record(session, audit.ACCESS, "exported", person, clock(), what=what, **data)


def is_view_noted(session: Session, person: Person, submission_id: int, *, clock: Clock = system_clock) -> bool:
    """Whether the log tells already of the person's look at this submission in the present hour; one statement."""
    hour = clock().replace(minute=0, second=0, microsecond=0)
    return events.is_known_since(session, events.access_stream(submission_id), person.account_id, VIEWED, hour)


def note_view(session: Session, person: Person, submission_id: int, *, clock: Clock = system_clock) -> bool:
    """The person looked at a body's submission: told once an hour. Returns whether it is told anew."""
    stream = events.access_stream(submission_id)
    events.start_stream(session, stream)  # held from here on: of two pages at once one is told
    if is_view_noted(session, person, submission_id, clock=clock):
        return False
    audit.record(session, stream, VIEWED, person, clock(), submission=submission_id)
    return True
