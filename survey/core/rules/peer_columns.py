"""Shares held against a cohort, by column; and the extents of every cohort: candidates by float64, then fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from survey.core.questionnaire import Indicator
from survey.core.rules.columns import Columns, Flags, Floats
from survey.core.rules.measured_columns import Measured, measured_columns
from survey.core.rules.peers import Extent, Peers, extent, scale_of
from survey.core.rules.peers import measured as measured_exactly
from survey.core.transfers import Linear, Peer
from survey.core.twofold import Twofold, between, constant, stack, where

CLOSE = 1e-9  # relative: values this near to the lowest or the highest are looked at as fractions


def peer_shares(columns: Columns, indicator: Indicator, score: Peer, measured: Measured, peers: Peers) -> Twofold:
    """The share of every agency; any number where its cohort is not known."""
    cohorts = columns.cohorts()
    held = [peers.get((indicator.code, str(cohort))) for cohort in cohorts.answers]
    scales = [None if one is None else scale_of(score, one) for one in held]
    plain = [scale or Linear(Fraction(0), Fraction(1)) for scale in scales]
    start = stack([scale.start for scale in plain])[cohorts.codes]
    span = stack([scale.end - scale.start for scale in plain])[cohorts.codes]
    part = between((measured.quotient() - start) / span, Fraction(0), Fraction(1))
    if score.least != 0 or score.most != 1:
        part = constant(score.least) + constant(score.most - score.least) * part
    equal = np.array([scale is None for scale in scales], dtype=bool)[cohorts.codes]
    return where(equal, constant(score.equal), part) if equal.any() else part


def peers_among(columns: Columns, among: Sequence[bool] | None = None) -> Peers:
    """The extents of every cohort, as `peers.peers_of` finds them; `among` tells whose values make them."""
    counted = None if among is None else np.asarray(among, dtype=bool)
    extents: dict[tuple[str, str], Extent] = {}
    for indicator in columns.questionnaire.indicators:
        if isinstance(indicator.score, Peer):
            for cohort, found in _extents(columns, indicator, counted).items():
                extents[indicator.code, cohort] = found
    return extents


def _extents(columns: Columns, indicator: Indicator, counted: Flags | None) -> dict[str, Extent]:
    read = measured_columns(columns, indicator)
    there = np.ones(columns.size, dtype=bool) if counted is None else counted.copy()
    for absent in (read.missing, read.zero, read.leaves, columns.approved(indicator)):
        if absent is not None:
            there[absent] = False
    for name, value in indicator.applies_when.items():
        there &= columns.attribute(name, value)
    with np.errstate(divide="ignore", invalid="ignore"):  # rows that are not there
        values = read.a / read.b
    cohorts = columns.cohorts()
    found: dict[str, Extent] = {}
    for place, cohort in enumerate(cohorts.answers):
        rows = np.flatnonzero(there & (cohorts.codes == place))
        doubtful = indicator.show_when is not None or (read.blurred is not None and bool(read.blurred[rows].any()))
        if doubtful:  # whether there is a value at all is for the exact reading to say
            rows = np.array([row for row in rows.tolist() if _fraction(columns, indicator, row) is not None], np.int64)
        held = _exactly(columns, indicator, rows, values)
        if held is not None:
            found[str(cohort)] = held
    return found


def _exactly(columns: Columns, indicator: Indicator, rows: NDArray[np.int64], values: Floats) -> Extent | None:
    """The extent of some rows: those whose float64 lies next to an end are measured as fractions."""
    if not rows.size:
        return None
    mine = values[rows]
    low, high = mine.min(), mine.max()
    slack = CLOSE * max(abs(low), abs(high))
    ends = rows[(mine <= low + slack) | (mine >= high - slack)]
    different: dict[tuple[object, ...], int] = {}
    for row in ends.tolist():
        case = columns.case(row)
        attributes = tuple(case.attributes.get(name, False) for name in columns.questionnaire.attributes)
        different.setdefault((*(case.value(key) for key in indicator.keys), *attributes), row)
    exact = [_fraction(columns, indicator, row) for row in different.values()]
    held = extent(value for value in exact if value is not None)
    return Extent(held.low, held.high, int(rows.size))


def _fraction(columns: Columns, indicator: Indicator, row: int) -> Fraction | None:
    return measured_exactly(columns.questionnaire, indicator, columns.case(row))
