"""Trình duyệt: the clerk puts the filled phiếu before the leader, or takes it back."""

from __future__ import annotations

from survey.core.workflow import Role, Step, SubmissionState
from survey.services.content import read_content
from survey.services.errors import StillFaulty, StillMissing
from survey.services.findings import count_blocking, count_missing
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.scope import find_submission, require
from survey.services.sheet import read_sheet
from survey.services.writing import take_step


def send_for_approval(
    session: Session,
    person: Person,
    submission_id: int,
    *,
    missing_confirmed: bool = False,
    clock: Clock = system_clock,
) -> None:
    """Put it before the leader; twice is once.

    Raises NotFound, NotAllowed, Blocked, StillFaulty (faults or a > b) and StillMissing (missing answers that the clerk
    has not confirmed).
    """
    row = find_submission(session, person, submission_id, lock=True)
    if row.state is SubmissionState.AWAITING_APPROVAL and Role.CLERK in person.roles_for(row.agency_id, row.kind):
        return
    now = clock()
    require(row, person, Step.PRESENT, now)
    sheet = read_sheet(session, row)
    faulty, missing = count_blocking(sheet), count_missing(sheet)
    if faulty:
        raise StillFaulty(faulty)
    if missing and not missing_confirmed:
        raise StillMissing(missing)
    told = {"hash": read_content(session, sheet).digest, "missing": missing}
    take_step(
        session, row, person, Step.PRESENT, now, "presented", told,
        presented_at=now, presented_by=person.account_id, compared_at=row.presented_at, returned_at=None,
        last_activity_at=now, last_activity_by=person.account_id,
    )  # fmt: skip


def recall(session: Session, person: Person, submission_id: int, *, clock: Clock = system_clock) -> None:
    """Take it back from the leader to go on filling in. Raises NotFound, NotAllowed, Blocked."""
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    require(row, person, Step.RECALL, now)
    take_step(session, row, person, Step.RECALL, now, "recalled", {})
