"""Bands just reached: where one that earns more begins, and how near a value lies to it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from survey.core.answers import Case
from survey.core.questionnaire import Indicator
from survey.core.rules.measure import band_of
from survey.core.rules.reach import handles
from survey.core.transfers import Band, Bands

NEAR_EDGE = Fraction(1, 200)  # of a band's limit: as near to it counts as just reached


@dataclass(frozen=True, slots=True)
class Edge:
    """The band that a value has just reached, its limit, and the band beyond it, which earns less."""

    held: Band
    limit: Fraction
    worse: Band


def edge_at(indicator: Indicator, score: Bands, case: Case, x: Fraction) -> Edge | None:
    """The edge that a value lies at: within one unit of what can be counted, or within half a per cent."""
    held = band_of(score, x)
    near = _below(score, held)
    if near is None:
        return None
    limit, worse = near
    found = handles(indicator, case)
    unit = found[0].part * found[0].unit / found[0].whole if found else Fraction(0)
    return Edge(held, limit, worse) if abs(x - limit) <= max(abs(limit) * NEAR_EDGE, unit) else None


def _below(score: Bands, held: Band) -> tuple[Fraction, Band] | None:
    """Where a band that earns more begins: its limit, and the band beyond it."""
    place = next(index for index, band in enumerate(score.bands) if band is held)
    if held.limit is not None and place + 1 < len(score.bands) and score.bands[place + 1].share < held.share:
        return held.limit, score.bands[place + 1]
    if place and score.bands[place - 1].share < held.share:
        limit = score.bands[place - 1].limit
        return None if limit is None else (limit, score.bands[place - 1])
    return None
