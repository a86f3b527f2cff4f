"""Random questionnaires of sums, means and geometric means in one another, and a round of bodies, as cells can hold."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from survey.core.answers import Case, Value
from survey.core.asks import Text
from survey.core.modifiers import Aggregate, Condition, Counts, MissingRule
from survey.core.questionnaire import RATE, Group, Indicator, Level, Questionnaire
from survey.core.rounding import half_up
from tests.core.rules import drawing
from tests.core.rules.drawing_answers import Ends, ends_of

WEIGHTS = ("1", "2", "0.6", "1/3", "7.25")
SCALES = ("10", "100", "12.5", "30")
COHORTS = ("a", "b")


@dataclass
class Maker:
    """Draws a questionnaire; what has a share already may be named by gates of levels and by tie-breaks."""

    chance: random.Random
    shares: list[str]

    def indicator(self, code: str, *, in_mean: bool) -> Indicator:
        source, transfer = self.chance.choice(drawing.LEGAL)
        drawn = drawing.moved(drawing.rule(self.chance, source, transfer, outside=not in_mean), code)
        if drawn.counts is Counts.POINTS:
            self.shares.append(code)
        return replace(drawn, weight=Fraction(self.chance.choice(WEIGHTS)) if in_mean else Fraction(1))

    def group(self, code: str, depth: int) -> Group:
        aggregate = self.chance.choice([Aggregate.SUM, Aggregate.MEAN, Aggregate.GEOMETRIC])
        size = range(1, self.chance.randint(3, 4))
        groups, indicators = (), ()
        if depth and self.chance.random() < 0.6:
            groups = tuple(self.group(f"{code}.{n}", depth - 1) for n in size)
        else:
            in_mean = aggregate is not Aggregate.SUM
            indicators = tuple(self.indicator(f"{code}.{n}", in_mean=in_mean) for n in size)
        made = self.made(code, groups, indicators, aggregate)
        if made.outside and depth == 0:  # a part of a mean must not be
            made = replace(made, indicators=tuple(replace(i, counts=Counts.POINTS) for i in indicators))
        if made.maximum:
            self.shares.append(code)
        return made

    def made(
        self, code: str, groups: tuple[Group, ...], indicators: tuple[Indicator, ...], aggregate: Aggregate
    ) -> Group:
        chance = self.chance
        decimals = chance.choice([2, 2, 2, 0, 1, 3, None])
        scales = [text for text in SCALES if half_up(Fraction(text), decimals) == Fraction(text)]
        scale = Fraction(0) if aggregate is Aggregate.SUM else Fraction(chance.choice(scales))
        missing = chance.choice(list(MissingRule)) if aggregate is not Aggregate.SUM else MissingRule.ZERO
        coverage = Fraction(chance.choice(["0", "1/3", "0.5", "0.8"])) if missing is MissingRule.LEFT_OUT else 0
        return Group(
            code, Text(code), Text(code), groups, indicators, aggregate=aggregate,
            weight=Fraction(chance.choice(WEIGHTS)), scale=scale, missing=missing, coverage=Fraction(coverage),
            decimals=decimals,
        )  # fmt: skip

    def questionnaire(self, name: str) -> Questionnaire:
        parents = self.made("1", (), drawing.PARENTS, Aggregate.SUM)
        self.shares += ["1.1", "1"]
        groups = (parents, *(self.group(str(n), 2) for n in range(2, self.chance.randint(4, 5))))
        aggregate = self.chance.choice([Aggregate.SUM, Aggregate.SUM, Aggregate.MEAN, Aggregate.GEOMETRIC])
        whole = self.made("", groups, (), aggregate)
        if not whole.is_sum and self.chance.random() < 0.7:  # too little may be known of it
            coverage = Fraction(self.chance.choice(["0", "0.6", "0.8", "1"]))
            whole = replace(whole, missing=MissingRule.LEFT_OUT, coverage=coverage)
        levels = [
            Level(Text(word), Fraction(limit), self.chance.random() < 0.5, self.gates())
            for word, limit in (("cao", "0.6"), ("khá", "0.4"), ("vừa", "0.3333"))
        ]
        return Questionnaire(
            name, "1", Text(f"Bộ {name}"), Text(""), whole.decimals,
            {one: Text(one) for one in drawing.ATTRIBUTES}, {}, groups, (*levels, Level(Text("thấp"))), aggregate,
            whole.scale, whole.missing, whole.coverage, tuple(self.chance.sample([RATE, *self.shares], 2)),
        )  # fmt: skip

    def gates(self) -> tuple[Condition, ...]:
        chance = self.chance
        limits = ["0.2", "1/3", "0.5", "0.57"]
        return tuple(
            Condition(chance.choice(self.shares), Fraction(chance.choice(limits)), chance.random() < 0.5)
            for _ in range(chance.choice([0, 1, 2]))
        )


def drawn_tree(chance: random.Random, name: str) -> Questionnaire:
    """One questionnaire of up to four levels."""
    return Maker(chance, []).questionnaire(name)


def drawn_bodies(chance: random.Random, questionnaire: Questionnaire, size: int) -> list[Case]:
    """Bodies of two cohorts, every third one like the one before, so that rates are equal."""
    ends = {i.code: ends_of(chance, i) for i in questionnaire.indicators}
    cases: list[Case] = []
    for number in range(size):
        alike = number % 3 == 2
        case = cases[-1] if alike else _case(chance, questionnaire, ends)
        cohort = cases[-1].cohort if alike else chance.choice(COHORTS)
        cases.append(replace(case, agency=f"{questionnaire.id}.{number:02}", cohort=cohort))
    return cases


def _case(chance: random.Random, questionnaire: Questionnaire, ends: dict[str, Ends]) -> Case:
    values: dict[str, Value] = {}
    for indicator in questionnaire.indicators:
        if indicator not in drawing.PARENTS:
            values |= drawing.case(chance, indicator, ends=ends[indicator.code]).values
    lost = chance.choice([0.0, 0.0, 0.1, 0.9])
    kept = {key: value for key, value in values.items() if chance.random() >= lost}
    listed: Sequence[str] = [i.code for i in questionnaire.indicators if chance.random() < 0.03]
    attributes = {name: chance.random() < 0.8 for name in drawing.ATTRIBUTES}
    return Case("", kept, frozenset(listed), attributes)
