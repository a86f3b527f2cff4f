"""Heat map: agency × main group, each cell coloured by its level and carrying its number, so that it survives print."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports.charts.canvas import (
    GREY,
    INK,
    NOT_APPLICABLE,
    bare_axes,
    box,
    clip,
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
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Group, Level
from survey.core.rules.formula import NOT_APPLICABLE as KAD

ROWS = 42
ROW = 0.25
NAME, CELL, HEAD = 3.0, 0.72, 0.52

Shares = dict[str, float | str]  # by group code: share of what applies; a word where there is none
LEFT_OUT = "–"  # too little is known of it, and the mean above leaves it out


def heat_map(
    data: RoundData, block: Block, cohort: Cohort, language: str = "vi", formats: Sequence[Format] = FORMATS
) -> Chart:
    """Strong and weak main groups of everyone in a cohort who has sent, in rank order."""
    words = Words(language)
    members = block.by_cohort[cohort]
    ranked = [standing for standing in members if standing.rank is not None]
    groups = block.result.questionnaire.groups
    shares = [group_shares(block, standing) for standing in ranked]
    name = f"groups-{block.result.questionnaire.id}-{cohort.code}"
    table = _table(words, groups, ranked, shares)
    means = [(group, _mean([row[group.code] for row in shares])) for group in groups]
    known = [(group, mean) for group, mean in means if mean is not None]
    if not known:
        title = nobody(words, cohort, members)
        return Chart(name, title, title, table, empty=True)
    title = _title(words, cohort, known)

    def draw() -> Figure:
        return _draw(data, words, title, groups, ranked, shares, block.result.questionnaire.levels)

    alternative = words.say("groups_alternative", title=title, sent=len(ranked), groups=len(groups))
    return Chart(name, title, alternative, table, *pictures(draw, title, formats))


def group_shares(block: Block, standing: Standing) -> Shares:
    """Share of each main group's applicable maximum that one agency earned."""
    return {group.code: _share(block, group, standing.index) for group in block.result.questionnaire.groups}


def _share(block: Block, group: Group, index: int) -> float | str:
    result = block.result
    if result.scores.left_out(result.questionnaire, group, index):
        return LEFT_OUT
    share = result.scores.share_in(group, index)
    return KAD if share is None else share


def _mean(values: Sequence[float | str]) -> float | None:
    known = [value for value in values if isinstance(value, float)]
    return sum(known) / len(known) if known else None


def _title(words: Words, cohort: Cohort, means: Sequence[tuple[Group, float]]) -> str:
    high, most = max(means, key=lambda pair: pair[1])
    low, least = min(means, key=lambda pair: pair[1])
    if most == least:
        return words.say("groups_title_even", cohort=cohort.name, mean=_whole(most))
    return words.say(
        "groups_title", cohort=cohort.name, high=high.short.in_language(words.language), most=_whole(most),
        low=low.short.in_language(words.language), least=_whole(least),
    )  # fmt: skip


def _whole(share: float | str) -> str:
    return share if isinstance(share, str) else format_number(share * 100, 0)


def _table(words: Words, groups: Sequence[Group], ranked: Sequence[Standing], shares: Sequence[Shares]) -> DataTable:
    names = [group.short.in_language(words.language) for group in groups]
    columns = (words.say("column_rank"), words.say("column_agency"), *names, words.say("column_rate"))
    rows = tuple(
        (str(s.rank), s.row.name, *(_whole(row[group.code]) for group in groups), percent(s.published))
        for s, row in zip(ranked, shares, strict=True)
    )
    return DataTable(columns, (True, False, *(True for _ in groups), True), rows)


def _draw(
    data: RoundData,
    words: Words,
    title: str,
    groups: Sequence[Group],
    ranked: Sequence[Standing],
    shares: Sequence[Shares],
    levels: tuple[Level, ...],
) -> Figure:
    beginning = shared_beginning([standing.row.name for standing in ranked])
    lines = list(zip(ranked, shares, strict=True))
    columns = [lines[start : start + ROWS] for start in range(0, len(lines), ROWS)]
    one = NAME + CELL * len(groups) + 0.75
    wide = max(len(columns) * (one + 0.15) + 0.2, 9.0)
    high = max(len(column) for column in columns) * ROW + HEAD
    figure = new_figure(wide, high + 1.75 + (0.3 if len(title) > wide * 8.2 else 0))
    top, _ = write_frame(figure, title, words.subtitle("groups_subtitle", beginning), words.source(data))
    entries = [*level_entries(levels, words.language), (NOT_APPLICABLE, words.say("kad"))]
    if any(LEFT_OUT in row.values() for row in shares):
        entries.append((NOT_APPLICABLE, f"{LEFT_OUT}: {words.say('left_out')}"))
    top = write_legend(figure, top, entries)
    height = figure.get_size_inches()[1]
    for number, column in enumerate(columns):
        axes = bare_axes(figure, 0.15 + number * (one + 0.15), top * height - high, one, high)
        axes.set_xlim(0, one)
        axes.set_ylim(0, high)
        _draw_head(axes, groups, words, high)
        for place, (standing, row) in enumerate(column):
            name = without_beginning(standing.row.name, beginning)
            _draw_row(axes, high - HEAD - (place + 1) * ROW, standing, name, [row[g.code] for g in groups], levels)
    return figure


def _draw_head(axes: Axes, groups: Sequence[Group], words: Words, high: float) -> None:
    for place, group in enumerate(groups):
        name = group.short.in_language(words.language)
        axes.text(NAME + (place + 0.5) * CELL, high - HEAD + 0.06, _two_lines(name), size=7.5, color=GREY, ha="center",
                  va="bottom", linespacing=1.15)  # fmt: skip
    axes.text(NAME + len(groups) * CELL + 0.7, high - HEAD + 0.06, words.say("column_rate"), size=7.5, color=GREY,
              ha="right", va="bottom")  # fmt: skip


def _two_lines(name: str) -> str:
    words = name.split()
    if len(name) <= 9 or len(words) < 2:
        return clip(name, 12)
    best = min(range(1, len(words)), key=lambda i: max(len(" ".join(words[:i])), len(" ".join(words[i:]))))
    return f"{clip(' '.join(words[:best]), 12)}\n{clip(' '.join(words[best:]), 12)}"


def _draw_row(
    axes: Axes, y: float, standing: Standing, name: str, shares: Sequence[float | str], levels: tuple[Level, ...]
) -> None:
    middle = y + ROW / 2
    axes.text(0.3, middle, str(standing.rank), size=8, color=GREY, ha="right", va="center")
    write_name(axes, 0.4, middle, name, 38)
    for place, share in enumerate(shares):
        colour, ink = NOT_APPLICABLE, GREY
        if isinstance(share, float):
            colour, ink = shade(place_of(share, levels), len(levels))
        box(axes, NAME + place * CELL, y, CELL, ROW, colour)
        axes.text(NAME + (place + 0.5) * CELL, middle, _whole(share), size=8, color=ink, ha="center", va="center")
    rate = percent(standing.published)
    axes.text(NAME + len(shares) * CELL + 0.7, middle, rate, size=8, color=INK, ha="right", va="center")
