"""A phiếu filled in offline while it waits: found for its owner, held against what stands, known again by its save."""

from __future__ import annotations

from survey.core.handed_in import Table
from survey.core.offline_cells import KAD
from survey.core.offline_lines import OfflinePhieu
from survey.core.offline_plan import Plan, plan_offline
from survey.services.errors import NotFound, Refused
from survey.services.instance import Session
from survey.services.offline_sheet import offline_phieu
from survey.services.pending_imports import Pending, fetch, fingerprint
from survey.services.people import Person
from survey.services.reasons import checked_reason
from survey.services.sheet import Sheet
from survey.storage.submission_rows import SubmissionRow

KIND = "offline"


def find_kept(session: Session, person: Person, row: SubmissionRow, import_id: int) -> Pending:
    """A kept file about this phiếu. Raises NotFound."""
    pending = fetch(session, person, import_id, KIND)
    if pending.place != str(row.id):
        raise NotFound
    return pending


def plan_of(sheet: Sheet, table: Table, language: str) -> tuple[OfflinePhieu, Plan]:
    """The plan, reasons of requests looked at as when they are typed."""
    phieu = offline_phieu(sheet)
    plan = plan_offline(phieu, sheet.document, table, language)
    for one in [one for one in plan.proposals if one.column == KAD]:
        try:
            checked_reason(one.after["text"], asked="kad")
        except Refused as refused:
            plan.faults.append(table.fault(one.line, "offline.reason", KAD, sentence=refused.sentence(language)))
            plan.proposals.remove(one)
    return phieu, plan


def basis_of(plan: Plan) -> str:
    """What the proposals were compared with, and what they would put there."""
    return fingerprint([[one.target, dict(one.before), dict(one.after)] for one in plan.proposals])


def save_key_of(import_id: int, pending: Pending) -> str:
    """The key of the save that takes a file; numbers of files may begin anew when a backup is restored."""
    return f"offline-{import_id}-{pending.created_at:%Y%m%d%H%M%S%f}"
