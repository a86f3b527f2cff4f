"""Competition ranks (1-2-2-4) on the published rate, inside cohorts only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def ranks(published: NDArray[np.float64], cohorts: Sequence[str], ranked: Sequence[bool]) -> tuple[int | None, ...]:
    """Rank of each agency among those of its cohort that are ranked; None for the others and where there is no rate.

    Published rates have 4 decimals and are compared as such, so that equal figures on paper share a rank.
    """
    parts = np.rint(np.nan_to_num(published, nan=-1.0) * 10_000).astype(np.int64)
    taken = np.asarray(ranked, dtype=bool) & ~np.isnan(published)
    result: list[int | None] = [None] * len(parts)
    groups: dict[str, list[int]] = {}
    for index, cohort in enumerate(cohorts):
        if taken[index]:
            groups.setdefault(cohort, []).append(index)
    for members in groups.values():
        falling = np.sort(-parts[members])
        for index, place in zip(members, np.searchsorted(falling, -parts[members], side="left"), strict=True):
            result[index] = int(place) + 1
    return tuple(result)
