"""The values that a cohort gives its members to be held against: the lowest and the highest of each indicator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from survey.core.answers import Case
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.measure import measure, transfer, why_unasked
from survey.core.transfers import Linear, Peer, PeerMethod, Transfer


@dataclass(frozen=True, slots=True)
class Extent:
    """What the bodies of one cohort measured for one indicator."""

    low: Fraction
    high: Fraction
    count: int  # bodies with a value


Peers = Mapping[tuple[str, str], Extent]  # by indicator code and cohort
NOBODY: Peers = {}  # the others' figures are not known here: what is held against them is pending


def peers_of(questionnaire: Questionnaire, cases: Sequence[Case], among: Sequence[bool] | None = None) -> Peers:
    """The extents of every cohort; `among` tells whose values make them (None: everybody's)."""
    counted = [case for place, case in enumerate(cases) if among is None or among[place]]
    extents: dict[tuple[str, str], Extent] = {}
    for indicator in questionnaire.indicators:
        if not isinstance(indicator.score, Peer):
            continue
        values: dict[str, list[Fraction]] = {}
        for case in counted:
            value = measured(questionnaire, indicator, case)
            if value is not None:
                values.setdefault(case.cohort, []).append(value)
        for cohort, held in values.items():
            extents[indicator.code, cohort] = extent(held)
    return extents


def extent(values: Iterable[Fraction]) -> Extent:
    """The extent of at least one value. Raises ValueError for none."""
    held = tuple(values)
    return Extent(min(held), max(held), len(held))


def measured(questionnaire: Questionnaire, indicator: Indicator, case: Case) -> Fraction | None:
    """What one body measured; None where it is not asked or has no value."""
    if why_unasked(questionnaire, indicator, case) is not None:
        return None
    value = measure(indicator, case)
    return value if isinstance(value, Fraction) else None


def share_of(score: Transfer | None, x: Fraction, held: Extent | None) -> Fraction | None:
    """The share that a measured value earns; None where it is held against a cohort whose values are not known."""
    if not isinstance(score, Peer):
        return transfer(score, x)
    if held is None:
        return None
    scale = scale_of(score, held)
    return score.equal if scale is None else transfer(scale, x)


def scale_of(score: Peer, held: Extent) -> Linear | None:
    """The linear scale that a cohort sets; None where it leaves none (all the same, or all zero).

    minmax: (x − low) / (high − low), falling (high − x) / (high − low); max: x / high, falling (high + low − x) / high,
    so that the lowest earns all and the highest low / high.
    """
    low, high = held.low, held.high
    match score.method:
        case PeerMethod.MINMAX:
            start, end = (low, high) if score.rising else (high, low)
        case PeerMethod.MAX:
            start, end = (Fraction(0), high) if score.rising else (low + high, low)
    return None if start == end else Linear(start, end, score.least, score.most)
