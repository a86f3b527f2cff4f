"""Writing a submission that was read with its lock: the row and its event, in one unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from survey.core import document as doc
from survey.core.workflow import Obstacle, Step, SubmissionState, target
from survey.services.audit import record_for
from survey.services.errors import Blocked
from survey.services.instance import Session
from survey.services.people import Person
from survey.storage.events import Head
from survey.storage.submission_rows import SubmissionRow, write_row


def write_document(
    session: Session,
    row: SubmissionRow,
    person: Person,
    now: datetime,
    written: Mapping[str, Any],
    kind: str,
    **told: Any,
) -> None:
    """Put entries into the document; three statements. Raises Blocked where the round has just been closed."""
    values: dict[str, Any] = {
        "answers": {**row.answers, **written},
        "last_activity_at": now,
        "last_activity_by": person.account_id,
    }
    if row.state is SubmissionState.NOT_STARTED:
        values["state"] = SubmissionState.FILLING
    _write(session, row, Step.FILL, values)
    changes = {key: [doc.content_of(row.answers.get(key)), doc.content_of(entry)] for key, entry in written.items()}
    record_for(session, row, kind, person, now, changes=changes, **told)


def take_step(
    session: Session,
    row: SubmissionRow,
    person: Person,
    step: Step,
    now: datetime,
    kind: str,
    told: Mapping[str, Any],
    **values: Any,
) -> Head:
    """Move the submission along a step whose right was checked, writing `values` too; the new head of its chain."""
    _write(session, row, step, {"state": target(step, row.state), **values})
    return record_for(session, row, kind, person, now, **told)


def _write(session: Session, row: SubmissionRow, step: Step, values: dict[str, Any]) -> None:
    if not write_row(session, row, values):
        raise Blocked(step, Obstacle.CLOSED)
