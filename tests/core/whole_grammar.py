"""Random questionnaires of the whole grammar, and random answers of a cohort to them, for the vector reading."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from survey.core.answers import Case, Special, Value
from survey.core.asks import Ask, Grade, Input, Manual, Number, NumberKind, Pair, Ratio, Survey, Text, ZeroB
from survey.core.modifiers import Aggregate, Condition, Counts, Gate, MissingRule
from survey.core.questionnaire import RATE, Group, Indicator, Level, Questionnaire
from survey.core.transfers import Band, Bands, Linear, Peer, PeerMethod
from tests.core.rules import drawing

LIMITS = ("0", "0.2", "1/3", "0.5", "0.57", "2/3", "0.75", "1")
WEIGHTS = ("1", "2", "0.5", "1/3", "0", "7.25")
SCALES = ("1", "10", "100", "12.5")
COHORTS = ("a", "b", "c")


def text(word: str) -> Text:
    return Text(word)


@dataclass
class Maker:
    """Draws a questionnaire; what has been made may be named by gates."""

    chance: random.Random
    made: list[str]

    def fraction(self, among: tuple[str, ...]) -> Fraction:
        return Fraction(self.chance.choice(among))

    def decimals(self) -> int | None:
        return self.chance.choice([2, 2, 2, 2, 0, 1, 3, None])

    def condition(self) -> Condition:
        return Condition(self.chance.choice(self.made), self.fraction(LIMITS), self.chance.random() < 0.5)

    def indicator(self, code: str, *, in_mean: bool) -> Indicator:
        kind = self.chance.choice(["old", "old", "old", "survey", "manual", "real", "peer", "peer"])
        drawn = self.old(code) if kind == "old" else self.new(code, kind)
        gate = Gate(self.condition(), self.fraction(("0", "0", "1/3", "0.5"))) if self.made else None
        counts = self.chance.choice([*[Counts.POINTS] * 5, Counts.BONUS, Counts.PENALTY])
        made = replace(
            drawn,
            gate=gate if self.chance.random() < 0.3 else None,
            counts=Counts.POINTS if in_mean else counts,
            weight=self.fraction(WEIGHTS),
        )
        self.made.append(code)
        return made

    def old(self, code: str) -> Indicator:
        return drawing.moved(drawing.rule(self.chance, *self.chance.choice(drawing.LEGAL[:10])), code)

    def new(self, code: str, kind: str) -> Indicator:
        chance = self.chance
        ask: Ask
        score: Linear | Bands | Peer | None
        if kind == "manual":
            ask, score = Manual(code), None
        elif kind == "survey":
            ask, score = self.survey(code), self.transfer("0", "1")
        elif kind == "real":
            ask, score = Number(self.input(code, NumberKind.REAL)), self.transfer("-3.5", "7.25")
        else:
            ask, score = self.peer_ask(code), self.peer()
        rated = isinstance(ask, Ratio | Survey)
        return Indicator(
            code, text(code), ask, score, self.fraction(drawing.MAXIMA), self.decimals(),
            chance.choice(list(ZeroB)) if rated else None,
        )  # fmt: skip

    def input(self, key: str, kind: NumberKind) -> Input:
        return Input(key, text(key), text("đơn vị"), kind)

    def survey(self, code: str) -> Survey:
        grades = self.chance.choice([("0", "1/2", "1"), ("1", "0.7", "0.35", "0"), ("0", "1/3", "2/3", "1")])
        return Survey(
            tuple(
                Grade(Fraction(value), self.input(f"{code}.n{n}", NumberKind.INTEGER))
                for n, value in enumerate(grades, start=1)
            )
        )

    def peer_ask(self, code: str) -> Ask:
        kind = self.chance.choice(["real", "decimal", "ratio", "survey"])
        if kind == "survey":
            return self.survey(code)
        if kind == "ratio":
            a, b = (self.input(f"{code}.{name}", NumberKind.DECIMAL) for name in "ab")
            return Ratio(Pair(a, b, self.chance.random() < 0.5))
        return Number(self.input(code, NumberKind.REAL if kind == "real" else NumberKind.DECIMAL))

    def transfer(self, low: str, high: str) -> Linear | Bands:
        start, end = Fraction(low), Fraction(high)
        if self.chance.random() < 0.5:
            return Linear(start, end) if self.chance.random() < 0.7 else Linear(end, start)
        cuts = [start + (end - start) * Fraction(cut) for cut in ("0.9", "0.57", "1/3")]
        shares = zip((Fraction(1), Fraction(2, 3), Fraction("0.35")), cuts, strict=True)
        bands = [Band(share, cut, self.chance.random() < 0.5) for share, cut in shares]
        return Bands((*bands, Band(Fraction(0))))

    def peer(self) -> Peer:
        least, most = self.chance.choice([("0", "1"), ("0", "1"), ("0.2", "1"), ("1/7", "6/7")])
        return Peer(
            self.chance.choice(list(PeerMethod)), self.chance.random() < 0.6, self.fraction(("0", "1", "1/2")),
            Fraction(least), Fraction(most),
        )  # fmt: skip

    def group(self, code: str, depth: int) -> Group:
        aggregate = self.chance.choice([Aggregate.SUM, Aggregate.SUM, Aggregate.MEAN, Aggregate.GEOMETRIC])
        in_mean = aggregate is not Aggregate.SUM
        size = range(1, self.chance.randint(2, 4))
        if depth and self.chance.random() < 0.6:
            groups = tuple(self.group(f"{code}.{n}", depth - 1) for n in size)
            indicators: tuple[Indicator, ...] = ()
        else:
            groups, indicators = (), tuple(self.indicator(f"{code}.{n}", in_mean=in_mean) for n in size)
        self.made.append(code)
        return Group(
            code, text(code), text(code), groups, indicators, aggregate=aggregate, weight=self.fraction(WEIGHTS),
            scale=self.fraction(SCALES) if in_mean else Fraction(0), missing=self.chance.choice(list(MissingRule)),
            coverage=self.fraction(("0", "1/3", "0.5", "1")), decimals=self.decimals(),
        )  # fmt: skip

    def questionnaire(self) -> Questionnaire:
        parents = Group("1", text("1"), text("1"), indicators=drawing.PARENTS, decimals=2)
        self.made.extend(["1.1", "1"])
        groups = (parents, *(self.group(str(n), 2) for n in range(2, self.chance.randint(3, 5))))
        aggregate = self.chance.choice([Aggregate.SUM, Aggregate.SUM, Aggregate.MEAN, Aggregate.GEOMETRIC])
        levels = [
            Level(text(name), Fraction(limit), self.chance.random() < 0.5, self.gates())
            for name, limit in (("cao", "0.75"), ("khá", "1/2"), ("vừa", "0.3333"))
        ]
        return Questionnaire(
            "thu", "1", text("Thử"), text(""), self.decimals(), {name: text(name) for name in drawing.ATTRIBUTES}, {},
            groups, (*levels, Level(text("thấp"))), aggregate,
            Fraction(0) if aggregate is Aggregate.SUM else self.fraction(SCALES),
            self.chance.choice(list(MissingRule)), self.fraction(("0", "1/3", "0.5")),
            tuple(self.chance.sample([RATE, *self.made], 2)),
        )  # fmt: skip

    def gates(self) -> tuple[Condition, ...]:
        return tuple(self.condition() for _ in range(self.chance.choice([0, 0, 1, 2])))


def drawn_questionnaire(chance: random.Random) -> Questionnaire:
    """One questionnaire of any depth with any rule."""
    return Maker(chance, []).questionnaire()


def drawn_cases(chance: random.Random, questionnaire: Questionnaire, size: int) -> list[Case]:
    """A round of bodies in three cohorts (one may be empty); figures repeat, so that ties and equal peers happen."""
    cohorts = COHORTS[: chance.randint(1, 3)]
    alike = chance.random() < 0.2  # every body gives the same figures
    blank = chance.choice([0.02, 0.1, 0.5])
    first = _case(chance, questionnaire, "0", cohorts[0], blank)
    cases = []
    for number in range(size):
        case = first if alike else _case(chance, questionnaire, "", "", blank)
        if cases and chance.random() < 0.1:
            case = chance.choice(cases)
        cases.append(replace(case, agency=str(number), cohort=chance.choice(cohorts)))
    return cases


def _case(chance: random.Random, questionnaire: Questionnaire, agency: str, cohort: str, blank: float) -> Case:
    values: dict[str, Value] = {}
    attributes = {name: chance.random() < 0.7 for name in drawing.ATTRIBUTES}
    for indicator in questionnaire.indicators:
        if indicator in drawing.PARENTS:
            continue
        if isinstance(indicator.ask, Manual | Survey) or isinstance(indicator.score, Peer) or _is_real(indicator):
            values |= {key: _number(chance, indicator) for key in indicator.keys}
            if chance.random() < 0.04:
                values[indicator.keys[0]] = Special.NOT_APPLICABLE
        else:
            values |= drawing.case(chance, indicator, wild=True).values
    for key in list(values):
        if chance.random() < blank:
            del values[key]
    listed = frozenset(i.code for i in questionnaire.indicators if chance.random() < 0.04)
    return Case(agency, values, listed, attributes, cohort)


def _is_real(indicator: Indicator) -> bool:
    return isinstance(indicator.ask, Number) and indicator.ask.value.kind is NumberKind.REAL


def _number(chance: random.Random, indicator: Indicator) -> Decimal:
    match indicator.ask:
        case Manual():
            return Decimal(chance.randint(-1, int(indicator.maximum * 105))) / 100
        case Survey():
            return Decimal(chance.choice([0, 0, 1, 3, chance.randint(0, 400), chance.randint(0, 10**10)]))
        case Number() if _is_real(indicator):
            plain = Decimal(chance.randint(-800, 900)) / 100
            fine = Decimal(chance.randint(-9 * 10**15, 9 * 10**15)).scaleb(-15)
            cut = chance.choice([Decimal("-3.5"), Decimal("7.25"), Decimal("2.6275"), Decimal(16).scaleb(0)])
            return chance.choice([plain, fine, cut, cut + Decimal(1).scaleb(-15), Decimal(0)])
        case _:
            return chance.choice(
                [
                    Decimal(chance.randint(0, 20)),
                    Decimal(chance.randint(0, 10**10)),
                    Decimal(chance.randint(0, 10**15 - 1)).scaleb(-6),
                    Decimal(chance.randint(0, 9)),
                ]
            )
