"""Random questionnaires of several indicators, and a body: shared figures, gates, bonus, penalty, means."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from survey.core.answers import Case
from survey.core.asks import Input, Manual, MeanRatio, Number, NumberKind, Ratio, Text
from survey.core.modifiers import Aggregate, Condition, Counts, Gate, MissingRule
from survey.core.questionnaire import Group, Indicator, Questionnaire
from tests.core.rules import drawing

SHARED = Input("so_cbccvc", Text("Tổng số công chức"), Text("người"), NumberKind.INTEGER, shared=True)


def body(chance: random.Random) -> tuple[Questionnaire, Case]:
    """A questionnaire and one case of it."""
    drawn = [
        drawing.moved(drawing.rule(chance, *chance.choice(drawing.LEGAL)), f"2.{place}")
        for place in range(1, chance.randint(2, 7))
    ]
    values = {}
    for place, indicator in enumerate(drawn):
        alone = drawing.case(chance, indicator)
        values |= alone.values
        drawn[place] = _modified(chance, indicator, drawn[:place])
    if SHARED.key not in values:
        values[SHARED.key] = Decimal(chance.randint(0, 120))
    attributes = {name: chance.random() < 0.7 for name in drawing.ATTRIBUTES}
    return _questionnaire(chance, drawn), Case("đơn vị", values, attributes=attributes)


def _modified(chance: random.Random, indicator: Indicator, earlier: list[Indicator]) -> Indicator:
    if chance.random() < 0.4:
        indicator = _sharing(chance, indicator)
    if chance.random() < 0.25:
        indicator = replace(indicator, counts=chance.choice([Counts.BONUS, Counts.PENALTY]))
    if chance.random() < 0.3:
        code = chance.choice([*(one.code for one in (*drawing.PARENTS, *earlier)), "1"])
        limit = Fraction(chance.choice(["1/3", "1/2", "0.7", "1"]))
        condition = Condition(code, limit, exclusive=limit < 1 and chance.random() < 0.5)
        indicator = replace(indicator, gate=Gate(condition, Fraction(chance.choice(["0", "1/4"]))))
    if chance.random() < 0.1:
        indicator = replace(indicator, provided_by=Text("Sở Khoa học và Công nghệ"))
    return replace(indicator, weight=Fraction(chance.randint(1, 4), 3))


def _sharing(chance: random.Random, indicator: Indicator) -> Indicator:
    """The same, one of its figures shared with others."""
    match indicator.ask:
        case Number():
            return replace(indicator, ask=Number(SHARED))
        case Ratio(pair=pair):
            mine = replace(pair, b=SHARED) if chance.random() < 0.7 else replace(pair, a=SHARED)
            return replace(indicator, ask=Ratio(mine))
        case MeanRatio(pairs=pairs):
            return replace(indicator, ask=MeanRatio((replace(pairs[0], b=SHARED), *pairs[1:])))
        case _:
            return indicator


def _questionnaire(chance: random.Random, drawn: list[Indicator]) -> Questionnaire:
    kind = chance.choice([Aggregate.SUM, Aggregate.SUM, Aggregate.MEAN, Aggregate.GEOMETRIC])
    if kind is not Aggregate.SUM:
        drawn = [replace(one, counts=Counts.POINTS) for one in drawn]
    scale = Fraction(0 if kind is Aggregate.SUM else 50)
    missing = chance.choice(list(MissingRule)) if kind is not Aggregate.SUM else MissingRule.ZERO
    graded = Indicator("1.9", Text("Thẩm định"), Manual("1.9"), None, Fraction(5), 2)
    first = Group("1", Text("Một"), Text("Một"), indicators=(*drawing.PARENTS, graded))
    second = Group("2", Text("Hai"), Text("Hai"), indicators=tuple(drawn), aggregate=kind, scale=scale, missing=missing)
    attributes = {name: Text(name) for name in drawing.ATTRIBUTES}
    return Questionnaire("thu", "1", Text("Thử"), Text(""), 2, attributes, {SHARED.key: SHARED}, (first, second), ())
