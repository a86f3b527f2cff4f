"""The fast reading of a rule: one indicator of many agencies on NumPy columns, exact where float64 cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from survey.core.answers import Case, Special
from survey.core.asks import Checks, Choice, FreeText, MeanRatio, Number, Pair, Points, Ratio, YesNo, ZeroB
from survey.core.questionnaire import Hidden, Indicator, Questionnaire
from survey.core.rounding import half_up_floats, is_near_half
from survey.core.rules.exact import State, is_approved, outcome
from survey.core.transfers import AddShares, Bands, Linear, MapShares, Transfer

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
RELATIVE_GUARD = 1e-12  # of a measured value: some hundred times what a mean of ratios can lose in float64


@dataclass(frozen=True)
class Columns:
    """The answers of n agencies by column, built once; numbers are nan where missing or not applicable."""

    questionnaire: Questionnaire
    cases: Sequence[Case]

    @property
    def size(self) -> int:
        """How many agencies."""
        return len(self.cases)

    def numbers(self, key: str) -> Floats:
        """One number of every agency, nan where there is none."""
        return np.array(
            [float(v) if isinstance(v := c.value(key), Decimal) else np.nan for c in self.cases], np.float64
        )

    def attribute(self, name: str, value: bool) -> Flags:
        """Where an attribute of the agency has this value."""
        return np.array([c.attributes.get(name, False) == value for c in self.cases], dtype=bool)

    def approved(self, indicator: Indicator) -> Flags:
        """Where an indicator is not applicable by approval."""
        return np.array([is_approved(indicator, c) for c in self.cases], dtype=bool)

    def picked(self, key: str) -> list[frozenset[str] | None]:
        """The options picked by every agency, None where there is no answer."""
        return [_options(case, key) for case in self.cases]


def _options(case: Case, key: str) -> frozenset[str] | None:
    value = case.value(key)
    if isinstance(value, frozenset):
        return value
    return None if isinstance(value, Special | Decimal) else frozenset((value,))


@dataclass
class _Working:
    """What one indicator is on the way to: shares, with flags for what they are not."""

    share: Floats
    missing: Flags
    not_applicable: Flags
    unsure: Flags  # float64 cannot tell on which side of a limit the value lies


def points(columns: Columns, indicator: Indicator) -> tuple[Floats, NDArray[np.int8]]:
    """(points, State) of one scored indicator for every agency: n float64 rounded to its decimals, n int8.

    Equal to `exact.outcome` for every agency: rows too near a rounding tie or a limit are scored by it.
    """
    working = _measure(columns, indicator)
    raw = working.share * float(indicator.maximum)
    near = is_near_half(raw, indicator.decimals) & (working.share > 0) & (working.share < 1)
    earned = half_up_floats(raw, indicator.decimals)
    states = np.where(working.missing, State.MISSING, State.SCORED).astype(np.int8)
    states[working.not_applicable] = State.NOT_APPLICABLE
    _leave_out(columns, indicator, states)
    for row in np.flatnonzero((near | working.unsure) & (states == State.SCORED)).tolist():
        settled = outcome(columns.questionnaire, indicator, columns.cases[row])
        earned[row], states[row] = float(settled.points), settled.state
    earned[states != State.SCORED] = 0.0
    return earned, states


def _leave_out(columns: Columns, indicator: Indicator, states: NDArray[np.int8]) -> None:
    """Overwrite the states of agencies that are not asked."""
    if indicator.show_when is not None:
        parent = columns.questionnaire.by_code[indicator.show_when.code]
        picked = columns.picked(parent.keys[0])
        approved = columns.approved(parent)
        hidden = State.NOT_APPLICABLE if indicator.show_when.hidden is Hidden.KAD else State.HIDDEN
        for row, options in enumerate(picked):
            if approved[row] or (options is not None and not options & indicator.show_when.values):
                states[row] = hidden
            elif options is None:
                states[row] = State.MISSING
    states[columns.approved(indicator)] = State.NOT_APPLICABLE
    for name, value in indicator.applies_when.items():
        states[~columns.attribute(name, value)] = State.NOT_APPLICABLE


def _measure(columns: Columns, indicator: Indicator) -> _Working:
    ask = indicator.ask
    no = np.zeros(columns.size, dtype=bool)
    match ask:
        case YesNo(key=key) | Choice(key=key) | Checks(key=key) | FreeText(key=key):
            return _picked(columns.picked(key), indicator.score, no)
        case Points(key=key):
            stated = columns.numbers(key)
            maximum = float(indicator.maximum)
            wrong = ~((stated >= 0) & (stated <= maximum))
            return _Working(np.where(wrong, 0.0, stated) / maximum, wrong, no, no)
        case Number(value=asked):
            values = columns.numbers(asked.key)
            wrong = ~(values >= 0)
            share, unsure = _transfer(indicator.score, np.where(wrong, 0.0, values))
            return _Working(share, wrong, no, unsure)
        case Ratio(pair=pair):
            ratio, missing, zero = _ratio(columns, pair)
            share, unsure = _transfer(indicator.score, ratio)
            share[zero] = 1.0 if indicator.zero_b is ZeroB.FULL else 0.0
            away = zero if indicator.zero_b is ZeroB.KAD else no
            return _Working(share, missing, away, unsure & ~zero)
        case MeanRatio():
            return _mean(columns, indicator, ask)
        case _:
            assert_never(ask)


def _picked(picked: list[frozenset[str] | None], score: Transfer | None, no: Flags) -> _Working:
    match score:
        case MapShares(shares=shares) | AddShares(shares=shares):
            worth = dict(shares)
        case _:
            worth = {}
    known: dict[frozenset[str] | None, float] = {None: 0.0}
    for options in set(picked) - {None}:
        known[options] = float(min(sum(worth.get(code, 0) for code in options or ()), 1))
    share = np.array([known[options] for options in picked], np.float64)
    return _Working(share, np.array([options is None for options in picked], dtype=bool), no, no)


def _ratio(columns: Columns, pair: Pair) -> tuple[Floats, Flags, Flags]:
    """(a / b, where missing, where b is 0); the ratio is 0 where it is not defined."""
    a, b = columns.numbers(pair.a.key), columns.numbers(pair.b.key)
    missing = ~((a >= 0) & (b >= 0))
    if pair.part:
        missing |= a > b
    zero = (b == 0) & ~missing
    ratio = np.divide(a, b, out=np.zeros_like(a), where=~(missing | zero))
    return ratio, missing, zero


def _mean(columns: Columns, indicator: Indicator, ask: MeanRatio) -> _Working:
    total = np.zeros(columns.size)
    count = np.zeros(columns.size)
    missing = np.zeros(columns.size, dtype=bool)
    for pair in ask.pairs:
        asked = np.ones(columns.size, dtype=bool)
        for name, value in pair.applies_when.items():
            asked &= columns.attribute(name, value)
        ratio, lacking, zero = _ratio(columns, pair)
        missing |= lacking & asked
        taken = asked & ~lacking
        if indicator.zero_b is ZeroB.KAD:
            taken &= ~zero
        ratio = np.minimum(ratio, 1.0)
        ratio[zero] = 1.0 if indicator.zero_b is ZeroB.FULL else 0.0
        total[taken] += ratio[taken]
        count[taken] += 1
    mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    share, unsure = _transfer(indicator.score, mean)
    return _Working(share, missing, (count == 0) & ~missing, unsure)


def _transfer(score: Transfer | None, x: Floats) -> tuple[Floats, Flags]:
    """(share, where float64 cannot tell which side of a limit x is on)."""
    match score:
        case Linear(start=start, end=end):
            share = np.clip((x - float(start)) / float(end - start), 0.0, 1.0)
            return share, _near(x, float(start)) | _near(x, float(end))
        case Bands(bands=bands):
            share = np.full(x.shape, float(bands[-1].share))
            unsure = np.zeros(x.shape, dtype=bool)
            for band in reversed(bands[:-1]):
                limit = float(band.limit or 0)
                share[x > limit if band.exclusive else x >= limit] = float(band.share)
                unsure |= _near(x, limit)
            return share, unsure
        case _:
            raise TypeError(f"{score} reads no number")


def _near(x: Floats, limit: float) -> Flags:
    return np.abs(x - limit) <= RELATIVE_GUARD * np.maximum(np.abs(x), abs(limit))
