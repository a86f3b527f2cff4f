"""Numbers as unevaluated sums of two float64 with a bound of what they miss: some 100 bits, vectors at a time.

What float64 must be the nearest of, or be rounded from, is settled by these, and by fractions where even their bound
leaves a doubt. Sums, products and quotients are the well-known ones of Dekker and Knuth.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LOSS = 2.0**-100  # relative, of one operation; the operations lose 2**-102 at most
_SPLIT = 134217729.0  # 2**27 + 1
_LARGEST_WHOLE = 2.0**50


@dataclass(frozen=True, slots=True)
class Twofold:
    """high + low, |low| at most half a step of high; the true number lies within `error`."""

    high: Floats
    low: Floats
    error: Floats

    def __add__(self, other: Twofold) -> Twofold:
        high, rest = two_sum(self.high, other.high)
        low, last = two_sum(self.low, other.low)
        high, rest = _quick_sum(high, rest + low)
        high, rest = _quick_sum(high, rest + last)
        return Twofold(high, rest, self.error + other.error + np.abs(high) * LOSS)

    def __neg__(self) -> Twofold:
        return Twofold(-self.high, -self.low, self.error)

    def __sub__(self, other: Twofold) -> Twofold:
        return self + -other

    def __mul__(self, other: Twofold) -> Twofold:
        high, rest = two_product(self.high, other.high)
        rest = rest + (self.high * other.low + self.low * other.high)
        high, rest = _quick_sum(high, rest)
        mine, its = np.abs(self.high) + self.error, np.abs(other.high) + other.error
        error = mine * other.error + its * self.error + np.abs(high) * LOSS
        return Twofold(high, rest, error * (1 + 1e-9))

    def __truediv__(self, other: Twofold) -> Twofold:
        """The quotient; `other` is not 0."""
        first = self.high / other.high
        left = self - _times(other, first)
        second = left.high / other.high
        left = left - _times(other, second)
        high, rest = _quick_sum(first, second)
        high, rest = _quick_sum(high, rest + left.high / other.high)
        known = np.abs(other.high) * (1 - 1e-9) - other.error
        plain = (left.high == 0) & (self.low == 0) & (other.low == 0)  # nothing is left over: the quotient is exact
        lost = np.where(plain, 0.0, np.abs(high) * LOSS)
        error = (self.error + np.abs(high) * other.error) / known * (1 + 1e-9) + lost
        return Twofold(high, rest, error)

    def __abs__(self) -> Twofold:
        return where(self.high < 0, -self, self)

    def __getitem__(self, rows: Flags | slice | NDArray[np.int64]) -> Twofold:
        return Twofold(self.high[rows], self.low[rows], self.error[rows])

    def put(self, row: int, value: Fraction) -> None:
        """Replace one number by an exact one."""
        one = constant(value)
        self.high[row], self.low[row], self.error[row] = one.high, one.low, one.error

    def nearest(self) -> tuple[Floats, Flags]:
        """(the nearest float64, where the bound leaves a doubt which it is)."""
        size = np.abs(self.high)
        gap = size - np.nextafter(size, 0.0)
        return self.high, (np.abs(self.low) + self.error >= gap / 2) & (self.error > 0)

    def rounded(self, decimals: int) -> tuple[Floats, Flags]:
        """(whole parts of 10**decimals, half-up and away from zero for negatives, where the bound leaves a doubt)."""
        size = abs(self) * constant(Fraction(10**decimals))
        floor = np.floor(size.high)
        part = (size.high - floor) + size.low
        units = floor + (part >= 0.5)
        doubt = (np.abs(part - 0.5) <= size.error + 1e-30) & ((size.error > 0) | (part != 0.5))
        return np.where(self.high < 0, -units, units), doubt | (size.high > _LARGEST_WHOLE)

    def reaches(self, limit: Fraction, *, exclusive: bool) -> tuple[Flags, Flags]:
        """(where the number reaches, or passes, a limit, where the bound leaves a doubt)."""
        over = self - constant(limit)
        held = over.high > 0 if exclusive else over.high >= 0
        return held, (np.abs(over.high) <= over.error * 2) & (over.error > 0)


def power(x: Twofold, n: Floats) -> Twofold:
    """x to the power of whole numbers n ≥ 0, one for each."""
    left, result = n.astype(np.int64), full(n.size, Fraction(1))
    while left.any():
        result = where((left & 1).astype(bool), result * x, result)
        left >>= 1
        x = x * x
    return result


def root(x: Twofold, n: Floats) -> Twofold:
    """The n-th roots of numbers above 0, for whole numbers n ≥ 1: float64's, mended once by Newton.

    With near·(1+q)^(1/n) the root and |q| < 1/10, what near·(1 + q/n) misses is below near·q²/n.
    """
    near = exact(x.high ** (1.0 / n))
    raised = power(near, n)
    off = (x - raised) / raised
    step = near * (off / exact(n))
    missed = near.high * (np.abs(off.high) + np.abs(off.low) + off.error) ** 2 / n
    return near + Twofold(step.high, step.low, step.error + missed * (1 + 1e-9))


def two_sum(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """a + b as a float64 and what it misses."""
    total = a + b
    back = total - a
    return total, (a - (total - back)) + (b - back)


def _quick_sum(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """The same for |a| ≥ |b|."""
    total = a + b
    return total, b - (total - a)


def two_product(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """a · b as a float64 and what it misses."""
    product = a * b
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    return product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2


def _halves(a: Floats) -> tuple[Floats, Floats]:
    large = _SPLIT * a
    high = large - (large - a)
    return high, a - high


def _times(x: Twofold, factor: Floats) -> Twofold:
    """x · a float64, its error left out: what remains of a division carries that of x itself."""
    high, rest = two_product(x.high, factor)
    high, rest = _quick_sum(high, rest + x.low * factor)
    return Twofold(high, rest, np.zeros_like(high))


def exact(values: Floats) -> Twofold:
    """Float64 numbers that are meant as they stand."""
    nothing = np.zeros_like(values)
    return Twofold(values, nothing, nothing.copy())


def constant(value: Fraction) -> Twofold:
    """One fraction, as arrays of no dimension."""
    high = float(value)
    left = value - Fraction(high)
    low = float(left)
    error = 0.0 if Fraction(low) == left else abs(high) * 2.0**-104
    return Twofold(np.float64(high), np.float64(low), np.float64(error))  # type: ignore[arg-type]


def stack(values: list[Fraction]) -> Twofold:
    """Some fractions."""
    each = [constant(value) for value in values]
    return Twofold(*(np.array([getattr(one, name) for one in each], np.float64) for name in ("high", "low", "error")))


def full(size: int, value: Fraction) -> Twofold:
    """One fraction n times."""
    one = constant(value)
    return Twofold(np.full(size, one.high), np.full(size, one.low), np.full(size, one.error))


def where(flags: Flags, one: Twofold, other: Twofold) -> Twofold:
    """`one` where flagged, else `other`."""
    return Twofold(
        np.where(flags, one.high, other.high),
        np.where(flags, one.low, other.low),
        np.where(flags, one.error, other.error),
    )


def between(x: Twofold, low: Fraction, high: Fraction) -> Twofold:
    """x inside low … high; a number whose bound reaches over an end keeps its bound."""
    for limit, sign in ((low, -1.0), (high, 1.0)):
        end = constant(limit)
        over = ((x.high - end.high) + (x.low - end.low)) * sign
        error = np.where(over > x.error * 2 + np.abs(end.low), end.error, x.error)
        x = where(over > 0, Twofold(end.high, end.low, error), x)
    return x
