"""The whole differential test: one line a source × transfer, with what disagrees with the exact reading.

Run by `make differential`; CELLS (10,000) cells of each pair, TREES (40) random questionnaires, SEED.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from survey.core.questionnaire import Indicator
from survey.core.rules.exact import Exact, State
from survey.core.rules.peers import peers_of
from survey.core.rules.words import explain
from survey.core.scoring import score
from survey.core.transfers import Peer
from tests.core.rules import cells, drawing
from tests.core.rules.sentences import is_told
from tests.reports.test_trees import drawn_round, mismatches

BODIES = 40  # of each rule that vectors read
TREES_AT_ONCE = 8
LINE = "{:<16} {:>7} {:>6} {:>9} {:>8} {:>8}  {}"


def tell(line: str) -> None:
    """One line of the table, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def modifiers(indicator: Indicator) -> Iterator[str]:
    """What a rule was drawn with."""
    yield f"counts {indicator.counts.value}"
    yield f"decimals {'none' if indicator.decimals is None else indicator.decimals}"
    if indicator.gate is not None:
        yield f"gate {'above' if indicator.gate.condition.exclusive else 'from'}"
    if indicator.zero_b is not None:
        yield f"zero_b {indicator.zero_b.value}"
    if indicator.show_when is not None:
        yield f"hidden {indicator.show_when.hidden.value}"
    if indicator.applies_when:
        yield "applies_when"
    if isinstance(indicator.score, Peer):
        yield f"{indicator.score.method.value} {'rising' if indicator.score.rising else 'falling'}"


def vectors(seed: int, source: str, transfer: str, count: int) -> tuple[int, int]:
    """(cells, mismatches) of the vectors, on figures larger than a cell can hold."""
    wrong = rules = 0
    for rules in range(1, max(count // BODIES, 1) + 1):
        chance = random.Random(f"vectors {seed} {source} {transfer} {rules}")
        indicator = drawing.rule(chance, source, transfer)
        questionnaire = drawing.questionnaire(indicator)
        cases = [drawing.case(chance, indicator, wild=True) for _ in range(BODIES)]
        peers = peers_of(questionnaire, cases)
        scores = score(questionnaire, cases, peers=peers)
        at = scores.codes.index(indicator.code)
        for row, case in enumerate(cases):
            exact = Exact(questionnaire, case, peers).outcome(indicator)
            found = State(scores.states[row, at]), float(scores.points[row, at])
            wrong += found != (exact.state, float(exact.points))
    return rules * BODIES, wrong


def pair(seed: int, source: str, transfer: str, count: int, soffice: str) -> tuple[int, ...]:
    """Mismatches of one source and transfer; prints its line."""
    excel = sentence = 0
    drawn_with: Counter[str] = Counter()
    drawn = list(cells.draw(seed, source, transfer, count))
    with tempfile.TemporaryDirectory() as folder:
        shown = cells.recalculated(drawn, Path(folder), soffice)
    for cell, value in zip(drawn, shown, strict=True):
        exact = cell.exact
        drawn_with.update(modifiers(cell.indicator))
        excel += cells.differs(exact, value, cell.indicator)
        told = explain(cell.questionnaire, cell.indicator, cell.case, peers=cell.peers)
        sentence += not is_told(cell.indicator, exact, told.headline)
    read, vector = vectors(seed, source, transfer, count)
    fewest = min(drawn_with.items(), key=lambda item: item[1])
    name = f"{source} {transfer}".strip()
    tell(LINE.format(name, len(drawn), excel, sentence, read, vector, f"{fewest[1]} ({fewest[0]})"))
    return len(drawn), excel, sentence, read, vector, fewest[1]


def trees(seed: int, count: int, soffice: str) -> int:
    """Mismatches of random questionnaires at every node; prints their line."""
    nodes = wrong = 0
    for start in range(0, count, TREES_AT_ONCE):
        with tempfile.TemporaryDirectory() as folder:
            data = drawn_round(seed + start, min(TREES_AT_ONCE, count - start))
            looked_at, found = mismatches(data, Path(folder), soffice)
        nodes, wrong = nodes + looked_at, wrong + len(found)
        for one in found[:3]:
            tell(f"    {one}")
    tell(f"{count} trees of sums, means and geometric means: {nodes} nodes, {wrong} mismatches")
    return wrong


def main() -> int:
    """Print the table; 1 where anything disagrees."""
    count, forest = int(os.environ.get("CELLS", "10000")), int(os.environ.get("TREES", "40"))
    seed = int(os.environ.get("SEED", "20261130"))
    soffice = shutil.which("soffice")
    if soffice is None:
        tell("soffice is not on PATH (apt-get install libreoffice-calc-nogui)")
        return 2
    began = time.monotonic()
    tell(
        LINE.format("source transfer", "cells", "excel", "sentence", "vectors", "vectors≠", "fewest with one modifier")
    )
    found = [pair(seed, source, transfer, count, soffice) for source, transfer in drawing.LEGAL]
    cells_, excel, sentence, read, vector, _ = (sum(column) for column in zip(*found, strict=True))
    fewest = min(one[-1] for one in found)
    tell(LINE.format("all", cells_, excel, sentence, read, vector, fewest))
    wrong = excel + sentence + vector + trees(seed, forest, soffice)
    tell(f"{wrong} mismatches in {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
