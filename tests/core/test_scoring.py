"""Totals, rates and levels: half-up everywhere, missing keeps the maximum, order of agencies changes nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.answers import Case, Special
from survey.core.asks import Input, NumberKind, Pair, Points, Ratio, Text, ZeroB
from survey.core.levels import level_of
from survey.core.questionnaire import Group, Indicator, Level, Questionnaire
from survey.core.ranking import ranks
from survey.core.rounding import half_up
from survey.core.rules.exact import State, Why, outcome
from survey.core.scoring import interval, score
from survey.core.transfers import Linear
from tests.core.rules import drawing

LEVELS = (
    Level(Text("Dẫn dắt"), Fraction(3, 4), exclusive=True),
    Level(Text("Nâng cao"), Fraction(1, 2), exclusive=True),
    Level(Text("Hình thành"), Fraction(1, 4), exclusive=True),
    Level(Text("Khởi động")),
)


def ratio(code: str, maximum: str, zero_b: ZeroB = ZeroB.ZERO) -> Indicator:
    """An indicator a/b × maximum, a part of b."""
    a, b = (Input(f"{code}.{name}", Text(name), Text("người"), NumberKind.DECIMAL) for name in "ab")
    whole = Linear(Fraction(0), Fraction(1))
    return Indicator(code, Text("Tỷ lệ"), Ratio(Pair(a, b, part=True)), whole, Fraction(maximum), 2, zero_b)


def one_group(*indicators: Indicator, decimals: int | None = 2) -> Questionnaire:
    """A questionnaire of one group."""
    group = Group("1", Text("Nhóm"), Text("Nhóm"), indicators=indicators, decimals=decimals)
    return Questionnaire("thu", "1", Text("Thử"), Text(""), decimals, {}, {}, (group,), LEVELS)


def answers(**values: str) -> dict[str, Decimal]:
    """1_1_a="3" → {"1.1.a": Decimal(3)}."""
    return {key.strip("_").replace("_", "."): Decimal(text) for key, text in values.items()}


@pytest.mark.parametrize(
    ("a", "b", "maximum", "points"),
    [
        ("73", "106", "20", 13.77),
        ("57", "100", "1", 0.57),
        ("1", "8", "0.1", 0.01),  # 0.0125
        ("1", "8", "1", 0.13),  # 0.125: half-up, where Python's round gives 0.12
        ("1", "3", "10", 3.33),
        ("2", "3", "10", 6.67),
        ("1234567891", "9999999999", "50", 6.17),
        ("0", "7", "50", 0.0),
    ],
)
def test_points_are_rounded_half_up_once(a: str, b: str, maximum: str, points: float) -> None:
    questionnaire = one_group(replace(ratio("1.1", maximum)))
    scores = score(questionnaire, [Case("x", answers(_1_1_a=a, _1_1_b=b))])
    assert scores.points[0, 0] == points
    assert scores.total[0] == points


@pytest.mark.parametrize(
    ("zero_b", "state", "points", "maximum"),
    [
        (ZeroB.KAD, State.NOT_APPLICABLE, 0, 0),
        (ZeroB.ZERO, State.SCORED, 0, 40),
        (ZeroB.FULL, State.SCORED, 40, 40),
    ],
)
def test_a_denominator_of_zero_counts_as_its_rule_says(
    zero_b: ZeroB, state: State, points: float, maximum: float
) -> None:
    scores = score(one_group(ratio("1.1", "40", zero_b)), [Case("x", answers(_1_1_a="0", _1_1_b="0"))])
    assert (scores.states[0, 0], scores.total[0], scores.maximum[0]) == (state, points, maximum)


def test_nothing_applicable_has_no_rate_and_no_level() -> None:
    scores = score(one_group(ratio("1.1", "40", ZeroB.KAD)), [Case("x", answers(_1_1_a="0", _1_1_b="0"))])
    assert np.isnan(scores.rate[0])
    assert np.isnan(scores.rate_published[0])
    assert scores.level == (None,)
    assert ranks(scores.rate_published, ["c"], [True]) == (None,)


def test_a_larger_part_than_the_whole_is_kept_and_scored_as_missing() -> None:
    questionnaire = one_group(ratio("1.1", "40"))
    case = Case("x", answers(_1_1_a="41", _1_1_b="40"))
    settled = outcome(questionnaire, questionnaire.indicators[0], case)
    assert (settled.state, settled.why) == (State.MISSING, Why.A_ABOVE_B)
    assert score(questionnaire, [case]).maximum[0] == 40


def test_missing_keeps_the_maximum_and_the_interval_says_what_it_may_bring() -> None:
    questionnaire = one_group(ratio("1.1", "40"), ratio("1.2", "60"))
    case = Case("x", answers(_1_1_a="1", _1_1_b="2"))
    scores = score(questionnaire, [case])
    assert (scores.total[0], scores.maximum[0]) == (20, 100)
    assert interval(questionnaire, case, {}) == (0.2, 0.8)


def test_the_published_rate_is_half_up_where_a_double_lies_below_the_half() -> None:
    stated = Indicator("1.1", Text("Tự tính"), Points("1.1"), None, Fraction(800), 2)
    scores = score(one_group(stated), [Case("x", {"1.1": Decimal("100.04")}), Case("y", {"1.1": Decimal("599.96")})])
    assert scores.rate_published.tolist() == [0.1251, 0.75]  # 0.12505 and 0.74995


@pytest.mark.parametrize(
    ("rate", "name"),
    [
        (0.7501, "Dẫn dắt"),
        (0.75, "Nâng cao"),
        (0.5001, "Nâng cao"),
        (0.5, "Hình thành"),
        (0.25, "Khởi động"),
        (0, "Khởi động"),
    ],
)
def test_a_level_begins_above_its_limit_where_it_is_exclusive(rate: float, name: str) -> None:
    reached = level_of(LEVELS, rate)
    assert reached is not None
    assert reached.name.vi == name


def test_ties_share_a_rank_and_the_next_is_skipped_inside_each_cohort() -> None:
    published = np.array([0.9, 0.8, 0.8, 0.7, 0.8, 0.6, 0.5])
    cohorts = ["a", "a", "a", "a", "b", "b", "a"]
    sent = [True, True, True, True, True, True, False]
    assert ranks(published, cohorts, sent) == (1, 2, 2, 4, 1, 2, None)


@given(seed=st.integers(0, 10**9))
def test_permuting_agencies_permutes_results(seed: int) -> None:
    chance = random.Random(seed)
    indicator = drawing.rule(chance, *chance.choice(drawing.LEGAL))
    questionnaire = drawing.questionnaire(indicator)
    cases = [replace(drawing.case(chance, indicator), agency=str(n)) for n in range(8)]
    order = chance.sample(range(8), 8)
    straight, mixed = score(questionnaire, cases), score(questionnaire, [cases[n] for n in order])
    np.testing.assert_array_equal(straight.points[order], mixed.points)
    np.testing.assert_array_equal(straight.rate_published[order], mixed.rate_published)


@given(seed=st.integers(0, 10**9), more=st.integers(1, 50))
def test_raising_the_numerator_never_lowers_a_rising_rule(seed: int, more: int) -> None:
    chance = random.Random(seed)
    b = chance.randint(60, 500)
    a = chance.randint(0, b - 50)
    questionnaire = one_group(ratio("1.1", chance.choice(drawing.MAXIMA)))
    low, high = (Case("x", answers(_1_1_a=str(n), _1_1_b=str(b))) for n in (a, a + more))
    scores = score(questionnaire, [low, high])
    assert scores.total[0] <= scores.total[1]


@given(seed=st.integers(0, 10**9))
def test_leaving_an_answer_out_never_changes_the_maximum_but_where_it_made_it_not_applicable(seed: int) -> None:
    chance = random.Random(seed)
    pairs = [pair for pair in drawing.LEGAL if pair[0] != "manual"]  # what is not graded yet waits
    indicator = replace(drawing.rule(chance, *chance.choice(pairs)), show_when=None)
    questionnaire = drawing.questionnaire(indicator)
    full = drawing.case(chance, indicator)
    bare = replace(full, values={key: value for key, value in full.values.items() if key not in indicator.keys})
    before, after = score(questionnaire, [full, bare]).maximum
    settled = outcome(questionnaire, indicator, full)
    assert after >= before
    if settled.state is not State.NOT_APPLICABLE:
        assert after == before


def test_an_unanswered_request_for_not_applicable_changes_nothing() -> None:
    questionnaire = one_group(ratio("1.1", "40"), ratio("1.2", "60"))
    asked = Case("x", answers(_1_1_a="1", _1_1_b="2"))
    approved = replace(asked, not_applicable=frozenset({"1.2"}))
    written = replace(asked, values={**asked.values, "1.2.a": Special.NOT_APPLICABLE})
    scores = score(questionnaire, [asked, approved, written])
    assert scores.rate.tolist() == [0.2, 0.5, 0.5]


@given(st.fractions(min_value=0, max_value=1000), st.integers(0, 6))
def test_half_up_is_the_nearest_and_takes_halves_up(value: Fraction, decimals: int) -> None:
    rounded = half_up(value, decimals)
    assert abs(rounded - value) <= Fraction(1, 2 * 10**decimals)
    assert rounded - value != Fraction(-1, 2 * 10**decimals)


@given(seed=st.integers(0, 10**9), factor=st.integers(2, 9))
def test_scaling_every_maximum_leaves_unrounded_rates(seed: int, factor: int) -> None:
    chance = random.Random(seed)
    plain = [replace(ratio(f"1.{n}", chance.choice(drawing.MAXIMA)), decimals=None) for n in (1, 2, 3)]
    scaled = [replace(indicator, maximum=indicator.maximum * factor) for indicator in plain]
    values = {}
    for n in (1, 2, 3):
        b = chance.randint(1, 300)
        values |= {f"1.{n}.a": Decimal(chance.randint(0, b)), f"1.{n}.b": Decimal(b)}
    rates = [score(one_group(*some, decimals=None), [Case("x", values)]).rate[0] for some in (plain, scaled)]
    assert rates[0] == pytest.approx(rates[1], rel=1e-12)
