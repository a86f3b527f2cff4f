"""The list of what is worth a look as a workbook, for those who divide the verification among themselves by hand."""

from __future__ import annotations

from survey.core.flag_words import flag_name
from survey.core.text import say
from survey.services import audit
from survey.services.flag_submission import FlagFilter, list_flagged
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.note_access import note_export
from survey.services.people import Person


def make_flag_file(
    session: Session,
    person: Person,
    round_id: int,
    narrow: FlagFilter,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> bytes:
    """The .xlsx file of the list as filtered; that it was made is told in the log. Raises NotFound, NotAllowed."""
    from reports.excel.flag_sheet import FlagLine, flag_workbook

    found = list_flagged(session, person, round_id, narrow, language=language, clock=clock)
    lines = [
        FlagLine(
            code=row.agency.code,
            name=row.agency.name,
            cohort=row.cohort.in_language(language),
            total=row.signs.stake,
            indicators=", ".join(sign.codes),
            sign=flag_name(sign.kind, language),
            sentence=sign.sentence,
            stake=sign.stake if sign.codes else None,
        )
        for row in found.rows
        for sign in row.signs.flags
    ]
    pin = audit.take_pin(session)
    note_export(session, person, "flags", pin=pin, clock=clock, round=found.round.code, bodies=len(found.rows))
    notice = say("reports.demonstration", language) if read_settings(session).demonstration else ""
    return flag_workbook(found.round.title, found.at, lines, audit_head=pin.head, notice=notice, language=language)
