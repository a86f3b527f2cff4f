"""The workbook of a giver of figures: what stands now for every agency, ready to be filled in and handed back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey.core.cell_figures import write_figure
from survey.services import audit
from survey.services.figures_views import inputs_of, rows_of
from survey.services.instance import Clock, Session, system_clock
from survey.services.note_access import note_export
from survey.services.people import Person
from survey.services.provide_duty import Task, find_task
from survey.storage.providers import FigureRow

if TYPE_CHECKING:
    from reports.excel.figures_sheet import FigureAgency, FigureBook, FigureColumn


def make_figures_workbook(
    session: Session,
    person: Person,
    code: str,
    questionnaire_id: str,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> bytes:
    """The .xlsx file of one task; its taking away is told in the log. Raises NotFound."""
    from reports.excel.figures_sheet import figures_workbook

    task = find_task(session, person, code, questionnaire_id, clock=clock)
    rows = rows_of(session, task)
    pin = audit.take_pin(session)
    content = figures_workbook(_book(task, rows, pin.head, language, clock), language)
    note_export(
        session, person, "figures", pin=pin, clock=clock,
        round=task.round.code, questionnaire=questionnaire_id, agencies=len(rows),
    )  # fmt: skip
    return content


def _book(task: Task, rows: list[FigureRow], audit_head: str, language: str, clock: Clock) -> FigureBook:
    from reports.excel.figures_sheet import FigureBook

    questionnaire = task.questionnaire
    return FigureBook(
        round_title=task.round.title,
        period=task.round.period,
        title=questionnaire.title.in_language(language),
        givers=", ".join(task.bodies),
        taken_at=clock(),
        audit_head=audit_head,
        notice=questionnaire.notice.in_language(language),
        columns=_columns(task, language),
        agencies=tuple(_agency(task, row) for row in rows),
    )


def _columns(task: Task, language: str) -> tuple[FigureColumn, ...]:
    from reports.excel.figures_sheet import FigureColumn

    columns: dict[str, FigureColumn] = {}
    for item in task.items:
        indicator = item.indicator
        for one in inputs_of(task.questionnaire, indicator, language):
            helps = (one.help.in_language(language), indicator.help.in_language(language))
            columns.setdefault(
                one.key,
                FigureColumn(
                    one.key,
                    indicator.code,
                    indicator.name.in_language(language),
                    one.label.in_language(language),
                    one.unit.in_language(language),
                    one.kind,
                    next((text for text in helps if text), ""),
                    one.options,
                ),
            )
    return tuple(columns.values())


def _agency(task: Task, row: FigureRow) -> FigureAgency:
    from reports.excel.figures_sheet import FigureAgency

    asked = {key for item in task.items if item.indicator.applies_to(row.attributes) for key in item.indicator.keys}
    values = {}
    for key in task.keys:
        value = write_figure(task.questionnaire, key, row.answers.get(key))
        if value is not None:
            values[key] = value
    return FigureAgency(row.code, row.name, values, frozenset(task.keys.keys() - asked))
