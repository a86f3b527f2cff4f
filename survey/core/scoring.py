"""From answers to points, totals, rates and levels: the one scoring path, for one agency or three thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np
from numpy.typing import NDArray

from survey.core.answers import Case
from survey.core.levels import level_index
from survey.core.questionnaire import Group, Indicator, Level, Questionnaire
from survey.core.rounding import half_up, half_up_floats, is_near_half
from survey.core.rules.columns import Columns
from survey.core.rules.exact import State, outcome
from survey.core.rules.points import points

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

    def points_in(self, group: Group, row: int) -> float | None:
        """Points of one agency in a group; None where it holds scored indicators and none of them applies."""
        is_scored = any(indicator.scored for indicator in group.all_indicators())
        if is_scored and self.group_maximum[group.code][row] == 0:
            return None
        return float(self.group_points[group.code][row])

    def share_in(self, group: Group, row: int) -> float | None:
        """Share of a group's applicable maximum that one agency earned; None where nothing in it applies."""
        maximum = float(self.group_maximum[group.code][row])
        return float(self.group_points[group.code][row]) / maximum if maximum else None


def score(questionnaire: Questionnaire, cases: Sequence[Case]) -> Scores:
    """Score every case. Sums and the published rate are rounded half-up, exactly (design: points, published rate)."""
    return score_columns(Columns(questionnaire, cases))


def score_columns(columns: Columns) -> Scores:
    """Score agencies whose answers are already in columns."""
    questionnaire = columns.questionnaire
    sums = _Sums.of(columns)
    places = {indicator.code: index for index, indicator in enumerate(sums.indicators)}
    group_points, group_maximum = {}, {}
    for group in questionnaire.all_groups:
        members = _places(group, places)
        group_points[group.code] = sums.points(members)
        group_maximum[group.code] = sums.maximum(members)
    everything = list(places.values())
    total, maximum = sums.points(everything), sums.maximum(everything)
    rate = np.divide(total, maximum, out=np.full(columns.size, np.nan), where=maximum > 0)
    published = _published(sums, everything, total, rate)
    levels = questionnaire.levels
    return Scores(
        agencies=tuple(case.agency for case in columns.cases),
        codes=tuple(places),
        maxima=np.array([float(indicator.maximum) for indicator in sums.indicators], np.float64),
        points=sums.earned,
        states=sums.states,
        group_points=group_points,
        group_maximum=group_maximum,
        total=total,
        maximum=maximum,
        rate=rate,
        rate_published=published,
        level=tuple(levels[i] if i >= 0 else None for i in level_index(levels, published).tolist()),
    )


def _places(group: Group, places: Mapping[str, int]) -> list[int]:
    return [places[indicator.code] for indicator in group.all_indicators() if indicator.code in places]


@dataclass(frozen=True)
class _Sums:
    """Points of every agency and indicator, and sums over some indicators that no float64 error can shift."""

    columns: Columns
    indicators: tuple[Indicator, ...]  # the scored ones, m
    earned: Floats  # n × m
    states: NDArray[np.int8]  # n × m

    @classmethod
    def of(cls, columns: Columns) -> _Sums:
        """Score every indicator."""
        scored = tuple(indicator for indicator in columns.questionnaire.indicators if indicator.scored)
        shape = (len(scored), columns.size)
        earned, states = np.zeros(shape), np.zeros(shape, dtype=np.int8)
        for index, indicator in enumerate(scored):
            earned[index], states[index] = points(columns, indicator)
        return cls(columns, scored, earned.T, states.T)

    @cached_property
    def grid(self) -> int:
        """Every rounded point is a whole number of its parts: 100 for two decimals."""
        finest: int = max((i.decimals for i in self.indicators if i.decimals is not None), default=0)
        return int(10**finest)

    @cached_property
    def parts(self) -> Floats:
        """`earned` in whole parts of the grid, n × m; only approximate where an indicator is not rounded."""
        return np.asarray(np.rint(self.earned * self.grid), np.float64)

    def points(self, members: list[int]) -> Floats:
        """Points of some indicators, rounded half-up to the questionnaire's decimals; n."""
        decimals = self.columns.questionnaire.decimals
        if all(self.indicators[index].decimals is not None for index in members):
            parts = self.parts[:, members].sum(axis=1).astype(np.int64)  # whole numbers below 2**53: exact
            step = self.grid // 10**decimals if decimals is not None else 0
            if step > 1:
                return np.asarray((2 * parts + step) // (2 * step) / 10 ** (decimals or 0), np.float64)
            return np.asarray(parts / self.grid, np.float64)
        sums: Floats = self.earned[:, members].sum(axis=1)
        rounded = half_up_floats(sums, decimals)
        for row in np.flatnonzero(is_near_half(sums, decimals)).tolist():
            rounded[row] = float(half_up(self.exact_points(row, members), decimals))
        return rounded

    def exact_points(self, row: int, members: list[int]) -> Fraction:
        """Points of some indicators of one agency, not rounded."""
        return sum((self._one(row, index) for index in members), Fraction(0))

    def _one(self, row: int, index: int) -> Fraction:
        indicator = self.indicators[index]
        if indicator.decimals is not None:
            return Fraction(int(self.parts[row, index]), self.grid)
        return outcome(self.columns.questionnaire, indicator, self.columns.cases[row]).points

    def maximum(self, members: list[int]) -> Floats:
        """Points of those indicators that apply; n. Summed in whole parts, so that it is the nearest float64."""
        maxima = [self.indicators[index].maximum for index in members]
        parts = lcm(*(maximum.denominator for maximum in maxima))
        weights = np.array([float(maximum * parts) for maximum in maxima], np.float64)
        applies = self.states[:, members] != State.NOT_APPLICABLE
        return np.asarray(applies @ weights / parts, np.float64)

    def exact_maximum(self, row: int, members: list[int]) -> Fraction:
        """The same of one agency as a fraction."""
        applies = (index for index in members if self.states[row, index] != State.NOT_APPLICABLE)
        return sum((self.indicators[index].maximum for index in applies), Fraction(0))


def _published(sums: _Sums, members: list[int], total: Floats, rate: Floats) -> Floats:
    """Half-up to 4 decimals; rows near a tie are rounded from fractions."""
    rounded = sums.columns.questionnaire.decimals is not None
    known = ~np.isnan(rate)
    plain = np.where(known, rate, 0.0)
    published = np.where(known, half_up_floats(plain, RATE_DECIMALS), np.nan)
    for row in np.flatnonzero(known & is_near_half(plain, RATE_DECIMALS)).tolist():
        earned = Fraction(repr(float(total[row]))) if rounded else sums.exact_points(row, members)
        exact = earned / sums.exact_maximum(row, members)
        published[row] = float(half_up(exact, RATE_DECIMALS))
    return published


def missing_points(scores: Scores, row: int) -> float:
    """Maximum points of one agency's missing indicators: what filling them in can bring at most."""
    return round(float(scores.maxima @ (scores.states[row] == State.MISSING)), 9)


def interval(scores: Scores, row: int) -> tuple[float, float]:
    """[missing = 0, missing = full] of one agency's published rate, 4 decimals; nan where its maximum is 0."""
    if scores.maximum[row] <= 0:
        return (float("nan"), float("nan"))
    most = Fraction(repr(float(scores.total[row]))) + Fraction(repr(missing_points(scores, row)))
    highest = half_up(most / Fraction(repr(float(scores.maximum[row]))), RATE_DECIMALS)
    return float(scores.rate_published[row]), float(min(highest, Fraction(1)))
