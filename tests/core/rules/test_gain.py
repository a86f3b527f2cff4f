"""Next steps: each gains exactly what two full runs differ by, claims no more than it needs, proposes only work."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.core.answers import Case, Value, read_cell, to_cell
from survey.core.asks import Manual, NumberKind, Points, Survey
from survey.core.questionnaire import Questionnaire
from survey.core.rules.exact import Exact, State, Why
from survey.core.rules.gain import NextStep, Way, next_steps
from survey.core.rules.outcomes import LEAVES_MAXIMUM
from survey.core.rules.peers import peers_of
from survey.core.rules.supposed import Supposed, earning
from tests.core.rules import bodies

SEEDS = st.integers(0, 10**9)


def drawn(seed: int) -> tuple[Questionnaire, Case, tuple[NextStep, ...]]:
    """A random body and its steps."""
    questionnaire, case = bodies.body(random.Random(seed))
    return questionnaire, case, next_steps(questionnaire, case)


def changed(case: Case, changes: Mapping[str, Value]) -> Case:
    return replace(case, values={**case.values, **changes})


def total(questionnaire: Questionnaire, case: Case) -> Fraction:
    return Exact(questionnaire, case).result(questionnaire.whole).points


@settings(max_examples=400)
@given(seed=SEEDS)
def test_the_gain_of_a_step_is_the_difference_of_two_full_runs(seed: int) -> None:
    questionnaire, case, steps = drawn(seed)
    for step in steps:
        assert step.gain > 0
        if step.changes:
            assert step.gain == total(questionnaire, changed(case, step.changes)) - total(questionnaire, case)


@settings(max_examples=200)
@given(seed=SEEDS)
def test_with_the_values_of_peers_at_hand_the_gain_is_the_difference_of_two_full_runs_too(seed: int) -> None:
    questionnaire, case = bodies.body(random.Random(seed))
    others = [replace(case, values={**case.values, "so_cbccvc": Decimal(count)}) for count in (7, 90)]
    peers = peers_of(questionnaire, [case, *others])
    before = Exact(questionnaire, case, peers).result(questionnaire.whole).points
    for step in next_steps(questionnaire, case, peers):
        if step.changes:
            after = Exact(questionnaire, changed(case, step.changes), peers).result(questionnaire.whole).points
            assert step.gain == after - before > 0


@settings(max_examples=400)
@given(seed=SEEDS)
def test_one_unit_less_reaches_neither_the_target_nor_the_band(seed: int) -> None:
    questionnaire, case, steps = drawn(seed)
    for step in steps:
        if step.goal is None or step.way is Way.GATE:
            continue
        indicator = questionnaire.by_code[step.code]
        assert step.goal.reached(measured(questionnaire, changed(case, step.changes), step))
        for key in step.changes:
            less = dict(step.changes)
            less[key] = a_unit_back(questionnaire, case, key, step)
            assert not step.goal.reached(measured(questionnaire, changed(case, less), step)), indicator


def measured(questionnaire: Questionnaire, case: Case, step: NextStep) -> Fraction:
    value = Exact(questionnaire, case).outcome(questionnaire.by_code[step.code]).measured
    assert value is not None
    return value


def a_unit_back(questionnaire: Questionnaire, case: Case, key: str, step: NextStep) -> Decimal:
    now, then = case.values[key], step.changes[key]
    assert isinstance(now, Decimal)
    assert isinstance(then, Decimal)
    indicator = questionnaire.by_code[step.code]
    kind = next(number.kind for number in indicator.numbers if number.key == key)
    beside = [case.values[pair.b.key] for pair in indicator.pairs if pair.a.key == key] + [now]
    places = 0 if kind is NumberKind.INTEGER else max(decimals(value) for value in beside)
    unit = Decimal(1).scaleb(-places)
    return then - unit if then > now else then + unit


def decimals(value: Value) -> int:
    assert isinstance(value, Decimal)
    return max(-int(value.normalize().as_tuple().exponent), 0)


@settings(max_examples=400)
@given(seed=SEEDS)
def test_one_unit_less_at_the_indicator_that_a_gate_waits_for_does_not_open_it(seed: int) -> None:
    questionnaire, case, steps = drawn(seed)
    for step in steps:
        gate = questionnaire.by_code[step.code].gate
        if step.way is not Way.GATE or step.goal is None or gate is None:
            continue
        at_target = replace(step, code=gate.condition.code)
        assert Exact(questionnaire, changed(case, step.changes)).holds(gate.condition)
        for key in step.changes:
            less = {**step.changes, key: a_unit_back(questionnaire, case, key, at_target)}
            assert not Exact(questionnaire, changed(case, less)).holds(gate.condition)


@settings(max_examples=400)
@given(seed=SEEDS)
def test_nothing_becomes_not_applicable_or_impossible_by_a_step_and_no_denominator_shrinks(seed: int) -> None:
    questionnaire, case, steps = drawn(seed)
    denominators = {pair.b.key for indicator in questionnaire.indicators for pair in indicator.pairs}
    before = Exact(questionnaire, case)
    for step in steps:
        after = Exact(questionnaire, changed(case, step.changes))
        for indicator in questionnaire.indicators:
            was, becomes = before.outcome(indicator), after.outcome(indicator)
            assert becomes.state not in LEAVES_MAXIMUM or was.state in LEAVES_MAXIMUM
            assert becomes.why is not Why.A_ABOVE_B or was.why is Why.A_ABOVE_B
        for key, value in step.changes.items():
            assert read_cell(questionnaire, key, to_cell(value)).value == value, "an answer that the page would take"
            if key in denominators:
                assert value >= case.values[key]  # type: ignore[operator]


@settings(max_examples=200)
@given(seed=SEEDS)
def test_stated_points_opinions_and_figures_of_others_are_never_proposed(seed: int) -> None:
    questionnaire, _case, steps = drawn(seed)
    for step in steps:
        assert not isinstance(questionnaire.by_code[step.code].ask, Points | Survey | Manual)
        for key in (*step.changes, *step.keys):
            assert all(user.provided_by is None for user in questionnaire.users_of[key])


@settings(max_examples=200)
@given(seed=SEEDS)
def test_steps_come_by_gain_and_at_most_one_of_a_way_at_an_indicator(seed: int) -> None:
    _questionnaire, _case, steps = drawn(seed)
    assert [step.gain for step in steps] == sorted((step.gain for step in steps), reverse=True)
    assert len({(step.code, step.way) for step in steps}) == len(steps)


@settings(max_examples=200)
@given(seed=SEEDS)
def test_a_ceiling_is_what_the_best_answer_to_that_indicator_alone_would_bring(seed: int) -> None:
    questionnaire, case, steps = drawn(seed)
    before = Exact(questionnaire, case)
    for step in steps:
        if step.at_most and step.way is not Way.GATE:
            indicator = questionnaire.by_code[step.code]
            best = Supposed(before, {indicator.code: earning(indicator, Fraction(1))})
            assert step.gain == best.result(questionnaire.whole).points - total(questionnaire, case)
            assert before.outcome(indicator).state is State.MISSING or step.way is Way.BEGIN
