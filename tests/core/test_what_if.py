"""What a change brings: points, rate, level and rank, the others unchanged, peers' values moving with it."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.core.answers import Case
from survey.core.asks import Input, Number, NumberKind, Text
from survey.core.modifiers import Condition
from survey.core.questionnaire import RATE, Group, Indicator, Level, Questionnaire
from survey.core.rules.exact import Exact
from survey.core.rules.gain import next_steps
from survey.core.rules.peers import peers_of
from survey.core.transfers import Linear, Peer, PeerMethod
from survey.core.what_if import what_if
from tests.core.rules import bodies

HALF = Level(Text("Nâng cao"), Fraction(1, 2))
FLOOR = Level(Text("Khởi động"))


def number(code: str, maximum: int, score: Linear | Peer | None = None) -> Indicator:
    asked = Input(code, Text(f"Số {code}"), Text("việc"), NumberKind.INTEGER)
    return Indicator(code, Text(code), Number(asked), score or Linear(Fraction(0), Fraction(10)), Fraction(maximum), 2)


def two(
    *, peer: bool = False, levels: tuple[Level, ...] = (HALF, FLOOR), breaks: tuple[str, ...] = ()
) -> Questionnaire:
    score = Peer(PeerMethod.MINMAX, rising=True, equal=Fraction(1)) if peer else None
    group = Group("1", Text("Nhóm"), Text("Nhóm"), indicators=(number("1.1", 60), number("1.2", 40, score)))
    return Questionnaire(
        "thu", "1", Text("Thử"), Text(""), 2, {}, {}, (group,), levels, tie_breaks=breaks
    )  # fmt: skip


def case(name: str, first: int, second: int, cohort: str = "") -> Case:
    return Case(name, {"1.1": Decimal(first), "1.2": Decimal(second)}, cohort=cohort)


def test_points_rate_level_and_rank_are_told_before_and_after() -> None:
    found = what_if(two(), [case("a", 4, 4), case("b", 5, 5), case("c", 3, 3)], 0, {"1.1": Decimal(7)})
    assert (found.before.points, found.after.points, found.points) == (40, 58, 18)
    assert (found.before.published, found.after.published) == (Fraction(2, 5), Fraction(29, 50))
    assert found.rate == found.published == Fraction(9, 50)
    assert (found.before.level, found.after.level, found.level_changes) == (FLOOR, HALF, True)
    assert (found.before.rank, found.after.rank, found.places) == (2, 1, 1)


def test_a_change_that_lowers_is_told_as_a_loss() -> None:
    found = what_if(two(), [case("a", 4, 4), case("b", 3, 3)], 0, {"1.1": Decimal(0)})
    assert (found.points, found.places) == (-24, -1)


def test_only_those_of_the_cohort_that_are_ranked_are_rivals() -> None:
    cases = [case("a", 4, 4, "x"), case("b", 5, 5, "y"), case("c", 5, 5, "x"), case("d", 6, 6, "x")]
    found = what_if(two(), cases, 0, {}, ranked=[True, True, False, True])
    assert (found.before.rank, found.after.rank) == (2, 2)
    assert what_if(two(), cases, 0, {}, cohorts=["k"] * 4).before.rank == 4
    assert what_if(two(), cases, 0, {}, ranked=[False, True, True, True]).before.rank is None


def test_equal_rates_share_a_rank_unless_a_tie_break_parts_them() -> None:
    cases = [case("a", 4, 4), case("b", 2, 7), case("c", 1, 1)]
    assert [what_if(two(), cases, row, {}).before.rank for row in range(3)] == [1, 1, 3]
    assert [what_if(two(breaks=("1.1",)), cases, row, {}).before.rank for row in range(3)] == [1, 2, 3]
    assert [what_if(two(breaks=(RATE,)), cases, row, {}).before.rank for row in range(3)] == [1, 1, 3]


def test_the_values_of_peers_move_with_the_change_and_others_can_fall_by_it() -> None:
    """b has the highest value of 1.2; once a passes it, b earns less of 1.2 than before."""
    cases = [case("a", 4, 5), case("b", 4, 9), case("c", 4, 0)]
    found = what_if(two(peer=True), cases, 0, {"1.2": Decimal(18)})
    assert (found.before.points, found.after.points) == (Fraction("46.22"), 64)
    assert (found.before.rank, found.after.rank) == (2, 1)
    assert what_if(two(peer=True), [replace(cases[0], values={**cases[0].values, "1.2": Decimal(18)}), *cases[1:]], 1,
                   {}).before.points == 44  # fmt: skip


def test_a_level_whose_gate_does_not_hold_gives_way_to_the_next() -> None:
    gated = replace(HALF, gates=(Condition("1.2", Fraction(3, 4)),))
    found = what_if(two(levels=(gated, FLOOR)), [case("a", 9, 4)], 0, {"1.2": Decimal(8)})
    assert (found.before.level, found.after.level) == (FLOOR, gated)


def test_a_change_of_what_is_not_asked_is_refused() -> None:
    with pytest.raises(KeyError, match=r"9\.9"):
        what_if(two(), [case("a", 1, 1)], 0, {"9.9": Decimal(1)})


@settings(max_examples=150)
@given(seed=st.integers(0, 10**9))
def test_the_gain_of_every_step_is_what_changes_in_the_full_run(seed: int) -> None:
    """A body alone does not know its peers' values: where points hang on them, its page tells of the others alone."""
    questionnaire, alone = bodies.body(random.Random(seed))
    both = [alone, replace(alone, agency="khác")]
    peers = peers_of(questionnaire, both)
    assert what_if(questionnaire, both, 0, {}).before.points == Exact(questionnaire, alone, peers).result(
        questionnaire.whole
    ).points  # fmt: skip
    if questionnaire.has_peers:
        return
    for step in next_steps(questionnaire, alone):
        if step.changes:
            found = what_if(questionnaire, both, 0, step.changes)
            assert found.points == step.gain
            assert found.places is not None
            assert found.places >= 0
