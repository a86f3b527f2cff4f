"""How far ranks depend on the weights: rank intervals under drawn weights, and what leaving a part out would move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from survey.core.ranking import told_apart
from survey.core.rounding import half_up_floats
from survey.core.weights_tree import Floats, WeightsTree, index_scores

FEWEST_SETS, MOST_SETS = 4, 128  # worked on together: shares that a cache holds
# Multiplications of one product, below what OpenBLAS shares out among threads: these small products come by the
# thousand, and threads that wait for one another on a busy machine made them ten times as slow.
ONE_THREAD = 250_000
QUANTILES = (0.05, 0.5, 0.95)

Ints = NDArray[np.int64]


class Method(StrEnum):
    """How weights are drawn around those of the questionnaire."""

    NOISE = "noise"  # every weight × (1 + u), u even between −spread and +spread
    DIRICHLET = "dirichlet"  # the parts of each group share its weight at random; their means are its own weights


@dataclass(frozen=True)
class Ranking:
    """Who is ranked against whom, and on what: rates half-up to `decimals`, equal ones sharing a rank (1-2-2-4).

    What `breaks` equal rates comes in its order: a share of each body, as it is under the questionnaire's own weights,
    or None for the rate itself under the weights that are tried.
    """

    cohorts: tuple[str, ...]
    ranked: tuple[bool, ...]
    decimals: int = 4
    breaks: tuple[Floats | None, ...] = ()

    @property
    def members(self) -> tuple[Ints, ...]:
        """The rows of each cohort's ranked bodies."""
        rows: dict[str, list[int]] = {}
        for row, (cohort, counts) in enumerate(zip(self.cohorts, self.ranked, strict=True)):
            if counts:
                rows.setdefault(cohort, []).append(row)
        return tuple(np.array(places, np.int64) for places in rows.values())


@dataclass(frozen=True)
class RankSpread:
    """Ranks of n bodies under k sets of weights; nan for those not ranked."""

    quantiles: tuple[float, ...]
    at: Floats  # n × quantiles, R's type 7: (k − 1)·p steps up the sorted ranks, between two of them in proportion
    mean: Floats
    nominal: Floats  # under the questionnaire's own weights


@dataclass(frozen=True)
class LeftOut:
    """What leaving one indicator or group out does to ranks."""

    code: str
    mean_change: float  # mean of |rank without it − rank| over the ranked bodies
    change: Floats  # rank without it − rank, n; nan for those not ranked


def draw(tree: WeightsTree, count: int, seed: int, method: Method = Method.NOISE, spread: float = 0.25) -> Floats:
    """`count` sets of weights, a column each, the same for the same seed.

    Bonus and penalty keep their own under `dirichlet`, whose parameters are the parts' shares of their group's weight ×
    the number of parts: every division is as likely as any other where the weights are equal.
    """
    chance = np.random.default_rng(seed)
    own = tree.weights
    if method is Method.NOISE:
        return np.asarray(own[:, None] * (1 + chance.uniform(-spread, spread, (len(own), count))), np.float64)
    drawn = np.repeat(own[:, None], count, axis=1)
    for parent in tree.parents:
        places = [part.place for part in parent.inside if part.weight > 0]
        if len(places) > 1:
            total = own[places].sum()
            drawn[places] = chance.dirichlet(own[places] / total * len(places), count).T * total
    return drawn


def ranks_of(scores: Floats, ranking: Ranking) -> Floats:
    """Ranks of n bodies × k sets inside cohorts, the highest first; nan for those not ranked and without a rate."""
    result = np.full(scores.shape, np.nan)
    for rows in ranking.members:
        rows = rows[~np.isnan(scores[rows, 0])] if scores.shape[1] else rows
        result[rows] = _ranks(np.ascontiguousarray(scores[rows].T), ranking, rows).T
    return result


def _ranks(scores: Floats, ranking: Ranking, rows: Ints) -> Ints:
    """1-2-2-4 along each row of rates of the bodies `rows`, the highest first."""
    falling = [-half_up_floats(scores, ranking.decimals)]
    for one in ranking.breaks:
        falling.append(np.broadcast_to(-one[rows], scores.shape) if one is not None else -told_apart(scores))
    order = np.lexsort(falling[::-1], axis=1) if len(falling) > 1 else np.argsort(falling[0], axis=1)
    places = np.broadcast_to(np.arange(1, scores.shape[1] + 1), scores.shape)
    tied = np.ones((scores.shape[0], max(scores.shape[1] - 1, 0)), dtype=bool)
    for key in falling:
        ordered = np.take_along_axis(key, order, axis=1)
        tied &= ordered[:, 1:] == ordered[:, :-1]
    if bool(tied.any()):
        first = places.copy()
        first[:, 1:][tied] = 0
        places = np.maximum.accumulate(first, axis=1)
    result = np.empty(scores.shape, np.int64)
    np.put_along_axis(result, order, places, axis=1)
    return result


def spread_of_ranks(
    tree: WeightsTree, weights: Floats, ranking: Ranking, quantiles: Sequence[float] = QUANTILES
) -> RankSpread:
    """Ranks under every set of `weights` (a column each), counted block by block: no n × k table is ever kept."""
    size, sets = len(ranking.cohorts), weights.shape[1]
    counts = np.zeros((size, size + 1), np.int64)  # how often each body came to each rank
    rated = tree.has_rate
    members = [rows[rated[rows]] for rows in ranking.members]
    for block in _blocks(tree, sets):
        scores = index_scores(tree, np.ascontiguousarray(weights[:, block]))
        for rows in members:
            places = _ranks(np.ascontiguousarray(scores[rows].T), ranking, rows)
            flat = (places + rows * (size + 1)).ravel()
            counts += np.bincount(flat, minlength=counts.size).reshape(counts.shape)
    nominal = ranks_of(index_scores(tree, tree.weights[:, None]), ranking)[:, 0]
    mean = np.full(size, np.nan)
    at = np.full((size, len(quantiles)), np.nan)
    taken = counts.sum(axis=1) > 0
    mean[taken] = counts[taken] @ np.arange(size + 1) / sets
    for column, part in enumerate(quantiles):
        at[taken, column] = _quantile(counts[taken].cumsum(axis=1), sets, part)
    return RankSpread(tuple(quantiles), at, mean, nominal)


def _blocks(tree: WeightsTree, sets: int) -> Iterator[slice]:
    widest = max(len(parent.parts) for parent in tree.parents)
    step = min(max(ONE_THREAD // (len(tree.whole.cover) * widest), FEWEST_SETS), MOST_SETS)
    for start in range(0, sets, step):
        yield slice(start, min(start + step, sets))


def _quantile(up_to: Ints, sets: int, part: float) -> Floats:
    """R's type 7 from how many sets gave each rank or a lower one."""
    step = (sets - 1) * part
    low = int(np.floor(step + 1e-9))
    rest = max(step - low, 0.0)
    lower = (up_to <= low).sum(axis=1)
    upper = (up_to <= min(low + 1, sets - 1)).sum(axis=1)
    return np.asarray(lower + rest * (upper - lower), np.float64)


def leave_one_out(tree: WeightsTree, ranking: Ranking) -> tuple[LeftOut, ...]:
    """Each indicator and group left out in turn, the others' weights unchanged; an emptied group goes too."""
    own = tree.weights
    without = np.repeat(own[:, None], len(own) + 1, axis=1)
    for place in range(len(own)):
        without[place, place] = 0.0
    ranks = np.full((len(ranking.cohorts), len(own) + 1), np.nan)
    for block in _blocks(tree, len(own) + 1):
        scores = index_scores(tree, np.ascontiguousarray(without[:, block]))
        gone = np.isnan(scores) & tree.has_rate[:, None]  # bodies to which nothing else applies
        ranks[:, block] = np.where(gone, np.nan, ranks_of(np.where(gone, -1.0, scores), ranking))
    change = ranks[:, :-1] - ranks[:, -1:]
    return tuple(
        LeftOut(code, _mean_change(change[:, place]), change[:, place]) for place, code in enumerate(tree.codes)
    )


def _mean_change(change: Floats) -> float:
    known = np.abs(change[~np.isnan(change)])
    return float(known.mean()) if len(known) else float("nan")
