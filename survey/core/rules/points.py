"""The fast reading of a rule: one indicator of many agencies on NumPy columns, with flags where float64 cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from survey.core.asks import Checks, Choice, FreeText, Manual, MeanRatio, Number, Points, Ratio, Survey, YesNo, ZeroB
from survey.core.modifiers import Hidden, ShowWhen
from survey.core.questionnaire import Indicator
from survey.core.rounding import half_up, half_up_floats, is_near_half
from survey.core.rules.columns import Columns, Flags, Floats
from survey.core.rules.measure import is_asked, picked_share
from survey.core.rules.measured_columns import Measured, Rows, measured_columns, rows_of
from survey.core.rules.outcomes import State
from survey.core.rules.peer_columns import peer_shares
from survey.core.rules.peers import Peers
from survey.core.rules.transfer_columns import band_units, line_of, linear_units, share_of, units_of
from survey.core.transfers import Bands, Linear, Peer
from survey.core.twofold import Twofold, full, stack, where

States = NDArray[np.int8]

MISSING, SCORED, NOT_APPLICABLE = (np.int8(state) for state in (State.MISSING, State.SCORED, State.NOT_APPLICABLE))


@dataclass(slots=True)
class Earned:
    """One indicator of n agencies as settled: points 0 unless scored, its gate and its sign not looked at.

    `points` are whole parts of 10**decimals; where they are not rounded, the numbers themselves.
    """

    points: Floats | Twofold
    states: States
    unsure: Flags | None = None  # float64 cannot settle these: the exact reading does; None: it can all


def earned(columns: Columns, indicator: Indicator, peers: Peers) -> Earned:
    """What every agency earned before gates: as `exact.Exact` settles it, but for the rows that are `unsure`."""
    found = _asked(columns, indicator, peers)
    approved = columns.approved(indicator)
    if indicator.show_when is None and approved is None and not indicator.applies_when:
        return found
    if indicator.show_when is not None:
        _hide(columns, indicator.show_when, found.states)
    if approved is not None:
        found.states[approved] = State.NOT_APPLICABLE
    for name, value in indicator.applies_when.items():
        found.states[~columns.attribute(name, value)] = State.NOT_APPLICABLE
    others = rows_of(found.states != SCORED)
    if others is not None:
        _clear(found.points, found.unsure, others)
    return found


def _clear(points: Floats | Twofold, unsure: Flags | None, rows: Rows) -> None:
    """Take the points of some rows away, and with them every doubt."""
    for numbers in (points.high, points.low, points.error) if isinstance(points, Twofold) else (points,):
        numbers[rows] = 0.0
    if unsure is not None:
        unsure[rows] = False


def _hide(columns: Columns, shown: ShowWhen, states: States) -> None:
    """Overwrite the states of agencies that are not asked."""
    parent = columns.questionnaire.by_code[shown.code]
    picks = columns.picks(parent.keys[0])
    asked = [is_asked(parent, shown, answer) for answer in picks.answers]
    waiting = np.array([answer is None for answer in asked], dtype=bool)[picks.codes]
    hidden = np.array([answer is False for answer in asked], dtype=bool)[picks.codes]
    approved = columns.approved(parent)
    if approved is not None:
        waiting &= ~approved
        hidden |= approved
    states[waiting] = State.MISSING
    states[hidden] = State.NOT_APPLICABLE if shown.hidden is Hidden.KAD else State.HIDDEN


def _asked(columns: Columns, indicator: Indicator, peers: Peers) -> Earned:
    match indicator.ask:
        case YesNo(key=key) | Choice(key=key) | Checks(key=key) | FreeText(key=key):
            return _picked(columns, indicator, key)
        case Points(key=key) | Manual(key=key):
            return _stated(columns, indicator, key)
        case Number() | Ratio() | MeanRatio() | Survey():
            return _measured(columns, indicator, peers)
        case _:
            assert_never(indicator.ask)


def worth(indicator: Indicator, shares: list[Fraction]) -> Floats | Twofold:
    """The points of shares that are known exactly."""
    if indicator.decimals is None:
        return stack([share * indicator.maximum for share in shares])
    scale = 10**indicator.decimals
    return np.array([float(half_up(share * indicator.maximum, indicator.decimals) * scale) for share in shares])


def _picked(columns: Columns, indicator: Indicator, key: str) -> Earned:
    picks = columns.picks(key)
    if indicator.code not in columns.kept.worths:
        shares = [picked_share(indicator, answer) for answer in picks.answers]
        told = worth(indicator, [share or Fraction(0) for share in shares])
        columns.kept.worths[indicator.code] = (
            told,
            np.array([MISSING if share is None else SCORED for share in shares], np.int8),
        )
    points, states = columns.kept.worths[indicator.code]
    return Earned(points[picks.codes], states[picks.codes])


def _stated(columns: Columns, indicator: Indicator, key: str) -> Earned:
    numbers = columns.numbers(key)
    states = np.full(columns.size, State.SCORED, np.int8)
    wrong = ~((numbers.values >= 0) & (numbers.values <= float(indicator.maximum)))
    states[wrong] = State.MISSING
    if isinstance(indicator.ask, Manual):
        states[np.isnan(numbers.values)] = State.PENDING
    if indicator.decimals is None:
        return Earned(where(wrong, full(columns.size, Fraction(0)), columns.finer(key)), states)
    raw = np.where(wrong, 0.0, numbers.values)
    units = half_up_floats(raw, indicator.decimals) * 10.0**indicator.decimals
    return Earned(np.rint(units), states, is_near_half(raw, indicator.decimals))


def _measured(columns: Columns, indicator: Indicator, peers: Peers) -> Earned:
    measured = measured_columns(columns, indicator)
    points, unsure = _transfer(columns, indicator, measured, peers)
    states = np.ones(columns.size, np.int8)  # SCORED
    if isinstance(indicator.score, Peer):
        alone = ~peers_held(columns, indicator, peers)
        waits = rows_of(alone if measured.blurred is None else alone & ~measured.blurred)
        if waits is not None:
            states[waits] = State.PENDING
            _clear(points, unsure, waits)
    if measured.blurred is not None:
        unsure = measured.blurred if unsure is None else unsure | measured.blurred
    if measured.zero is not None:
        _clear(points, unsure, measured.zero)
        _at_zero_b(indicator, measured.zero, points, states)
    for rows, state in ((measured.leaves, NOT_APPLICABLE), (measured.missing, MISSING)):
        if rows is not None:
            states[rows] = state
            _clear(points, unsure, rows)
    return Earned(points, states, unsure)


def peers_held(columns: Columns, indicator: Indicator, peers: Peers) -> Flags:
    """Where the figures of the cohort are known."""
    cohorts = columns.cohorts()
    known = [(indicator.code, cohort) in peers for cohort in cohorts.answers]
    return np.array(known, dtype=bool)[cohorts.codes]


def _at_zero_b(indicator: Indicator, zero: Rows, points: Floats | Twofold, states: States) -> None:
    """b = 0 settles it, peers or not."""
    if indicator.zero_b is ZeroB.KAD:
        states[zero] = State.NOT_APPLICABLE
        return
    states[zero] = State.SCORED
    share = Fraction(1 if indicator.zero_b is ZeroB.FULL else 0)
    told = worth(indicator, [share])
    if isinstance(points, Twofold) and isinstance(told, Twofold):
        points.high[zero], points.low[zero], points.error[zero] = told.high[0], told.low[0], told.error[0]
    elif not isinstance(points, Twofold) and not isinstance(told, Twofold):
        points[zero] = told[0]


def _transfer(
    columns: Columns, indicator: Indicator, measured: Measured, peers: Peers
) -> tuple[Floats | Twofold, Flags | None]:
    """(points, where float64 cannot settle them)."""
    score = indicator.score
    if isinstance(score, Bands):
        places, unsure = band_units(score, measured)
        if indicator.code not in columns.kept.worths:
            told = worth(indicator, [band.share for band in score.bands])
            columns.kept.worths[indicator.code] = told, np.ones(len(score.bands), np.int8)
        return columns.kept.worths[indicator.code][0][places], unsure
    if isinstance(score, Peer):
        return units_of(indicator, peer_shares(columns, indicator, score, measured, peers))
    if not isinstance(score, Linear):
        raise TypeError(f"{score} reads no number")
    if indicator.decimals is None:
        return units_of(indicator, share_of(score, measured.quotient()))
    if indicator.code not in columns.kept.lines:
        columns.kept.lines[indicator.code] = line_of(indicator, score)
    return linear_units(columns.kept.lines[indicator.code], measured)
