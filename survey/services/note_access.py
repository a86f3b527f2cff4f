"""What a person looked at or took away of others' data, told in the log."""

from __future__ import annotations

from typing import Any

from survey.services import audit
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person


def note_export(session: Session, person: Person, what: str, *, clock: Clock = system_clock, **data: Any) -> None:
    """A file was made for somebody: `what` names it (workbook, chart, register, accounts, package, phieu …)."""
    audit.record(session, audit.ACCESS, "exported", person, clock(), what=what, **data)
