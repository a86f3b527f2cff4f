"""A whole that leaves out what is missing and has too little of its weight: no total, no rate, no level, no rank."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.core.answer_file import AnswerFile
from survey.core.answers import Case, Special, Value
from survey.core.asks import NO, YES
from survey.core.load import load
from survey.core.modifiers import Aggregate, MissingRule
from survey.core.questionnaire import Questionnaire
from survey.core.ranking import ranks
from survey.core.robustness import draw, spread_of_ranks
from survey.core.robustness_report import ranking_of, tree_of
from survey.core.rules.exact import Exact
from survey.core.rules.gain import next_steps
from survey.core.rules.gain_words import tell_step
from survey.core.rules.group_words import group_rule_in_words, too_few
from survey.core.rules.outcomes import LEAVES_MAXIMUM, State
from survey.core.rules.peers import NOBODY, peers_of
from survey.core.score_table import RESULTS, score_answers, score_csv, score_json
from survey.core.score_words import explanation
from survey.core.scoring import FEW, interval, published_rate, score
from survey.core.what_if import what_if
from tests.core.rules.trees import drawn_bodies, drawn_tree

SEEDS = st.integers(0, 10**9)


def demanding(chance: random.Random) -> Questionnaire:
    """A drawn tree whose whole is a mean that leaves out what is missing."""
    drawn = drawn_tree(chance, "T")
    return replace(
        drawn, aggregate=chance.choice([Aggregate.MEAN, Aggregate.GEOMETRIC]), scale=Fraction(100),
        missing=MissingRule.LEFT_OUT, coverage=Fraction(chance.choice(["0", "1/3", "0.6", "0.8", "1"])),
        groups=tuple(group for group in drawn.groups if not group.outside),
    )  # fmt: skip


def lacks_by_hand(questionnaire: Questionnaire, body: Exact) -> bool:
    """Whether too little is known, reckoned from the parts."""
    found = [(part.weight, body.result(part).state) for part in questionnaire.groups]
    weight = sum(own for own, state in found if state not in LEAVES_MAXIMUM)
    there = sum(own for own, state in found if state not in (*LEAVES_MAXIMUM, State.MISSING))
    return bool(weight) and (not there or Fraction(there) / Fraction(weight) < questionnaire.coverage)


@settings(max_examples=60)
@given(seed=SEEDS, few=st.booleans())
def test_who_has_too_little_of_the_weight_has_no_total_rate_level_nor_rank_and_nobody_else(
    seed: int, few: bool
) -> None:
    chance = random.Random(seed)
    questionnaire = demanding(chance)
    cases = drawn_bodies(chance, questionnaire, FEW if few else 12)
    peers = peers_of(questionnaire, cases)
    scores = score(questionnaire, cases, peers=peers)
    placed = ranks(scores.rate_published, [case.cohort for case in cases], [True] * len(cases), scores.breaks)
    for row, case in enumerate(cases):
        body = Exact(questionnaire, case, peers)
        whole = body.result(questionnaire.whole)
        lacks = lacks_by_hand(questionnaire, body)
        assert scores.lacks(row) is whole.lacks is lacks
        assert scores.coverage(questionnaire.whole, row) == body.coverage
        nothing = whole.state is State.NOT_APPLICABLE
        assert (published_rate(whole) is None) is (lacks or nothing) is isnan(scores.rate_published[row])
        assert isnan(scores.rate[row]) is (lacks or nothing)
        assert (placed[row] is None) is (lacks or nothing)
        assert (scores.total_of(row) is None) is lacks is (whole.told_points is None)
        if lacks:
            assert scores.level[row] is None
            assert scores.whole_state[row] == State.MISSING
            assert scores.maximum[row] == 100


@settings(max_examples=60)
@given(seed=SEEDS)
def test_who_has_too_little_moves_nobody_elses_rank(seed: int) -> None:
    chance = random.Random(seed)
    questionnaire = demanding(chance)
    cases = drawn_bodies(chance, questionnaire, 12)
    cohorts, peers = [case.cohort for case in cases], peers_of(questionnaire, cases)
    scores = score(questionnaire, cases, peers=peers)
    placed = ranks(scores.rate_published, cohorts, [True] * 12, scores.breaks)
    known = [row for row in range(12) if not scores.lacks(row)]
    fewer = score(questionnaire, [cases[row] for row in known], peers=peers)
    alone = ranks(fewer.rate_published, [cohorts[row] for row in known], [True] * len(known), fewer.breaks)
    assert [placed[row] for row in known] == list(alone)


@settings(max_examples=60)
@given(seed=SEEDS)
def test_drawn_weights_rank_those_alone_who_have_a_rate(seed: int) -> None:
    chance = random.Random(seed)
    questionnaire = demanding(chance)
    cases = drawn_bodies(chance, questionnaire, 12)
    scores = score(questionnaire, cases, peers=peers_of(questionnaire, cases))
    tree = tree_of(questionnaire, scores)
    ranking = ranking_of(questionnaire, scores, [case.cohort for case in cases])
    spread = spread_of_ranks(tree, draw(tree, 8, 1), ranking)
    rated = (~np.isnan(scores.rate_published)).tolist()
    assert (~np.isnan(spread.nominal)).tolist() == (~np.isnan(spread.mean)).tolist() == rated
    assert tree.has_rate.tolist() == rated


def test_where_what_is_missing_counts_zero_a_blank_body_has_its_rate() -> None:
    chance = random.Random(7)
    drawn = replace(demanding(chance), missing=MissingRule.ZERO, coverage=Fraction(0))
    case = replace(drawn_bodies(chance, drawn, 1)[0], values={}, not_applicable=frozenset())
    scores = score(drawn, [case])
    assert not scores.lacks(0)
    assert scores.rate_published[0] == 0.0


BLANK: dict[str, Value] = {}
LITTLE: dict[str, Value] = {"1.1": YES}  # 40 % of the weight, where 60 % are needed
ENOUGH: dict[str, Value] = {"1.1": YES, "2.1.a": Decimal(1), "2.1.b": Decimal(4)}


def body(name: str, values: dict[str, Value]) -> Case:
    return Case(name, values)


@pytest.fixture(scope="module")
def feature() -> Questionnaire:
    return load(Path(__file__).resolve().parents[2] / "questionnaires" / "features" / "too-few.yaml")


def test_how_much_is_there_and_how_much_is_needed_is_told(feature: Questionnaire) -> None:
    whole = feature.whole
    told = {language: too_few(whole, Fraction(2, 5), language) for language in ("vi", "en")}
    assert told == {
        "vi": "Chưa đủ số liệu để tính (mới có 40% trọng số, cần 60%)",
        "en": "Too few figures to score (40% of the weight is there, 60% is needed)",
    }
    assert too_few(whole, Fraction(59999, 100_000)) == "Chưa đủ số liệu để tính (mới có 59,999% trọng số, cần 60%)"
    assert too_few(replace(feature, coverage=Fraction(0)).whole, Fraction(0)) == (
        "Chưa đủ số liệu để tính (chưa có số liệu nào)"
    )


def test_the_method_says_when_there_are_too_few_figures(feature: Questionnaire) -> None:
    words = group_rule_in_words(feature, feature.whole)
    assert "ít nhất 60% trọng số; ít hơn thì chưa đủ số liệu để tính" in words
    assert "Chưa có số liệu nào thì" in group_rule_in_words(feature, replace(feature, coverage=Fraction(0)).whole)


def test_steps_of_a_body_with_too_little_bring_figures_and_tell_no_points(feature: Questionnaire) -> None:
    case = body("a", LITTLE)
    steps = next_steps(feature, case)
    assert [(step.code, step.gain, step.coverage) for step in steps] == [("3.1", 0, Fraction(4, 5)),
                                                                         ("2.1", 0, Fraction(3, 5))]  # fmt: skip
    assert tell_step(feature, case, steps[0]) == "Cung cấp số liệu của chỉ số này: đủ số liệu để tính."
    blank = body("b", BLANK)
    assert next(tell_step(feature, blank, step) for step in next_steps(feature, blank)) == (
        "Cung cấp số liệu của chỉ số này: mới có 40% trọng số, cần 60%."
    )


def test_a_change_that_brings_enough_tells_no_difference(feature: Questionnaire) -> None:
    cases = [body("a", LITTLE), body("b", ENOUGH)]
    found = what_if(feature, cases, 0, {"3.1": NO})
    assert (found.before.points, found.before.published, found.before.level, found.before.rank) == (None,) * 4
    assert (found.points, found.rate, found.published, found.places) == (None,) * 4
    assert (found.after.points, found.after.published, found.after.rank) == (50, Fraction(1, 2), 2)
    lost = what_if(feature, cases, 1, {"2.1.a": Special.MISSING})
    assert (lost.before.rank, lost.after.rank, lost.after.points, lost.points) == (1, None, None, None)


def test_tables_of_scores_leave_the_figures_out_and_json_says_why(feature: Questionnaire) -> None:
    cases = (body("a", LITTLE), body("b", ENOUGH))
    scored = score_answers(feature, AnswerFile(cases, ("", ""), ()))
    rows = list(csv.DictReader(io.StringIO(score_csv(scored))))
    assert [rows[0][name] for name in RESULTS] == ["", "100", "", "", "", ""]
    assert [rows[1][name] for name in RESULTS] == ["75", "100", "0.75", "0.7500", "Khá", "1"]
    first, second = json.loads(score_json(scored))["agencies"]
    assert [first[name] for name in RESULTS] == [None, 100, None, None, None, None]
    assert first["reason"] == "Chưa đủ số liệu để tính (mới có 40% trọng số, cần 60%)"
    assert second["reason"] == "trung bình có trọng số (2 × 100% + 1 × 25%) / 3 = 75%, để ngoài 3"
    assert next(explanation(scored, 0, scored.peers)) == f"a: {first['reason']}"


def test_a_part_that_is_left_out_is_never_told_as_nothing(feature: Questionnaire) -> None:
    """Its group has no points where the whole leaves it out: 0 would be read as counted."""
    cases = (body("a", LITTLE), body("b", ENOUGH))
    scored = score_answers(feature, AnswerFile(cases, ("", ""), ()))
    told = " / ".join(explanation(scored, 0, scored.peers))
    assert next(explanation(scored, 1, scored.peers)).endswith(
        "hạng 1, trung bình có trọng số (2 × 100% + 1 × 25%) / 3 = 75%, để ngoài 3"
    )
    assert "2 Nhân lực số: chưa đủ số liệu, để ngoài trung bình" in told
    assert "3.1 Có kho dữ liệu: Để ngoài trung bình vì chưa có số liệu." in told.replace("  ", "")
    assert "tính 0" not in told
    assert ": 0,00 / 10" not in told
    rows = list(csv.DictReader(io.StringIO(score_csv(scored))))
    assert [(row["1"], row["2"], row["3"]) for row in rows] == [("10", "", ""), ("10", "2.5", "")]
    groups = json.loads(score_json(scored))["agencies"][0]["groups"]
    assert [group["points"] for group in groups.values()] == [10, None, None]
    zero = replace(feature, missing=MissingRule.ZERO)
    counted = score_answers(zero, AnswerFile(cases, ("", ""), ()))
    assert "3 Dữ liệu số: chưa đủ số liệu, tính 0 / 10 điểm" in " / ".join(explanation(counted, 0, counted.peers))
    assert next(csv.DictReader(io.StringIO(score_csv(counted))))["3"] == "0"


def test_the_interval_is_of_what_the_rate_may_come_to_once_all_is_known(feature: Questionnaire) -> None:
    low, high = interval(feature, body("a", LITTLE), NOBODY)
    assert (low, high) == (0.4, 1.0)
