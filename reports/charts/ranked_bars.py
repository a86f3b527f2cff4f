"""Ranked bars: the published rate of everyone in a cohort who has sent, best first, in the colours of the levels."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports.charts.canvas import (
    EDGE,
    GREY,
    INK,
    RULE,
    bare_axes,
    box,
    level_entries,
    new_figure,
    pictures,
    place_of,
    shade,
    write_frame,
    write_legend,
    write_name,
)
from reports.charts.chart import FORMATS, Chart, DataTable, Format, Words, nobody, percent
from reports.charts.names import shared_beginning, without_beginning
from reports.data import Cohort, RoundData
from reports.standing import Block, Standing
from survey.core.numbers_vi import format_number, format_percent
from survey.core.questionnaire import Level
from survey.core.rules.shown import format_points

ROWS = 42  # of a column of bars; more go side by side
ROW = 0.235  # inches
NAME, BARS = 3.0, 3.4  # inches


def ranked_bars(
    data: RoundData, block: Block, cohort: Cohort, language: str = "vi", formats: Sequence[Format] = FORMATS
) -> Chart:
    """The ranking of one cohort by self points."""
    words = Words(language)
    members = block.by_cohort[cohort]
    ranked = [standing for standing in members if standing.rank is not None]
    name = f"ranking-{block.result.questionnaire.id}-{cohort.code}"
    lacking = [standing for standing in members if standing.row.sent and standing.lacks]
    table = _table(words, [*ranked, *lacking], block.result.questionnaire.decimals)
    if not ranked:
        title = nobody(words, cohort, members)
        return Chart(name, title, title, table, empty=True)
    lead = _lead(words, ranked)
    if lacking:
        lead = words.say("lead_lacking", lead=lead, count=len(lacking))
    sent = sum(standing.row.sent for standing in members)
    title = words.say("ranking_title", cohort=cohort.name, sent=sent, size=len(members), lead=lead)
    levels = block.result.questionnaire.levels

    def draw() -> Figure:
        return _draw(data, words, title, ranked, levels)

    alternative = words.say(
        "ranking_alternative", title=title, lowest=ranked[-1].row.name, rate=percent(ranked[-1].published)
    )
    return Chart(name, title, alternative, table, *pictures(draw, title, formats))


def _lead(words: Words, ranked: Sequence[Standing]) -> str:
    first = [standing for standing in ranked if standing.rank == 1]
    rate = percent(first[0].published)
    if len(first) == 1:
        return words.say("lead_one", name=first[0].row.name, rate=rate)
    if len(first) == 2:
        return words.say("lead_two", first=first[0].row.name, second=first[1].row.name, rate=rate)
    return words.say("lead_many", count=len(first), rate=rate)


def _table(words: Words, listed: Sequence[Standing], decimals: int | None) -> DataTable:
    columns = tuple(words.say(f"column_{name}") for name in ("rank", "agency", "points", "maximum", "rate", "level"))
    rows = tuple(
        (
            "" if standing.rank is None else str(standing.rank),
            standing.row.name,
            "" if standing.total is None else format_points(standing.total, decimals),
            format_number(standing.maximum),
            percent(standing.published),
            standing.level_name(words.language),
        )
        for standing in listed
    )
    return DataTable(columns, (True, False, True, True, True, False), rows)


def _draw(data: RoundData, words: Words, title: str, ranked: Sequence[Standing], levels: tuple[Level, ...]) -> Figure:
    beginning = shared_beginning([standing.row.name for standing in ranked])
    columns = [ranked[start : start + ROWS] for start in range(0, len(ranked), ROWS)]
    high = max(len(column) for column in columns) * ROW
    wide = max(len(columns) * (NAME + BARS + 0.95) + 0.2, 9.0)
    bars = (wide - 0.2) / len(columns) - NAME - 0.95
    figure = new_figure(wide, high + 2.0 + (0.3 if len(title) > wide * 8.2 else 0))
    top, _ = write_frame(figure, title, words.subtitle("ranking_subtitle", beginning), words.source(data))
    top = write_legend(figure, top, level_entries(levels, words.language))
    height = figure.get_size_inches()[1]
    for number, column in enumerate(columns):
        left = 0.15 + number * (NAME + bars + 0.95)
        axes = bare_axes(figure, left, top * height - high - 0.25, NAME + bars + 0.85, high + 0.25)
        _draw_column(axes, column, levels, bars, high, beginning)
    return figure


def _draw_column(
    axes: Axes, column: Sequence[Standing], levels: tuple[Level, ...], bars: float, high: float, beginning: str
) -> None:
    """One column of bars, in inches from its lower left corner."""
    axes.set_xlim(0, NAME + bars + 0.85)
    axes.set_ylim(0, high + 0.25)
    top = high
    bottom = high - len(column) * ROW
    cuts = [float(level.limit) for level in levels if level.limit is not None]
    for cut in (0.0, *cuts, 1.0):
        x = NAME + cut * bars
        axes.plot([x, x], [bottom, top], color=RULE, linewidth=0.7, zorder=0)
        axes.text(x, top + 0.06, format_percent(cut, 0), size=7.5, color=GREY, ha="center")
    for place, standing in enumerate(column):
        y = top - (place + 1) * ROW
        middle = y + ROW / 2
        rate = standing.published or 0.0
        colour, _ = shade(place_of(rate, levels), len(levels))
        axes.text(0.3, middle, str(standing.rank), size=8, color=GREY, ha="right", va="center")
        write_name(axes, 0.4, middle, without_beginning(standing.row.name, beginning), 38)
        box(axes, NAME, y + ROW * 0.14, rate * bars, ROW * 0.72, colour, EDGE)
        axes.text(NAME + rate * bars + 0.06, middle, format_percent(rate), size=8, color=INK, va="center")
