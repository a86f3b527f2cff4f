"""What must hold of every score: order, scale, missing answers, peers that are all alike, ties and gates of levels."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.answers import Case
from survey.core.asks import Input, Manual, Number, NumberKind, Pair, Points, Ratio, Text, ZeroB
from survey.core.levels import level_index
from survey.core.modifiers import Aggregate, Condition, Counts
from survey.core.questionnaire import RATE, Group, Indicator, Level, Questionnaire
from survey.core.ranking import ranks
from survey.core.rules.outcomes import State
from survey.core.scoring import interval, score
from survey.core.transfers import Linear, Peer, PeerMethod
from tests.core.rules import drawing
from tests.core.whole_grammar import drawn_cases, drawn_questionnaire

HOST = 9  # bodies beside those looked at, so that vectors and not the exact reading score them


def ratio(code: str, maximum: Fraction, decimals: int | None) -> Indicator:
    """a / b × maximum."""
    a, b = (Input(f"{code}.{name}", Text(name), Text("người"), NumberKind.DECIMAL) for name in "ab")
    whole = Linear(Fraction(0), Fraction(1))
    return Indicator(code, Text(code), Ratio(Pair(a, b, part=True)), whole, maximum, decimals, ZeroB.ZERO)


def stated(code: str, maximum: str, counts: Counts = Counts.POINTS) -> Indicator:
    """Points that the agency states."""
    return Indicator(code, Text(code), Points(code), None, Fraction(maximum), 2, counts=counts)


def held(code: str, score: Peer) -> Indicator:
    """A number held against the cohort."""
    asked = Input(code, Text(code), Text("%"), NumberKind.REAL)
    return Indicator(code, Text(code), Number(asked), score, Fraction(10), 2)


def questionnaire(
    *indicators: Indicator, decimals: int | None = 2, levels: tuple[Level, ...] = (), breaks: tuple[str, ...] = ()
) -> Questionnaire:
    """One group."""
    group = Group("1", Text("1"), Text("1"), indicators=indicators, decimals=decimals)
    return Questionnaire("thu", "1", Text("1"), Text(""), decimals, {}, {}, (group,), levels, tie_breaks=breaks)


@given(seed=st.integers(0, 10**9))
def test_permuting_agencies_permutes_every_result(seed: int) -> None:
    chance = random.Random(seed)
    drawn = drawn_questionnaire(chance)
    cases = drawn_cases(chance, drawn, 12)
    order = chance.sample(range(12), 12)
    straight, mixed = score(drawn, cases), score(drawn, [cases[n] for n in order])
    np.testing.assert_array_equal(straight.points[order], mixed.points)
    np.testing.assert_array_equal(straight.states[order], mixed.states)
    np.testing.assert_array_equal(straight.rate[order], mixed.rate)
    assert [straight.level[n] for n in order] == list(mixed.level)
    for code, shares in straight.group_share.items():
        np.testing.assert_array_equal(shares[order], mixed.group_share[code])


@given(seed=st.integers(0, 10**9))
def test_a_span_of_agencies_scores_as_it_does_among_all(seed: int) -> None:
    """One body read exactly, a few, and many by vectors: the same figures where peers are the same."""
    chance = random.Random(seed)
    drawn = drawn_questionnaire(chance)
    cases = drawn_cases(chance, drawn, 8)
    peers = {}
    many, one = score(drawn, cases, peers=peers), score(drawn, cases[:1], peers=peers)
    np.testing.assert_array_equal(many.points[0], one.points[0])
    np.testing.assert_array_equal(many.rate[0], one.rate[0])


@given(seed=st.integers(0, 10**9), factor=st.integers(2, 9), decimals=st.sampled_from([None, 2]))
def test_scaling_every_maximum_leaves_rates_but_for_rounding(seed: int, factor: int, decimals: int | None) -> None:
    chance = random.Random(seed)
    plain = [ratio(f"1.{n}", Fraction(chance.choice(drawing.MAXIMA)), decimals) for n in (1, 2, 3)]
    scaled = [replace(indicator, maximum=indicator.maximum * factor) for indicator in plain]
    cases = []
    for number in range(HOST):
        b = [chance.randint(1, 300) for _ in plain]
        values = {f"1.{n}.b": Decimal(below) for n, below in enumerate(b, start=1)}
        values |= {f"1.{n}.a": Decimal(chance.randint(0, below)) for n, below in enumerate(b, start=1)}
        cases.append(Case(str(number), values))
    one, other = (score(questionnaire(*some, decimals=decimals), cases).rate for some in (plain, scaled))
    maximum = float(sum(indicator.maximum for indicator in plain))
    slack = 0.0 if decimals is None else len(plain) * 0.005 / maximum * (1 + 1 / factor)
    np.testing.assert_allclose(one, other, rtol=1e-14, atol=slack)


@pytest.mark.parametrize("method", list(PeerMethod))
@pytest.mark.parametrize("rising", [True, False])
def test_peers_all_alike_and_one_peer_alone_earn_the_share_of_equals(method: PeerMethod, rising: bool) -> None:
    rule = Peer(method, rising, Fraction(1, 2))
    asked = questionnaire(held("1.1", rule))
    alike = score(asked, [Case(str(n), {"1.1": Decimal(0)}) for n in range(HOST)])
    assert set(alike.points[:, 0].tolist()) == {5.0}
    alone = score(asked, [Case("x", {"1.1": Decimal(0)}), *(Case(str(n), {}) for n in range(HOST))])
    assert alone.points[0, 0] == 5.0
    assert alone.states[1, 0] == State.MISSING


def test_a_whole_cohort_without_figures_is_pending_or_missing_and_never_breaks_the_other() -> None:
    rule = Peer(PeerMethod.MINMAX, True, Fraction(1, 2))
    asked = questionnaire(held("1.1", rule))
    here = [Case(str(n), {"1.1": Decimal(n)}, cohort="a") for n in range(HOST)]
    gone = [Case(f"g{n}", {"1.1": Decimal(n)}, frozenset({"1.1"}), cohort="b") for n in range(3)]
    scores = score(asked, [*here, *gone])
    assert scores.points[HOST - 1, 0] == 10.0
    assert set(scores.states[HOST:, 0].tolist()) == {State.NOT_APPLICABLE}
    assert np.isnan(scores.rate_published[HOST:]).all()
    assert set(scores.maximum[HOST:].tolist()) == {0.0}


def test_only_those_sent_make_the_extents() -> None:
    asked = questionnaire(held("1.1", Peer(PeerMethod.MINMAX, True, Fraction(1, 2))))
    cases = [Case(str(n), {"1.1": Decimal(n)}) for n in range(11)]
    scores = score(asked, cases, among=[n <= 5 for n in range(11)])
    assert scores.points[:, 0].tolist() == [0, 2, 4, 6, 8, 10, 10, 10, 10, 10, 10]


def test_what_is_not_graded_yet_leaves_the_maximum() -> None:
    asked = questionnaire(stated("1.1", "10"), Indicator("1.2", Text("2"), Manual("1.2"), None, Fraction(30), 2))
    scores = score(asked, [Case(str(n), {"1.1": Decimal(5)}) for n in range(HOST)])
    assert set(scores.maximum.tolist()) == {10.0}
    assert set(scores.states[:, 1].tolist()) == {State.PENDING}


def test_a_penalty_is_negative_and_the_sum_stays_inside_its_maximum() -> None:
    asked = questionnaire(stated("1.1", "10"), stated("1.2", "5", Counts.BONUS), stated("1.3", "20", Counts.PENALTY))
    values = [("10", "5", "0"), ("2", "0", "20"), ("10", "5", "7.25")]
    rows = [
        Case(str(n), dict(zip(("1.1", "1.2", "1.3"), map(Decimal, row), strict=True))) for n, row in enumerate(values)
    ]
    scores = score(asked, rows * 3)
    assert scores.points[:3, 2].tolist() == [0.0, -20.0, -7.25]
    assert scores.total[:3].tolist() == [10.0, 0.0, 7.75]
    assert not np.signbit(scores.points[0, 2])


@given(seed=st.integers(0, 10**9), aggregate=st.sampled_from([Aggregate.SUM, Aggregate.MEAN]))
def test_missing_never_leaves_the_maximum(seed: int, aggregate: Aggregate) -> None:
    chance = random.Random(seed)
    parts = tuple(ratio(f"1.{n}", Fraction(chance.choice(drawing.MAXIMA)), 2) for n in range(1, 5))
    group = Group("1", Text("1"), Text("1"), indicators=parts, aggregate=aggregate, scale=Fraction(100))
    asked = replace(questionnaire(*parts), groups=(group,))
    full = {key: Decimal(chance.randint(1, 9)) for part in parts for key in part.keys}
    bare = {key: value for key, value in full.items() if chance.random() < 0.5}
    scores = score(asked, [Case("x", full), Case("y", bare)] * 4)
    assert scores.maximum[0] == scores.maximum[1]


def test_declared_tie_breaks_part_equal_rates_and_the_rest_tie_1_2_2_4() -> None:
    published = np.array([0.9, 0.8, 0.8, 0.8, 0.7])
    breaks = np.array([[0.1], [0.5], [0.6], [0.5], [np.nan]])
    assert ranks(published, ["a"] * 5, [True] * 5) == (1, 2, 2, 2, 5)
    assert ranks(published, ["a"] * 5, [True] * 5, breaks) == (1, 3, 2, 3, 5)
    assert ranks(published, ["a"] * 5, [True] * 5, breaks + 1e-14 * np.arange(5)[:, None]) == (1, 3, 2, 3, 5)


def test_the_unrounded_rate_may_part_what_is_published_alike() -> None:
    asked = questionnaire(stated("1.1", "3000000"), breaks=(RATE, "1.1"))
    cases = [Case(str(n), {"1.1": Decimal(1000000 + n)}) for n in range(HOST)]
    scores = score(asked, cases)
    assert len(set(scores.rate_published.tolist())) == 1
    assert ranks(scores.rate_published, ["a"] * HOST, [True] * HOST, scores.breaks) == tuple(range(HOST, 0, -1))


def test_a_level_whose_gate_is_missed_falls_to_the_next_whose_gates_hold() -> None:
    levels = (
        Level(Text("cao"), Fraction(3, 4), gates=(Condition("1.1", Fraction(1, 3)),)),
        Level(Text("khá"), Fraction(1, 2), gates=(Condition("1.1", Fraction(1, 4), exclusive=True),)),
        Level(Text("thấp")),
    )
    asked = questionnaire(stated("1.1", "3"), stated("1.2", "97"), levels=levels)
    firsts = ["1", "0.99", "0.76", "0.75"]  # 1/3 reached exactly, 1/4 not passed exactly
    cases = [Case(first, {"1.1": Decimal(first), "1.2": Decimal(97)}) for first in firsts]
    names = [level.name.vi if level else None for level in score(asked, cases * 3).level[:4]]
    assert names == ["cao", "khá", "khá", "thấp"]


def test_levels_without_gates_are_reached_as_before() -> None:
    assert level_index((Level(Text("a"), Fraction(1, 2)), Level(Text("b"))), np.array([0.5, 0.4999])).tolist() == [0, 1]


def test_the_interval_takes_missing_bonus_and_penalty_at_their_best_and_worst() -> None:
    asked = questionnaire(stated("1.1", "10"), stated("1.2", "2", Counts.BONUS), stated("1.3", "5", Counts.PENALTY))
    assert interval(asked, Case("x", {"1.1": Decimal(6)}), {}) == (0.1, 0.8)
    assert interval(asked, Case("x", {}, frozenset({"1.1"})), {})[0] != 0  # nan: nothing applies
