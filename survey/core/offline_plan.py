"""What a phiếu filled in offline would change, cell by cell, and its faults; an untouched cell changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from survey.core import document as doc
from survey.core.answers import LONGEST_TEXT, NOTHING_TICKED, clean_text, from_stored, read_typed, to_stored
from survey.core.asks import YES, FreeText
from survey.core.cell_figures import is_not_applicable, read_figure
from survey.core.errors import Fault
from survey.core.handed_in import Cell, Row, Table
from survey.core.offline_cells import CODE, KAD, NOTE, TICKED, VALUE, WAS, WHY, Content, content_of, mark_of
from survey.core.offline_lines import Line, OfflinePhieu, fold_code
from survey.core.sorting_vi import fold

BAD_KINDS = {"formula": "upload.formula", "error": "upload.error_value", "unseen": "upload.unseen"}


class Effect(StrEnum):
    """What taking a cell does."""

    CHANGED = "changed"
    CONFLICT = "conflict"  # what stands has changed too since the table was made


@dataclass(frozen=True, slots=True)
class Proposal:
    """One cell that would change something."""

    target: str  # an input key, an option of ticks (`key:option`), a text or request (`note:<indicator>`)
    line: int  # of the table
    column: str  # VALUE, NOTE, KAD, WHY
    effect: Effect
    before: Content
    after: Content


@dataclass
class Plan:
    """All that a table would do."""

    proposals: list[Proposal] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unchanged: int = 0  # cells that say what stands, or that nobody touched


def plan_offline(phieu: OfflinePhieu, document: doc.Document, table: Table, language: str = "vi") -> Plan:
    """Hold a table against what stands. A blank cell never erases, and a cell that nobody touched is no change."""
    plan = Plan()
    first: dict[str, int] = {}
    for row in table.rows:
        line = _find(phieu, table, row, plan)
        if line is None:
            continue
        if line.code in first:
            told = {"code": line.code, "first": first[line.code]}
            plan.faults.append(table.fault(row.number, "offline.code_twice", CODE, **told))
            plan.proposals = [one for one in plan.proposals if one.line != first[line.code]]
            continue
        first[line.code] = row.number
        _Reader(phieu, document, table, row, line, plan, language).read()
    _refuse_both(phieu, table, plan)
    _refuse_half_ticks(phieu, document, table, plan)
    return plan


def changes_of(
    phieu: OfflinePhieu, document: doc.Document, chosen: Sequence[Proposal]
) -> tuple[dict[str, str], dict[str, str]]:
    """(what a form would send by input key or note, reasons of requests by indicator) of the proposals taken."""
    typed: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for one in chosen:
        if one.target.startswith(doc.KAD):
            reasons[one.target.removeprefix(doc.KAD)] = one.after["text"]
        elif doc.text_kind(one.target):
            typed[one.target] = one.after["text"]
        elif one.target in phieu.questionnaire.users_of:
            typed[one.target] = from_stored(phieu.questionnaire, one.target, one.after).typed
    for key, ticked in _ticks(phieu, document, chosen).items():
        typed[key] = ";".join(sorted(ticked)) or NOTHING_TICKED
    return typed, reasons


def _ticks(phieu: OfflinePhieu, document: doc.Document, chosen: Sequence[Proposal]) -> dict[str, set[str]]:
    """The ticks of each input of which some option changes: those that stand, with these put to it or taken away."""
    found: dict[str, set[str]] = {}
    for one in chosen:
        key, option = _option(phieu, one)
        if option:
            stands = from_stored(phieu.questionnaire, key, document.get(key) or {}).value
            ticked = found.setdefault(key, set(stands) if isinstance(stands, frozenset) else set())
            (ticked.add if one.after["value"] == YES else ticked.discard)(option)
    return found


def _option(phieu: OfflinePhieu, one: Proposal) -> tuple[str, str]:
    """(key, option) of a proposal about one option of ticks; ("", "") of any other."""
    key, _, option = one.target.rpartition(":")
    return (key, option) if one.column == VALUE and key in phieu.questionnaire.users_of else ("", "")


def _find(phieu: OfflinePhieu, table: Table, row: Row, plan: Plan) -> Line | None:
    """The line that a row is about; None where it has no code, a heading for instance, and where that is a fault."""
    cell = row.cell(CODE)
    filled = [column for column in (VALUE, NOTE, KAD, WHY) if not _is_blank(row.cell(column))]
    code = fold_code(cell.text)
    if _is_blank(cell):
        if filled:
            plan.faults.append(table.fault(row.number, "offline.code_none", filled[0]))
        return None
    line = phieu.by_code.get(code)
    if cell.kind in BAD_KINDS:
        plan.faults.append(_bad(table, row, CODE))
        return None
    if cell.kind == "number" and any(one != code and one.rstrip("0") == code for one in phieu.by_code):
        line = None  # 1.10 that a spreadsheet made 1.1 of
    if line is None:
        key = {"text": "offline.code_unknown", "number": "offline.code_number"}.get(cell.kind, "offline.code_date")
        if filled or cell.kind == "text":
            plan.faults.append(table.fault(row.number, key, CODE, code=cell.text.strip()[:60]))
    return line


def _is_blank(cell: Cell) -> bool:
    return cell.kind not in BAD_KINDS and not cell.text.strip()


def _bad(table: Table, row: Row, column: str) -> Fault:
    """The fault of a cell that cannot be taken."""
    cell = row.cell(column)
    return table.fault(row.number, BAD_KINDS[cell.kind], column, typed=cell.text, code=cell.text)


@dataclass(frozen=True)
class _Reader:
    """Reads one row about one line."""

    phieu: OfflinePhieu
    document: doc.Document
    table: Table
    row: Row
    line: Line
    plan: Plan
    language: str

    def read(self) -> None:
        """Read what is filled in of it."""
        for column, read in ((VALUE, self.value), (NOTE, self.note), (KAD, self.kad), (WHY, self.why)):
            cell = self.row.cell(column)
            if cell.kind in BAD_KINDS:
                self.plan.faults.append(_bad(self.table, self.row, column))
            elif not _is_blank(cell):
                self.plan.faults += filter(None, [read(cell)])

    def fault(self, key: str, column: str, **data: object) -> Fault:
        return self.table.fault(self.row.number, f"offline.{key}", column, **data)

    def value(self, cell: Cell) -> Fault | None:
        line, text = self.line, cell.text
        if not line.key:
            return self.fault("value_below", VALUE, code=line.code)
        now = content_of(self.phieu.questionnaire, self.document, line.target)
        if cell.kind == "text" and not line.option:  # what could not be taken when it was typed still stands
            typed = to_stored(read_typed(self.phieu.questionnaire, line.key, text))
            if typed == now or mark_of(typed) == self.row.text(WAS[VALUE]):
                self.plan.unchanged += 1
                return None
        if is_not_applicable(cell) and not isinstance(line.indicator.ask, FreeText):
            return None if line.closed else self.fault("kad_elsewhere", VALUE, code=line.indicator.code)
        new = self._read_value(cell)
        if line.closed and (isinstance(new, Fault) or not self._is_untouched(VALUE, now, new)):
            return self.fault(f"closed_{line.closed.value}", VALUE, code=line.indicator.code)
        if isinstance(new, Fault):
            return new
        self._propose(VALUE, line.target, now, new)
        return None

    def _read_value(self, cell: Cell) -> dict[str, Any] | Fault:
        if self.line.option:
            word = TICKED.get(fold(cell.text), "")
            return {"value": word} if word else self.fault("tick", VALUE, typed=cell.text.strip()[:40])

        def told(name: str, **data: object) -> Fault:
            return self.table.fault(self.row.number, name, VALUE, **data)

        return read_figure(self.phieu.questionnaire, self.line.key, cell, told, self.language)

    def note(self, cell: Cell) -> Fault | None:
        if not self.line.heads:
            return self.fault("note_elsewhere", NOTE, code=self.line.indicator.code)
        return self._text(NOTE, doc.NOTE, cell)

    def kad(self, cell: Cell) -> Fault | None:
        indicator = self.line.indicator
        may = indicator.may_request_kad and indicator.provided_by is None and indicator.by_agency
        return self._beside(KAD, doc.KAD, cell, may=may and not self.line.closed)

    def why(self, cell: Cell) -> Fault | None:
        return self._beside(WHY, doc.UNPROVEN, cell, may=self.line.may_explain)

    def _beside(self, column: str, prefix: str, cell: Cell, *, may: bool) -> Fault | None:
        """A text that belongs to the indicator, and only to some of them."""
        code = self.line.indicator.code
        if not self.line.heads:
            return self.fault(f"{column}_line", column, code=code)
        if may:
            return self._text(column, prefix, cell)
        now = content_of(self.phieu.questionnaire, self.document, prefix + code)
        untouched = self._is_untouched(column, now, {"text": _text_of(cell)})
        return None if untouched else self.fault(f"{column}_not_here", column, code=code)

    def _text(self, column: str, prefix: str, cell: Cell) -> Fault | None:
        target, text = prefix + self.line.indicator.code, _text_of(cell)
        if len(text) > LONGEST_TEXT:
            return self.fault("text_long", column, length=len(text), longest=LONGEST_TEXT)
        now = content_of(self.phieu.questionnaire, self.document, target)
        self._propose(column, target, now, {"text": text})
        return None

    def _is_untouched(self, column: str, now: Content, new: Content) -> bool:
        return new == now or mark_of(new) == self.row.text(WAS[column])

    def _propose(self, column: str, target: str, now: Content, new: Content) -> None:
        if self._is_untouched(column, now, new):
            self.plan.unchanged += 1
            return
        was = self.row.text(WAS[column])
        effect = Effect.CONFLICT if was and mark_of(now) != was else Effect.CHANGED
        self.plan.proposals.append(Proposal(target, self.row.number, column, effect, now, new))


def _text_of(cell: Cell) -> str:
    return clean_text(cell.text).strip()


def _refuse_both(phieu: OfflinePhieu, table: Table, plan: Plan) -> None:
    """Ticks are given either by a list or option by option."""
    by_option = {_option(phieu, one)[0] for one in plan.proposals} - {""}
    for one in [one for one in plan.proposals if one.target in by_option]:
        plan.faults.append(table.fault(one.line, "offline.ticks_twice", VALUE, code=one.target))
        plan.proposals.remove(one)


def _refuse_half_ticks(phieu: OfflinePhieu, document: doc.Document, table: Table, plan: Plan) -> None:
    """A lone "no" beside blanks does not yet say that none is there."""
    for key, ticked in _ticks(phieu, document, plan.proposals).items():
        if ticked or content_of(phieu.questionnaire, document, key):
            continue
        own = [one for one in plan.proposals if _option(phieu, one)[0] == key]
        options = [line for line in phieu.lines if line.key == key and line.option]
        if len(own) < len(options):
            plan.faults.append(table.fault(own[0].line, "offline.ticks_half", VALUE, code=key))
            plan.proposals = [one for one in plan.proposals if one not in own]
