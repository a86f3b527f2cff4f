"""Scores of many agencies: plain arrays, rows in the order of the agencies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from survey.core.questionnaire import Group, Indicator, Level, Questionnaire
from survey.core.rules.outcomes import State
from survey.core.rules.totals import coverage

RATE_DECIMALS = 4  # of the published rate: 75,00 %

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
States = NDArray[np.int8]


@dataclass(frozen=True)
class Scores:
    """Results of n agencies on m scored indicators of one questionnaire; rows follow `agencies`."""

    agencies: tuple[str, ...]
    codes: tuple[str, ...]  # of the scored indicators, in file order
    maxima: Floats  # of the scored indicators, m
    counted: Floats  # what they add to the maximum of the sums, 0 for bonus and penalty, m
    points: Floats  # n × m, rounded; 0 unless scored, below 0 for a penalty
    states: States  # n × m, State
    group_points: Mapping[str, Floats]  # by group code at every depth, n each
    group_maximum: Mapping[str, Floats]  # points of what applies, n each
    group_share: Mapping[str, Floats]  # not rounded; nan where nothing applies or all counts outside the maximum
    group_state: Mapping[str, States]
    total: Floats  # nan where too little is known to tell it: see `lacks`
    maximum: Floats  # of what applies
    whole_state: States
    rate: Floats  # the share of the whole; nan where nothing applies or too little is known
    rate_published: Floats  # half-up to 4 decimals
    level: tuple[Level | None, ...]  # of the published rate
    breaks: Floats  # n × k, shares of the questionnaire's tie_breaks; nan where one does not apply

    def count(self, state: State) -> NDArray[np.int64]:
        """How many indicators of each agency are in a state."""
        return np.asarray((self.states == state).sum(axis=1), dtype=np.int64)

    def lacks(self, row: int) -> bool:
        """Whether too little is known of one agency: no total, no rate, no level, no rank."""
        return bool(np.isnan(self.total[row]))

    def total_of(self, row: int) -> float | None:
        """The points of one agency; None where too little is known."""
        return None if self.lacks(row) else float(self.total[row])

    def coverage(self, whole: Group, row: int) -> Fraction | None:
        """How much of the weight that applies to one agency is not missing; None where nothing applies."""
        return coverage((part.weight, State(int(self._states_of(part)[row]))) for part in whole.parts)

    def _states_of(self, part: Group | Indicator) -> States:
        if isinstance(part, Indicator):
            return self.states[:, self.codes.index(part.code)]
        return self.group_state[part.code]

    def points_in(self, group: Group, row: int) -> float | None:
        """Points of one agency in a group; None where it holds scored indicators and none of them applies."""
        is_scored = any(indicator.scored for indicator in group.all_indicators())
        if is_scored and self.group_state[group.code][row] == State.NOT_APPLICABLE:
            return None
        return float(self.group_points[group.code][row])

    def left_out(self, questionnaire: Questionnaire, group: Group, row: int) -> bool:
        """Whether a group of one agency is missing and the mean above leaves it out: it counts nothing, not 0."""
        return bool(self.group_state[group.code][row] == State.MISSING) and questionnaire.above[group.code].leaves_out

    def share_in(self, group: Group, row: int) -> float | None:
        """Share of a group's applicable maximum that one agency earned; None where nothing in it applies."""
        share = float(self.group_share[group.code][row])
        return None if np.isnan(share) else share
