"""A phiếu filled in offline, or a pasted table, handed in and kept for its preview; then taken in whole or in part."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from survey.core import document as doc
from survey.core.errors import CellFault, Faults
from survey.core.handed_in import Table
from survey.core.offline_cells import CODE, KAD, NOTE, VALUE, WAS, WHOSE, WHY, check_whose
from survey.core.offline_plan import changes_of
from survey.core.sorting_vi import fold
from survey.core.text import LANGUAGES, say
from survey.core.workflow import Step
from survey.services.errors import Refused
from survey.services.fill import save_answers
from survey.services.instance import Clock, Session, system_clock
from survey.services.offline_pending import KIND, basis_of, find_kept, plan_of, save_key_of
from survey.services.offline_sheet import whose_phieu
from survey.services.pending_imports import keep, mark_applied
from survey.services.people import Person
from survey.services.request_kad import request_kad
from survey.services.saved_views import Change, SaveOutcome
from survey.services.scope import find_submission, require
from survey.services.sheet import Sheet, read_sheet
from survey.services.upload_gate import Column, read_upload

ALIASES = {
    CODE: ("Mã chỉ số", "Mã số liệu", "Mã số"),
    VALUE: ("Số liệu", "Kết quả", "Giá trị đạt được"),
    NOTE: ("Giải trình", "Ghi chú, giải trình"),
    KAD: ("Đề nghị không áp dụng",),
    WHY: ("Giải trình vì sao chưa có tài liệu",),
}


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
    read = [Column(column, _headings(column), required=column in needed) for column in (CODE, VALUE, NOTE, KAD, WHY)]
    return read + [Column(column, (column,)) for column in (*WAS.values(), WHOSE)]


def _open(session: Session, person: Person, submission_id: int, clock: Clock, *, lock: bool = False) -> Sheet:
    row = find_submission(session, person, submission_id, lock=lock)
    require(row, person, Step.FILL, clock())
    return read_sheet(session, row)


def _keep(session: Session, person: Person, sheet: Sheet, table: Table, clock: Clock) -> int:
    check_whose(table, whose_phieu(sheet))
    return keep(session, person, KIND, table, place=str(sheet.row.id), clock=clock)


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
    pending = find_kept(session, person, sheet.row, import_id)
    if pending.applied:
        return 0
    phieu, plan = plan_of(sheet, pending.table, language)
    if basis_of(plan) != seen:
        raise Refused("offline.changed_since")
    taken = [one for one in plan.proposals if one.target in chosen]
    if not taken:
        raise Refused("offline.nothing_chosen")
    typed, reasons = changes_of(phieu, sheet.document, taken)
    changes = [Change(key, text, doc.revision_of(sheet.document.get(key))) for key, text in typed.items()]
    if changes:
        save_key = save_key_of(import_id, pending)
        saved = save_answers(session, person, submission_id, changes, save_key=save_key, file=pending.name, clock=clock)
        if any(answer.outcome is not SaveOutcome.SAVED for answer in saved.answers):
            raise Refused("offline.changed_since")
    for code, reason in reasons.items():
        request_kad(session, person, submission_id, code, reason, clock=clock)
    mark_applied(session, person, import_id, KIND, clock=clock)
    return len(taken)
