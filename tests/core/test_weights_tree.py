"""Weights trees: the index under the questionnaire's own weights is its exact rate, whatever groups are made of."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from survey.core.answers import Case
from survey.core.asks import Input, Number, NumberKind, Text
from survey.core.modifiers import Aggregate, Counts, MissingRule
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.rules.exact import Exact
from survey.core.transfers import Linear
from survey.core.weights_tree import WeightsTree, effective_weights, index_scores, weights_tree

WORD = Text("x")
BODIES = 12


def indicator(chance: random.Random, code: str, counts: Counts = Counts.POINTS) -> Indicator:
    asked = Number(Input(code, WORD, WORD, NumberKind.REAL))
    weight = Fraction(chance.randint(1, 6), chance.choice([1, 2, 7]))
    maximum = Fraction(chance.choice(["10", "20", "12.5", "40"]))
    return Indicator(code, WORD, asked, Linear(Fraction(0), Fraction(1)), maximum, None, counts=counts, weight=weight)


def group(chance: random.Random, code: str, depth: int, outsiders: bool) -> Group:
    aggregate = chance.choice(list(Aggregate))
    shape = Group(
        code, WORD, WORD, aggregate=aggregate, scale=Fraction(0 if aggregate is Aggregate.SUM else 60),
        weight=Fraction(chance.randint(1, 5)), decimals=None,
        missing=MissingRule.ZERO if aggregate is Aggregate.SUM else chance.choice(list(MissingRule)),
        coverage=Fraction(chance.choice(["0", "1/3", "1/2"])),
    )  # fmt: skip
    if depth:
        parts = tuple(group(chance, f"{code}.{n}", depth - 1, outsiders) for n in range(1, chance.randint(2, 4)))
        return replace(shape, groups=parts)
    kinds = [Counts.POINTS] * chance.randint(1, 4)
    if aggregate is Aggregate.SUM and outsiders:
        kinds += chance.choices([Counts.BONUS, Counts.PENALTY], k=chance.randint(0, 2))
    parts_ = tuple(indicator(chance, f"{code}.{n}", kind) for n, kind in enumerate(kinds, start=1))
    return replace(shape, indicators=parts_)


def questionnaire(chance: random.Random) -> Questionnaire:
    outsiders = chance.random() < 0.5
    groups = [group(chance, str(n), chance.randint(0, 2), outsiders) for n in range(1, 4)]
    aggregate = chance.choice(list(Aggregate))
    if aggregate is Aggregate.SUM and outsiders:  # a group of bonuses alone stands outside the maximum
        extra = tuple(indicator(chance, f"9.{n}", kind) for n, kind in enumerate((Counts.BONUS, Counts.PENALTY), 1))
        groups.append(Group("9", WORD, WORD, indicators=extra, decimals=None))
    return Questionnaire(
        "thu", "1", WORD, WORD, None, {}, {}, tuple(groups), (), aggregate=aggregate,
        scale=Fraction(0 if aggregate is Aggregate.SUM else 100), missing=chance.choice(list(MissingRule)),
        coverage=Fraction(chance.choice(["0", "1/2"])),
    )  # fmt: skip


def case(chance: random.Random, definition: Questionnaire, known: float = 0.8) -> Case:
    values = {
        one.code: Decimal(chance.choice(["0", "1", "0.5", "0.125", "0.9", "0.37"]))
        for one in definition.indicators
        if chance.random() < known
    }
    left = frozenset(one.code for one in definition.indicators if chance.random() < 0.15)
    return Case("x", values, left)


def grown(definition: Questionnaire, exact: list[Exact]) -> WeightsTree:
    scored = definition.indicators
    points = np.array([[float(one.outcome(i).points) for i in scored] for one in exact])
    states = np.array([[int(one.outcome(i).state) for i in scored] for one in exact], np.int8)
    groups = {
        code: np.array([int(one.result(group).state) for one in exact], np.int8)
        for code, group in definition.group_of.items()
    }
    return weights_tree(definition, points, states, groups)


@pytest.mark.parametrize("seed", range(150))
def test_under_its_own_weights_the_index_is_the_exact_rate(seed: int) -> None:
    chance = random.Random(seed)
    definition = questionnaire(chance)
    exact = [Exact(definition, case(chance, definition)) for _ in range(BODIES)]
    tree = grown(definition, exact)
    shares = [one.result(definition.whole).share for one in exact]
    wanted = [np.nan if share is None else float(share) for share in shares]
    assert index_scores(tree, tree.weights[:, None])[:, 0] == pytest.approx(wanted, abs=1e-12, nan_ok=True)


def reweighed(definition: Questionnaire, weights: dict[str, Fraction]) -> Questionnaire:
    def again(one: Group) -> Group:
        return replace(
            one,
            weight=weights[one.code],
            groups=tuple(again(part) for part in one.groups),
            indicators=tuple(replace(part, weight=weights[part.code]) for part in one.indicators),
        )

    return replace(definition, groups=tuple(again(one) for one in definition.groups))


@pytest.mark.parametrize("seed", range(40))
def test_other_weights_of_means_give_what_a_questionnaire_with_them_gives(seed: int) -> None:
    chance = random.Random(1000 + seed)
    shape = questionnaire(chance)

    def mean(one: Group) -> Group:
        aggregate = chance.choice([Aggregate.MEAN, Aggregate.GEOMETRIC])
        groups = tuple(mean(part) for part in one.groups)
        points = tuple(part for part in one.indicators if part.counts is Counts.POINTS)
        return replace(
            one, aggregate=aggregate, scale=Fraction(10), coverage=Fraction(0), groups=groups, indicators=points
        )

    groups = tuple(mean(one) for one in shape.groups if one.code != "9")
    definition = replace(shape, groups=groups, aggregate=Aggregate.MEAN, scale=Fraction(1), coverage=Fraction(0))
    zero = Fraction(chance.choice([0, 1]))  # half of the sets hold weights of nothing; then nothing is missing
    cases = [case(chance, definition, 0.8 if zero else 1.0) for _ in range(BODIES)]
    tree = grown(definition, [Exact(definition, one) for one in cases])
    sets = [
        {c: Fraction(chance.randint(1, 9)) * (zero if chance.random() < 0.2 else 1) for c in tree.codes} for _ in "ab"
    ]
    found = index_scores(tree, np.array([[float(one[code]) for one in sets] for code in tree.codes]))
    for column, one in enumerate(sets):
        other = reweighed(definition, one)
        for row, answers in enumerate(cases):
            share = Exact(other, answers).result(other.whole).share
            if share is not None or not zero:
                wanted = 0.0 if share is None else float(share)
                assert np.nan_to_num(found[row, column]) == pytest.approx(wanted, abs=1e-12)


def test_effective_weights_sum_to_one_on_each_level() -> None:
    chance = random.Random(5)
    definition = questionnaire(chance)
    tree = grown(definition, [Exact(definition, Case("x", {}))])
    weights = dict(zip(tree.codes, effective_weights(tree).tolist(), strict=True))
    inside = [one for one in definition.groups if not one.outside]
    assert sum(weights[one.code] for one in inside) == pytest.approx(1)
    counted = [one.code for one in definition.indicators if one.counts is Counts.POINTS]
    assert sum(weights[code] for code in counted) == pytest.approx(1)
