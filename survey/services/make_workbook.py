"""The Excel summary of a round, made from one snapshot."""

from __future__ import annotations

from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.round_data import round_data
from survey.services.scope import require_overview


def make_workbook(
    session: Session, person: Person, round_id: int, *, language: str = "vi", clock: Clock = system_clock
) -> bytes:
    """The .xlsx of a round as it stands, with the bodies that the person sees and totals of the others.

    Coordinators and auditors only. Raises NotFound.
    """
    require_overview(person)
    from reports.excel.workbook import summary_workbook

    data = round_data(session, round_id, kinds=person.readable_kinds, language=language, clock=clock)
    return summary_workbook(data, language)
