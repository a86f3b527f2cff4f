"""What is told of a body without its figures is read as what was told: no part becomes known on the way."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from survey.core.foreign import ForeignBody, given_points, told_groups, told_points, told_rate
from survey.core.rules.peers import peers_of
from survey.core.scores import Scores
from survey.core.scoring import score
from survey.core.workflow import SubmissionState
from tests.core.rules.trees import drawn_bodies, drawn_tree

AT = datetime(2026, 11, 30, tzinfo=UTC)


def told(scores: Scores, row: int) -> ForeignBody:
    return ForeignBody(
        source="x", made_at=AT, state=SubmissionState.SENT, sent_at=None,
        total=scores.total_of(row), maximum=float(scores.maximum[row]),
        rate=told_rate(scores, row), groups=told_groups(scores, row), indicators=told_points(scores, row),
    )  # fmt: skip


def test_states_of_groups_and_of_the_whole_are_those_of_the_body_that_tells() -> None:
    chance = random.Random(5)
    for number in range(24):
        questionnaire = drawn_tree(chance, f"T{number}")
        cases = drawn_bodies(chance, questionnaire, 8)
        scores = score(questionnaire, cases, peers=peers_of(questionnaire, cases))
        nothing = {code: np.zeros_like(states) for code, states in scores.group_state.items()}
        given = given_points(
            questionnaire, replace(scores, group_state=nothing), [told(scores, row) for row in range(len(cases))]
        )
        for code, states in scores.group_state.items():
            np.testing.assert_array_equal(given.group_state[code], states, f"{code} of {questionnaire.id}")
        np.testing.assert_array_equal(given.whole_state, scores.whole_state)
