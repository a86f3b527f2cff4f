"""All charts of a round: levels over all cohorts, then the ranking and the heat map of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from reports.charts.chart import FORMATS, Chart, Format
from reports.charts.heat_map import heat_map
from reports.charts.level_bars import level_bars
from reports.charts.ranked_bars import ranked_bars
from reports.data import RoundData
from reports.standing import blocks

Maker = Callable[[Sequence[Format]], Chart]


def round_charts(data: RoundData, language: str = "vi", formats: Sequence[Format] = FORMATS) -> Iterator[Chart]:
    """Every chart of the round, one drawn at a time."""
    yield level_bars(data, language, formats)
    for cohort in dict.fromkeys(one.code for result in data.results for one in result.cohorts):
        yield from cohort_charts(data, cohort, language, formats)


def cohort_charts(
    data: RoundData, cohort: str, language: str = "vi", formats: Sequence[Format] = FORMATS
) -> Iterator[Chart]:
    """Ranking and heat map of one cohort by its code, for each questionnaire it uses; none for an unknown code."""
    for make in _makers(data, cohort, language):
        yield make(formats)


def draw_one(data: RoundData, cohort: str, name: str, kind: Format, language: str = "vi") -> Chart | None:
    """One chart by its name, drawn in one format; None where there is no such chart."""
    makers: list[Maker] = [*_makers(data, cohort, language), partial(level_bars, data, language)]
    for make in makers:
        if make(()).name == name:
            return make((kind,))
    return None


def _makers(data: RoundData, cohort: str, language: str) -> Iterator[Maker]:
    for block in blocks(data):
        for one in block.result.cohorts:
            if one.code == cohort:
                yield partial(ranked_bars, data, block, one, language)
                yield partial(heat_map, data, block, one, language)
