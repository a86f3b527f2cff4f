"""A phiếu filled in offline, or a pasted table, handed in: kept, shown cell by cell, taken in whole, in part or not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from survey.core import document as doc
from survey.core.asks import NO, YES
from survey.core.errors import CellFault, Fault, Faults
from survey.core.handed_in import Table
from survey.core.offline_cells import CODE, KAD, NOTE, VALUE, WAS, WHOSE, Content, check_whose, read_whose
from survey.core.offline_lines import OfflinePhieu
from survey.core.offline_plan import Effect, Plan, Proposal, changes_of, plan_offline
from survey.core.sorting_vi import fold
from survey.core.text import LANGUAGES, say
from survey.core.workflow import Step
from survey.services.done_saves import find_done
from survey.services.errors import NotFound, Refused
from survey.services.fill import present_entry, save_answers
from survey.services.heads import names_for, read_head
from survey.services.instance import Clock, Session, system_clock
from survey.services.offline_sheet import offline_phieu, whose_phieu
from survey.services.pending_imports import Pending, fetch, fingerprint, keep, mark_applied
from survey.services.people import Person
from survey.services.reasons import checked_reason
from survey.services.request_kad import request_kad
from survey.services.saved_views import Change, SaveOutcome
from survey.services.scope import find_submission, require
from survey.services.sheet import Sheet, read_sheet
from survey.services.submission_views import SubmissionHead
from survey.services.upload_gate import Column, read_upload
from survey.storage.submission_rows import SubmissionRow

KIND = "offline"
ALIASES = {
    CODE: ("Mã chỉ số", "Mã số liệu", "Mã số"),
    VALUE: ("Số liệu", "Kết quả", "Giá trị đạt được"),
    NOTE: ("Giải trình", "Ghi chú, giải trình"),
    KAD: ("Đề nghị không áp dụng",),
}


@dataclass(frozen=True, slots=True)
class OfflineChange:
    """One cell that would change something."""

    target: str  # by which it is chosen
    place: str  # "ô D12", "dòng 7"
    what: str  # "1.2 Tổng số hộ"
    column: str  # value, note, kad
    before: str  # in words; "" where there is nothing
    after: str
    conflict: bool  # what stands was changed too since the file was made


@dataclass(frozen=True, slots=True)
class OfflinePreview:
    """What a file would change, and what is wrong with it."""

    head: SubmissionHead
    import_id: int
    file: str
    made_at: datetime | None  # when the workbook was downloaded; None where it does not say
    changes: tuple[OfflineChange, ...]
    unchanged: int  # cells that are filled in and change nothing
    faults: tuple[Fault, ...]
    basis: str  # of what stands, to be sent back
    applied: bool  # taken already
    taken: tuple[tuple[str, str], ...] = ()  # (code, what) of the indicators that it changed, once it was taken


def take_offline(
    session: Session, person: Person, submission_id: int, content: bytes, name: str, *, clock: Clock = system_clock
) -> int:
    """Read a file and keep it for its preview; the number to ask for it by.

    Raises NotFound, NotAllowed, Blocked; Faults where it is no such table, or of another phiếu.
    """
    sheet = _open(session, person, submission_id, clock)
    return _keep(session, person, sheet, read_upload(content, name, _columns(), more=True, as_is=True), clock)


def take_pasted(
    session: Session,
    person: Person,
    submission_id: int,
    text: str,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> int:
    """Read a table of codes and values that was pasted, with headings or without, and keep it as a file."""
    sheet = _open(session, person, submission_id, clock)
    return _keep(session, person, sheet, _read_pasted(text, language), clock)


def _read_pasted(text: str, language: str) -> Table:
    name = say("offline.pasted", language)
    lines = text.strip("\r\n").splitlines()
    first = next((line.split("\t") for line in lines if line.strip()), [""])
    headed = {fold(cell) for cell in first} & {fold(one) for one in (*_headings(CODE), CODE)} and len(first) > 1
    if headed:
        return read_upload("\n".join(lines).encode(), name, _columns(), more=True, as_is=True)
    wide = max((len(line.rstrip().split("\t")) for line in lines), default=0)
    if wide < 2:
        raise Faults([CellFault(name, 1 if lines else 0, "offline.paste_one")])
    if wide > 2:
        raise Faults([CellFault(name, 1, "offline.paste_columns", {"columns": wide})])
    bare = "\n".join([f"{CODE}\t{VALUE}", *(line.rstrip() for line in lines)])
    try:
        table = read_upload(bare.encode(), name, _columns(), more=True, as_is=True)
    except Faults as found:
        raise Faults([replace(one, line=max(one.line - 1, 0)) for one in found.faults]) from None
    return replace(table, rows=tuple(replace(row, number=row.number - 1) for row in table.rows))


def _headings(column: str) -> tuple[str, ...]:
    return (*(say(f"reports.offline_{column}", language) for language in LANGUAGES), *ALIASES[column])


def _columns() -> list[Column]:
    needed = (CODE, VALUE)
    read = [Column(column, _headings(column), required=column in needed) for column in (CODE, VALUE, NOTE, KAD)]
    return read + [Column(column, (column,)) for column in (*WAS.values(), WHOSE)]


def _open(session: Session, person: Person, submission_id: int, clock: Clock, *, lock: bool = False) -> Sheet:
    row = find_submission(session, person, submission_id, lock=lock)
    require(row, person, Step.FILL, clock())
    return read_sheet(session, row)


def _keep(session: Session, person: Person, sheet: Sheet, table: Table, clock: Clock) -> int:
    check_whose(table, whose_phieu(sheet))
    return keep(session, person, KIND, table, place=str(sheet.row.id), clock=clock)


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
    pending, sheet = _kept(session, person, row, import_id), read_sheet(session, row)
    head = read_head(session, row, person, clock(), names_for(session, row), sheet.questionnaire)
    phieu, plan = _plan(sheet, pending.table, language)
    return OfflinePreview(
        head=head,
        import_id=import_id,
        file=pending.name,
        made_at=_made_at(pending.table),
        changes=tuple(_told(sheet, phieu, pending.table, one, language) for one in plan.proposals),
        unchanged=plan.unchanged,
        faults=tuple(sorted(plan.faults, key=lambda fault: fault.line)),
        basis=_basis(plan),
        applied=pending.applied,
        taken=_taken(session, person, sheet, _key(import_id, pending), language) if pending.applied else (),
    )


def apply_offline(
    session: Session,
    person: Person,
    submission_id: int,
    import_id: int,
    seen: str,
    chosen: Collection[str],
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> int:
    """Take the chosen cells of a kept file, all in one unit of work; how many changed (0 the second time).

    One event for answers and notes together, as of a save, and one for each request that an indicator does not apply.
    Raises NotFound, NotAllowed, Blocked; Refused where nothing is chosen, and where what stands has changed since the
    preview whose `basis` was `seen`.
    """
    sheet = _open(session, person, submission_id, clock, lock=True)
    pending = _kept(session, person, sheet.row, import_id)
    if pending.applied:
        return 0
    phieu, plan = _plan(sheet, pending.table, language)
    if _basis(plan) != seen:
        raise Refused("offline.changed_since")
    taken = [one for one in plan.proposals if one.target in chosen]
    if not taken:
        raise Refused("offline.nothing_chosen")
    typed, reasons = changes_of(phieu, sheet.document, taken)
    changes = [Change(key, text, doc.revision_of(sheet.document.get(key))) for key, text in typed.items()]
    if changes:
        saved = save_answers(session, person, submission_id, changes, save_key=_key(import_id, pending), clock=clock)
        if any(answer.outcome is not SaveOutcome.SAVED for answer in saved.answers):
            raise Refused("offline.changed_since")
    for code, reason in reasons.items():
        request_kad(session, person, submission_id, code, reason, clock=clock)
    mark_applied(session, person, import_id, KIND, clock=clock)
    return len(taken)


def _kept(session: Session, person: Person, row: SubmissionRow, import_id: int) -> Pending:
    """A kept file about this phiếu. Raises NotFound."""
    pending = fetch(session, person, import_id, KIND)
    if pending.place != str(row.id):
        raise NotFound
    return pending


def _plan(sheet: Sheet, table: Table, language: str) -> tuple[OfflinePhieu, Plan]:
    """The plan, reasons of requests looked at as when they are typed."""
    phieu = offline_phieu(sheet)
    plan = plan_offline(phieu, sheet.document, table, language)
    for one in [one for one in plan.proposals if one.column == KAD]:
        try:
            checked_reason(one.after["text"])
        except Refused as refused:
            plan.faults.append(table.fault(one.line, "offline.reason", KAD, sentence=refused.sentence(language)))
            plan.proposals.remove(one)
    return phieu, plan


def _basis(plan: Plan) -> str:
    return fingerprint([[one.target, dict(one.before), dict(one.after)] for one in plan.proposals])


def _key(import_id: int, pending: Pending) -> str:
    """The key of the save that takes a file; numbers of files may begin anew when a backup is restored."""
    return f"offline-{import_id}-{pending.created_at:%Y%m%d%H%M%S%f}"


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
        if written.keys() & {*indicator.keys, doc.NOTE + indicator.code}
    )
