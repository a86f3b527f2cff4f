"""A workbook of figures handed in by the body that owns them: compared row by row, shown, taken all or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.core import document as doc
from survey.core.answers import from_stored, show_value
from survey.core.asks import Text
from survey.core.cell_figures import is_not_applicable, read_figure
from survey.core.errors import Fault, Faults
from survey.core.handed_in import Row, Table
from survey.core.numbers_vi import HANOI
from survey.core.sorting_vi import fold
from survey.core.text import say
from survey.core.workflow import Step
from survey.services.errors import NotFound, Refused
from survey.services.figures_views import asked_items, rows_of
from survey.services.instance import Clock, Session, system_clock
from survey.services.pending_imports import (
    Difference,
    Effect,
    Pending,
    Preview,
    RowChange,
    fetch,
    fingerprint,
    keep,
    mark_applied,
)
from survey.services.people import Person
from survey.services.provide_duty import Task, find_task, open_provided, require_open, require_round
from survey.services.provide_figures import (
    Source,
    broken_pairs,
    changes_of,
    merged,
    pair_sentence,
    read_source,
)
from survey.services.provided_source import value_of
from survey.services.submission_views import RoundRef
from survey.services.upload_gate import Column, read_upload
from survey.services.writing import take_step
from survey.storage.providers import FigureRow

KIND = "figures"
CODE, NAME = "code", "name"
CODE_HEADINGS, NAME_HEADINGS = ("Mã đơn vị", "Mã", "Code"), ("Tên đơn vị", "Đơn vị", "Body")


@dataclass(frozen=True, slots=True)
class FiguresPreview:
    """What a file would change; with faults it changes nothing."""

    import_id: int
    round: RoundRef
    questionnaire_id: str
    title: Text
    file: str
    bodies: tuple[str, ...]  # that give these figures
    changes: Preview
    figures: int  # that change
    faults: tuple[Fault, ...]
    applied: bool  # already


@dataclass
class _Compared:
    rows: list[RowChange] = field(default_factory=list)
    values: dict[int, dict[str, Mapping[str, Any]]] = field(default_factory=dict)  # by submission: what changes
    basis: list[object] = field(default_factory=list)  # what the changes were compared with
    faults: list[Fault] = field(default_factory=list)

    @property
    def figures(self) -> int:
        """How many figures change."""
        return sum(len(values) for values in self.values.values())


def take_figures(
    session: Session,
    person: Person,
    code: str,
    questionnaire_id: str,
    content: bytes,
    name: str,
    *,
    clock: Clock = system_clock,
) -> int:
    """Read a file and keep it for its preview; the number to ask for it by. Raises NotFound, Blocked, Faults."""
    task = find_task(session, person, code, questionnaire_id, clock=clock)
    require_open(task)
    table = read_upload(content, name, _columns(task))
    if not task.keys.keys() & table.letters.keys():
        raise Faults([table.fault(0, "web_provide.no_figures", CODE)])
    return keep(session, person, KIND, table, place=f"{task.round.code}/{questionnaire_id}", clock=clock)


def _columns(task: Task) -> list[Column]:
    fixed = [Column(CODE, CODE_HEADINGS, required=True), Column(NAME, NAME_HEADINGS)]
    return fixed + [Column(key, (key,)) for key in task.keys]


def preview_figures(
    session: Session,
    person: Person,
    code: str,
    import_id: int,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> FiguresPreview:
    """What a kept file would change as things stand now. Raises NotFound for another's as for none."""
    pending, task = _kept(session, person, code, import_id, clock)
    compared = _compare(task, rows_of(session, task), pending.table, language)
    return FiguresPreview(
        import_id,
        task.round,
        task.questionnaire_id,
        task.questionnaire.title,
        pending.name,
        task.bodies,
        Preview(tuple(compared.rows), fingerprint(*compared.basis)),
        compared.figures,
        tuple(sorted(compared.faults, key=lambda fault: fault.line)),
        pending.applied,
    )


def _kept(session: Session, person: Person, code: str, import_id: int, clock: Clock) -> tuple[Pending, Task]:
    """A kept file of this round and what it is about. Raises NotFound."""
    pending = fetch(session, person, import_id, KIND)
    round_code, _, questionnaire_id = pending.place.rpartition("/")
    if round_code != code:
        raise NotFound
    return pending, find_task(session, person, code, questionnaire_id, clock=clock)


def apply_figures(
    session: Session,
    person: Person,
    code: str,
    import_id: int,
    seen: str,
    *,
    number: str = "",
    dated: str = "",
    clock: Clock = system_clock,
) -> int:
    """Take all figures of a kept file, with the letter they came with; how many changed (0 the second time).

    One event an agency.

    Raises NotFound, Blocked, Faults (nothing is taken), Refused for a letter that cannot be, or where figures have
    changed since the preview whose `basis` was `seen`.
    """
    require_round(session, person, code, clock)
    pending, task = _kept(session, person, code, import_id, clock)
    if pending.applied:
        return 0
    source = read_source(number, dated, clock().astimezone(HANOI).date())
    compared = _compare(task, rows_of(session, task, lock=True), pending.table, person.language)
    if compared.faults:
        raise Faults(compared.faults)
    if fingerprint(*compared.basis) != seen:
        raise Refused("web_provide.changed_since")
    for submission_id, values in sorted(compared.values.items()):
        _write(session, person, task, submission_id, values, source, import_id, clock)
    mark_applied(session, person, import_id, KIND, clock=clock)
    return compared.figures


def _write(
    session: Session,
    person: Person,
    task: Task,
    submission_id: int,
    values: Mapping[str, Mapping[str, Any]],
    source: Source,
    import_id: int,
    clock: Clock,
) -> None:
    row, _ = open_provided(session, person, submission_id, clock)
    now = clock()
    bodies = {key: task.keys[key].body for key in values}
    written = merged(row, values, bodies, source, now, person.account_id)
    told = {"changes": changes_of(row, written), "import": import_id}
    answers = {**row.answers, **written}
    take_step(session, row, person, Step.PROVIDE, now, "figures_provided", told, answers=answers)


def _compare(task: Task, rows: list[FigureRow], table: Table, language: str) -> _Compared:
    """The table held against what stands."""
    by_code = {fold(row.code): row for row in rows}
    found = _Compared()
    first: dict[str, int] = {}
    for line in table.rows:
        code = line.text(CODE)
        row = by_code.get(fold(code))
        if row is None:
            key = "web_provide.row_code" if code else "web_provide.row_no_code"
            found.faults.append(table.fault(line.number, key, CODE, code=code[:60]))
        elif row.code in first:
            told = {"code": row.code, "first": first[row.code]}
            found.faults.append(table.fault(line.number, "web_provide.row_twice", CODE, **told))
        else:
            first[row.code] = line.number
            name = line.text(NAME)
            if name and fold(name) != fold(row.name):
                told = {"code": row.code, "name": row.name, "typed": name[:100]}
                found.faults.append(table.fault(line.number, "web_provide.row_name", NAME, **told))
            _compare_row(_Line(task, row, table, line, language), found)
    return found


@dataclass(frozen=True)
class _Line:
    """One row of the file with the agency it is about."""

    task: Task
    row: FigureRow
    table: Table
    line: Row
    language: str

    def read(self, key: str, *, asked: bool) -> Mapping[str, Any] | Fault | None:
        """What the cell of a key says; None where it says nothing."""
        cell = self.line.cell(key)
        if not cell.text.strip() or (not asked and is_not_applicable(cell)):
            return None
        if not asked:
            return self.fault("cells.not_asked", key)

        def told(name: str, **data: object) -> Fault:
            return self.fault(name, key, **data)

        return read_figure(self.task.questionnaire, key, cell, told, self.language)

    def fault(self, name: str, key: str, **data: object) -> Fault:
        """A fault at the cell of a key."""
        return self.table.fault(self.line.number, name, key, **data)

    def words(self, key: str, entry: doc.Entry | None) -> str:
        """A figure as it is read."""
        answer = from_stored(self.task.questionnaire, key, entry or {})
        return answer.typed if answer.fault else show_value(self.task.questionnaire, key, answer.value, self.language)

    def label(self, key: str) -> str:
        """Indicator and figure in words."""
        indicator = self.task.keys[key].indicator
        asked = next((number.label for number in indicator.numbers if number.key == key), indicator.name)
        return f"{indicator.code} {asked.in_language(self.language)}"


def _compare_row(line: _Line, found: _Compared) -> None:
    """One agency: its figures read and compared, and a held against b with what stands beside them."""
    row, items = line.row, asked_items(line.task, line.row)
    asked = {key for item in items for key in item.indicator.keys}
    values: dict[str, Mapping[str, Any]] = {}
    differences = []
    for key in line.task.keys:
        read = line.read(key, asked=key in asked)
        before = row.answers.get(key)
        if isinstance(read, Fault):
            found.faults.append(read)
        elif read is not None and dict(read) != value_of(before):
            values[key] = read
            differences.append(Difference(line.label(key), line.words(key, before), line.words(key, read)))
            found.basis.append([row.submission_id, key, value_of(before), dict(read)])
    for item in items:
        if values.keys() & set(item.indicator.keys):
            for broken in broken_pairs(line.task.questionnaire, item.indicator, {**row.answers, **values}):
                place = next(number.key for number in (broken[0].a, broken[0].b) if number.key in values)
                sentence = pair_sentence(line.task.questionnaire, broken, line.language)
                found.faults.append(line.fault("cells.fault", place, sentence=sentence))
    if values:
        found.values[row.submission_id] = values
    place = say("web_provide.row_place", line.language, row=line.line.number)
    new = all(not one.before for one in differences)
    effect = Effect.UNCHANGED if not differences else Effect.ADDED if new else Effect.CHANGED
    found.rows.append(RowChange(place, f"{row.name} ({row.code})", effect, tuple(differences)))
