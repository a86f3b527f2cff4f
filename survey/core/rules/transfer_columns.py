"""Linear scales and bands by column: whole numbers in whole numbers, others guarded, and where neither can tell."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from survey.core.questionnaire import Indicator
from survey.core.rounding import GUARD, half_up
from survey.core.rules.columns import Flags, Floats
from survey.core.rules.measure import whole_line
from survey.core.rules.measured_columns import EXACT, Measured
from survey.core.transfers import Bands, Linear
from survey.core.twofold import Twofold, between, constant

NEAR = 1e-12  # of a measured value: some hundred times what a mean of ratios can lose in float64
EPSILON = float(np.finfo(np.float64).eps)


def band_units(score: Bands, measured: Measured) -> tuple[NDArray[np.int64], Flags | None]:
    """(the band that each row reaches, where that is unsure). Limits are compared crosswise, a·d with n·b."""
    a, b = measured.a, measured.b
    places = np.full(a.shape, len(score.bands) - 1)  # less one for every limit that is reached: they fall
    unsure = None
    for place in reversed(range(len(score.bands) - 1)):
        band = score.bands[place]
        limit = band.limit or Fraction(0)
        left, right = a * limit.denominator, b * limit.numerator
        places -= left > right if band.exclusive else left >= right
        largest = max(measured.most_a * limit.denominator, measured.most_b * abs(limit.numerator))
        if measured.whole is None and largest < EXACT:
            continue
        near = np.abs(left - right) <= NEAR * np.maximum(np.abs(left), np.abs(right))
        exact = (np.abs(left) < EXACT) & (np.abs(right) < EXACT)  # such products of whole numbers are exact
        near &= ~(exact if measured.whole is None else exact & measured.whole)
        unsure = near if unsure is None else unsure | near
    return places, unsure


def line_of(indicator: Indicator, score: Linear) -> tuple[float, ...]:
    """p, q and r of `whole_line`, the parts of its points, the highest of those, and the maximum: as float64."""
    p, q, r = whole_line(indicator.maximum, score)
    grid = 10 ** (indicator.decimals or 0)
    highest = half_up(indicator.maximum, indicator.decimals) * grid
    return float(p), float(q), float(r), float(grid), float(highest), float(indicator.maximum)


def linear_units(line: tuple[float, ...], measured: Measured) -> tuple[Floats, Flags | None]:
    """(maximum · share(a/b) in whole parts of 10**decimals, where that is unsure).

    One quotient, (p·a − q·b) / (r·b): half-up is the floor of (2·grid·(p·a − q·b) + r·b) / (2·r·b), exact where every
    product of whole numbers stays below EXACT.
    """
    p, q, r, grid, highest, top = line
    a, b = measured.a, measured.b
    up, across, below = 2 * grid * p, r - 2 * grid * q, 2 * r
    with np.errstate(divide="ignore", invalid="ignore"):  # rows that measure nothing
        units = a * up
        rest = b * across
        units += rest
        units /= np.multiply(b, below, out=rest)
        np.floor(units, out=units)
    most = abs(up) * measured.most_a + (abs(2 * grid * q) + 3 * r) * measured.most_b
    if measured.whole is None and most < EXACT:
        return np.clip(units, 0.0, highest, out=units), None
    a, b = _harmless(measured)
    size, down = np.abs(a) * abs(p) + b * abs(q), b * r
    raw = np.clip((a * p - b * q) / down, 0.0, top) * grid + 0.5
    blur = 4 * EPSILON * (size / down + top) * grid  # of raw, in units of its last decimal
    unsure = (np.abs(raw - np.rint(raw)) <= GUARD + np.abs(raw) * 1e-13) | (blur > GUARD / 10)
    settled = 2 * grid * size + 3 * down < EXACT
    if measured.whole is not None:
        settled &= measured.whole
    units = np.where(settled, units, np.floor(raw + GUARD))
    return np.clip(units, 0.0, highest), unsure & ~settled


def _harmless(measured: Measured) -> tuple[Floats, Floats]:
    """a and b, 0 / 1 in rows that measure nothing."""
    a, b = measured.a.copy(), np.broadcast_to(measured.b, measured.a.shape).copy()
    for rows in (measured.missing, measured.zero, measured.leaves):
        if rows is not None:
            a[rows], b[rows] = 0.0, 1.0
    return a, b


def share_of(score: Linear, x: Twofold) -> Twofold:
    """The share that a measured value earns."""
    part = between((x - constant(score.start)) / constant(score.end - score.start), Fraction(0), Fraction(1))
    if score.least == 0 and score.most == 1:
        return part
    return constant(score.least) + constant(score.most - score.least) * part


def units_of(indicator: Indicator, share: Twofold) -> tuple[Floats | Twofold, Flags | None]:
    """(points, where they are unsure) of a share."""
    points = share * constant(indicator.maximum)
    return (points, None) if indicator.decimals is None else points.rounded(indicator.decimals)
