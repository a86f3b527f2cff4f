"""What another instance said of one body in a package: its state and points, and its figures where those were sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isnan, nan

import numpy as np

from survey.core.answers import Case
from survey.core.levels import level_index
from survey.core.questionnaire import Questionnaire
from survey.core.rules.exact import State
from survey.core.scoring import Scores
from survey.core.workflow import SubmissionState


@dataclass(frozen=True, slots=True)
class ForeignBody:
    """One body as another instance told of it."""

    source: str  # name of that instance
    made_at: datetime  # figures are as of then
    state: SubmissionState
    sent_at: datetime | None
    total: float
    maximum: float
    rate: float | None  # published; None where nothing applies
    groups: Mapping[str, tuple[float, float]]  # points and applicable maximum by group code
    indicators: Mapping[str, float | str | None]  # points; None: missing; NOT_APPLICABLE, HIDDEN
    case: Case | None = None  # its figures, where they were sent and mean the same here


NOT_APPLICABLE, HIDDEN = "KAD", "hidden"
_SAID = {State.MISSING: None, State.NOT_APPLICABLE: NOT_APPLICABLE, State.HIDDEN: HIDDEN}
_STATES = {word: state for state, word in _SAID.items()}


def given_points(questionnaire: Questionnaire, scores: Scores, told: Sequence[ForeignBody | None]) -> Scores:
    """The scores with the rows of those whose points came without figures as they were told."""
    rows = [(index, body) for index, body in enumerate(told) if body is not None and body.case is None]
    if not rows:
        return scores
    points, states = scores.points.copy(), scores.states.copy()
    group_points = {code: values.copy() for code, values in scores.group_points.items()}
    group_maximum = {code: values.copy() for code, values in scores.group_maximum.items()}
    total, maximum, published = scores.total.copy(), scores.maximum.copy(), scores.rate_published.copy()
    for index, body in rows:
        total[index], maximum[index] = body.total, body.maximum
        published[index] = nan if body.rate is None else body.rate
        for place, code in enumerate(scores.codes):
            value = body.indicators.get(code)
            points[index, place] = value if isinstance(value, float) else 0.0
            states[index, place] = _state(value)
        for code in group_points:
            group_points[code][index], group_maximum[code][index] = body.groups.get(code, (0.0, 0.0))
    rate = np.divide(total, maximum, out=np.full(len(total), np.nan), where=maximum > 0)
    levels = questionnaire.levels
    level = tuple(levels[i] if i >= 0 else None for i in level_index(levels, published).tolist())
    return replace(
        scores, points=points, states=states, group_points=group_points, group_maximum=group_maximum,
        total=total, maximum=maximum, rate=rate, rate_published=published, level=level,
    )  # fmt: skip


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
    """The published rate of one row; None where nothing applies."""
    rate = float(scores.rate_published[row])
    return None if isnan(rate) else rate
