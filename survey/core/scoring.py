"""From answers to points, totals, rates and levels: the one scoring path, for one agency or three thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import nan

import numpy as np
from numpy.typing import NDArray

from survey.core.answers import Case
from survey.core.levels import level_index
from survey.core.modifiers import Counts
from survey.core.questionnaire import RATE, Group, Indicator, Level, Questionnaire
from survey.core.rounding import half_up
from survey.core.rules.columns import Columns
from survey.core.rules.exact import Exact, points_of
from survey.core.rules.outcomes import Outcome, State, Why
from survey.core.rules.peers import NOBODY, Peers, peers_of
from survey.core.rules.totals import Result
from survey.core.transfers import Peer

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
    total: Floats
    maximum: Floats  # of what applies
    whole_state: States
    rate: Floats  # the share of the whole; nan where nothing applies
    rate_published: Floats  # half-up to 4 decimals
    level: tuple[Level | None, ...]  # of the published rate
    breaks: Floats  # n × k, shares of the questionnaire's tie_breaks; nan where one does not apply

    def count(self, state: State) -> NDArray[np.int64]:
        """How many indicators of each agency are in a state."""
        return np.asarray((self.states == state).sum(axis=1), dtype=np.int64)

    def points_in(self, group: Group, row: int) -> float | None:
        """Points of one agency in a group; None where it holds scored indicators and none of them applies."""
        is_scored = any(indicator.scored for indicator in group.all_indicators())
        if is_scored and self.group_state[group.code][row] == State.NOT_APPLICABLE:
            return None
        return float(self.group_points[group.code][row])

    def share_in(self, group: Group, row: int) -> float | None:
        """Share of a group's applicable maximum that one agency earned; None where nothing in it applies."""
        share = float(self.group_share[group.code][row])
        return None if np.isnan(share) else share


def score(
    questionnaire: Questionnaire,
    cases: Sequence[Case],
    *,
    peers: Peers | None = None,
    among: Sequence[bool] | None = None,
) -> Scores:
    """Score every case. Sums and the published rate are rounded half-up, exactly (design: points, published rate).

    Bodies are held against `peers`; where none are given, against the cases themselves, those that `among` names.
    """
    if peers is None:
        peers = peers_of(questionnaire, cases, among)
    return scores_of(questionnaire, [Exact(questionnaire, case, peers) for case in cases])


def score_columns(columns: Columns, peers: Peers = NOBODY) -> Scores:
    """Score agencies whose answers are already in columns."""
    return score(columns.questionnaire, columns.cases, peers=peers)


def scores_of(questionnaire: Questionnaire, bodies: Sequence[Exact]) -> Scores:
    """The scores of bodies that are read exactly."""
    scored = [indicator for indicator in questionnaire.indicators if indicator.scored]
    outcomes = [[body.outcome(indicator) for indicator in scored] for body in bodies]
    results = {group.code: [body.result(group) for body in bodies] for group in questionnaire.all_groups}
    whole = [body.result(questionnaire.whole) for body in bodies]
    shape = (len(bodies), len(scored))
    published = np.array([_float(published_rate(one)) for one in whole], np.float64)
    rate = np.array([_float(one.share) for one in whole], np.float64)
    return Scores(
        agencies=tuple(body.case.agency for body in bodies),
        codes=tuple(indicator.code for indicator in scored),
        maxima=np.array([float(indicator.maximum) for indicator in scored], np.float64),
        counted=np.array([float(indicator.counted) for indicator in scored], np.float64),
        points=np.array([[float(one.points) for one in row] for row in outcomes], np.float64).reshape(shape),
        states=np.array([[one.state for one in row] for row in outcomes], np.int8).reshape(shape),
        group_points={code: np.array([float(one.points) for one in rows]) for code, rows in results.items()},
        group_maximum={code: np.array([float(one.maximum) for one in rows]) for code, rows in results.items()},
        group_share={code: np.array([_float(one.share) for one in rows]) for code, rows in results.items()},
        group_state={code: np.array([one.state for one in rows], np.int8) for code, rows in results.items()},
        total=np.array([float(one.points) for one in whole], np.float64),
        maximum=np.array([float(one.maximum) for one in whole], np.float64),
        whole_state=np.array([one.state for one in whole], np.int8),
        rate=rate,
        rate_published=published,
        level=_levels(questionnaire, published, _held(questionnaire, bodies)),
        breaks=_breaks(questionnaire, bodies, rate),
    )


def published_rate(whole: Result) -> Fraction | None:
    """The share of the whole, half-up to 4 decimals; None where nothing applies."""
    return None if whole.share is None else half_up(whole.share, RATE_DECIMALS)


def _float(value: Fraction | None) -> float:
    return nan if value is None else float(value)


def _held(questionnaire: Questionnaire, bodies: Sequence[Exact]) -> list[Flags | None]:
    return [
        np.array([all(body.holds(gate) for gate in level.gates) for body in bodies], dtype=bool)
        if level.gates
        else None
        for level in questionnaire.levels
    ]


def _levels(questionnaire: Questionnaire, published: Floats, held: Sequence[Flags | None]) -> tuple[Level | None, ...]:
    levels = questionnaire.levels
    return tuple(levels[i] if i >= 0 else None for i in level_index(levels, published, held).tolist())


def _breaks(questionnaire: Questionnaire, bodies: Sequence[Exact], rate: Floats) -> Floats:
    columns = [
        rate if code == RATE else np.array([_float(body.share(code)) for body in bodies], np.float64)
        for code in questionnaire.tie_breaks
    ]
    return np.array(columns, np.float64).reshape(len(columns), len(bodies)).T


def missing_points(scores: Scores, row: int) -> float:
    """Maximum points of one agency's missing indicators: what filling them in can bring at most to a sum."""
    return round(float(scores.maxima @ (scores.states[row] == State.MISSING)), 9)


class _Filled(Exact):
    """One agency with what is missing taken as earned in full, or as nothing at all."""

    def __init__(self, questionnaire: Questionnaire, case: Case, peers: Peers, *, best: bool) -> None:
        super().__init__(questionnaire, case, peers)
        self.best = best

    def _settle(self, indicator: Indicator) -> Outcome:
        settled = super()._settle(indicator)
        if settled.state is not State.MISSING or not indicator.scored:
            return settled
        full = self.best is not (indicator.counts is Counts.PENALTY)
        share = most(indicator) if full else Fraction(0)
        return Outcome(State.SCORED, Why.ANSWERED, points_of(indicator, share), share)


def most(indicator: Indicator) -> Fraction:
    """The largest share that an indicator can earn."""
    score = indicator.score
    return max(score.most, score.equal) if isinstance(score, Peer) else Fraction(1)


def interval(questionnaire: Questionnaire, case: Case, peers: Peers) -> tuple[float, float]:
    """[missing = 0, missing = full] of one agency's published rate, 4 decimals; nan where nothing applies.

    At the upper end gates on what is missing are open; a penalty not yet known counts in full at the lower end and
    not at all at the upper.
    """
    low, high = (
        published_rate(_Filled(questionnaire, case, peers, best=best).result(questionnaire.whole))
        for best in (False, True)
    )
    return _float(low), _float(high)
