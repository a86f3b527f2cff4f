"""What another instance said of one body in a package: its state and points, and its figures where those were sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from math import isnan, nan

import numpy as np

from survey.core.answers import Case
from survey.core.levels import level_index
from survey.core.modifiers import Condition, Counts
from survey.core.questionnaire import RATE, Group, Indicator, Level, Questionnaire
from survey.core.rules.outcomes import LEAVES_MAXIMUM, State
from survey.core.rules.totals import coverage
from survey.core.scoring import Scores
from survey.core.workflow import SubmissionState


@dataclass(frozen=True, slots=True)
class ForeignBody:
    """One body as another instance told of it."""

    source: str  # name of that instance
    made_at: datetime  # figures are as of then
    state: SubmissionState
    sent_at: datetime | None
    total: float | None  # None where too little is known
    maximum: float
    rate: float | None  # published; None where nothing applies or too little is known
    groups: Mapping[str, tuple[float, float]]  # points and applicable maximum by group code
    indicators: Mapping[str, float | str | None]  # points; None: missing; NOT_APPLICABLE, HIDDEN, PENDING
    case: Case | None = None  # its figures, where they were sent and mean the same here

    @property
    def lacks(self) -> bool:
        """Whether too little is known of it to tell points and rate."""
        return self.total is None


NOT_APPLICABLE, HIDDEN, PENDING = "KAD", "hidden", "pending"
_SAID = {State.MISSING: None, State.NOT_APPLICABLE: NOT_APPLICABLE, State.HIDDEN: HIDDEN, State.PENDING: PENDING}
_UNKNOWN = (State.MISSING, *LEAVES_MAXIMUM)
_STATES = {word: state for state, word in _SAID.items()}


def given_points(questionnaire: Questionnaire, scores: Scores, told: Sequence[ForeignBody | None]) -> Scores:
    """The scores with the rows of those whose points came without figures as they were told."""
    rows = [(index, body) for index, body in enumerate(told) if body is not None and body.case is None]
    if not rows:
        return scores
    points, states, breaks = scores.points.copy(), scores.states.copy(), scores.breaks.copy()
    group_points = {code: values.copy() for code, values in scores.group_points.items()}
    group_maximum = {code: values.copy() for code, values in scores.group_maximum.items()}
    group_share = {code: values.copy() for code, values in scores.group_share.items()}
    group_state = {code: values.copy() for code, values in scores.group_state.items()}
    total, maximum = scores.total.copy(), scores.maximum.copy()
    rate, published = scores.rate.copy(), scores.rate_published.copy()
    whole_state, level = scores.whole_state.copy(), list(scores.level)
    for index, body in rows:
        read = _Told(questionnaire, body)
        for place, code in enumerate(scores.codes):
            value = body.indicators.get(code)
            points[index, place] = value if isinstance(value, float) else 0.0
            states[index, place] = _state(value)
        for code in group_state:
            group_points[code][index], group_maximum[code][index] = body.groups.get(code, (0.0, 0.0))
            group_share[code][index] = _float(read.share(code))
            group_state[code][index] = read.group_state(code)
        total[index], maximum[index] = nan if body.total is None else body.total, body.maximum
        published[index] = nan if body.rate is None else body.rate
        rate[index] = nan if body.total is None else _float(read.quotient(body.total, body.maximum))
        whole_state[index] = read.whole_state
        breaks[index] = [rate[index] if code == RATE else _float(read.share(code)) for code in questionnaire.tie_breaks]
        level[index] = read.level(float(published[index]))
    return replace(
        scores, points=points, states=states, group_state=group_state, whole_state=whole_state, breaks=breaks,
        group_points=group_points, group_maximum=group_maximum, group_share=group_share,
        total=total, maximum=maximum, rate=rate, rate_published=published, level=tuple(level),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    """One body as far as its told points let it be read: shares from points, and no closer than these."""

    questionnaire: Questionnaire
    body: ForeignBody

    def quotient(self, points: float, maximum: float) -> Fraction | None:
        """A share; None where nothing applies."""
        return Fraction(repr(points)) / Fraction(repr(maximum)) if maximum else None

    def share(self, code: str) -> Fraction | None:
        """The share of an indicator or a group; None where it leaves the maximum."""
        indicator = self.questionnaire.by_code.get(code)
        if indicator is None:
            return self.quotient(*self.body.groups.get(code, (0.0, 0.0)))
        value = self.body.indicators.get(code)
        if _state(value) in LEAVES_MAXIMUM or not indicator.scored:
            return None
        return abs(Fraction(repr(value))) / indicator.maximum if isinstance(value, float) else Fraction(0)

    def group_state(self, code: str) -> State:
        """What a group counts for."""
        group = self.questionnaire.group_of[code]
        points, maximum = self.body.groups.get(code, (0.0, 0.0)) if code else (self.body.total, self.body.maximum)
        if group.outside:
            return State.SCORED
        if not maximum:
            return State.NOT_APPLICABLE
        if group.is_sum:
            lacking = not points and all(self._part_state(part) in _UNKNOWN for part in group.parts if _counts(part))
        else:
            there = coverage((part.weight, self._part_state(part)) for part in group.parts)
            lacking = not there or (group.leaves_out and there < group.coverage)
        return State.MISSING if lacking else State.SCORED

    def _part_state(self, part: Group | Indicator) -> State:
        return self.group_state(part.code) if isinstance(part, Group) else _state(self.body.indicators.get(part.code))

    @property
    def whole_state(self) -> State:
        """What the whole counts for."""
        return State.MISSING if self.body.total is None else self.group_state("")

    def level(self, published: float) -> Level | None:
        """The level of its published rate whose gates hold."""
        levels = self.questionnaire.levels
        held = [np.array([all(self._holds(gate) for gate in level.gates)], dtype=bool) for level in levels]
        index = int(level_index(levels, np.array([published]), held)[0])
        return levels[index] if index >= 0 else None

    def _holds(self, gate: Condition) -> bool:
        share = self.share(gate.code)
        return share is None or gate.holds(share)


def _counts(part: Group | Indicator) -> bool:
    """Whether a part counts in the maximum of its group."""
    return not part.outside if isinstance(part, Group) else part.counts is Counts.POINTS


def _float(value: Fraction | None) -> float:
    return nan if value is None else float(value)


def _state(value: float | str | None) -> State:
    return State.SCORED if isinstance(value, float) else _STATES.get(value, State.MISSING)


def told_points(scores: Scores, row: int) -> dict[str, float | str | None]:
    """The points of one row as `ForeignBody.indicators` holds them."""
    states, points = scores.states[row].tolist(), scores.points[row].tolist()
    pairs = zip(scores.codes, states, points, strict=True)
    return {code: float(value) if state == State.SCORED else _SAID[State(state)] for code, state, value in pairs}


def told_groups(scores: Scores, row: int) -> dict[str, tuple[float, float]]:
    """Points and maximum of each group of one row."""
    return {
        code: (float(values[row]), float(scores.group_maximum[code][row]))
        for code, values in scores.group_points.items()
    }


def told_rate(scores: Scores, row: int) -> float | None:
    """The published rate of one row; None where nothing applies or too little is known."""
    rate = float(scores.rate_published[row])
    return None if isnan(rate) else rate
