"""What the giver of figures sees: its indicators with how many agencies have one, and the figures of one agency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.core.answers import clean_text, from_stored, labels, show_value
from survey.core.asks import Checks, Choice, Points, Text, YesNo
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.sorting_vi import fold
from survey.services.errors import NotFound
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.provide_duty import Item, Task, find_task, tasks_of
from survey.services.provided_source import source_sentence
from survey.services.submission_views import AgencyRef, RoundRef
from survey.services.who_provides import is_filled
from survey.storage import providers
from survey.storage.providers import FigureRow


@dataclass(frozen=True, slots=True)
class FigureInput:
    """One input of a provided indicator."""

    key: str
    kind: str  # yes_no, choice, checks, integer, decimal, real, points, text
    label: Text
    unit: Text
    help: Text
    options: tuple[tuple[str, str], ...]  # code and words


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One indicator in the giver's table."""

    code: str
    name: Text
    body: str
    inputs: tuple[FigureInput, ...]
    filled: int
    total: int


@dataclass(frozen=True, slots=True)
class TaskView:
    """What a person gives in one questionnaire."""

    questionnaire_id: str
    title: Text
    notice: Text
    lines: tuple[ItemLine, ...]
    agencies: int
    complete: int  # agencies that have every figure
    open: bool  # figures can be given now


@dataclass(frozen=True, slots=True)
class Duties:
    """The giver's page of a round."""

    round: RoundRef
    tasks: tuple[TaskView, ...]
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """One agency in the giver's list."""

    submission_id: int
    agency: AgencyRef
    filled: int  # indicators
    total: int


@dataclass(frozen=True, slots=True)
class EntryField:
    """One input of one agency."""

    input: FigureInput
    typed: str
    shown: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One indicator of one agency."""

    code: str
    name: Text
    help: Text
    source: str
    fields: tuple[EntryField, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """The provided figures of one agency; nothing else of it."""

    round: RoundRef
    submission_id: int
    questionnaire_id: str
    title: Text
    notice: Text
    agency: AgencyRef
    lines: tuple[EntryLine, ...]
    open: bool


def inputs_of(questionnaire: Questionnaire, indicator: Indicator, language: str) -> tuple[FigureInput, ...]:
    """Its inputs as forms and workbooks ask for them."""
    if indicator.numbers:
        return tuple(
            FigureInput(number.key, number.kind.value, number.label, number.unit, number.help, ())
            for number in indicator.numbers
        )
    match indicator.ask:
        case YesNo():
            kind = "yes_no"
        case Choice():
            kind = "choice"
        case Checks():
            kind = "checks"
        case Points():
            kind = "points"
        case _:
            kind = "text"
    options = tuple(labels(indicator, language).items())
    return tuple(FigureInput(key, kind, indicator.name, Text(""), Text(""), options) for key in indicator.keys)


def rows_of(session: Session, task: Task, *, lock: bool = False) -> list[FigureRow]:
    """The agencies of a task in official order."""
    return providers.figure_rows(session, task.round.id, task.version_id, task.kinds, lock=lock)


def asked_items(task: Task, row: FigureRow) -> tuple[Item, ...]:
    """The items that apply to an agency."""
    return tuple(item for item in task.items if item.indicator.applies_to(row.attributes))


def read_duties(
    session: Session, person: Person, code: str, *, language: str = "vi", clock: Clock = system_clock
) -> Duties:
    """What this person gives in a round, with how far it is. Raises NotFound where that is nothing."""
    tasks = tasks_of(session, person, code, clock=clock)
    bodies = dict.fromkeys(name for task in tasks for name in task.bodies)
    views = tuple(_task_view(task, rows_of(session, task), language) for task in tasks)
    return Duties(tasks[0].round, views, tuple(bodies))


def _task_view(task: Task, rows: list[FigureRow], language: str) -> TaskView:
    lines = []
    for item in task.items:
        asked = [row for row in rows if item.indicator.applies_to(row.attributes)]
        filled = sum(is_filled(item.indicator, row.answers) for row in asked)
        inputs = inputs_of(task.questionnaire, item.indicator, language)
        lines.append(ItemLine(item.indicator.code, item.indicator.name, item.body, inputs, filled, len(asked)))
    complete = sum(all(is_filled(item.indicator, row.answers) for item in asked_items(task, row)) for row in rows)
    questionnaire = task.questionnaire
    return TaskView(
        task.questionnaire_id, questionnaire.title, questionnaire.notice, tuple(lines), len(rows), complete,
        task.obstacle is None,
    )  # fmt: skip


def list_agencies(
    session: Session,
    person: Person,
    code: str,
    questionnaire_id: str,
    search: str = "",
    *,
    lacking: bool = False,
    clock: Clock = system_clock,
) -> tuple[AgencyLine, ...]:
    """The agencies of a task with how many figures they have; `search` without dấu, `lacking` only those not whole.

    Raises NotFound.
    """
    task = find_task(session, person, code, questionnaire_id, clock=clock)
    wanted = fold(clean_text(search))
    found = []
    for row in rows_of(session, task):
        asked = asked_items(task, row)
        filled = sum(is_filled(item.indicator, row.answers) for item in asked)
        if wanted in row.search and not (lacking and filled == len(asked)):
            agency = AgencyRef(row.agency_id, row.code, row.name)
            found.append(AgencyLine(row.submission_id, agency, filled, len(asked)))
    return tuple(found)


def read_entry(
    session: Session,
    person: Person,
    code: str,
    submission_id: int,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> Entry:
    """The provided figures of one agency that this person gives. Raises NotFound."""
    for task in tasks_of(session, person, code, clock=clock):
        for row in rows_of(session, task):
            if row.submission_id == submission_id:
                return _entry(task, row, language)
    raise NotFound


def _entry(task: Task, row: FigureRow, language: str) -> Entry:
    questionnaire = task.questionnaire
    lines = tuple(
        EntryLine(
            item.indicator.code,
            item.indicator.name,
            item.indicator.help,
            source_sentence(item.indicator, row.answers, language),
            tuple(
                entry_field(questionnaire, one, row.answers, language)
                for one in inputs_of(questionnaire, item.indicator, language)
            ),
        )
        for item in asked_items(task, row)
    )
    agency = AgencyRef(row.agency_id, row.code, row.name)
    return Entry(
        task.round, row.submission_id, task.questionnaire_id, questionnaire.title, questionnaire.notice, agency, lines,
        task.obstacle is None,
    )  # fmt: skip


def entry_field(
    questionnaire: Questionnaire, one: FigureInput, document: Mapping[str, Any], language: str
) -> EntryField:
    """An input with what stands in it."""
    answer = from_stored(questionnaire, one.key, document.get(one.key) or {})
    shown = answer.typed if answer.fault else show_value(questionnaire, one.key, answer.value, language)
    return EntryField(one, answer.typed, shown)
