"""Held against the cohort: the scale that its lowest and highest values set, and what happens where they set none."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from survey.core.answers import Case
from survey.core.asks import NumberKind, Text
from survey.core.questionnaire import Group, Questionnaire
from survey.core.rules.exact import Exact, State, Why
from survey.core.rules.peers import NOBODY, Extent, peers_of, scale_of
from survey.core.transfers import Linear, Peer, PeerMethod
from tests.core.rules.indicators import number

MINMAX = Peer(PeerMethod.MINMAX, rising=True, equal=Fraction(1, 2))


def asked(score: Peer, kind: NumberKind = NumberKind.DECIMAL) -> Questionnaire:
    name = Text("Thử")
    group = Group("1", name, name, indicators=(number("1.1", score, kind),))
    return Questionnaire("thu", "1", name, Text(""), 2, {}, {}, (group,), ())


def bodies(*values: str | None, cohort: str = "") -> list[Case]:
    return [
        Case(f"{cohort}{place}", {} if value is None else {"1.1": Decimal(value)}, cohort=cohort)
        for place, value in enumerate(values)
    ]


def points(
    questionnaire: Questionnaire, cases: Sequence[Case], among: Sequence[bool] | None = None
) -> list[Fraction | None]:
    peers = peers_of(questionnaire, cases, among)
    found = [Exact(questionnaire, case, peers).outcome(questionnaire.indicators[0]) for case in cases]
    return [one.points if one.state is State.SCORED else None for one in found]


def test_the_lowest_earns_nothing_and_the_highest_all() -> None:
    assert points(asked(MINMAX), bodies("10", "30", "50")) == [0, 5, 10]


def test_where_less_is_better_the_scale_is_turned() -> None:
    falling = Peer(PeerMethod.MINMAX, rising=False, equal=Fraction(1))
    assert points(asked(falling), bodies("10", "20", "50")) == [10, Fraction("7.5"), 0]


def test_a_scale_may_begin_above_nothing() -> None:
    stretched = Peer(PeerMethod.MINMAX, rising=True, equal=Fraction(1), least=Fraction(1, 100))
    assert points(asked(stretched), bodies("0", "50", "100")) == [Fraction("0.1"), Fraction("5.05"), 10]


def test_held_against_the_highest_a_value_earns_its_part_of_it() -> None:
    highest = Peer(PeerMethod.MAX, rising=True, equal=Fraction(0))
    assert points(asked(highest), bodies("2", "5", "8")) == [Fraction("2.5"), Fraction("6.25"), 10]


def test_held_against_the_highest_where_less_is_better_the_lowest_earns_all() -> None:
    lowest = Peer(PeerMethod.MAX, rising=False, equal=Fraction(0))
    assert points(asked(lowest), bodies("2", "5", "8")) == [10, Fraction("6.25"), Fraction("2.5")]


@pytest.mark.parametrize("values", [("7",), ("7", "7", "7"), ("0", "0")])
def test_where_nothing_can_be_told_apart_everybody_earns_what_the_rule_says(values: tuple[str, ...]) -> None:
    assert points(asked(MINMAX), bodies(*values)) == [5] * len(values)


def test_held_against_the_highest_equal_values_that_are_not_zero_earn_all() -> None:
    highest = Peer(PeerMethod.MAX, rising=True, equal=Fraction(1, 4))
    assert points(asked(highest), bodies("7", "7")) == [10, 10]
    assert points(asked(highest), bodies("0", "0")) == [Fraction("2.5"), Fraction("2.5")]


def test_cohorts_are_held_apart() -> None:
    cases = bodies("0", "10", cohort="A") + bodies("100", "200", cohort="B")
    assert points(asked(MINMAX), cases) == [0, 10, 0, 10]


def test_a_missing_value_makes_no_end_and_is_missing() -> None:
    assert points(asked(MINMAX), bodies("10", None, "20")) == [0, None, 10]


def test_values_that_are_not_counted_make_no_end_and_stay_on_the_scale() -> None:
    assert points(asked(MINMAX), bodies("10", "20", "90"), [True, True, False]) == [0, 10, 10]


def test_a_real_number_may_be_negative() -> None:
    assert points(asked(MINMAX, NumberKind.REAL), bodies("-3", "-1", "1")) == [0, 5, 10]
    assert points(asked(MINMAX), bodies("-3", "1"))[0] is None


def test_without_the_others_figures_it_is_pending_and_leaves_the_maximum() -> None:
    questionnaire = asked(MINMAX)
    alone = Exact(questionnaire, bodies("10")[0], NOBODY)
    found = alone.outcome(questionnaire.indicators[0])
    assert (found.state, found.why, found.measured) == (State.PENDING, Why.NO_PEERS, 10)
    assert alone.result(questionnaire.whole).maximum == 0


def test_a_scale_is_a_linear_rule() -> None:
    assert scale_of(MINMAX, Extent(Fraction(2), Fraction(6), 3)) == Linear(Fraction(2), Fraction(6))
    assert scale_of(MINMAX, Extent(Fraction(2), Fraction(2), 3)) is None
