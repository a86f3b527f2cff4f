"""What the transfers of numeric indicators read, by column: a / b of every agency, and where there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from survey.core.asks import MeanRatio, Number, NumberKind, Pair, Ratio, Survey, ZeroB
from survey.core.questionnaire import Indicator
from survey.core.rules.columns import Columns, Flags, Floats, Numbers
from survey.core.rules.measure import whole_grades
from survey.core.twofold import Twofold, constant, exact, full, where

BLURRED = 2.0**32  # from here on two numbers of six decimals may share a float64
ONE = np.ones(1)
Rows = NDArray[np.intp]  # the places of some rows, ascending
EXACT = 2.0**52  # whole numbers below it, and their sums and quotients' floors, are exact in float64


@dataclass(slots=True)
class Measured:
    """a / b, one of `b` for a plain number; rows that are missing, zero or leave hold any numbers, nan too.

    Such rows are few as a rule: they are listed, so that what holds for the others is computed in as few passes as
    there can be.
    """

    a: Floats
    b: Floats
    whole: Flags | None  # where both are whole numbers; None: everywhere
    most_a: float  # the largest |a|
    most_b: float
    quotient: Callable[[], Twofold]  # the same beyond float64
    missing: Rows | None = None
    zero: Rows | None = None  # b = 0, and `zero_b` decides
    leaves: Rows | None = None  # not applicable
    blurred: Flags | None = None  # float64 cannot tell a from b


def measured_columns(columns: Columns, indicator: Indicator) -> Measured:
    """What the transfer of a numeric indicator reads. Raises TypeError for an indicator that asks no numbers."""
    ask = indicator.ask
    match ask:
        case Number(value=asked):
            numbers = columns.numbers(asked.key)
            if not numbers.gaps and (asked.kind is NumberKind.REAL or numbers.lowest >= 0):
                return _number(columns, asked.key, numbers, None)
            wrong = np.isnan(numbers.values) if asked.kind is NumberKind.REAL else ~(numbers.values >= 0)
            return _number(columns, asked.key, numbers, rows_of(wrong))
        case Ratio(pair=pair):
            return _ratio(columns, pair)
        case MeanRatio():
            return _mean(columns, indicator, ask)
        case Survey():
            return _survey(columns, ask)
    raise TypeError(f"{indicator.code} asks no numbers")


def rows_of(flags: Flags) -> Rows | None:
    """The places of the rows that are flagged; None where none is."""
    rows = np.flatnonzero(flags)
    return rows if rows.size else None


def _number(columns: Columns, key: str, numbers: Numbers, wrong: Rows | None) -> Measured:
    def finer() -> Twofold:
        return columns.finer(key) if wrong is None else _replaced(columns.finer(key), wrong, 0.0)

    most = max(abs(numbers.lowest), abs(numbers.highest))
    if numbers.places:
        parts = 10.0**numbers.places
        return Measured(numbers.units, ONE * parts, None, most * parts, parts, finer, wrong)
    return Measured(numbers.values, ONE, None if numbers.all_whole else numbers.whole, most, 1.0, finer, wrong)


def _replaced(numbers: Twofold, rows: Rows, value: float) -> Twofold:
    """With one number in some rows."""
    high, low, error = numbers.high.copy(), numbers.low.copy(), numbers.error.copy()
    high[rows], low[rows], error[rows] = value, 0.0, 0.0
    return Twofold(high, low, error)


def _pair(columns: Columns, pair: Pair) -> tuple[Numbers, Numbers, Flags | None, Flags | None]:
    """(a, b, where there is no ratio because a number is missing or a > b, where float64 cannot tell a from b)."""
    a, b = columns.numbers(pair.a.key), columns.numbers(pair.b.key)
    return a, b, _unfit(a, b, part=pair.part, zero=True), _blurred(a, b)


def _ratio(columns: Columns, pair: Pair) -> Measured:
    a, b = columns.numbers(pair.a.key), columns.numbers(pair.b.key)
    x, y, whole, parts = _alike(a, b)
    unfit = _unfit(a, b, part=pair.part, zero=False)
    undefined = None if unfit is None else rows_of(unfit)
    missing, zero = undefined, None
    if undefined is not None and b.lowest <= 0:
        above, below = a.values[undefined], b.values[undefined]
        none = (below == 0) & ((above == 0) if pair.part else (above >= 0))
        missing, zero = (rows if rows.size else None for rows in (undefined[~none], undefined[none]))

    def quotient() -> Twofold:
        return _quotient(columns, pair, undefined)

    most = max(b.highest, 1.0) * parts
    return Measured(x, y, whole, a.highest * parts, most, quotient, missing, zero, blurred=_blurred(a, b))


def _unfit(a: Numbers, b: Numbers, *, part: bool, zero: bool) -> Flags | None:
    """Where a number is missing or below 0, a > b where it is a part of it, b is 0 unless that may be (`zero`).

    None where no row can be so.
    """
    tests = []
    if part and (a.gaps or b.gaps or a.highest > b.lowest):
        tests.append(a.values <= b.values)
    if a.lowest < 0 or (a.gaps and not part):
        tests.append(a.values >= 0)
    if b.lowest < 0 or (b.lowest == 0 and not zero) or (b.gaps and not part):
        tests.append(b.values >= 0 if zero else b.values > 0)
    if not tests:
        return None
    fit = tests[0]
    for test in tests[1:]:
        fit &= test
    return np.logical_not(fit, out=fit)


def _blurred(a: Numbers, b: Numbers) -> Flags | None:
    """Where float64 cannot tell a from b."""
    if min(a.highest, b.highest) < BLURRED or (a.all_whole and b.all_whole):
        return None
    same: Flags = (a.values == b.values) & (a.values >= BLURRED) & ~(a.whole & b.whole)
    return same


def _alike(a: Numbers, b: Numbers) -> tuple[Floats, Floats, Flags | None, float]:
    """Both in the same whole parts where there are such, where they are whole (None: everywhere), and those parts."""
    if a.places is None or b.places is None:
        return a.values, b.values, a.whole & b.whole, 1.0
    places = max(a.places, b.places)
    x, y = (n.units if n.places == places else n.units * 10.0 ** (places - (n.places or 0)) for n in (a, b))
    return x, y, None, 10.0**places


def _quotient(columns: Columns, pair: Pair, undefined: Rows | None) -> Twofold:
    """a / b, 0 where it is not defined."""
    above, below = columns.finer(pair.a.key), columns.finer(pair.b.key)
    if undefined is not None:
        above, below = _replaced(above, undefined, 0.0), _replaced(below, undefined, 1.0)
    return above / below


def _survey(columns: Columns, ask: Survey) -> Measured:
    worth, parts = whole_grades(ask)
    missing = np.zeros(columns.size, dtype=bool)
    above, people = np.zeros(columns.size), np.zeros(columns.size)
    whole = np.ones(columns.size, dtype=bool)
    most = 0.0
    for grade, value in zip(ask.grades, worth, strict=True):
        count = columns.numbers(grade.count.key)
        missing |= ~(count.values >= 0)
        above += value * count.values
        people += count.values
        whole &= count.whole
        most += parts * abs(count.highest)
    zero = (people == 0) & ~missing
    undefined = missing | zero
    a, b = np.where(undefined, 0.0, above), np.where(undefined, 1.0, people * parts)
    whole = (whole & (most < EXACT)) | undefined

    def quotient() -> Twofold:
        x, y = full(columns.size, Fraction(0)), full(columns.size, Fraction(0))
        for grade in ask.grades:
            count = columns.finer(grade.count.key)
            count = where(undefined, full(columns.size, Fraction(0)), count)
            x, y = x + count * constant(grade.value), y + count
        return x / where(undefined, full(columns.size, Fraction(1)), y)

    return Measured(a, b, None if whole.all() else whole, most, most, quotient, rows_of(missing), rows_of(zero))


def _mean(columns: Columns, indicator: Indicator, ask: MeanRatio) -> Measured:
    total, count = np.zeros(columns.size), np.zeros(columns.size)
    missing, blurred = np.zeros(columns.size, dtype=bool), np.zeros(columns.size, dtype=bool)
    whole = np.ones(columns.size, dtype=bool)
    full_at_zero = indicator.zero_b is ZeroB.FULL
    taken_of: list[tuple[Pair, Flags, Flags]] = []
    for pair in ask.pairs:
        asked = np.ones(columns.size, dtype=bool)
        for name, value in pair.applies_when.items():
            asked &= columns.attribute(name, value)
        a, b, lacking, same = _pair(columns, pair)
        if same is not None:
            blurred |= same & asked
        if lacking is not None:
            missing |= lacking & asked
        zero = b.values == 0
        taken = asked if lacking is None else asked & ~lacking
        if indicator.zero_b is ZeroB.KAD:
            taken = taken & ~zero
        ratio = np.divide(a.values, b.values, out=np.zeros(columns.size), where=taken & ~zero)
        np.minimum(ratio, 1.0, out=ratio)
        ratio[zero] = 1.0 if full_at_zero else 0.0
        total += np.where(taken, ratio, 0.0)
        count += taken
        whole &= ~taken | zero | (a.values == 0) | (a.values >= b.values)  # the ratio is 0 or 1
        taken_of.append((pair, taken, zero))
    below = np.maximum(count, 1.0)

    def quotient() -> Twofold:
        added = full(columns.size, Fraction(0))
        for pair, taken, zero in taken_of:
            added = added + _part(columns, pair, taken, zero, full_at_zero=full_at_zero)
        return added / exact(below)

    size = float(len(ask.pairs))
    leaves = rows_of((count == 0) & ~missing)
    return Measured(total, below, whole, size, size, quotient, rows_of(missing), None, leaves, blurred)


def _part(columns: Columns, pair: Pair, taken: Flags, zero: Flags, *, full_at_zero: bool) -> Twofold:
    """One ratio of a mean, 1 at most; 0 where it is not taken."""
    one, none = full(columns.size, Fraction(1)), full(columns.size, Fraction(0))
    ratio = _quotient(columns, pair, rows_of(~taken | zero))
    ratio = where((ratio.high > 1) | ((ratio.high == 1) & (ratio.low > 0)), one, ratio)
    return where(taken & zero, one, ratio) if full_at_zero else where(taken, ratio, none)
