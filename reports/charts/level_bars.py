"""Levels: how many of those who have sent stand at each level, cohort by cohort."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports.charts.canvas import (
    EDGE,
    GREY,
    NOT_APPLICABLE,
    bare_axes,
    box,
    level_entries,
    new_figure,
    pictures,
    shade,
    write_frame,
    write_legend,
    write_name,
)
from reports.charts.chart import FORMATS, Chart, DataTable, Format, Words
from reports.data import RoundData
from reports.standing import Block, blocks
from survey.core.questionnaire import Level
from survey.core.text import say

ROW = 0.46
NAME, BARS, COUNT = 3.6, 5.2, 1.2

Line = tuple[str, list[int], int]  # cohort, how many at each level and lacking, how many in all


def level_bars(data: RoundData, language: str = "vi", formats: Sequence[Format] = FORMATS) -> Chart:
    """The distribution of levels by self points in every cohort."""
    words = Words(language)
    levels = _levels(blocks(data))
    lines = _lines(data, levels)
    table = _table(words, levels, lines)
    sent = sum(sum(counts) for _, counts, _ in lines)
    if not sent or not levels:
        title = words.say("nobody_at_all", size=data.listed)
        return Chart("levels", title, title, table, empty=True)
    upper = sum(counts[place] for _, counts, _ in lines for place in range(min(2, len(levels) - 1)))
    least = levels[min(1, max(len(levels) - 2, 0))].name.in_language(language)
    title = words.say("levels_title", count=upper, sent=sent, level=least)

    def draw() -> Figure:
        return _draw(data, words, title, levels, lines)

    alternative = words.say("levels_alternative", title=title, cohorts=len(lines))
    return Chart("levels", title, alternative, table, *pictures(draw, title, formats))


def _draw(data: RoundData, words: Words, title: str, levels: tuple[Level, ...], lines: Sequence[Line]) -> Figure:
    figure = new_figure(NAME + BARS + COUNT + 0.3, len(lines) * ROW + 1.85)
    top, _ = write_frame(figure, title, words.say("levels_subtitle"), words.source(data))
    entries = level_entries(levels, words.language)
    if _some_lack(lines):
        entries.append((NOT_APPLICABLE, say("words.too_few", words.language)))
    top = write_legend(figure, top, entries)
    height = figure.get_size_inches()[1]
    high = len(lines) * ROW
    axes = bare_axes(figure, 0.15, top * height - high - 0.05, NAME + BARS + COUNT, high)
    axes.set_xlim(0, NAME + BARS + COUNT)
    axes.set_ylim(0, high)
    for place, line in enumerate(lines):
        _draw_line(axes, high - (place + 1) * ROW, *line, words)
    return figure


def _levels(parts: Sequence[Block]) -> tuple[Level, ...]:
    """The levels of the first questionnaire that has any; others are counted by name."""
    return next((block.result.questionnaire.levels for block in parts if block.result.questionnaire.levels), ())


def _lines(data: RoundData, levels: tuple[Level, ...]) -> list[Line]:
    names = [level.name for level in levels]
    lines = []
    for block in blocks(data):
        for cohort, members in block.by_cohort.items():
            reached = [standing.level.name for standing in members if standing.level is not None]
            lacking = sum(standing.row.sent and standing.lacks for standing in members)
            lines.append((cohort.name, [*(reached.count(name) for name in names), lacking], len(members)))
    return lines


def _some_lack(lines: Sequence[Line]) -> bool:
    return any(counts[-1] for _, counts, _ in lines)


def _table(words: Words, levels: tuple[Level, ...], lines: Sequence[Line]) -> DataTable:
    names = [level.name.in_language(words.language) for level in levels]
    if _some_lack(lines):
        names.append(say("words.too_few", words.language))
    columns = (words.say("column_cohort"), *names, words.say("column_sent"), words.say("column_size"))
    rows = tuple(
        (name, *map(str, counts[: len(names)]), str(sum(counts)), str(size)) for name, counts, size in lines
    )  # fmt: skip
    return DataTable(columns, (False, *(True for _ in names), True, True), rows)


def _draw_line(axes: Axes, y: float, name: str, counts: list[int], size: int, words: Words) -> None:
    middle = y + ROW / 2
    sent = sum(counts)
    write_name(axes, 0, middle, name, 46)
    axes.text(NAME + BARS + 0.1, middle, words.say("sent_of", sent=sent, size=size), size=8.5, color=GREY, va="center")
    if not sent:
        axes.text(NAME + 0.05, middle, words.say("none_sent"), size=8.5, color=GREY, va="center", style="italic")
        return
    x = NAME
    for place, count in enumerate(counts):
        wide = BARS * count / sent
        if not count:
            continue
        levels = len(counts) - 1
        colour, ink = shade(place, levels) if place < levels else (NOT_APPLICABLE, GREY)
        box(axes, x, y + ROW * 0.16, wide, ROW * 0.68, colour, EDGE)
        if wide > 0.05 + 0.09 * len(str(count)):
            axes.text(x + wide / 2, middle, str(count), size=9, color=ink, ha="center", va="center")
        x += wide
