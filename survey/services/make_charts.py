"""The charts of a cohort: listed with their tables for the page, drawn one at a time when asked for."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from survey import __version__
from survey.services.audit import audit_head
from survey.services.errors import NotFound
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.open_round import get_round
from survey.services.people import Person
from survey.services.round_data import round_data
from survey.services.scope import require_overview

if TYPE_CHECKING:
    from reports.charts.chart import Chart

Format = Literal["svg", "png"]


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
    """Ranking and heat map of a cohort, then the levels of all. Coordinators only. Raises NotFound."""
    require_overview(person)
    data = round_data(session, round_id, language=language, clock=clock)
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

    It pins the log of all changes, so a change anywhere makes a new one. Coordinators only. Raises NotFound.
    """
    require_overview(person)
    state, demonstration = get_round(session, round_id).state, read_settings(session).demonstration
    told = [__version__, audit_head(session), round_id, state.value, demonstration, cohort, name, kind, language]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


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
    """One chart as a picture. Coordinators only. Raises NotFound, also where there is nothing to draw."""
    require_overview(person)
    data = round_data(session, round_id, language=language, clock=clock)
    from reports.charts.round_charts import draw_one

    chart = draw_one(data, cohort, name, kind, language)
    picture = None if chart is None else chart.svg if kind == "svg" else chart.png
    if picture is None:
        raise NotFound
    return picture


def _view(chart: Chart) -> ChartView:
    table = chart.table
    name = "" if chart.empty else chart.name
    return ChartView(name, chart.title, chart.alternative, table.columns, table.numeric, table.rows)
