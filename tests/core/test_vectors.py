"""Vectors give what the exact reading gives, bit for bit, for random questionnaires of the whole grammar."""

from __future__ import annotations

import os
import random
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.core.answers import Case
from survey.core.asks import NO, YES, Text, YesNo
from survey.core.modifiers import Counts
from survey.core.questionnaire import Group, Questionnaire
from survey.core.ranking import ranks
from survey.core.rules.columns import Columns
from survey.core.rules.exact import Exact
from survey.core.rules.outcomes import State
from survey.core.rules.peer_columns import peers_among
from survey.core.rules.peers import NOBODY, peers_of
from survey.core.scores import Scores
from survey.core.scoring import score, scores_of
from tests.core.rules import drawing
from tests.core.whole_grammar import drawn_cases, drawn_questionnaire

ROUNDS = int(os.environ.get("SANSANGSO_ROUNDS", "60"))


def assert_same(found: Scores, exact: Scores, what: object) -> None:
    """Every figure is the same float64, every state and level the same."""
    assert found.codes == exact.codes
    for name in ("states", "points", "maxima", "counted", "total", "maximum", "whole_state", "rate", "rate_published",
                 "breaks"):  # fmt: skip
        np.testing.assert_array_equal(getattr(found, name), getattr(exact, name), f"{name} of {what}")
    for name in ("group_state", "group_points", "group_maximum", "group_share"):
        for code, values in getattr(exact, name).items():
            np.testing.assert_array_equal(getattr(found, name)[code], values, f"{name} {code} of {what}")
    assert found.level == exact.level


@given(seed=st.integers(0, 10**9))
@settings(max_examples=ROUNDS)
def test_vectors_score_whole_questionnaires_like_fractions(seed: int) -> None:
    chance = random.Random(seed)
    questionnaire = drawn_questionnaire(chance)
    cases = drawn_cases(chance, questionnaire, 24)
    among = [chance.random() < 0.8 for _ in cases]
    peers = peers_of(questionnaire, cases, among)
    assert peers_among(Columns(questionnaire, cases), among) == peers
    if chance.random() < 0.1:
        peers = NOBODY
    found = score(questionnaire, cases, peers=peers)
    exact = scores_of(questionnaire, [Exact(questionnaire, case, peers) for case in cases])
    assert_same(found, exact, seed)
    cohorts = [case.cohort for case in cases]
    assert ranks(found.rate_published, cohorts, among, found.breaks) == ranks(
        exact.rate_published, cohorts, among, exact.breaks
    )


def test_a_bonus_beside_missing_answers_is_no_missing_group() -> None:
    plain = replace(drawing.PARENTS[0], code="1.1")
    bonus = replace(plain, code="1.2", ask=YesNo("1.2"), counts=Counts.BONUS)
    group = Group("1", Text("1"), Text("1"), indicators=(plain, bonus))
    questionnaire = Questionnaire("thu", "1", Text("Thử"), Text(""), 2, {}, {}, (group,), ())
    cases = [Case(str(n), {"1.2": YES}) for n in range(6)] + [Case("nothing", {"1.2": NO})]
    scores = score(questionnaire, cases)
    assert scores.group_state["1"].tolist() == [State.SCORED] * 6 + [State.MISSING]
    assert scores.group_share["1"].tolist() == [1.0] * 6 + [0.0]
