"""Random rules and answers for tests: every legal source × transfer, modifiers drawn, figures that invite mistakes."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from survey.core.answers import Case, Special, Value
from survey.core.asks import (
    NO,
    YES,
    Ask,
    Checks,
    Choice,
    Input,
    MeanRatio,
    Number,
    NumberKind,
    Option,
    Pair,
    Points,
    Ratio,
    Text,
    YesNo,
    ZeroB,
)
from survey.core.modifiers import Hidden, ShowWhen
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.rules.measure import whole_line
from survey.core.transfers import AddShares, Band, Bands, Linear, MapShares, Transfer

LEGAL = (
    ("yes_no", "map"), ("choice", "map"), ("checks", "add"), ("number", "linear"), ("number", "bands"),
    ("ratio", "linear"), ("ratio", "bands"), ("mean", "linear"), ("mean", "bands"), ("points", ""),
)  # fmt: skip
# Codes that stand inside one another: only whole ones may match.
OPTIONS = tuple(Option(code, Text(code.upper())) for code in ("mot", "hai", "ba", "mot_hai", "mot2", "b"))
MAXIMA = ("1", "5", "10", "12.5", "20", "30", "50", "60", "100", "0.35")
SHARES = ("1", "1/2", "1/3", "0.35", "0.125", "3/7", "0")
CUTS = ("0.03", "0.2", "1/3", "0.5", "0.57", "2/3", "0.7", "0.9", "0.9975", "1")
ATTRIBUTES = ("co", "la")


def _label(code: str) -> Text:
    return Text(f"Chỉ số {code}")


def _parents() -> tuple[Indicator, ...]:
    """What show_when may name: one of each kind."""
    shares = {option.code: Fraction(index % 2) for index, option in enumerate(OPTIONS)}
    return (
        Indicator("1.1", _label("1.1"), YesNo("1.1"), MapShares({YES: Fraction(1), NO: Fraction(0)}), Fraction(1), 2),
        Indicator("1.1B", _label("1.1B"), Choice("1.1B", OPTIONS), MapShares(shares), Fraction(2), 2),
        Indicator("1.1C", _label("1.1C"), Checks("1.1C", OPTIONS), AddShares(shares), Fraction(3), 2),
    )


PARENTS = _parents()


def rule(chance: random.Random, source: str, transfer: str) -> Indicator:
    """One indicator 1.2 of this source and transfer, everything else drawn."""
    rated = source in ("ratio", "mean")
    ask = _ask(chance, source)
    return Indicator(
        code="1.2",
        name=_label("1.2"),
        ask=ask,
        score=_numeric(chance, transfer, source) if transfer in ("linear", "bands") else _picked(chance, ask),
        maximum=Fraction(chance.choice(MAXIMA)),
        decimals=chance.choice([2, 2, 2, 2, 0, 1, 3, None]) if source != "points" else 2,
        zero_b=chance.choice(list(ZeroB)) if rated else None,
        applies_when=_conditions(chance, 0.25),
        show_when=_shown(chance) if chance.random() < 0.3 else None,
    )


def _conditions(chance: random.Random, often: float) -> dict[str, bool]:
    return {name: chance.random() < 0.6 for name in ATTRIBUTES if chance.random() < often}


def _shown(chance: random.Random) -> ShowWhen:
    parent = chance.choice(PARENTS)
    codes = [YES, NO] if isinstance(parent.ask, YesNo) else [option.code for option in OPTIONS]
    return ShowWhen(parent.code, frozenset(chance.sample(codes, chance.randint(1, 2))), chance.choice(list(Hidden)))


def _ask(chance: random.Random, source: str) -> Ask:
    kind = chance.choice(list(NumberKind))

    def number(key: str) -> Input:
        return Input(key, Text(f"Số {key}"), Text("người"), kind)

    def pair(n: str) -> Pair:
        return Pair(number(f"1.2.a{n}"), number(f"1.2.b{n}"), chance.random() < 0.6)

    match source:
        case "yes_no":
            return YesNo("1.2")
        case "choice":
            return Choice("1.2", OPTIONS[: chance.randint(2, len(OPTIONS))])
        case "checks":
            return Checks("1.2", OPTIONS[: chance.randint(1, len(OPTIONS))])
        case "number":
            return Number(number("1.2"))
        case "ratio":
            return Ratio(pair(""))
        case "mean":
            drawn = [pair(str(n)) for n in range(1, chance.choice([3, 3, 4, 6]))]
            return MeanRatio(tuple(Pair(p.a, p.b, p.part, p.label, _conditions(chance, 0.2)) for p in drawn))
        case _:
            return Points("1.2")


def _picked(chance: random.Random, ask: Ask) -> Transfer | None:
    match ask:
        case YesNo():
            return MapShares({code: Fraction(chance.choice(SHARES)) for code in (YES, NO)})
        case Choice(options=options):
            return MapShares({option.code: Fraction(chance.choice(SHARES)) for option in options})
        case Checks(options=options):
            return AddShares({option.code: Fraction(chance.choice(SHARES)) for option in options})
        case _:
            return None


def _numeric(chance: random.Random, transfer: str, source: str) -> Transfer:
    scale = 1 if source != "number" else chance.choice([1, 20, 1000])
    cuts = sorted({Fraction(text) * scale for text in chance.sample(CUTS, 3)}, reverse=True)
    if transfer == "linear":
        start, end = (Fraction(0), cuts[0]) if chance.random() < 0.6 else (cuts[-1], cuts[0])
        return Linear(end, start) if chance.random() < 0.2 else Linear(start, end)
    bands = [Band(Fraction(chance.choice(SHARES)), cut, chance.random() < 0.5) for cut in cuts]
    if bands[-1].exclusive and chance.random() < 0.5:  # the same limit twice: beyond it, and on it
        bands.append(Band(Fraction(1, 7), bands[-1].limit))
    return Bands((*bands, Band(Fraction(chance.choice(["0", "0", "1/5"])))))


def moved(indicator: Indicator, code: str) -> Indicator:
    """The same indicator under another code, its keys with it."""

    def input_(asked: Input) -> Input:
        return replace(asked, key=code + asked.key.removeprefix(indicator.code))

    match indicator.ask:
        case Number(value=asked):
            ask: Ask = Number(input_(asked))
        case Ratio(pair=pair):
            ask = Ratio(replace(pair, a=input_(pair.a), b=input_(pair.b)))
        case MeanRatio(pairs=pairs):
            ask = MeanRatio(tuple(replace(pair, a=input_(pair.a), b=input_(pair.b)) for pair in pairs))
        case _:
            ask = replace(indicator.ask, key=code)
    return replace(indicator, code=code, ask=ask)


def questionnaire(indicator: Indicator, decimals: int | None = 2) -> Questionnaire:
    """One group with the answers that show_when may name, and the indicator."""
    group = Group("1", Text("Nhóm"), Text("Nhóm"), indicators=(*PARENTS, indicator))
    attributes = {name: Text(name) for name in ATTRIBUTES}
    return Questionnaire("thu", "1", Text("Thử"), Text(""), decimals, attributes, {}, (group,), ())


def case(chance: random.Random, indicator: Indicator, *, wild: bool = False) -> Case:
    """Answers to all: blanks, zeros, a > b, ties, limits, negative or unknown by hand, not applicable.

    `wild` draws whole numbers up to 10**15 and six decimals; without it, what a cell of 15 digits can tell apart.
    """
    values: dict[str, Value] = {}
    for parent in PARENTS:
        if chance.random() < 0.9:
            values[parent.code] = _option(chance, parent)
        elif chance.random() < 0.3:
            values[parent.code] = Special.NOT_APPLICABLE
    if indicator.pairs:
        for pair in indicator.pairs:
            a, b = _quotient(chance, indicator, pair, wild=wild)
            values |= {pair.a.key: a, pair.b.key: b}
    else:
        values[indicator.code] = _value(chance, indicator)
    for key in indicator.keys:
        drawn = chance.random()
        if drawn < 0.03:
            values.pop(key, None)
        elif drawn < 0.05:
            values[key] = Special.NOT_APPLICABLE
        elif drawn < 0.07 and isinstance(values[key], Decimal):
            values[key] = Decimal(-3)
    attributes = {name: chance.random() < 0.7 for name in ATTRIBUTES}
    return Case("đơn vị", values, attributes=attributes)


def _option(chance: random.Random, indicator: Indicator) -> Value:
    if chance.random() < 0.03:  # a code that the question does not have
        return frozenset({"mot", "khac"}) if isinstance(indicator.ask, Checks) else "mot;hai"
    match indicator.ask:
        case Choice(options=options):
            return chance.choice(options).code
        case Checks(options=options):
            return frozenset(option.code for option in options if chance.random() < 0.4)
        case _:
            return chance.choice([YES, NO])


def _value(chance: random.Random, indicator: Indicator) -> Value:
    match indicator.ask:
        case Points():
            return Decimal(chance.randint(0, int(indicator.maximum * 110))) / 100
        case Number(value=asked):
            places = 0 if asked.kind is NumberKind.INTEGER else 4
            target = _target(chance, indicator) if chance.random() < 0.6 else Fraction(chance.randint(0, 2000), 7)
            return round(Decimal(target.numerator) / Decimal(target.denominator), places)
        case _:
            return _option(chance, indicator)


def _target(chance: random.Random, indicator: Indicator) -> Fraction:
    """A measured value at which a mistake shows: a limit, or one whose points end in a half."""
    match indicator.score:
        case Bands(bands=bands):
            return chance.choice(bands).limit or Fraction(0)
        case Linear(start=start, end=end):
            grid = 10 ** (indicator.decimals or 0)
            half = Fraction(2 * chance.randint(0, int(indicator.maximum * grid)) + 1, 2 * grid) / indicator.maximum
            return max(start + (end - start) * chance.choice([half, half, half, Fraction(1)]), Fraction(0))
    return Fraction(1)


def _quotient(chance: random.Random, indicator: Indicator, pair: Pair, *, wild: bool) -> tuple[Decimal, Decimal]:
    """a and b of a ratio."""
    step = Decimal(1) if pair.a.kind is NumberKind.INTEGER else chance.choice([Decimal("0.01"), Decimal("0.25")])
    kind = chance.random()
    if kind < 0.08:
        return chance.choice([0, 0, 3]) * step, Decimal(0)
    if kind < 0.4:
        target = _target(chance, indicator)
        times = chance.randint(1, 40 if target.denominator < 10**6 else 2)
        return target.numerator * times * step, target.denominator * times * step
    if kind < 0.5 and isinstance(indicator.ask, Ratio) and pair.a.kind is NumberKind.INTEGER:
        return _nearly_a_tie(chance, indicator)
    if wild and kind < 0.65:
        smallest = Decimal(1) if step == 1 else Decimal("0.000001")
        digits = chance.randint(10, 15 if step == 1 else 21)
        large = chance.randint(2, 10**digits - 1) * smallest
        return large - chance.choice([0, 1, -1]) * smallest, large
    b = chance.randint(1, 400)
    return chance.randint(0, b + b // 20) * step, b * step


def _nearly_a_tie(chance: random.Random, indicator: Indicator) -> tuple[Decimal, Decimal]:
    """Ten digits whose points miss a half by the least that a quotient of such numbers can."""
    b = chance.randint(10**9, 10**10) | 1
    if isinstance(indicator.score, Linear) and indicator.score.start == 0:
        p, _, r = whole_line(indicator.maximum, indicator.score)
        try:
            a = pow(2 * 10 ** (indicator.decimals or 0) * p, -1, b) if r == 1 else chance.randint(0, b)
        except ValueError:  # b shares a factor
            a = chance.randint(0, b)
        return Decimal(chance.choice([a, b - a])), Decimal(b)
    target = _target(chance, indicator)
    return Decimal(round(target * b) + chance.choice([-1, 0, 1]) if target else 1), Decimal(b)
