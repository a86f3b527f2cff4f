"""The charts of a cohort: listed with their tables for the page, drawn one at a time when asked for."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from survey import __version__
from survey.services.audit import figures_head
from survey.services.errors import NotFound
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.open_round import get_round
from survey.services.people import Person
from survey.services.round_data import round_data
from survey.services.scope import require_overview

if TYPE_CHECKING:
    from reports.charts.chart import Chart

Format = Literal["svg", "png"]

MOST_KEPT = 48  # pictures of some 60 kB
_DRAWN: dict[str, bytes] = {}  # by chart_key, oldest first
_TURN = threading.Lock()


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart on a page, its picture aside. `name` is empty where there is nothing to draw yet."""

    name: str
    title: str  # the finding
    alternative: str
    columns: tuple[str, ...]
    numeric: tuple[bool, ...]  # which columns stand right-aligned
    rows: tuple[tuple[str, ...], ...]


def list_charts(
    session: Session,
    person: Person,
    round_id: int,
    cohort: str,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> tuple[ChartView, ...]:
    """Ranking and heat map of a cohort, then the levels of all that the person sees. Raises NotFound."""
    require_overview(person)
    data = round_data(session, round_id, kinds=person.readable_kinds, language=language, clock=clock)
    from reports.charts.level_bars import level_bars
    from reports.charts.round_charts import cohort_charts

    charts = list(cohort_charts(data, cohort, language, ()))
    if not charts:
        raise NotFound
    return tuple(_view(chart) for chart in (*charts, level_bars(data, language, ())))


def chart_key(
    session: Session, person: Person, round_id: int, cohort: str, name: str, kind: Format, *, language: str = "vi"
) -> str:
    """A hash that stays while the chart would show the same figures: two small queries, nothing is scored or drawn.

    It pins the log of all changes of figures, so a change of any makes a new one. Raises NotFound.
    """
    require_overview(person)
    state, settings = get_round(session, round_id).state, read_settings(session)
    kinds = None if person.readable_kinds is None else sorted(person.readable_kinds)
    of = [__version__, settings.instance_id, settings.demonstration, figures_head(session), round_id, state.value]
    return hashlib.sha256(json.dumps([*of, kinds, cohort, name, kind, language]).encode()).hexdigest()


def draw_chart(
    session: Session,
    person: Person,
    round_id: int,
    cohort: str,
    name: str,
    kind: Format,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> bytes:
    """One chart as a picture. Raises NotFound, also for others' cohorts and where there is nothing to draw.

    What was drawn last is kept, so that the same figures are drawn once however many look at them.
    """
    require_overview(person)
    key = chart_key(session, person, round_id, cohort, name, kind, language=language)
    if (kept := _DRAWN.get(key)) is not None:
        return kept
    data = round_data(session, round_id, kinds=person.readable_kinds, language=language, clock=clock)
    if cohort not in {one.code for result in data.results for one in result.cohorts}:
        raise NotFound
    from reports.charts.round_charts import draw_one

    chart = draw_one(data, cohort, name, kind, language)
    picture = None if chart is None else chart.svg if kind == "svg" else chart.png
    if picture is None:
        raise NotFound
    with _TURN:
        _DRAWN[key] = picture
        while len(_DRAWN) > MOST_KEPT:
            del _DRAWN[next(iter(_DRAWN))]
    return picture


def _view(chart: Chart) -> ChartView:
    table = chart.table
    name = "" if chart.empty else chart.name
    return ChartView(name, chart.title, chart.alternative, table.columns, table.numeric, table.rows)
