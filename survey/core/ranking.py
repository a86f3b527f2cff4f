"""Competition ranks (1-2-2-4) on the published rate and the declared tie-breaks, inside cohorts only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SHARE_DIGITS = 12  # to which shares are compared that decide between equal rates, as a cell of a workbook can tell them


def told_apart(breaks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares that decide between equal rates, as they are compared; −1 where one does not apply."""
    known: NDArray[np.float64] = np.nan_to_num(breaks, nan=-1.0)
    return known.round(SHARE_DIGITS)


def ranks(
    published: NDArray[np.float64],
    cohorts: Sequence[str],
    ranked: Sequence[bool],
    breaks: NDArray[np.float64] | None = None,
) -> tuple[int | None, ...]:
    """Rank of each agency among those of its cohort that are ranked; None for the others and where there is no rate.

    Published rates have 4 decimals and are compared as such, so that equal figures on paper share a rank unless
    `breaks` (a row each, the first column first, the higher the better, nan the lowest, to 12 digits) parts them.
    """
    parts = np.rint(np.nan_to_num(published, nan=-1.0) * 10_000)
    orders = np.column_stack([parts, *([] if breaks is None else told_apart(breaks).T)])
    taken = np.asarray(ranked, dtype=bool) & ~np.isnan(published)
    places = _codes(cohorts)
    rows = np.flatnonzero(taken)
    order = rows[np.lexsort([*(-column[rows] for column in reversed(orders.T)), places[rows]])]
    result: list[int | None] = [None] * len(parts)
    for row, rank in zip(order.tolist(), _competition(places[order], orders[order]), strict=True):
        result[row] = rank
    return tuple(result)


def _competition(groups: NDArray[np.int64], orders: NDArray[np.float64]) -> list[int]:
    """Ranks of rows sorted by group and then from the best down: equal ones share the first place."""
    count = np.arange(len(groups))
    opens = np.ones(len(groups), dtype=bool)  # the first of its group
    opens[1:] = groups[1:] != groups[:-1]
    differs = opens.copy()
    differs[1:] |= (orders[1:] != orders[:-1]).any(axis=1)
    first = np.maximum.accumulate(np.where(differs, count, 0))
    ranked: list[int] = (first - np.maximum.accumulate(np.where(opens, count, 0)) + 1).tolist()
    return ranked


def _codes(cohorts: Sequence[str]) -> NDArray[np.int64]:
    known: dict[str, int] = {}
    return np.array([known.setdefault(cohort, len(known)) for cohort in cohorts], np.int64)
