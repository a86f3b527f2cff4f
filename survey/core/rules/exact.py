"""The exact reading of a rule: one indicator of one agency in fractions; what every other reading is held against."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from math import gcd, lcm
from typing import assert_never

from survey.core.answers import Case, Special, Value
from survey.core.asks import Checks, Choice, FreeText, MeanRatio, Number, Pair, Points, Ratio, YesNo, ZeroB
from survey.core.questionnaire import Hidden, Indicator, Questionnaire, ShowWhen
from survey.core.rounding import half_up
from survey.core.transfers import AddShares, Band, Bands, Linear, MapShares, Transfer


class State(IntEnum):
    """What an indicator counts for: MISSING and HIDDEN score 0 and keep the maximum, NOT_APPLICABLE leaves both."""

    MISSING = 0
    SCORED = 1
    NOT_APPLICABLE = 2
    HIDDEN = 3


class Why(StrEnum):
    """What led to the state."""

    ANSWERED = "answered"
    ZERO_B = "zero_b"  # b = 0 decided: not applicable, nothing or everything
    BLANK = "blank"
    A_ABOVE_B = "a_above_b"
    OUT_OF_RANGE = "out_of_range"  # a number or an answer that the question does not take
    AWAITED = "awaited"  # another body provides it and has not yet
    WAITING = "waiting"  # the answer that decides whether it is asked is missing
    NOT_A_DUTY = "not_a_duty"  # by the agency's attributes
    APPROVED = "approved"
    NOT_ASKED = "not_asked"  # show_when


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one indicator earned: points are rounded, 0 unless SCORED; `measured` is what the transfer read."""

    state: State
    why: Why
    points: Fraction = Fraction(0)
    share: Fraction | None = None
    measured: Fraction | None = None


def outcome(questionnaire: Questionnaire, indicator: Indicator, case: Case) -> Outcome:
    """Score one indicator of one agency. Points = half-up(share × maximum, decimals), once (design: points)."""
    unasked = _unasked(questionnaire, indicator, case)
    if unasked is not None:
        return unasked
    measured = _measure(indicator, case)
    if isinstance(measured, Why):
        awaited = measured is Why.BLANK and indicator.provided_by is not None
        return Outcome(State.MISSING, Why.AWAITED if awaited else measured)
    if isinstance(measured, Outcome):
        return measured
    if not indicator.scored:
        return Outcome(State.SCORED, Why.ANSWERED)
    share, value = measured
    points = half_up(share * indicator.maximum, indicator.decimals)
    return Outcome(State.SCORED, Why.ANSWERED, points, share, value)


def _unasked(questionnaire: Questionnaire, indicator: Indicator, case: Case) -> Outcome | None:
    """The outcome of an indicator whose answer is not looked at; None where it is."""
    if not indicator.applies_to(case.attributes):
        return Outcome(State.NOT_APPLICABLE, Why.NOT_A_DUTY)
    if is_approved(indicator, case):
        return Outcome(State.NOT_APPLICABLE, Why.APPROVED)
    if indicator.show_when is None:
        return None
    parent = questionnaire.by_code[indicator.show_when.code]
    asked = False if is_approved(parent, case) else is_asked(parent, indicator.show_when, case.value(parent.keys[0]))
    if asked is None:
        return Outcome(State.MISSING, Why.WAITING)
    if asked:
        return None
    hidden = State.NOT_APPLICABLE if indicator.show_when.hidden is Hidden.KAD else State.HIDDEN
    return Outcome(hidden, Why.NOT_ASKED)


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


def _measure(indicator: Indicator, case: Case) -> tuple[Fraction, Fraction | None] | Outcome | Why:
    """(share, what the transfer read), or a settled outcome (b = 0 is KAD), or why nothing can be scored."""
    ask = indicator.ask
    match ask:
        case YesNo(key=key) | Choice(key=key) | Checks(key=key) | FreeText(key=key):
            picked = case.value(key)
            share = picked_share(indicator, picked)
            if share is None:
                return Why.BLANK if picked is Special.MISSING else Why.OUT_OF_RANGE
            return share, None
        case Points(key=key):
            stated = number(case.value(key))
            if stated is None or stated < 0 or stated > indicator.maximum:
                return Why.BLANK if stated is None else Why.OUT_OF_RANGE
            return stated / indicator.maximum, stated
        case Number(value=asked):
            value = number(case.value(asked.key))
            if value is None or value < 0:
                return Why.BLANK if value is None else Why.OUT_OF_RANGE
            return transfer(indicator.score, value), value
        case Ratio(pair=pair):
            ratio = _ratio(pair, case)
            if isinstance(ratio, Why):
                return ratio if ratio is not Why.ZERO_B else _at_zero_b(indicator)
            return transfer(indicator.score, ratio), ratio
        case MeanRatio():
            return _mean(indicator, ask, case)
        case _:
            assert_never(ask)


def number(value: Value) -> Fraction | None:
    """The number of an answer; None where it is none."""
    return Fraction(value) if isinstance(value, Decimal) else None


def _ratio(pair: Pair, case: Case) -> Fraction | Why:
    a, b = number(case.value(pair.a.key)), number(case.value(pair.b.key))
    if a is None or b is None:
        return Why.BLANK
    if a < 0 or b < 0:
        return Why.OUT_OF_RANGE
    if pair.part and a > b:
        return Why.A_ABOVE_B
    return a / b if b else Why.ZERO_B


def _at_zero_b(indicator: Indicator) -> Outcome:
    if indicator.zero_b is ZeroB.KAD:
        return Outcome(State.NOT_APPLICABLE, Why.ZERO_B)
    share = Fraction(1 if indicator.zero_b is ZeroB.FULL else 0)
    return Outcome(State.SCORED, Why.ZERO_B, half_up(share * indicator.maximum, indicator.decimals), share)


def _mean(indicator: Indicator, ask: MeanRatio, case: Case) -> tuple[Fraction, Fraction] | Outcome | Why:
    ratios: list[Fraction] = []
    lacking: list[Why] = []
    pairs = asked_pairs(ask, case)
    if not pairs:
        return Outcome(State.NOT_APPLICABLE, Why.NOT_A_DUTY)
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
    if not ratios:
        return Outcome(State.NOT_APPLICABLE, Why.ZERO_B)
    mean = sum(ratios, Fraction(0)) / len(ratios)
    return transfer(indicator.score, mean), mean


def asked_pairs(ask: MeanRatio, case: Case) -> tuple[Pair, ...]:
    """The ratios of a mean that this agency is asked for."""
    return tuple(
        pair
        for pair in ask.pairs
        if all(case.attributes.get(name, False) == value for name, value in pair.applies_when.items())
    )


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


def transfer(score: Transfer | None, x: Fraction) -> Fraction:
    """The share that a measured value earns. Raises TypeError for a transfer that reads no number."""
    match score:
        case Linear(start=start, end=end):
            return min(max((x - start) / (end - start), Fraction(0)), Fraction(1))
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
    """Whole p, q and r > 0 with maximum · (a/b − start) / (end − start) = (p·a − q·b) / (r·b)."""
    width = score.end - score.start
    factor = lcm(maximum.denominator, (maximum * score.start).denominator, width.denominator)
    p, q, r = int(maximum * factor), int(maximum * score.start * factor), int(width * factor)
    shared = gcd(p, q, r) * (1 if r > 0 else -1)
    return p // shared, q // shared, r // shared
