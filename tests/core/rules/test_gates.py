"""Gates, exactly: what an indicator earns before and behind the share that another one must reach."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from survey.core.answers import Case, Value
from survey.core.asks import Text
from survey.core.modifiers import Condition, Counts, Gate
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.rules.exact import Exact, Outcome, State, Why
from tests.core.rules.indicators import yes_no

HALF = Fraction(1, 2)


def gated(condition: Condition, otherwise: Fraction = Fraction(0), counts: Counts = Counts.POINTS) -> Indicator:
    plain = yes_no("2.1", counts)
    return Indicator(
        plain.code, plain.name, plain.ask, plain.score, plain.maximum, 2, gate=Gate(condition, otherwise), counts=counts
    )


def questionnaire_of(indicator: Indicator) -> Questionnaire:
    name = Text("Thử")
    first = Group("1", name, name, indicators=(yes_no("1.1"), yes_no("1.2")))
    second = Group("2", name, name, indicators=(indicator,))
    return Questionnaire("thu", "1", name, Text(""), 2, {}, {}, (first, second), ())


def outcome(indicator: Indicator, values: Mapping[str, Value], left: frozenset[str] = frozenset()) -> Outcome:
    exact = Exact(questionnaire_of(indicator), Case("A", values, left))
    return exact.outcome(indicator)


def test_an_open_gate_changes_nothing() -> None:
    found = outcome(gated(Condition("1.1", Fraction(1))), {"1.1": "yes", "2.1": "yes"})
    assert (found.points, found.why, found.before_gate) == (10, Why.ANSWERED, None)


@pytest.mark.parametrize("answer", [{"1.1": "no"}, {}], ids=["earns nothing", "is missing"])
def test_a_closed_gate_holds_the_share_down_and_keeps_the_maximum(answer: Mapping[str, Value]) -> None:
    indicator = gated(Condition("1.1", Fraction(1)), Fraction(1, 4))
    found = outcome(indicator, {**answer, "2.1": "yes"})
    assert (found.state, found.why) == (State.SCORED, Why.GATED)
    assert (found.points, found.share, found.before_gate) == (Fraction("2.5"), Fraction(1, 4), 1)
    whole = Exact(questionnaire_of(indicator), Case("A", {**answer, "2.1": "yes"}))
    assert whole.result(whole.questionnaire.whole).maximum == 30


def test_a_gate_takes_nothing_from_what_earns_less_than_it_leaves() -> None:
    found = outcome(gated(Condition("1.1", Fraction(1)), HALF), {"1.1": "no", "2.1": "no"})
    assert (found.points, found.why) == (0, Why.ANSWERED)


@pytest.mark.parametrize(("exclusive", "points"), [(False, 10), (True, 0)])
def test_the_limit_itself_opens_unless_it_must_be_passed(exclusive: bool, points: int) -> None:
    answers = {"1.1": "yes", "1.2": "no", "2.1": "yes"}
    assert outcome(gated(Condition("1", HALF, exclusive)), answers).points == points


def test_what_does_not_apply_is_no_hindrance() -> None:
    answers: dict[str, Value] = {"1.2": "no", "2.1": "yes"}
    assert outcome(gated(Condition("1.1", Fraction(1))), answers, frozenset({"1.1"})).points == 10


def test_a_missing_answer_stays_missing_behind_a_gate() -> None:
    assert outcome(gated(Condition("1.1", Fraction(1))), {"1.1": "no"}).why is Why.BLANK


def test_a_gate_can_hold_a_penalty_down() -> None:
    found = outcome(gated(Condition("1.1", Fraction(1)), HALF, Counts.PENALTY), {"1.1": "no", "2.1": "yes"})
    assert found.points == -5
