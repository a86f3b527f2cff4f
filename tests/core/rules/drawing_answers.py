"""Random answers to a drawn rule: blanks, zeros, ties, limits, cohorts of one, of equals, of bodies without a value."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from survey.core.answers import Case, Special, Value
from survey.core.asks import NO, YES, Checks, Choice, Manual, Number, NumberKind, Pair, Points, Ratio, Survey
from survey.core.questionnaire import Indicator
from survey.core.rules.measure import whole_line
from survey.core.transfers import Bands, Linear, Peer, PeerMethod
from tests.core.rules.drawing_rules import ATTRIBUTES, PARENTS

Ends = tuple[Fraction, Fraction]  # the lowest and the highest of a cohort
NOWHERE: Ends = (Fraction(0), Fraction(1))


@dataclass(frozen=True)
class Block:
    """One rule and the bodies of one cohort, with whether each counts among the peers."""

    indicator: Indicator
    cases: tuple[Case, ...]
    among: tuple[bool, ...]


def block(chance: random.Random, indicator: Indicator) -> Block:
    """One body, or a cohort where the rule holds bodies against each other."""
    if not isinstance(indicator.score, Peer):
        return Block(indicator, (case(chance, indicator),), (True,))
    ends = ends_of(chance, indicator)
    mood = chance.choice(["plain", "plain", "plain", "plain", "equal", "none", "one"])
    size = 1 if mood == "one" else chance.randint(2, 8)
    cases = [case(chance, indicator, ends=ends) for _ in range(size)]
    if mood == "plain":
        for place, end in enumerate(ends):
            cases[place] = _with(cases[place], _at(chance, indicator, end))
        if chance.random() < 0.7:  # nobody beyond the ends, so that points end in a half
            for place in range(2, size):
                inside = min(max(_target(chance, indicator, ends), ends[0]), ends[1])
                cases[place] = _with(cases[place], _at(chance, indicator, inside))
    if mood == "equal":
        cases = [replace(one, values={**one.values, **_own(indicator, cases[0])}) for one in cases]
    if mood == "none":
        none = chance.choice([Special.NOT_APPLICABLE, Special.MISSING])
        cases = [replace(one, values={**one.values, **dict.fromkeys(indicator.keys, none)}) for one in cases]
    often = chance.choice([0.9, 0.9, 0.9, 0.3])
    among = tuple(chance.random() < often for _ in cases)
    return Block(indicator, tuple(cases), among)


def _own(indicator: Indicator, case: Case) -> dict[str, Value]:
    return {key: case.value(key) for key in indicator.keys}


def _with(case: Case, values: Mapping[str, Value]) -> Case:
    return replace(case, values={**case.values, **values})


def ends_of(chance: random.Random, indicator: Indicator) -> Ends:
    """Where the values of a cohort are to begin and to end."""
    scale = chance.choice([1, 20, 1000]) if isinstance(indicator.ask, Number) else 1
    parts = chance.choice([20, 50, 7])
    low, high = sorted(chance.sample(range(parts + 1), 2))
    if isinstance(indicator.ask, Number):  # what a cell can hold
        low, high, parts = low * 50, high * 50, 50
    return Fraction(low * scale, parts), Fraction(high * scale, parts)


def _at(chance: random.Random, indicator: Indicator, value: Fraction) -> dict[str, Value]:
    """Answers that measure exactly this value."""
    match indicator.ask:
        case Number(value=asked):
            figure = Decimal(value.numerator) / Decimal(value.denominator)
            places = 0 if asked.kind is NumberKind.INTEGER else 9
            return {asked.key: round(figure, places if Fraction(round(figure, places)) == value else min(places, 4))}
        case Survey():
            return _graded(chance, indicator.ask, value)
    values: dict[str, Value] = {}
    for pair in indicator.pairs:
        k = chance.randint(1, 6)
        values |= {pair.a.key: Decimal(value.numerator * k), pair.b.key: Decimal(value.denominator * k)}
    return values


def case(chance: random.Random, indicator: Indicator, *, wild: bool = False, ends: Ends = NOWHERE) -> Case:
    """Answers to all: blanks, zeros, a > b, ties, limits, negative or unknown by hand, not applicable.

    `wild` draws whole numbers up to 10**15 and six decimals; without it, what a cell of 15 digits can tell apart.
    """
    values: dict[str, Value] = {}
    for parent in PARENTS:
        if chance.random() < 0.9:
            values[parent.code] = _option(chance, parent)
        elif chance.random() < 0.3:
            values[parent.code] = Special.NOT_APPLICABLE
    if isinstance(indicator.ask, Survey):
        values |= _counts(chance, indicator, indicator.ask, ends)
    elif indicator.pairs:
        for pair in indicator.pairs:
            a, b = _quotient(chance, indicator, pair, ends, wild=wild)
            values |= {pair.a.key: a, pair.b.key: b}
    else:
        values[indicator.code] = _value(chance, indicator, ends)
    for key in indicator.keys:
        drawn = chance.random()
        if drawn < (0.25 if isinstance(indicator.ask, Manual) else 0.03):
            values.pop(key, None)
        elif drawn < 0.05:
            values[key] = Special.NOT_APPLICABLE
        elif drawn < 0.07 and isinstance(values.get(key), Decimal):
            values[key] = Decimal(-3)
    attributes = {name: chance.random() < 0.7 for name in ATTRIBUTES}
    return Case("đơn vị", values, attributes=attributes, cohort="nhóm")


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


def _counts(chance: random.Random, indicator: Indicator, ask: Survey, ends: Ends) -> dict[str, Value]:
    drawn = chance.random()
    if drawn < 0.08:
        return {grade.count.key: Decimal(0) for grade in ask.grades}
    if drawn < 0.4:
        return _graded(chance, ask, min(max(_target(chance, indicator, ends), Fraction(0)), Fraction(1)))
    most = chance.choice([3, 40, 400])
    return {grade.count.key: Decimal(chance.randint(0, most)) for grade in ask.grades}


def _graded(chance: random.Random, ask: Survey, mean: Fraction) -> dict[str, Value]:
    """Counts whose mean grade is this, by the grades 1 and 0."""
    times = chance.randint(1, 9)
    counts = {Fraction(1): mean.numerator * times, Fraction(0): (mean.denominator - mean.numerator) * times}
    return {grade.count.key: Decimal(counts.get(grade.value, 0)) for grade in ask.grades}


def _value(chance: random.Random, indicator: Indicator, ends: Ends) -> Value:
    match indicator.ask:
        case Points() | Manual():
            places = min(2 if indicator.decimals is None else indicator.decimals, 4)
            return Decimal(chance.randint(0, int(indicator.maximum * 110) * 10**places // 100)) / 10**places
        case Number(value=asked):
            return _number(chance, indicator, asked.kind, ends)
        case _:
            return _option(chance, indicator)


def _number(chance: random.Random, indicator: Indicator, kind: NumberKind, ends: Ends) -> Decimal:
    drawn = Fraction(chance.randint(-700 if kind is NumberKind.REAL else 0, 2000), 7)
    target = _target(chance, indicator, ends) if chance.random() < 0.6 else drawn
    if kind is not NumberKind.REAL:
        target = max(target, Fraction(0))
    places = {NumberKind.INTEGER: 0, NumberKind.DECIMAL: 4}.get(kind, 9 - len(str(int(abs(target)))))
    if isinstance(indicator.score, Peer):
        places = min(places, 4)
    return round(Decimal(target.numerator) / Decimal(target.denominator), places)


def _target(chance: random.Random, indicator: Indicator, ends: Ends) -> Fraction:
    """A measured value at which a mistake shows: a limit, or one whose points end in a half."""
    grid = 10 ** (indicator.decimals or 0)
    half = Fraction(2 * chance.randint(0, int(indicator.maximum * grid)) + 1, 2 * grid) / indicator.maximum
    part = chance.choice([half, half, half, Fraction(1)])
    match indicator.score:
        case Bands(bands=bands):
            return chance.choice(bands).limit or Fraction(0)
        case Linear(start=start, end=end):
            found = start + (end - start) * part
            return found if isinstance(indicator.ask, Number) else max(found, Fraction(0))
        case Peer() as score:
            return max(_held(score, chance.choice([part, part, part, Fraction(3, 2)]), ends), Fraction(0))
    return Fraction(1)


def _held(score: Peer, share: Fraction, ends: Ends) -> Fraction:
    """The value that earns a share on the scale between these ends."""
    low, high = ends
    part = (share - score.least) / (score.most - score.least)
    if score.method is PeerMethod.MINMAX:
        return low + (high - low) * part if score.rising else high - (high - low) * part
    return high * part if score.rising else high + low - high * part


def _quotient(
    chance: random.Random, indicator: Indicator, pair: Pair, ends: Ends, *, wild: bool
) -> tuple[Decimal, Decimal]:
    """a and b of a ratio."""
    step = Decimal(1) if pair.a.kind is NumberKind.INTEGER else chance.choice([Decimal("0.01"), Decimal("0.25")])
    kind = chance.random()
    if kind < 0.08:
        return chance.choice([0, 0, 3]) * step, Decimal(0)
    if kind < 0.4:
        target = _target(chance, indicator, ends)
        times = chance.randint(1, 40 if target.denominator < 10**6 else 2)
        return target.numerator * times * step, target.denominator * times * step
    if kind < 0.5 and _is_exact(indicator, pair):
        return _nearly_a_tie(chance, indicator)
    if wild and kind < 0.65:
        smallest = Decimal(1) if step == 1 else Decimal("0.000001")
        digits = chance.randint(10, 15 if step == 1 else 21)
        large = chance.randint(2, 10**digits - 1) * smallest
        return large - chance.choice([0, 1, -1]) * smallest, large
    b = chance.randint(1, 400)
    return chance.randint(0, b + b // 20) * step, b * step


def _is_exact(indicator: Indicator, pair: Pair) -> bool:
    """Whether a cell settles ten digits of it."""
    whole = isinstance(indicator.ask, Ratio) and pair.a.kind is NumberKind.INTEGER
    return whole and not isinstance(indicator.score, Peer)


def _nearly_a_tie(chance: random.Random, indicator: Indicator) -> tuple[Decimal, Decimal]:
    """Ten digits (fewer where points have more than two) that miss a half by the least that such a quotient can."""
    digits = 12 - max(indicator.decimals or 0, 2)
    b = chance.randint(10 ** (digits - 1), 10**digits) | 1
    if isinstance(indicator.score, Linear) and indicator.score.start == 0:
        p, _, r = whole_line(indicator.maximum, indicator.score)
        try:
            a = pow(2 * 10 ** (indicator.decimals or 0) * p, -1, b) if r == 1 else chance.randint(0, b)
        except ValueError:  # b shares a factor
            a = chance.randint(0, b)
        return Decimal(chance.choice([a, b - a])), Decimal(b)
    target = _target(chance, indicator, NOWHERE)
    return Decimal(round(target * b) + chance.choice([-1, 0, 1]) if target else 1), Decimal(b)
