"""Indicators and groups of many agencies as parts of one another: points in whole parts, shares beyond float64."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np
from numpy.typing import NDArray

from survey.core.questionnaire import Indicator
from survey.core.rules.measured_columns import EXACT
from survey.core.rules.outcomes import LEAVES_MAXIMUM, State
from survey.core.twofold import Twofold, constant, exact, where

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
States = NDArray[np.int8]

FIRST, SECOND = (np.int8(state) for state in LEAVES_MAXIMUM)  # an enum's members are slow to look up


@dataclass(frozen=True, slots=True)
class Whole:
    """Numbers in whole parts of one: units / parts. `most` bounds |units|, which stay below EXACT."""

    units: Floats
    parts: int
    most: float

    def nearest(self, into: Floats) -> None:
        """Write the nearest float64 of each."""
        np.divide(self.units, self.parts, out=into)

    def finer(self) -> Twofold:
        """The same as a sum of two float64."""
        return exact(self.units) if self.parts == 1 else exact(self.units) / constant(Fraction(self.parts))


Quotient = tuple[Floats, Floats]


@dataclass(frozen=True)
class Node:
    """What an indicator or a group of n agencies comes to."""

    states: States
    points: Whole | Twofold  # rounded; 0 unless scored
    maximum: Whole | Twofold  # 0 where it leaves the maximum
    base: Fraction | None = None  # of an indicator: what its share is a part of, counted outside or not
    own: Quotient | Twofold | None = None  # the share of a mean, 0 where there is none; else points / maximum
    lacks: Flags | None = None  # of a whole: where too little is known to tell a share

    @cached_property
    def applies(self) -> Flags | None:
        """Where there is a share; None: everywhere."""
        there = ~leaves(self.states) if self.base is not None or self.own is not None else positive(self.maximum)
        if self.lacks is not None:
            there &= ~self.lacks
        return None if there.all() else there

    @cached_property
    def quotient(self) -> Quotient | None:
        """The share as a quotient of whole numbers below EXACT; None where it is not to be had so."""
        if self.own is not None:
            return None if isinstance(self.own, Twofold) else self.own
        if isinstance(self.points, Twofold) or isinstance(self.maximum, Twofold):
            return None
        units, parts = self.points.units, self.points.parts
        if self.base is not None:
            over, under = self.base.denominator, self.base.numerator * parts
            if self.points.most * over >= EXACT or under >= EXACT:
                return None
            return np.abs(units) if over == 1 else np.abs(units) * float(over), np.array(float(under))
        if self.points.most * self.maximum.parts >= EXACT or self.maximum.most * parts >= EXACT:
            return None
        above, below = units * float(self.maximum.parts), self.maximum.units * float(parts)
        if self.applies is not None:
            above, below = np.where(self.applies, above, 0.0), np.where(self.applies, below, 1.0)
        return above, below

    @cached_property
    def share(self) -> Twofold:
        """The share, 0 where there is none."""
        if isinstance(self.own, Twofold):
            return self.own
        if self.quotient is not None:
            above, below = self.quotient
            return exact(above) / exact(below)
        points = finer(self.points)
        if self.base is not None:
            return abs(points) / constant(self.base)
        if self.applies is None:
            return points / finer(self.maximum)
        one = constant(Fraction(1))
        found = points / where(self.applies, finer(self.maximum), one)
        return where(self.applies, found, constant(Fraction(0)))

    def nearest_share(self) -> tuple[Floats, Flags | None]:
        """(the nearest float64 of the share, nan where there is none; where that is unsure)."""
        unsure = None
        if self.quotient is not None:
            above, below = self.quotient
            values = above / below
        else:
            values, unsure = self.share.nearest()
        if self.applies is not None:
            values = np.where(self.applies, values, np.nan)
            unsure = None if unsure is None else unsure & self.applies
        return values, unsure

    def rounded_share(self, factor: Fraction, decimals: int) -> tuple[Floats, Flags | None]:
        """(share · factor half-up, in whole parts of 10**decimals, 0 where there is none; where that is unsure)."""
        if self.quotient is not None:
            above, below = self.quotient
            scaled, under = 2 * factor.numerator * 10**decimals, factor.denominator
            highest = float(np.max(above, initial=0.0)) * scaled + float(np.max(below, initial=0.0)) * 2 * under
            if highest < EXACT:
                under_all = below * float(under)
                return np.floor((above * float(scaled) + under_all) / (under_all * 2.0)), None
        return (self.share * constant(factor)).rounded(decimals)

    def reaches(self, limit: Fraction, *, exclusive: bool) -> tuple[Flags, Flags | None]:
        """(where the share is enough or there is none, where that is unsure)."""
        unsure = None
        if self.quotient is not None and self._crosses(limit):
            above, below = self.quotient
            left, right = above * float(limit.denominator), below * float(limit.numerator)
            held = left > right if exclusive else left >= right
        else:
            held, unsure = self.share.reaches(limit, exclusive=exclusive)
        if self.applies is not None:
            held = held | ~self.applies
            unsure = None if unsure is None else unsure & self.applies
        return held, unsure

    def _crosses(self, limit: Fraction) -> bool:
        """Whether the quotient is compared with a limit in whole numbers."""
        if self.quotient is None:
            return False
        above, below = (float(np.max(side, initial=0.0)) for side in self.quotient)
        return above * limit.denominator < EXACT and below * limit.numerator < EXACT


def leaves(states: States) -> Flags:
    """Where the maximum is left."""
    left: Flags = (states == FIRST) | (states == SECOND)
    return left


def positive(numbers: Whole | Twofold) -> Flags:
    """Where they are above 0."""
    above: Flags = (numbers.high if isinstance(numbers, Twofold) else numbers.units) > 0
    return above


def finer(numbers: Whole | Twofold) -> Twofold:
    """The same as sums of two float64."""
    return numbers if isinstance(numbers, Twofold) else numbers.finer()


def indicator_node(indicator: Indicator, points: Whole | Twofold, states: States) -> Node:
    """An indicator as a part of its group."""
    counted = indicator.counted
    units = np.array(float(counted.numerator))
    if counted and states.size and states.max() >= FIRST:
        units = np.full(states.size, units)
        units[np.flatnonzero(leaves(states))] = 0.0
    return Node(states, points, Whole(units, counted.denominator, float(counted.numerator)), indicator.maximum)


def nothing_node(size: int) -> Node:
    """What holds nothing that can earn points."""
    none = np.zeros(size)
    states = np.full(size, State.NOT_APPLICABLE, np.int8)
    return Node(states, Whole(none, 1, 0.0), Whole(none, 1, 0.0))


def add_up(numbers: Sequence[Whole | Twofold], size: int) -> Whole | Twofold:
    """Their sum, in whole parts where those stay exact."""
    wholes = [one for one in numbers if isinstance(one, Whole)]
    parts = lcm(*(one.parts for one in wholes))
    most = float(sum(one.most * (parts // one.parts) for one in wholes))
    if most >= EXACT or len(wholes) < len(numbers):
        added = exact(np.zeros(size))
        for number in numbers:
            added = added + finer(number)
        return added
    units, same = np.zeros(size), 0.0  # of each; of the numbers that are the same for all
    for one in wholes:
        factor = parts // one.parts
        if not one.units.ndim:
            same += float(one.units) * factor
        else:
            units += one.units if factor == 1 else one.units * float(factor)
    return Whole(units + same if same else units, parts, most)
