"""What a rule reads of one agency's answers: a number, a ratio, a mean, a survey's mean grade, as exact fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm

from survey.core.answers import Case, Special, Value
from survey.core.asks import MeanRatio, Number, NumberKind, Pair, Ratio, Survey, ZeroB
from survey.core.modifiers import ShowWhen
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.outcomes import Why
from survey.core.transfers import AddShares, Band, Bands, Linear, MapShares, Transfer


def why_unasked(questionnaire: Questionnaire, indicator: Indicator, case: Case) -> Why | None:
    """Why the answer of an indicator is not looked at; None where it is."""
    if not indicator.applies_to(case.attributes):
        return Why.NOT_A_DUTY
    if is_approved(indicator, case):
        return Why.APPROVED
    if indicator.show_when is None:
        return None
    parent = questionnaire.by_code[indicator.show_when.code]
    asked = False if is_approved(parent, case) else is_asked(parent, indicator.show_when, case.value(parent.keys[0]))
    if asked is None:
        return Why.WAITING
    return None if asked else Why.NOT_ASKED


def is_asked(parent: Indicator, shown: ShowWhen, answer: Value) -> bool | None:
    """Whether this answer to `parent` has the indicator asked; None where it is no answer that `parent` takes."""
    if picked_share(parent, answer) is None:
        return None
    return bool((answer if isinstance(answer, frozenset) else {answer}) & shown.values)


def is_approved(indicator: Indicator, case: Case) -> bool:
    """Whether "không áp dụng" holds by approval: listed in the case, or written into one of its inputs in a file."""
    if indicator.code in case.not_applicable:
        return True
    return any(case.value(key) is Special.NOT_APPLICABLE for key in indicator.keys)


def picked_share(indicator: Indicator, picked: Value) -> Fraction | None:
    """The share that an answer with options earns, 0 for words; None where the question takes no such answer."""
    if isinstance(picked, Special):
        return None
    match indicator.score:
        case MapShares(shares=shares):
            return shares.get(picked) if isinstance(picked, str) else None
        case AddShares(shares=shares):
            if isinstance(picked, frozenset) and picked <= shares.keys():
                return min(sum((shares[code] for code in picked), Fraction(0)), Fraction(1))
            return None
        case _:
            return Fraction(0) if isinstance(picked, str) else None


def number(value: Value) -> Fraction | None:
    """The number of an answer; None where it is none."""
    return Fraction(value) if isinstance(value, Decimal) else None


def measure(indicator: Indicator, case: Case) -> Fraction | Why:
    """What the transfer of a numeric indicator reads, or why there is nothing to read.

    ZERO_B: b = 0, and `zero_b` decides; NOT_A_DUTY: none of the ratios of a mean is asked of this agency. Raises
    TypeError for an indicator that asks no numbers.
    """
    match indicator.ask:
        case Number(value=asked):
            value = number(case.value(asked.key))
            if value is None:
                return Why.BLANK
            return value if value >= 0 or asked.kind is NumberKind.REAL else Why.OUT_OF_RANGE
        case Ratio(pair=pair):
            return _ratio(pair, case)
        case MeanRatio():
            return _mean(indicator, indicator.ask, case)
        case Survey():
            return _mean_grade(indicator.ask, case)
    raise TypeError(f"{indicator.code} asks no numbers")


def _ratio(pair: Pair, case: Case) -> Fraction | Why:
    a, b = number(case.value(pair.a.key)), number(case.value(pair.b.key))
    if a is None or b is None:
        return Why.BLANK
    if a < 0 or b < 0:
        return Why.OUT_OF_RANGE
    if pair.part and a > b:
        return Why.A_ABOVE_B
    return a / b if b else Why.ZERO_B


def _mean(indicator: Indicator, ask: MeanRatio, case: Case) -> Fraction | Why:
    ratios: list[Fraction] = []
    lacking: list[Why] = []
    pairs = asked_pairs(ask, case)
    if not pairs:
        return Why.NOT_A_DUTY
    for pair in pairs:
        ratio = _ratio(pair, case)
        if ratio is Why.ZERO_B:
            if indicator.zero_b is not ZeroB.KAD:
                ratios.append(Fraction(1 if indicator.zero_b is ZeroB.FULL else 0))
        elif isinstance(ratio, Why):
            lacking.append(ratio)
        else:
            ratios.append(min(ratio, Fraction(1)))
    if lacking:  # a figure to be mended is told before one to be given
        return min(lacking, key=(Why.A_ABOVE_B, Why.OUT_OF_RANGE, Why.BLANK).index)
    return sum(ratios, Fraction(0)) / len(ratios) if ratios else Why.ZERO_B


def asked_pairs(ask: MeanRatio, case: Case) -> tuple[Pair, ...]:
    """The ratios of a mean that this agency is asked for."""
    return tuple(
        pair
        for pair in ask.pairs
        if all(case.attributes.get(name, False) == value for name, value in pair.applies_when.items())
    )


def _mean_grade(ask: Survey, case: Case) -> Fraction | Why:
    counts = [number(case.value(grade.count.key)) for grade in ask.grades]
    known = [count for count in counts if count is not None]
    if any(count < 0 for count in known):
        return Why.OUT_OF_RANGE
    if len(known) < len(counts):
        return Why.BLANK
    people = sum(known, Fraction(0))
    if not people:
        return Why.ZERO_B
    return sum((grade.value * count for grade, count in zip(ask.grades, known, strict=True)), Fraction(0)) / people


def whole_grades(ask: Survey) -> tuple[tuple[int, ...], int]:
    """The values of the grades in whole parts of 1/n, and n."""
    parts = lcm(*(grade.value.denominator for grade in ask.grades))
    return tuple(int(grade.value * parts) for grade in ask.grades), parts


def transfer(score: Transfer | None, x: Fraction) -> Fraction:
    """The share that a measured value earns. Raises TypeError for a transfer that reads no number by itself."""
    match score:
        case Linear(start=start, end=end, least=least, most=most):
            part = min(max((x - start) / (end - start), Fraction(0)), Fraction(1))
            return least + (most - least) * part
        case Bands():
            return band_of(score, x).share
    raise TypeError(f"{score} reads no number")


def band_of(score: Bands, x: Fraction) -> Band:
    """The first band that x reaches, written from the highest limit down."""
    for band in score.bands:
        if band.limit is None or x > band.limit or (x == band.limit and not band.exclusive):
            return band
    raise ValueError(f"{score} has no floor")


def whole_line(maximum: Fraction, score: Linear) -> tuple[int, int, int]:
    """Whole p, q and r > 0 with maximum · share(a/b) = (p·a − q·b) / (r·b), share as `transfer` reads, unclamped."""
    slope = (score.most - score.least) * maximum / (score.end - score.start)
    level = slope * score.start - score.least * maximum
    r = lcm(slope.denominator, level.denominator)
    p, q = int(slope * r), int(level * r)
    shared = gcd(p, q, r)
    return p // shared, q // shared, r // shared
