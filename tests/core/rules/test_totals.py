"""Groups, exactly: sums that are clamped, means whose weights are scaled up, geometric means that are fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.asks import Text
from survey.core.modifiers import Aggregate, Counts, MissingRule
from survey.core.questionnaire import Group, Indicator
from survey.core.rules.outcomes import State
from survey.core.rules.totals import NOTHING, Part, Result, arithmetic_mean, combine, geometric_mean
from tests.core.rules.indicators import yes_no

SHARES = st.fractions(min_value=0, max_value=1, max_denominator=400)
WEIGHTS = st.fractions(min_value=Fraction(1, 50), max_value=20, max_denominator=50)


def group(aggregate: Aggregate = Aggregate.SUM, *indicators: Indicator, **more: object) -> Group:
    name = Text("Thử")
    given: dict[str, object] = {"scale": Fraction(0) if aggregate is Aggregate.SUM else Fraction(100), **more}
    return Group("1", name, name, indicators=indicators, aggregate=aggregate, **given)  # type: ignore[arg-type]


def part(points: str, maximum: str = "10", weight: str = "1", state: State = State.SCORED) -> Part:
    share = Fraction(points) / Fraction(maximum) if Fraction(maximum) else None
    return Part(Result(state, Fraction(points), Fraction(maximum), share), Fraction(weight))


LEFT = Part(NOTHING, Fraction(1))
GONE = Part(Result(State.MISSING, Fraction(0), Fraction(10), Fraction(0)), Fraction(1))


def test_a_sum_adds_points_and_the_maxima_of_what_applies() -> None:
    found = combine(group(Aggregate.SUM, yes_no("1.1")), [part("7.5"), part("2"), LEFT, GONE])
    assert found == Result(State.SCORED, Fraction("9.5"), Fraction(30), Fraction("9.5") / 30)


def test_a_bonus_never_lifts_a_sum_above_its_maximum() -> None:
    bonus = Part(Result(State.SCORED, Fraction(5), Fraction(0), Fraction(1)), Fraction(1))
    assert combine(group(Aggregate.SUM, yes_no("1.1")), [part("8"), bonus]).points == 10


def test_a_sum_with_points_is_not_missing_though_they_are_a_bonus_alone() -> None:
    bonus = Part(Result(State.SCORED, Fraction(2), Fraction(0), Fraction(1)), Fraction(1))
    penalty = Part(Result(State.SCORED, Fraction(-2), Fraction(0), Fraction(1)), Fraction(1))
    sums = group(Aggregate.SUM, yes_no("1.1"))
    assert combine(sums, [GONE, bonus]) == Result(State.SCORED, Fraction(2), Fraction(10), Fraction(1, 5))
    assert combine(sums, [GONE, penalty]) == Result(State.MISSING, Fraction(0), Fraction(10), Fraction(0))


def test_a_penalty_never_pushes_a_sum_below_zero() -> None:
    penalty = Part(Result(State.SCORED, Fraction(-5), Fraction(0), Fraction(1)), Fraction(1))
    assert combine(group(Aggregate.SUM, yes_no("1.1")), [part("3"), penalty]).points == 0


def test_a_group_of_bonuses_and_penalties_alone_passes_its_points_on() -> None:
    outside = group(Aggregate.SUM, yes_no("1.1", Counts.BONUS), yes_no("1.2", Counts.PENALTY))
    assert outside.outside
    parts = [Part(Result(State.SCORED, Fraction(points), Fraction(0), Fraction(1)), Fraction(1)) for points in (3, -8)]
    assert combine(outside, parts) == Result(State.SCORED, Fraction(-5), Fraction(0), None)


def test_a_sum_of_which_nothing_applies_leaves_points_and_maximum() -> None:
    assert combine(group(Aggregate.SUM, yes_no("1.1")), [LEFT, LEFT]) == NOTHING


def test_a_mean_scales_the_weights_of_what_applies() -> None:
    found = combine(group(Aggregate.MEAN), [part("10", weight="3"), part("0", weight="1"), LEFT])
    assert (found.share, found.points, found.maximum) == (Fraction(3, 4), Fraction(75), Fraction(100))


def test_a_missing_part_counts_zero_unless_it_is_left_out() -> None:
    parts = [part("10"), GONE]
    assert combine(group(Aggregate.MEAN), parts).share == Fraction(1, 2)
    assert combine(group(Aggregate.MEAN, missing=MissingRule.LEFT_OUT), parts).share == 1


@pytest.mark.parametrize(("coverage", "state"), [("1/2", State.SCORED), ("0.51", State.MISSING)])
def test_a_mean_with_too_little_of_its_weight_is_missing(coverage: str, state: State) -> None:
    lacking = group(Aggregate.MEAN, missing=MissingRule.LEFT_OUT, coverage=Fraction(coverage))
    found = combine(lacking, [part("10"), GONE])
    assert found.state is state
    assert found.maximum == 100


def test_a_mean_of_nothing_but_missing_parts_is_missing_and_keeps_its_maximum() -> None:
    for rule in MissingRule:
        assert combine(group(Aggregate.MEAN, missing=rule), [GONE, GONE]) == Result(
            State.MISSING, Fraction(0), Fraction(100), Fraction(0)
        )


def test_the_points_of_a_mean_are_rounded_and_its_share_is_not() -> None:
    found = combine(group(Aggregate.MEAN), [part("10"), part("0"), part("0")])
    assert (found.points, found.share) == (Fraction("33.33"), Fraction(1, 3))


def test_a_tie_of_a_mean_goes_up() -> None:
    found = combine(group(Aggregate.MEAN, scale=Fraction("0.01")), [part("10"), part("0")])
    assert found.points == Fraction("0.01")


def test_a_geometric_mean_of_squares_is_a_fraction() -> None:
    assert geometric_mean([Fraction(36, 100), Fraction(64, 100)], [Fraction(1), Fraction(1)]) == Fraction(48, 100)
    assert geometric_mean([Fraction(1, 8), Fraction(1)], [Fraction(1), Fraction(2)]) == Fraction(1, 2)
    assert geometric_mean([Fraction(1, 4), Fraction(1)], [Fraction("0.5"), Fraction("0.5")]) == Fraction(1, 2)


def test_a_geometric_mean_with_a_zero_is_zero() -> None:
    assert geometric_mean([Fraction(0), Fraction(1)], [Fraction(1, 100), Fraction(99)]) == 0


@given(st.lists(st.tuples(SHARES.filter(bool), WEIGHTS), min_size=1, max_size=5))
def test_a_geometric_mean_is_right_to_fifty_digits(pairs: list[tuple[Fraction, Fraction]]) -> None:
    shares, weights = zip(*pairs, strict=True)
    mean = geometric_mean(shares, weights)
    whole = [int(w * 50 * 49) if w.denominator in (1, 2, 5, 7, 10, 14, 25, 35, 49, 50) else None for w in weights]
    assert min(shares) - Fraction(1, 10**50) <= mean <= max(shares) + Fraction(1, 10**50)
    if all(whole) and sum(w or 0 for w in whole) < 3000:
        total = sum(w or 0 for w in whole)
        exact = Fraction(1)
        for share, weight in zip(shares, whole, strict=True):
            exact *= share ** (weight or 0)
        assert abs(mean**total / exact - 1) < Fraction(1, 10**50)


@given(st.lists(st.tuples(SHARES, WEIGHTS), min_size=1, max_size=6))
def test_no_mean_leaves_the_range_of_its_shares_and_the_geometric_is_the_lower(
    pairs: list[tuple[Fraction, Fraction]],
) -> None:
    shares, weights = zip(*pairs, strict=True)
    plain = arithmetic_mean(shares, weights)
    assert min(shares) <= plain <= max(shares)
    assert geometric_mean(shares, weights) <= plain + Fraction(1, 10**50)


@given(SHARES, st.lists(WEIGHTS, min_size=1, max_size=6))
def test_equal_shares_are_their_own_mean(share: Fraction, weights: list[Fraction]) -> None:
    assert geometric_mean([share] * len(weights), weights) == share
    assert arithmetic_mean([share] * len(weights), weights) == share
