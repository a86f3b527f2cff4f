"""Ranks under 10,000 sets of weights: 1,000 made-up bodies × 100 indicators in two levels, some not applicable."""

from __future__ import annotations

import time
from statistics import median

import numpy as np

from bench.measure import Figure, tell
from survey.core.modifiers import Aggregate
from survey.core.robustness import Ranking, draw, spread_of_ranks
from survey.core.weights_tree import Floats, Node, WeightsTree

BODIES, GROUPS, PARTS, DRAWS = 1_000, 10, 10, 10_000
ABSENT = 0.05  # of the cells; in half of the groups
REPEATS = 3
MOST_SECONDS, MOST_MEGABYTES, MOST_RATIO = 5, 1_024, 60


def made_up_tree() -> WeightsTree:
    """A sum of sums; a part of the cells, and one whole group of some bodies, do not apply."""
    chance = np.random.default_rng(2026)
    groups: list[Node] = []
    nothing = np.zeros(BODIES, dtype=bool)
    place = 0
    for number in range(GROUPS):
        covers = np.ones((BODIES, PARTS))
        if number % 2:
            covers[chance.random((BODIES, PARTS)) < ABSENT] = 0.0
            covers[: BODIES // 50] = 0.0
        maxima = chance.integers(5, 40, PARTS).astype(np.float64)
        parts = tuple(
            Node(f"{number}.{n}", place + 1 + n, maxima[n], None, False, covers[:, n], nothing, chance.random(BODIES))
            for n in range(PARTS)
        )
        cover = np.asarray(covers @ maxima / maxima.sum(), np.float64)
        weight = float(maxima.sum())
        groups.append(Node(str(number), place, weight, Aggregate.SUM, False, cover, nothing, None, parts))
        place += 1 + PARTS
    whole = Node("", -1, 0.0, Aggregate.SUM, False, np.ones(BODIES), nothing, None, tuple(groups))
    return WeightsTree(whole, tuple(sorted((n for n in whole.walk() if n.place >= 0), key=lambda node: node.place)))


def measure_weights() -> None:
    """To be measured in its own process: wall seconds of drawing and ranking, and of a bare product in turn."""
    tree = made_up_tree()
    ranking = Ranking(("",) * BODIES, (True,) * BODIES)
    chance = np.random.default_rng(1)
    shares, sets = chance.random((BODIES, GROUPS * PARTS)), chance.random((GROUPS * PARTS, DRAWS))
    times: dict[str, list[float]] = {"bare": [], "ranks": []}

    def ranks() -> object:
        return spread_of_ranks(tree, draw(tree, DRAWS, 2026), ranking)

    def bare() -> Floats:
        return np.asarray(shares @ sets)

    for _ in range(REPEATS):
        for name, work in (("bare", bare), ("ranks", ranks)):
            started = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - started)
    tell(lambda: None, 1, **{name: median(taken) for name, taken in times.items()})


def print_weights(figure: Figure) -> None:
    """Print the rows of the table."""
    bare, ranks = figure.result["bare"], figure.result["ranks"]
    print(f"{f'bare product {BODIES} × {GROUPS * PARTS} × {DRAWS:,}':<58}{bare:9.3f} s")
    limits = f"(at most {MOST_SECONDS} s, {MOST_MEGABYTES} MB, {MOST_RATIO} ×)"
    name = f"rank intervals under {DRAWS:,} sets of weights"
    print(f"{name:<58}{ranks:9.3f} s {ranks / bare:6.2f} × {figure.megabytes:8.0f} MB {limits}")
