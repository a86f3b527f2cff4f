"""Every reading of a rule agrees with the exact one: vectors, the Excel formula recalculated, the sentence."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.rules.exact import Exact, State
from survey.core.rules.peers import peers_of
from survey.core.rules.words import explain
from survey.core.scoring import score
from tests.core.rules import cells, drawing
from tests.core.rules.sentences import is_told

CELLS_A_PAIR = int(os.environ.get("CELLS", "250"))  # of each source × transfer; `make differential` takes 10,000


@pytest.mark.parametrize(("source", "transfer"), drawing.LEGAL)
@given(seed=st.integers(0, 10**9))
def test_vectors_score_like_fractions(source: str, transfer: str, seed: int) -> None:
    chance = random.Random(seed)
    indicator = drawing.rule(chance, source, transfer)
    questionnaire = drawing.questionnaire(indicator)
    cases = [drawing.case(chance, indicator, wild=True) for _ in range(40)]
    peers = peers_of(questionnaire, cases)
    scores = score(questionnaire, cases, peers=peers)
    at = scores.codes.index("1.2")
    for row, case in enumerate(cases):
        exact = Exact(questionnaire, case, peers).outcome(indicator)
        found = State(scores.states[row, at]), scores.points[row, at]
        assert found == (exact.state, float(exact.points)), (indicator, case)


@pytest.mark.parametrize(("source", "transfer"), drawing.LEGAL)
@given(seed=st.integers(0, 10**9))
def test_the_sentence_names_the_exact_points(source: str, transfer: str, seed: int) -> None:
    chance = random.Random(seed)
    block = drawing.block(chance, drawing.rule(chance, source, transfer))
    questionnaire = drawing.questionnaire(block.indicator)
    peers = peers_of(questionnaire, block.cases, block.among)
    for case in block.cases:
        exact = Exact(questionnaire, case, peers).outcome(block.indicator)
        told = explain(questionnaire, block.indicator, case, peers=peers)
        assert told.because.endswith(".")
        assert is_told(block.indicator, exact, told.headline), (told.headline, exact)


def test_excel_formulas_recalculate_to_the_exact_points(tmp_path: Path, soffice: str) -> None:
    drawn = [cell for pair in drawing.LEGAL for cell in cells.draw(20261123, *pair, CELLS_A_PAIR)]
    wrong, states = [], set()
    for cell, value in zip(drawn, cells.recalculated(drawn, tmp_path, soffice), strict=True):
        exact = cell.exact
        states.add(exact.state)
        if cells.differs(exact, value, cell.indicator):
            wrong.append(f"{value!r} is not {exact}: {cell.cells}, {cell.indicator}, {cell.peers}")
    assert not wrong, "\n\n".join([f"{len(wrong)} of {len(drawn)}", *wrong[:5]])
    assert states == set(State)
