"""Group points, totals, maxima, published rates and levels of whole questionnaires, against sums of fractions."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from survey.core.answers import Case, Value
from survey.core.asks import Points, Text
from survey.core.levels import level_of
from survey.core.questionnaire import Group, Indicator, Level, Questionnaire
from survey.core.rounding import half_up
from survey.core.rules.columns import Columns
from survey.core.rules.exact import Exact, State
from survey.core.rules.peers import peers_of
from survey.core.scoring import interval, score, score_columns
from survey.core.transfers import Bands, Linear
from tests.core.rules import drawing

LEVELS = (
    Level(Text("Cao"), Fraction(3, 4), exclusive=True),
    Level(Text("Khá"), Fraction(1, 3)),
    Level(Text("Thấp")),
)


def drawn_set(chance: random.Random, decimals: int | None) -> Questionnaire:
    """Two groups, one of them nested, of every kind of indicator; the parents that show_when names come first."""
    drawn = [
        drawing.moved(drawing.rule(chance, *chance.choice(drawing.LEGAL)), f"2.{place}.{number}")
        for place in "12"
        for number in range(1, 5)
    ]
    inner = tuple(
        Group(
            f"2.{place}",
            Text(place),
            Text(place),
            indicators=tuple(i for i in drawn if i.code.startswith(f"2.{place}")),
            decimals=decimals,
        )
        for place in "12"
    )
    first = Group("1", Text("1"), Text("1"), indicators=drawing.PARENTS, decimals=decimals)
    second = Group("2", Text("2"), Text("2"), groups=inner, decimals=decimals)
    attributes = {name: Text(name) for name in drawing.ATTRIBUTES}
    return Questionnaire("thu", "1", Text("Thử"), Text(""), decimals, attributes, {}, (first, second), LEVELS)


def drawn_case(chance: random.Random, questionnaire: Questionnaire) -> Case:
    """Answers to all of it."""
    values: dict[str, Value] = {}
    case = Case("x", {})
    for indicator in questionnaire.indicators:
        if indicator not in drawing.PARENTS:
            case = drawing.case(chance, indicator, wild=True)
            values |= case.values
    return replace(case, values=values)


@given(seed=st.integers(0, 10**9), decimals=st.sampled_from([2, 2, 0, 3, None]))
def test_sums_are_those_of_fractions(seed: int, decimals: int | None) -> None:
    chance = random.Random(seed)
    questionnaire = drawn_set(chance, decimals)
    cases = [drawn_case(chance, questionnaire) for _ in range(6)]
    scores = score(questionnaire, cases)
    peers = peers_of(questionnaire, cases)
    for row, case in enumerate(cases):
        exact = Exact(questionnaire, case, peers)
        for group in (questionnaire.whole, *questionnaire.all_groups):
            result, code = exact.result(group), group.code
            assert (scores.group_points[code][row] if code else scores.total[row]) == float(result.points)
            assert (scores.group_maximum[code][row] if code else scores.maximum[row]) == float(result.maximum)
        whole = exact.result(questionnaire.whole)
        if whole.share is None:
            assert np.isnan(scores.rate_published[row])
            assert scores.level[row] is None
        else:
            published = half_up(whole.share, 4)
            assert scores.rate_published[row] == float(published)
            assert scores.level[row] == level_of(LEVELS, published)


def stated(code: str, maximum: str, decimals: int | None = 2) -> Indicator:
    """An indicator whose points the agency states."""
    return Indicator(code, Text(code), Points(code), None, Fraction(maximum), decimals)


def one_group(*indicators: Indicator, decimals: int | None = 2) -> Questionnaire:
    group = Group("1", Text("1"), Text("1"), indicators=indicators, decimals=decimals)
    return Questionnaire("thu", "1", Text("Thử"), Text(""), decimals, {}, {}, (group,), LEVELS)


def test_points_finer_than_the_total_are_added_before_they_are_rounded() -> None:
    questionnaire = one_group(*(stated(f"1.{n}", "1", 3) for n in range(1, 4)))
    case = Case("x", {f"1.{n}": Decimal("0.335") for n in range(1, 4)})
    assert score(questionnaire, [case]).total.tolist() == [1.01]  # 1.005, where 0.34 × 3 would be 1.02


def test_maxima_that_no_double_holds_add_up_to_the_nearest_double() -> None:
    questionnaire = one_group(*(stated(f"1.{n}", "0.1") for n in range(1, 11)))
    assert score(questionnaire, [Case("x", {})]).maximum.tolist() == [1.0]


def test_every_rate_at_a_tie_is_published_half_up() -> None:
    questionnaire = one_group(stated("1.1", "1000"))
    ties = [Decimal(n) / 100 for n in range(5, 100_000, 10)]  # 0.05, 0.15 … 999.95 of 1,000
    scores = score(questionnaire, [Case(str(tie), {"1.1": tie}) for tie in ties])
    assert scores.rate_published.tolist() == [float(half_up(Fraction(tie) / 1000, 4)) for tie in ties]


def test_a_rate_that_misses_a_tie_by_a_hair_is_published_downwards() -> None:
    questionnaire = one_group(stated("1.1", "10000000", None), decimals=None)
    scores = score(questionnaire, [Case("x", {"1.1": Decimal("1234499.999999")})])
    assert scores.rate_published.tolist() == [0.1234]


def test_the_interval_has_published_ends() -> None:
    questionnaire = one_group(stated("1.1", "2"), stated("1.2", "1"))
    assert interval(questionnaire, Case("x", {"1.1": Decimal(1)}), {}) == (0.3333, 0.6667)
    assert interval(questionnaire, Case("y", {}), {}) == (0.0, 1.0)


def test_columns_built_once_score_alike_twice() -> None:
    chance = random.Random(5)
    questionnaire = drawn_set(chance, 2)
    columns = Columns(questionnaire, [drawn_case(chance, questionnaire) for _ in range(20)])
    columns.build()
    first, second = score_columns(columns), score_columns(columns)
    np.testing.assert_array_equal(first.points, second.points)
    np.testing.assert_array_equal(first.states, second.states)


def test_no_agency_at_all_is_scored_as_none() -> None:
    scores = score(drawn_set(random.Random(1), 2), [])
    assert (scores.agencies, scores.total.shape, scores.level) == ((), (0,), ())


def rises(indicator: Indicator) -> bool:
    """Whether more of what is measured never earns less."""
    match indicator.score:
        case Linear(start=start, end=end):
            return start < end
        case Bands(bands=bands):
            shares = [band.share for band in bands]
            return shares == sorted(shares, reverse=True)
    return False


@given(seed=st.integers(0, 10**9), source=st.sampled_from(["number", "ratio", "mean"]), more=st.integers(1, 10**6))
def test_raising_a_numerator_or_a_number_never_lowers_a_rising_score(seed: int, source: str, more: int) -> None:
    chance = random.Random(seed)
    indicator = drawing.rule(chance, source, chance.choice(["linear", "bands"]), outside=False)
    questionnaire = drawing.questionnaire(indicator)
    case = drawing.case(chance, indicator)
    key = chance.choice([pair.a.key for pair in indicator.pairs] or [indicator.code])
    before = case.value(key)
    assume(rises(indicator) and isinstance(before, Decimal) and before >= 0)
    raised = replace(case, values={**case.values, key: before + Decimal(more) / 100})
    scores = score(questionnaire, [case, raised])
    if scores.states[1, -1] == State.SCORED:  # it may now lie above its denominator
        assert scores.points[0, -1] <= scores.points[1, -1]
