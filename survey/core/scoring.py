"""From answers to points, totals, rates and levels: the one scoring path, for one agency or three thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from survey.core.answers import Case
from survey.core.levels import level_index
from survey.core.questionnaire import Group, Level, Questionnaire
from survey.core.rounding import half_up, half_up_floats
from survey.core.rules.exact import State
from survey.core.rules.points import Columns, points

RATE_DECIMALS = 4  # of the published rate: 75,00 %

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """Results of n agencies on m scored indicators of one questionnaire; rows follow `agencies`."""

    agencies: tuple[str, ...]
    codes: tuple[str, ...]  # of the scored indicators, in file order
    maxima: Floats  # of the scored indicators, m
    points: Floats  # n × m, rounded; 0 unless scored
    states: NDArray[np.int8]  # n × m, State
    group_points: Mapping[str, Floats]  # by group code at every depth, n each
    group_maximum: Mapping[str, Floats]  # points of the indicators that apply, n each
    total: Floats
    maximum: Floats  # of the indicators that apply
    rate: Floats  # total / maximum; nan where the maximum is 0
    rate_published: Floats  # half-up to 4 decimals
    level: tuple[Level | None, ...]  # of the published rate

    def count(self, state: State) -> NDArray[np.int64]:
        """How many indicators of each agency are in a state."""
        return np.asarray((self.states == state).sum(axis=1), dtype=np.int64)


def score(questionnaire: Questionnaire, cases: Sequence[Case]) -> Scores:
    """Score every case. Sums and the published rate are rounded half-up, exactly (design: points, published rate)."""
    columns = Columns(questionnaire, cases)
    scored = tuple(indicator for indicator in questionnaire.indicators if indicator.scored)
    earned = np.zeros((len(cases), len(scored)))
    states = np.zeros((len(cases), len(scored)), dtype=np.int8)
    for index, indicator in enumerate(scored):
        earned[:, index], states[:, index] = points(columns, indicator)
    codes = tuple(indicator.code for indicator in scored)
    maxima = np.array([float(indicator.maximum) for indicator in scored])
    applicable = (states != State.NOT_APPLICABLE) * maxima
    place = {code: index for index, code in enumerate(codes)}
    group_points, group_maximum = {}, {}
    for group in questionnaire.all_groups:
        members = _places(group, place)
        group_points[group.code] = _sum(earned[:, members], questionnaire.decimals)
        group_maximum[group.code] = applicable[:, members].sum(axis=1)
    total = _sum(earned, questionnaire.decimals)
    maximum = applicable.sum(axis=1)
    rate = np.divide(total, maximum, out=np.full(len(cases), np.nan), where=maximum > 0)
    published = _published(total, maximum, rate)
    levels = tuple(questionnaire.levels[i] if i >= 0 else None for i in level_index(questionnaire.levels, published))
    agencies = tuple(case.agency for case in cases)
    return Scores(
        agencies, codes, maxima, earned, states, group_points, group_maximum, total, maximum, rate, published, levels
    )


def _places(group: Group, place: Mapping[str, int]) -> list[int]:
    return [place[indicator.code] for indicator in group.all_indicators() if indicator.code in place]


def _sum(columns: Floats, decimals: int | None) -> Floats:
    """Row sums of figures that are already rounded: float64 errors lie far inside the guard."""
    return half_up_floats(columns.sum(axis=1), decimals)


def _published(total: Floats, maximum: Floats, rate: Floats) -> Floats:
    """Half-up to 4 decimals; rows near a tie are rounded from the figures as written in decimals."""
    scale = 10**RATE_DECIMALS
    known = ~np.isnan(rate)
    scaled = np.nan_to_num(rate) * scale + 0.5
    published = np.where(known, np.floor(scaled) / scale, np.nan)
    for row in np.flatnonzero(known & (np.abs(scaled - np.rint(scaled)) < 1e-6)):
        exact = Fraction(repr(float(total[row]))) / Fraction(repr(float(maximum[row])))
        published[row] = float(half_up(exact, RATE_DECIMALS))
    return published


def missing_points(scores: Scores, row: int) -> float:
    """Maximum points of one agency's missing indicators: what filling them in can bring at most."""
    return float(scores.maxima @ (scores.states[row] == State.MISSING))


def interval(scores: Scores, row: int) -> tuple[float, float]:
    """[missing = 0, missing = full] of one agency's rate; nan where its maximum is 0."""
    if scores.maximum[row] <= 0:
        return (float("nan"), float("nan"))
    highest = (scores.total[row] + missing_points(scores, row)) / scores.maximum[row]
    return float(scores.rate[row]), float(highest)
