"""Random rules for tests: every legal source × transfer with modifiers drawn."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

from survey.core.asks import (
    NO,
    YES,
    Ask,
    Checks,
    Choice,
    Grade,
    Input,
    Manual,
    MeanRatio,
    Number,
    NumberKind,
    Option,
    Pair,
    Points,
    Ratio,
    Survey,
    Text,
    YesNo,
    ZeroB,
)
from survey.core.modifiers import Condition, Counts, Gate, Hidden, ShowWhen
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.rounding import half_up
from survey.core.transfers import AddShares, Band, Bands, Linear, MapShares, Peer, PeerMethod, Transfer

MEASURED = ("number", "ratio", "mean", "survey")
LEGAL = (
    ("yes_no", "map"),
    ("choice", "map"),
    ("checks", "add"),
    *((source, transfer) for source in MEASURED for transfer in ("linear", "bands", "peer")),
    ("points", ""),
    ("manual", ""),
)
# Codes that stand inside one another: only whole ones may match.
OPTIONS = tuple(Option(code, Text(code.upper())) for code in ("mot", "hai", "ba", "mot_hai", "mot2", "b"))
DECIMALS = (2, 2, 2, 2, 0, 1, 3, 4, 5, 6, None)
MAXIMA = ("1", "5", "10", "12.5", "20", "30", "50", "60", "100", "0.35")
SHARES = ("1", "1/2", "1/3", "0.35", "0.125", "3/7", "0")
CUTS = ("0.03", "0.2", "1/3", "0.5", "0.57", "2/3", "0.7", "0.9", "0.9975", "1")
ATTRIBUTES = ("co", "la")


def _label(code: str) -> Text:
    return Text(f"Chỉ số {code}")


def _parents() -> tuple[Indicator, ...]:
    """What show_when may name: one of each kind."""
    shares = {o.code: Fraction(s) for o, s in zip(OPTIONS, ("0", "1", "1/3", "0.57", "1/2", "0.25"), strict=True)}
    return (
        Indicator("1.1", _label("1.1"), YesNo("1.1"), MapShares({YES: Fraction(1), NO: Fraction(0)}), Fraction(1), 2),
        Indicator("1.1B", _label("1.1B"), Choice("1.1B", OPTIONS), MapShares(shares), Fraction(2), 2),
        Indicator("1.1C", _label("1.1C"), Checks("1.1C", OPTIONS), AddShares(shares), Fraction(3), 2),
    )


PARENTS = _parents()


def rule(chance: random.Random, source: str, transfer: str, *, outside: bool = True) -> Indicator:
    """One indicator 1.2 of this source and transfer, everything else drawn; `outside`: bonus and penalty too."""
    rated = source in ("ratio", "mean", "survey")
    ask = _ask(chance, source)
    decimals = chance.choice(DECIMALS) if source != "points" else 2
    whole = [text for text in MAXIMA if half_up(Fraction(text), decimals) == Fraction(text)]
    return Indicator(
        code="1.2",
        name=_label("1.2"),
        ask=ask,
        score=_numeric(chance, transfer, ask) if source in MEASURED else _picked(chance, ask),
        maximum=Fraction(chance.choice(whole)),
        decimals=decimals,
        zero_b=chance.choice(list(ZeroB)) if rated else None,
        applies_when=_conditions(chance, 0.25),
        show_when=_shown(chance) if chance.random() < 0.3 else None,
        gate=_gate(chance) if chance.random() < 0.3 else None,
        counts=chance.choice([*[Counts.POINTS] * 3, Counts.BONUS, Counts.PENALTY] if outside else [Counts.POINTS]),
    )


def _gate(chance: random.Random) -> Gate:
    """On an indicator or the group of those before."""
    code = chance.choice([*(parent.code for parent in PARENTS), "1"])
    limit = Fraction(chance.choice(["0.25", "1/3", "0.5", "0.57", "2/3", "1"]))
    exclusive = limit < 1 and chance.random() < 0.4
    return Gate(Condition(code, limit, exclusive), Fraction(chance.choice(["0", "0", "1/3", "0.5", "0.07"])))


def _conditions(chance: random.Random, often: float) -> dict[str, bool]:
    return {name: chance.random() < 0.6 for name in ATTRIBUTES if chance.random() < often}


def _shown(chance: random.Random) -> ShowWhen:
    parent = chance.choice(PARENTS)
    codes = [YES, NO] if isinstance(parent.ask, YesNo) else [option.code for option in OPTIONS]
    return ShowWhen(parent.code, frozenset(chance.sample(codes, chance.randint(1, 2))), chance.choice(list(Hidden)))


def _ask(chance: random.Random, source: str) -> Ask:
    kinds = [NumberKind.INTEGER, NumberKind.DECIMAL, *([NumberKind.REAL] if source == "number" else [])]
    kind = chance.choice(kinds)

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
        case "survey":
            return _survey(chance)
        case "manual":
            return Manual("1.2")
        case _:
            return Points("1.2")


def _survey(chance: random.Random) -> Survey:
    values = chance.choice(
        [("1", "0"), ("1", "0.75", "0.5", "0.25", "0"), ("1", "2/3", "1/3", "0"), ("0.35", "1", "0")]
    )
    kind = NumberKind.INTEGER
    counts = (Input(f"1.2.{place}", Text(str(place)), Text("người"), kind) for place in range(1, len(values) + 1))
    return Survey(tuple(Grade(Fraction(value), count) for value, count in zip(values, counts, strict=True)))


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


def _numeric(chance: random.Random, transfer: str, ask: Ask) -> Transfer:
    signed = isinstance(ask, Number) and ask.value.kind is NumberKind.REAL
    if transfer == "peer":
        return _peer(chance, signed=signed)
    scale = chance.choice([1, 20, 1000]) if isinstance(ask, Number) else 1
    shift = chance.choice([Fraction(0), Fraction("0.5"), Fraction(1)]) if signed else Fraction(0)
    cuts = sorted({(Fraction(text) - shift) * scale for text in chance.sample(CUTS, 3)}, reverse=True)
    if transfer == "linear":
        start, end = (Fraction(0), cuts[0] or Fraction(1)) if chance.random() < 0.6 else (cuts[-1], cuts[0])
        return Linear(end, start) if chance.random() < 0.2 else Linear(start, end)
    bands = [Band(Fraction(chance.choice(SHARES)), cut, chance.random() < 0.5) for cut in cuts]
    if bands[-1].exclusive and chance.random() < 0.5:  # the same limit twice: beyond it, and on it
        bands.append(Band(Fraction(1, 7), bands[-1].limit))
    return Bands((*bands, Band(Fraction(chance.choice(["0", "0", "1/5"])))))


def _peer(chance: random.Random, *, signed: bool) -> Peer:
    method = PeerMethod.MINMAX if signed else chance.choice(list(PeerMethod))
    equal = Fraction(chance.choice(["0", "1", "1/3", "0.5"]))
    least = Fraction(chance.choice(["0", "0", "0", "0.1", "1/3"]))
    return Peer(method, chance.random() < 0.6, equal, least)


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
        case Survey(grades=grades):
            ask = Survey(tuple(replace(grade, count=input_(grade.count)) for grade in grades))
        case _:
            ask = replace(indicator.ask, key=code)
    return replace(indicator, code=code, ask=ask)


def questionnaire(indicator: Indicator, decimals: int | None = 2) -> Questionnaire:
    """A group of the answers that show_when and gates may name, and one of the indicator."""
    first = Group("1", Text("Nhóm"), Text("Nhóm"), indicators=PARENTS, decimals=decimals)
    second = Group("2", Text("Nhóm hai"), Text("Nhóm hai"), indicators=(indicator,), decimals=decimals)
    attributes = {name: Text(name) for name in ATTRIBUTES}
    return Questionnaire("thu", "1", Text("Thử"), Text(""), decimals, attributes, {}, (first, second), ())
