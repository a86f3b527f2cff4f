"""Numbers in formulas: what is measured, and how a line, bands and a cohort's scale turn it into points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from survey.core.asks import MeanRatio, Number, NumberKind, Pair, Ratio, Survey, ZeroB
from survey.core.questionnaire import Indicator
from survey.core.rounding import half_up
from survey.core.rules.formula_cells import (
    COMPARED,
    PENDING,
    SETTLED,
    Cell,
    PeerCells,
    Refs,
    constant,
    holds,
    over,
    times,
)
from survey.core.rules.formula_modifiers import settled, times_share
from survey.core.rules.measure import whole_grades, whole_line
from survey.core.transfers import Band, Bands, Linear, Peer, PeerMethod

AGAINST_PEERS = 13  # digits that are left where three means of ratios are held against each other


@dataclass(frozen=True, slots=True)
class Measured:
    """What a transfer reads, as expressions: a, or a / b; `lacks` and `at_zero` are conditions, "" where never."""

    a: str
    lacks: str
    b: str = ""
    at_zero: str = ""  # b = 0: zero_b decides
    at_most_one: bool = False
    whole: bool = False  # whole numbers: their products and differences are exact in a cell
    summed: bool = False  # a sum of ratios, which has lost some digits
    signed: bool = False  # may be below 0


def measured(indicator: Indicator, refs: Refs) -> Measured:
    """What the transfer of a numeric indicator reads. Raises TypeError for an indicator that asks no numbers."""
    whole = all(number.kind is NumberKind.INTEGER for number in indicator.numbers)
    match indicator.ask:
        case Number(value=asked):
            x = refs.cell(asked.key)
            signed = asked.kind is NumberKind.REAL
            lacks = f"COUNT({x})=0" if signed else f"IF(COUNT({x})=1,{x}<0,TRUE)"
            return Measured(x, lacks, whole=whole, signed=signed)
        case Ratio(pair=pair):
            a, b = refs.cell(pair.a.key), refs.cell(pair.b.key)
            return Measured(a, _lacks(pair, a, b), b, f"{b}=0", at_most_one=pair.part, whole=whole)
        case MeanRatio():
            return _mean(indicator, indicator.ask, refs.cell, refs.attribute)
        case Survey():
            return _survey(indicator.ask, refs.cell)
    raise TypeError(f"{indicator.code} asks no numbers")


def _lacks(pair: Pair, a: str, b: str) -> str:
    """Whether there is no ratio. Text in a cell is neither counted nor an error in a comparison."""
    return f"OR(COUNT({a},{b})<2,{a}<0,{a}>{b})" if pair.part else f"OR(COUNT({a},{b})<2,{a}<0,{b}<0)"


def _mean(indicator: Indicator, ask: MeanRatio, cell: Cell, attribute: Cell) -> Measured:
    at_zero = "1" if indicator.zero_b is ZeroB.FULL else "0"
    lacking, terms, counts = [], [], []
    for pair in ask.pairs:
        a, b = cell(pair.a.key), cell(pair.b.key)
        asked = holds(pair.applies_when, attribute)
        lacks, ratio = _lacks(pair, a, b), f"{a}/{b}" if pair.part else f"MIN(1,{a}/{b})"
        term = f"IF({b}=0,{at_zero},{ratio})"
        count = f"IF({b}=0,0,1)" if indicator.zero_b is ZeroB.KAD else "1"
        lacking.append(f"AND({asked},{lacks})" if asked else lacks)
        terms.append(f"IF({asked},{term},0)" if asked else term)
        counts.append(f"IF({asked},{count},0)" if asked else count)
    fixed = set(counts) == {"1"}
    count = str(len(counts)) if fixed else f"({'+'.join(counts)})"
    none = "" if fixed else f"{count}=0"
    return Measured(
        f"({'+'.join(terms)})", f"OR({','.join(lacking)})", count, none, at_most_one=True, summed=True
    )  # fmt: skip


def _survey(ask: Survey, cell: Cell) -> Measured:
    """Σ value · count / Σ count, the values in whole parts."""
    worths, parts = whole_grades(ask)
    counts = [cell(grade.count.key) for grade in ask.grades]
    listed, people = ",".join(counts), f"({'+'.join(counts)})"
    weighed = "+".join(times(count, worth) for count, worth in zip(counts, worths, strict=True) if worth)
    lacks = f"OR(COUNT({listed})<{len(counts)},MIN({listed})<0)"
    return Measured(
        f"({weighed or 0})", lacks, people if parts == 1 else f"({people}*{parts})", f"{people}=0",
        at_most_one=True, whole=True,
    )  # fmt: skip


def transferred(indicator: Indicator, x: Measured, refs: Refs) -> tuple[str, str]:
    """(condition under which the points are pending, "" where never; what the measured value earns, not rounded)."""
    match indicator.score:
        case Linear():
            return "", _linear(indicator, indicator.score, refs.maximum, x)
        case Bands(bands=bands):
            return "", _bands(bands, refs.maximum, x)
        case Peer() if refs.peers is not None:
            return f"{refs.peers.count}=0", _peer(indicator, indicator.score, refs.maximum, x, refs.peers)
        case _:
            raise TypeError(f"{indicator.score} reads no number")


def pending(condition: str, expression: str) -> str:
    """An expression that waits for something."""
    return f'IF({condition},"{PENDING}",{expression})' if condition else expression


def _bands(bands: Sequence[Band], maximum: str, x: Measured) -> str:
    """The band is counted up from the floor: one step for each limit that is reached."""
    value = f"{x.a}/{x.b}" if x.b else x.a
    rising = bands[::-1]
    parts = lcm(*(band.share.denominator for band in bands))
    shares = ",".join(str(int(band.share * parts)) for band in rising)
    if x.summed:  # long, so written once: beyond a limit means from its next decimal on
        step = Fraction(1, 10**COMPARED)
        limits = [half_up(band.limit or Fraction(0), COMPARED) + (step if band.exclusive else 0) for band in rising]
        chosen = f"LOOKUP(ROUND({value},{COMPARED}),{{{','.join(map(constant, limits))}}},{{{shares}}})"
    else:
        reached = [
            f"({value}{'>' if band.exclusive else '>='}{constant(band.limit or Fraction(0))})" for band in rising
        ]
        chosen = f"CHOOSE({'+'.join(['1', *reached[1:]])},{shares})"
    return over(f"{maximum}*{chosen}", parts)


def _linear(indicator: Indicator, score: Linear, maximum: str, x: Measured) -> str:
    """maximum × (a/b − from) / (to − from) inside 0 … maximum, as one quotient (p·a − q·b) / (r·b)."""
    p, q, r = whole_line(Fraction(1), score)
    below = times(x.b or "1", r)
    quotient = f"{maximum}*{_difference(times(x.a, abs(p)), times(x.b or '1', abs(q)), p, q)}"
    quotient += f"/({below})" if "*" in below else f"/{below}" if below != "1" else ""
    if q != 0 or p < 0 or x.signed:
        quotient = f"MAX(0,{quotient})"
    if not (x.at_most_one and p > 0 and score.end >= 1):
        quotient = f"MIN({maximum},{quotient})"
    return quotient if x.whole else settled(indicator, quotient)


def _difference(first: str, second: str, p: int, q: int) -> str:
    """p·a − q·b of p's and q's sizes already multiplied in."""
    if q == 0:
        return first if p > 0 else f"(-{first})"
    if p > 0:
        return f"({first}-{second})" if q > 0 else f"({first}+{second})"
    return f"({second}-{first})" if q < 0 else f"(-{first}-{second})"


def _peer(indicator: Indicator, score: Peer, maximum: str, x: Measured, held: PeerCells) -> str:
    """The scale of the cohort as one quotient over the fractions a/b, c/d (lowest) and e/f (highest)."""
    above, below, flat = _scale(score, x, held)
    if score.least == 0 and score.most == 1:
        points = f"MAX(0,MIN({maximum},{maximum}*{above}/{below}))"
    else:
        parts = lcm(score.least.denominator, score.most.denominator)
        least, reach = int(score.least * parts), int((score.most - score.least) * parts)
        points = over(f"{maximum}*({least}+{reach}*MAX(0,MIN(1,{above}/{below})))", parts)
    equal = over(times_share(maximum, score.equal), score.equal.denominator)
    return f"IF({flat},{equal},{settled(indicator, points, AGAINST_PEERS if x.summed else SETTLED)})"


def _scale(score: Peer, x: Measured, held: PeerCells) -> tuple[str, str, str]:
    """(numerator, denominator, condition under which the cohort leaves no scale)."""
    a, b = x.a, x.b
    c, d, e, f = held.low_top, held.low_bottom, held.high_top, held.high_bottom
    if score.method is PeerMethod.MAX:
        flat = f"{e}=0"
        if not b:
            return (a if score.rising else f"({held.high}+{held.low}-{a})"), held.high, flat
        if score.rising:
            return f"{a}*{f}", f"({e}*{b})", flat
        return f"({c}*{f}*{b}+{e}*{d}*{b}-{a}*{d}*{f})", f"({e}*{d}*{b})", flat
    if not b:
        above = f"({a}-{held.low})" if score.rising else f"({held.high}-{a})"
        return above, f"({held.high}-{held.low})", f"{held.high}={held.low}"
    flat = f"ROUND({held.high}-{held.low},{COMPARED})=0" if x.summed else f"{e}*{d}={c}*{f}"
    below = f"(({e}*{d}-{c}*{f})*{b})"
    return (f"({a}*{d}-{c}*{b})*{f}" if score.rising else f"({e}*{b}-{a}*{f})*{d}"), below, flat
