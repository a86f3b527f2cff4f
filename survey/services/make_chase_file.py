"""The chase list as a workbook: what is on the page, with telephones, for those who work through it by hand."""

from __future__ import annotations

from survey.core.text import say
from survey.services import audit
from survey.services.chase import ChaseFilter, list_chased
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.note_access import note_export
from survey.services.people import Person


def make_chase_file(
    session: Session,
    person: Person,
    round_id: int,
    narrow: ChaseFilter,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> bytes:
    """The .xlsx file of the list as filtered; that it was made is told in the log. Raises NotFound, NotAllowed."""
    from reports.excel.chase_sheet import ChaseLine, chase_workbook

    found = list_chased(session, person, round_id, narrow, clock=clock)
    lines = [
        ChaseLine(
            code=row.agency.code,
            name=row.agency.name,
            parent=row.parent,
            cohort=row.cohort.in_language(language),
            state=say(f"web_chase.{row.chased.value}", language),
            missing=row.missing,
            deadline=row.deadline,
            days_left=row.days_left,
            contact=row.contact,
            phone=row.phone,
            activity=row.last_activity,
            by=row.last_by,
            reminders=row.reminders,
            reminded=row.reminded_at,
        )
        for row in found.rows
    ]
    pin = audit.take_pin(session)
    note_export(session, person, "chase", pin=pin, clock=clock, round=found.round.code, bodies=len(lines))
    notice = say("reports.demonstration", language) if read_settings(session).demonstration else ""
    return chase_workbook(found.round.title, found.at, lines, audit_head=pin.head, notice=notice, language=language)
