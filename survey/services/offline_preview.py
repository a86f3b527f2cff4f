"""What a phiếu filled in offline would change, told cell by cell before it is taken, and later what it changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from survey.core import document as doc
from survey.core.answers import read_typed, to_stored
from survey.core.asks import NO, YES
from survey.core.errors import Fault
from survey.core.handed_in import Table
from survey.core.offline_cells import VALUE, WHOSE, Content, read_whose
from survey.core.offline_lines import OfflinePhieu
from survey.core.offline_plan import Effect, Proposal, changes_of
from survey.core.rules.words import explain_exact
from survey.core.text import say
from survey.services.done_saves import find_done
from survey.services.fill import present_entry
from survey.services.heads import names_for, read_head, stamp
from survey.services.instance import Clock, Session, system_clock
from survey.services.offline_pending import basis_of, find_kept, plan_of, save_key_of
from survey.services.people import Person
from survey.services.scope import find_submission
from survey.services.sheet import Sheet, read_sheet
from survey.services.submission_views import Stamp, SubmissionHead
from survey.storage import accounts

MOST_FAULTS = 100  # that are listed


@dataclass(frozen=True, slots=True)
class OfflineChange:
    """One cell that would change something."""

    target: str  # by which it is chosen
    place: str  # "ô D12", "dòng 7"
    what: str  # "1.2 Tổng số hộ"
    column: str  # value, note, kad, why
    before: str  # in words; "" where there is nothing
    after: str
    conflict: bool  # what stands was changed too since the file was made
    stands: Stamp | None = None  # of a conflict: who wrote what stands, and when


@dataclass(frozen=True, slots=True)
class OfflinePreview:
    """What a file would change, and what is wrong with it."""

    head: SubmissionHead
    import_id: int
    file: str
    made_at: datetime | None  # when the workbook was downloaded; None where it does not say
    changes: tuple[OfflineChange, ...]
    unchanged: int  # cells that are filled in and change nothing
    faults: tuple[Fault, ...]  # the first ones
    faulty: int  # all of them
    warnings: tuple[str, ...]  # what would not fit together once all is taken
    basis: str  # of what stands, to be sent back
    applied: bool  # taken already
    taken: tuple[tuple[str, str], ...] = ()  # (code, what) of the indicators that it changed, once it was taken


def preview_offline(
    session: Session,
    person: Person,
    submission_id: int,
    import_id: int,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> OfflinePreview:
    """What a kept file would change as things stand now. Raises NotFound for another's as for none."""
    row = find_submission(session, person, submission_id)
    pending, sheet = find_kept(session, person, row, import_id), read_sheet(session, row)
    head = read_head(session, row, person, clock(), names_for(session, row), sheet.questionnaire)
    phieu, plan = plan_of(sheet, pending.table, language)
    return OfflinePreview(
        head=head,
        import_id=import_id,
        file=pending.name,
        made_at=_made_at(pending.table),
        changes=_changes(session, sheet, phieu, pending.table, plan.proposals, language),
        unchanged=plan.unchanged,
        faults=tuple(sorted(plan.faults, key=lambda fault: fault.line)[:MOST_FAULTS]),
        faulty=len(plan.faults),
        warnings=tuple(_warnings(session, sheet, phieu, plan.proposals, language)),
        basis=basis_of(plan),
        applied=pending.applied,
        taken=_taken(session, person, sheet, save_key_of(import_id, pending), language) if pending.applied else (),
    )


def _changes(
    session: Session,
    sheet: Sheet,
    phieu: OfflinePhieu,
    table: Table,
    proposals: Sequence[Proposal],
    language: str,
) -> tuple[OfflineChange, ...]:
    """All that would change; of conflicts also whose value stands."""
    met = {one.target: _entry(sheet, one) for one in proposals if one.effect is Effect.CONFLICT}
    names = accounts.names(session, {entry["by"] for entry in met.values() if entry and entry.get("by")})
    found = []
    for one in proposals:
        entry = met.get(one.target)
        stands = stamp(names, doc.time_of(entry), entry.get("by")) if entry else None
        found.append(replace(_told(sheet, phieu, table, one, language), stands=stands))
    return tuple(found)


def _entry(sheet: Sheet, one: Proposal) -> doc.Entry | None:
    """What the phiếu keeps at the target of a proposal; of one option, all the ticks it is among."""
    return sheet.document.get(one.target) or sheet.document.get(one.target.rpartition(":")[0])


def _told(sheet: Sheet, phieu: OfflinePhieu, table: Table, one: Proposal, language: str) -> OfflineChange:
    before, after = (_words(sheet, one, content, language) for content in (one.before, one.after))
    place = table.spot(one.line, one.column, language)
    what = phieu.told(one.target, language)
    return OfflineChange(one.target, place, what, one.column, before, after, one.effect is Effect.CONFLICT)


def _words(sheet: Sheet, one: Proposal, content: Content, language: str) -> str:
    if one.target in sheet.questionnaire.users_of:
        return present_entry(sheet.questionnaire, one.target, content, language)[1]
    value = str(content.get("text", content.get("value", "")))
    return say(f"answers.{value}", language) if one.column == VALUE and value in (YES, NO) else value


def _made_at(table: Table) -> datetime | None:
    """When the workbook was downloaded, where all its rows say the same."""
    found = {row.text(WHOSE) for row in table.rows} - {""}
    whose = read_whose(found.pop()) if len(found) == 1 else None
    try:
        made = datetime.fromisoformat(whose.made_at) if whose else None
    except ValueError:
        return None
    return made if made and made.tzinfo else None


def _taken(session: Session, person: Person, sheet: Sheet, save_key: str, language: str) -> tuple[tuple[str, str], ...]:
    """The indicators that the save of a file changed."""
    done = find_done(session, sheet.row, person, save_key)
    written = done.written if done else {}
    return tuple(
        (indicator.code, indicator.name.in_language(language))
        for indicator in sheet.questionnaire.indicators
        if written.keys() & {*indicator.keys, doc.NOTE + indicator.code, doc.UNPROVEN + indicator.code}
    )


def _warnings(
    session: Session, sheet: Sheet, phieu: OfflinePhieu, proposals: Sequence[Proposal], language: str
) -> list[str]:
    """What would be marked once all is taken and is not yet: a part above its whole."""
    typed, _ = changes_of(phieu, sheet.document, proposals)
    keys = typed.keys() & sheet.questionnaire.users_of.keys()
    entries: Mapping[str, Any] = {key: to_stored(read_typed(sheet.questionnaire, key, typed[key])) for key in keys}
    then = read_sheet(session, sheet.row, {**sheet.document, **entries})
    broken = [one for one in then.touched(set(keys)) if then.part_broken(one) and not sheet.part_broken(one)]
    return [f"{one.code}: {explain_exact(then.exact, one, language).because}" for one in broken]
