"""The fast reading of a rule: one indicator of many agencies on NumPy columns, exact where float64 cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from survey.core.asks import Checks, Choice, FreeText, MeanRatio, Number, Pair, Points, Ratio, YesNo, ZeroB
from survey.core.modifiers import Hidden, ShowWhen
from survey.core.questionnaire import Indicator
from survey.core.rounding import GUARD, half_up, half_up_floats, is_near_half
from survey.core.rules.columns import Columns, Flags, Floats, Numbers
from survey.core.rules.exact import State, outcome
from survey.core.rules.measure import is_asked, picked_share, whole_line
from survey.core.transfers import Bands, Linear, Transfer

NEAR = 1e-12  # of a measured value: some hundred times what a mean of ratios can lose in float64
LARGEST_INTEGER = 4e18  # int64 ends at 9.2e18; the bound itself is worked out in float64
BLURRED = 2.0**32  # from here on two numbers of six decimals may share a float64
EPSILON = float(np.finfo(np.float64).eps)
ONE = np.ones(1)
FEW = 4  # agencies for which 62 exact readings (0.8 ms each agency) come sooner than 62 vectors (6 ms)

States = NDArray[np.int8]


@dataclass
class _Reading:
    """One indicator of n agencies: rounded points, with flags for what they are not."""

    earned: Floats
    missing: Flags
    not_applicable: Flags
    unsure: Flags  # float64 cannot settle these points: the exact reading does


@dataclass
class _Measured:
    """What a transfer reads: a / b, one of `b` for a plain number; `whole` where both are whole numbers."""

    a: Floats
    b: Floats
    whole: Flags


def points(columns: Columns, indicator: Indicator) -> tuple[Floats, States]:
    """(points, State) of one scored indicator for every agency: n float64 rounded to its decimals, n int8.

    Equal to `exact.outcome` for every agency: whole numbers are scored in integers, and rows in which float64 could
    lie on the wrong side of a rounding tie or a limit by the exact reading itself, as are a few agencies.
    """
    if columns.size <= FEW:
        settled = [outcome(columns.questionnaire, indicator, case) for case in columns.cases]
        earned = np.array([float(one.points) for one in settled], np.float64)
        return earned, np.array([one.state for one in settled], np.int8)
    reading = _read(columns, indicator)
    states = np.where(reading.missing, State.MISSING, State.SCORED).astype(np.int8)
    states[reading.not_applicable & ~reading.missing] = State.NOT_APPLICABLE
    _leave_out(columns, indicator, states)
    earned = reading.earned
    for row in np.flatnonzero(reading.unsure & (states == State.SCORED)).tolist():
        exact = outcome(columns.questionnaire, indicator, columns.cases[row])
        earned[row], states[row] = float(exact.points), exact.state
    earned[states != State.SCORED] = 0.0
    return earned, states


def _leave_out(columns: Columns, indicator: Indicator, states: States) -> None:
    """Overwrite the states of agencies that are not asked."""
    if indicator.show_when is not None:
        _hide(columns, indicator.show_when, states)
    states[columns.approved(indicator)] = State.NOT_APPLICABLE
    for name, value in indicator.applies_when.items():
        states[~columns.attribute(name, value)] = State.NOT_APPLICABLE


def _hide(columns: Columns, shown: ShowWhen, states: States) -> None:
    parent = columns.questionnaire.by_code[shown.code]
    picks = columns.picks(parent.keys[0])
    asked = [is_asked(parent, shown, answer) for answer in picks.answers]
    approved = columns.approved(parent)
    waiting = np.array([answer is None for answer in asked], dtype=bool)[picks.codes] & ~approved
    hidden = np.array([answer is False for answer in asked], dtype=bool)[picks.codes] | approved
    states[waiting] = State.MISSING
    states[hidden] = State.NOT_APPLICABLE if shown.hidden is Hidden.KAD else State.HIDDEN


def _read(columns: Columns, indicator: Indicator) -> _Reading:
    ask = indicator.ask
    no = np.zeros(columns.size, dtype=bool)
    match ask:
        case YesNo(key=key) | Choice(key=key) | Checks(key=key) | FreeText(key=key):
            return _picked(columns, indicator, key)
        case Points(key=key):
            stated = columns.numbers(key).values
            wrong = ~((stated >= 0) & (stated <= float(indicator.maximum)))
            raw = np.where(wrong, 0.0, stated)
            return _Reading(half_up_floats(raw, indicator.decimals), wrong, no, is_near_half(raw, indicator.decimals))
        case Number(value=asked):
            numbers = columns.numbers(asked.key)
            wrong = ~(numbers.values >= 0)
            measured = _Measured(np.where(wrong, 0.0, numbers.values), ONE, numbers.whole)
            earned, unsure = _transfer(indicator, measured)
            return _Reading(earned, wrong, no, unsure)
        case Ratio(pair=pair):
            return _ratio(columns, indicator, pair)
        case MeanRatio():
            return _mean(columns, indicator, ask)
        case _:
            assert_never(ask)


def _worth(indicator: Indicator, share: Fraction) -> float:
    """Rounded points of a share that is known exactly."""
    return float(half_up(share * indicator.maximum, indicator.decimals))


def _picked(columns: Columns, indicator: Indicator, key: str) -> _Reading:
    picks = columns.picks(key)
    shares = [picked_share(indicator, answer) for answer in picks.answers]
    worth = np.array([_worth(indicator, share or Fraction(0)) for share in shares], np.float64)
    missing = np.array([share is None for share in shares], dtype=bool)
    no = np.zeros(columns.size, dtype=bool)
    return _Reading(worth[picks.codes], missing[picks.codes], no, no)


def _pair(columns: Columns, pair: Pair) -> tuple[Numbers, Numbers, Flags, Flags]:
    """(a, b, where there is no ratio because a number is missing or a > b, where float64 cannot tell a from b)."""
    a, b = columns.numbers(pair.a.key), columns.numbers(pair.b.key)
    missing = ~((a.values >= 0) & (b.values >= 0))
    if pair.part:
        missing |= a.values > b.values
    blurred = (a.values == b.values) & (a.values >= BLURRED) & ~(a.whole & b.whole)
    return a, b, missing, blurred


def _ratio(columns: Columns, indicator: Indicator, pair: Pair) -> _Reading:
    a, b, missing, blurred = _pair(columns, pair)
    zero = (b.values == 0) & ~missing
    undefined = missing | zero
    measured = _Measured(
        np.where(undefined, 0.0, a.values), np.where(undefined, 1.0, b.values), undefined | (a.whole & b.whole)
    )
    earned, unsure = _transfer(indicator, measured)
    earned[zero] = _worth(indicator, Fraction(1 if indicator.zero_b is ZeroB.FULL else 0))
    no = np.zeros(columns.size, dtype=bool)
    return _Reading(earned, missing, zero if indicator.zero_b is ZeroB.KAD else no, (unsure & ~zero) | blurred)


def _mean(columns: Columns, indicator: Indicator, ask: MeanRatio) -> _Reading:
    total, count = np.zeros(columns.size), np.zeros(columns.size)
    missing, unsure = np.zeros(columns.size, dtype=bool), np.zeros(columns.size, dtype=bool)
    whole = np.ones(columns.size, dtype=bool)  # every ratio is 0 or 1
    for pair in ask.pairs:
        asked = np.ones(columns.size, dtype=bool)
        for name, value in pair.applies_when.items():
            asked &= columns.attribute(name, value)
        a, b, lacking, blurred = _pair(columns, pair)
        missing |= lacking & asked
        unsure |= blurred & asked
        zero = b.values == 0
        taken = asked & ~lacking
        if indicator.zero_b is ZeroB.KAD:
            taken &= ~zero
        ratio = np.divide(a.values, b.values, out=np.zeros(columns.size), where=taken & ~zero)
        np.minimum(ratio, 1.0, out=ratio)
        ratio[zero] = 1.0 if indicator.zero_b is ZeroB.FULL else 0.0
        total += np.where(taken, ratio, 0.0)
        count += taken
        whole &= ~taken | zero | (a.values == 0) | (a.values >= b.values)
    measured = _Measured(total, np.maximum(count, 1.0), whole)
    earned, doubtful = _transfer(indicator, measured)
    return _Reading(earned, missing, count == 0, unsure | doubtful)


def _transfer(indicator: Indicator, measured: _Measured) -> tuple[Floats, Flags]:
    """(rounded points, where float64 cannot settle them)."""
    score: Transfer | None = indicator.score
    match score:
        case Linear():
            return _linear(indicator, score, measured)
        case Bands():
            return _bands(indicator, score, measured)
        case _:
            raise TypeError(f"{score} reads no number")


def _bands(indicator: Indicator, score: Bands, measured: _Measured) -> tuple[Floats, Flags]:
    """Limits are compared crosswise, a·d with n·b, in integers where both are whole."""
    a, b, whole = measured.a, measured.b, measured.whole
    earned = np.full(a.shape, _worth(indicator, score.bands[-1].share))
    unsure = np.zeros(a.shape, dtype=bool)
    for band in reversed(score.bands[:-1]):
        limit = band.limit or Fraction(0)
        left, right = a * limit.denominator, b * limit.numerator
        reached = left > right if band.exclusive else left >= right
        near = np.abs(left - right) <= NEAR * np.maximum(left, right)
        settled = whole & (left < 2.0**53) & (right < 2.0**53)  # such products of whole numbers are exact
        earned[reached] = _worth(indicator, band.share)
        unsure |= near & ~settled
    return earned, unsure


def _linear(indicator: Indicator, score: Linear, measured: _Measured) -> tuple[Floats, Flags]:
    """maximum · (a/b − start) / (end − start) inside 0 … maximum, as one quotient (p·a − q·b) / (r·b)."""
    p, q, r = line = whole_line(indicator.maximum, score)
    a, b = measured.a, np.broadcast_to(measured.b, measured.a.shape)
    size, below = abs(p) * a + abs(q) * b, r * b
    top = float(indicator.maximum)
    raw = np.clip((p * a - q * b) / below, 0.0, top)
    if indicator.decimals is None:
        settled = measured.whole & (size < 2.0**53) & (below < 2.0**53)  # one rounding, that of the quotient
        return raw, ~settled
    grid = 10**indicator.decimals
    blur = 4 * EPSILON * (size / below + top) * grid  # of raw, in units of its last decimal
    fits = max(abs(p), abs(q), r) * 2 * grid < LARGEST_INTEGER
    settled = measured.whole & (2 * grid * size + 3 * below < LARGEST_INTEGER) & fits
    earned = half_up_floats(raw, indicator.decimals)
    rows = np.flatnonzero(settled)
    if rows.size:
        earned[rows] = _in_integers(a[rows], b[rows], line, half_up(indicator.maximum * grid, 0), grid)
    return earned, ~settled & (is_near_half(raw, indicator.decimals) | (blur > GUARD / 10))


def _in_integers(a: Floats, b: Floats, line: tuple[int, int, int], highest: Fraction, grid: int) -> Floats:
    """Half-up of (p·a − q·b) / (r·b), inside 0 … highest units of 1/grid, in int64: exact."""
    p, q, r = line
    x, y = a.astype(np.int64), b.astype(np.int64)
    above, below = p * x - q * y, r * y
    units = (2 * grid * above + below) // (2 * below)
    earned: Floats = np.clip(units, 0, int(highest)) / grid
    return earned
