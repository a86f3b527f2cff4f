"""Half-up rounding, exact on fractions and guarded on float64, since Python and NumPy round halves to even."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

# How near to a half a float may lie before it is no longer certain on which side the exact value is.
GUARD = 1e-7


def half_up(value: Fraction, decimals: int | None) -> Fraction:
    """`value` rounded half-up (away from zero for negatives) to `decimals`; unchanged where that is None."""
    if decimals is None:
        return value
    scale = 10**decimals
    scaled = abs(value) * scale
    rounded = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(rounded if value >= 0 else -rounded, scale)


def half_up_floats(values: NDArray[np.float64], decimals: int | None) -> NDArray[np.float64]:
    """Non-negative floats known to be within GUARD / 10**decimals of the exact value, rounded half-up.

    An exact half may arrive a hair too low, so the guard is added: right wherever no true value lies that near below
    a half. Callers that cannot promise this use `is_near_half` and round those exactly.
    """
    if decimals is None:
        return values
    scale = 10.0**decimals
    return np.floor(values * scale + 0.5 + GUARD) / scale


def is_near_half(values: NDArray[np.float64], decimals: int | None) -> NDArray[np.bool_]:
    """Where rounding `values` to `decimals` is too close to call in float64."""
    if decimals is None:
        return np.zeros(values.shape, dtype=bool)
    scaled = values * 10.0**decimals + 0.5
    guard = GUARD + np.abs(scaled) * 1e-13
    return np.abs(scaled - np.round(scaled)) <= guard
