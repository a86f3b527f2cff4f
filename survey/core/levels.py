"""Levels of the published rate: Dẫn dắt, Nâng cao, Hình thành, Khởi động in the demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from survey.core.questionnaire import Level
from survey.core.rules.exact import Exact

Flags = NDArray[np.bool_]


def level_index(
    levels: Sequence[Level], published: NDArray[np.float64], held: Sequence[Flags | None] = ()
) -> NDArray[np.int64]:
    """Place in `levels` (highest first) of each published rate, −1 where the rate is nan or there are no levels.

    `held` tells for each level whose gates hold (None: everybody's); whoever misses one falls to the next level below
    whose gates hold, and to none where the floor's do not. A published rate has 4 decimals, so it is compared as the
    integer it is in ten-thousandths: exact at every cut.
    """
    places = np.full(published.shape, -1)
    known = ~np.isnan(published)
    parts = np.where(known, np.rint(np.nan_to_num(published) * 10_000), 0)
    for index in reversed(range(len(levels))):
        limit = levels[index].limit
        if limit is None:
            reached = known
        else:
            cut = limit * 10_000
            floor = cut.numerator // cut.denominator
            above = parts > floor
            reached = known & (above if levels[index].exclusive or cut != floor else above | (parts == floor))
        gates = held[index] if held else None
        places[reached if gates is None else reached & gates] = index
    return places


def level_of(levels: Sequence[Level], published: Fraction | float) -> Level | None:
    """The level of one published rate, gates not looked at."""
    index = int(level_index(levels, np.array([float(published)]))[0])
    return levels[index] if index >= 0 else None


def level_reached(body: Exact, published: Fraction) -> Level | None:
    """The highest level whose limit the published rate reaches and whose gates hold."""
    for level in body.questionnaire.levels:
        limit = level.limit
        reached = limit is None or published > limit or (published == limit and not level.exclusive)
        if reached and all(body.holds(gate) for gate in level.gates):
            return level
    return None
