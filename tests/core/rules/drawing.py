"""Random rules and answers for tests: every legal source × transfer, modifiers drawn at random."""

from __future__ import annotations

import random
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
from survey.core.questionnaire import Group, Hidden, Indicator, Questionnaire, ShowWhen
from survey.core.transfers import AddShares, Band, Bands, Linear, MapShares, Transfer

SOURCES = ("yes_no", "choice", "checks", "number", "ratio", "mean", "points")
LEGAL = (
    ("yes_no", "map"), ("choice", "map"), ("checks", "add"), ("number", "linear"), ("number", "bands"),
    ("ratio", "linear"), ("ratio", "bands"), ("mean", "linear"), ("mean", "bands"), ("points", ""),
)  # fmt: skip
OPTIONS = tuple(Option(code, Text(code.upper())) for code in ("mot", "hai", "ba", "mot_nua"))
MAXIMA = ("1", "5", "10", "12.5", "20", "30", "50", "60", "100", "0.35")
CUTS = ("0.03", "0.2", "1/3", "0.5", "0.57", "2/3", "0.7", "0.9", "1")


def rule(chance: random.Random, source: str, transfer: str) -> Indicator:
    """One indicator 1.2 of this source and transfer, everything else drawn; 1.1 is the answer show_when may name."""
    numeric = source in ("number", "ratio", "mean")
    rated = source in ("ratio", "mean")
    part = chance.random() < 0.6
    shown = ShowWhen("1.1", frozenset(chance.choice([[YES], [NO]])), chance.choice(list(Hidden)))
    return Indicator(
        code="1.2",
        name=Text("Chỉ số thử"),
        ask=_ask(chance, source, part),
        score=_numeric(chance, transfer, source) if numeric else _picked(chance, transfer, source),
        maximum=Fraction(chance.choice(MAXIMA)),
        decimals=chance.choice([2, 2, 2, 0, 1, 3]) if source != "points" else 2,
        zero_b=chance.choice(list(ZeroB)) if rated else None,
        applies_when={"co": True} if chance.random() < 0.2 else {"co": False} if chance.random() < 0.1 else {},
        show_when=shown if chance.random() < 0.25 else None,
    )


def _input(key: str) -> Input:
    return Input(key, Text("x"), Text("người"), NumberKind.DECIMAL)


def _ask(chance: random.Random, source: str, part: bool) -> Ask:
    match source:
        case "yes_no":
            return YesNo("1.2")
        case "choice":
            return Choice("1.2", OPTIONS)
        case "checks":
            return Checks("1.2", OPTIONS)
        case "number":
            return Number(_input("1.2"))
        case "ratio":
            return Ratio(Pair(_input("1.2.a"), _input("1.2.b"), part))
        case "mean":
            pairs = [
                Pair(
                    _input(f"1.2.a{n}"), _input(f"1.2.b{n}"), part,
                    applies_when={"co": chance.random() < 0.5} if chance.random() < 0.3 else {},
                )
                for n in range(1, chance.choice([3, 4]))
            ]  # fmt: skip
            return MeanRatio(tuple(pairs))
        case _:
            return Points("1.2")


def _picked(chance: random.Random, transfer: str, source: str) -> Transfer | None:
    shares = [Fraction(text) for text in ("1", "1/2", "1/3", "0.35", "0.125", "0")]
    codes = [YES, NO] if source == "yes_no" else [option.code for option in OPTIONS]
    drawn = {code: chance.choice(shares) for code in codes} | {codes[0]: Fraction(1)}
    return {"map": MapShares, "add": AddShares}[transfer](drawn) if transfer else None


def _numeric(chance: random.Random, transfer: str, source: str) -> Transfer:
    scale = 1 if source != "number" else chance.choice([1, 20, 1000])
    cuts = sorted({Fraction(text) * scale for text in chance.sample(CUTS, 3)}, reverse=True)
    if transfer == "linear":
        start, end = (Fraction(0), cuts[0]) if chance.random() < 0.6 else (cuts[-1], cuts[0])
        return Linear(end, start) if chance.random() < 0.15 else Linear(start, end)
    shares = ("1", "1/2", "1/3", "0.25")
    bands = [Band(Fraction(share), cut, chance.random() < 0.5) for share, cut in zip(shares, cuts, strict=False)]
    return Bands((*bands, Band(Fraction(0))))


def questionnaire(indicator: Indicator) -> Questionnaire:
    """One group with the answer that show_when may name, and the indicator."""
    first = Indicator("1.1", Text("Có hay không"), YesNo("1.1"), MapShares({YES: Fraction(1), NO: Fraction(0)}),
                      Fraction(1), 2)  # fmt: skip
    group = Group("1", Text("Nhóm"), Text("Nhóm"), indicators=(first, indicator))
    return Questionnaire("thu", "1", Text("Thử"), Text(""), 2, {"co": Text("Có")}, {}, (group,), ())


def case(chance: random.Random, indicator: Indicator) -> Case:
    """Answers to both: blanks, zeros, a > b, ten digits, ties, not applicable."""
    values: dict[str, Value] = {}
    if chance.random() < 0.9:
        values["1.1"] = chance.choice([YES, NO])
    if indicator.pairs:
        for pair in indicator.pairs:
            a, b = _quotient(chance)
            values |= {pair.a.key: a, pair.b.key: b}
    else:
        values["1.2"] = _value(chance, indicator)
    for key in indicator.keys:
        if chance.random() < 0.04:
            values.pop(key, None)
        elif chance.random() < 0.02:
            values[key] = Special.NOT_APPLICABLE
    return Case("đơn vị", values, attributes={"co": chance.random() < 0.7})


def _value(chance: random.Random, indicator: Indicator) -> Value:
    match indicator.ask:
        case YesNo():
            return chance.choice([YES, NO])
        case Choice(options=options):
            return chance.choice(options).code
        case Checks(options=options):
            return frozenset(option.code for option in options if chance.random() < 0.4)
        case Points():
            return Decimal(chance.randint(0, 13000)) / 100
        case _:
            cut = Fraction(chance.choice(CUTS)) * chance.choice([1, 20, 1000])
            near = Decimal(cut.numerator) / Decimal(cut.denominator)
            return chance.choice([round(near, 4), Decimal(chance.randint(0, 2000)) / 100, Decimal(0)])


def _quotient(chance: random.Random) -> tuple[Decimal, Decimal]:
    """a and b of a ratio."""
    kind = chance.random()
    if kind < 0.08:
        return Decimal(chance.choice([0, 0, 3])), Decimal(0)
    if kind < 0.3:  # decimals that end exactly at ties and limits: 57/100, 1/8, 2/3
        b = chance.choice([3, 8, 30, 40, 100, 200, 400, 800, 1000, 1600])
        return Decimal(chance.randint(0, b + b // 10)), Decimal(b)
    if kind < 0.45:  # budgets in đồng
        b = chance.randint(10**9, 10**10)
        return Decimal(chance.randint(0, b)), Decimal(b)
    b = chance.randint(1, 400)
    return Decimal(chance.randint(0, b + b // 20)), Decimal(b)
