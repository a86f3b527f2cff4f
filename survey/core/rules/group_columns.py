"""What a group of many agencies comes to, from its parts: points added up, or weighted means of shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from survey.core.modifiers import MissingRule
from survey.core.questionnaire import Group
from survey.core.rules.measured_columns import EXACT
from survey.core.rules.nodes import (
    Flags,
    Floats,
    Node,
    Quotient,
    States,
    Whole,
    add_up,
    finer,
    leaves,
    nothing_node,
    positive,
)
from survey.core.rules.outcomes import State
from survey.core.twofold import Twofold, constant, exact, full, power, root, where

SMALLEST = 1e-200  # product of shares that float64 can still hold with all of its 100 bits
MOST_WEIGHT = 1000  # of the parts of a geometric mean, in whole numbers; beyond it rows are read exactly

Found = tuple[Node, Flags | None]  # a node, and where its points are unsure


def sum_node(group: Group, parts: Sequence[Node], size: int) -> Found:
    """Signed points added up inside 0 … maximum, half-up; a group of bonuses and penalties alone is not held inside."""
    points = add_up([part.points for part in parts], size)
    if group.outside:
        points, unsure = _half_up(points, group.decimals)
        return Node(np.full(size, State.SCORED, np.int8), points, Whole(np.zeros(size), 1, 0.0)), unsure
    maximum = add_up([part.maximum for part in parts], size)
    there = positive(maximum)
    if not there.any():
        return nothing_node(size), None
    points, unsure = _half_up(_clamped(points, maximum), group.decimals)
    return Node(_states(parts, points, there), points, maximum), unsure


def _states(parts: Sequence[Node], points: Whole | Twofold, there: Flags) -> States:
    """Missing where all that applies is, and no bonus has brought points."""
    present = np.zeros(there.shape, np.int8)
    if any(part.maximum.most == 0 for part in parts if isinstance(part.maximum, Whole)):
        present |= positive(points)
    for part in parts:
        if part.base is None:
            present |= (part.states & 1) & positive(part.maximum)
        elif not isinstance(part.maximum, Whole) or part.maximum.most:
            present |= part.states & 1  # SCORED and HIDDEN
    states = np.where(present > 0, State.SCORED, State.MISSING).astype(np.int8)
    states[~there] = State.NOT_APPLICABLE
    return states


def _clamped(points: Whole | Twofold, maximum: Whole | Twofold) -> Whole | Twofold:
    """Inside 0 … maximum."""
    if isinstance(points, Whole) and isinstance(maximum, Whole):
        parts = lcm(points.parts, maximum.parts)
        up, across = parts // points.parts, parts // maximum.parts
        most = max(points.most * up, maximum.most * across)
        if most < EXACT:
            units = points.units if up == 1 else points.units * float(up)
            limit = maximum.units if across == 1 else maximum.units * float(across)
            return Whole(np.clip(units, 0.0, limit), parts, most)
    x, limit_ = finer(points), finer(maximum)
    over = x - limit_
    end = Twofold(limit_.high, limit_.low, np.where(over.high > over.error * 2, limit_.error, over.error))
    x = where(over.high > 0, end, x)
    nothing = np.zeros_like(x.high)
    return where(x.high < 0, Twofold(nothing, nothing, np.where(-x.high > x.error * 2, 0.0, x.error)), x)


def _half_up(points: Whole | Twofold, decimals: int | None) -> tuple[Whole | Twofold, Flags | None]:
    if decimals is None:
        return points, None
    scale = 10**decimals
    if isinstance(points, Whole):
        if scale % points.parts == 0:
            return points, None
        most = 2 * points.most * scale + 2 * points.parts
        if most < EXACT:
            size = np.floor((np.abs(points.units) * (2.0 * scale) + points.parts) / (2.0 * points.parts))
            units = np.copysign(size, points.units) + 0.0  # no −0
            return Whole(units, scale, points.most * scale / points.parts + 1), None
    units, unsure = finer(points).rounded(decimals)
    return Whole(units, scale, float(np.max(np.abs(units), initial=0.0)) + 1), unsure


def mean_share(group: Group, parts: Sequence[Node], size: int) -> tuple[States, list[Flags], Floats, list[int]]:
    """(states, the rows in which each part counts, the weight of those, the weights in whole parts)."""
    inside = lcm(*(part.weight.denominator for part in group.parts))
    weights = [int(part.weight * inside) for part in group.parts]
    applicable = [~leaves(part.states) for part in parts]
    present = [some & (part.states != State.MISSING) for some, part in zip(applicable, parts, strict=True)]
    weight, there = _weigh(weights, applicable, size), _weigh(weights, present, size)
    states = np.full(size, State.SCORED, np.int8)
    missing = there == 0
    if group.missing is MissingRule.LEFT_OUT:
        missing |= there * float(group.coverage.denominator) < weight * float(group.coverage.numerator)
        applicable, used = present, there
    else:
        used = weight
    states[missing] = State.MISSING
    states[weight == 0] = State.NOT_APPLICABLE
    return states, applicable, np.where(states == State.SCORED, used, 1.0), weights


def _weigh(weights: Sequence[int], rows: Sequence[Flags], size: int) -> Floats:
    total = np.zeros(size)
    for weight, there in zip(weights, rows, strict=True):
        total += there * float(weight)
    return total


def arithmetic(
    parts: Sequence[Node], rows: Sequence[Flags], used: Floats, weights: Sequence[int]
) -> Quotient | Twofold:
    """Σ w·s / Σ w over the rows in which each part counts."""
    whole = _in_whole_numbers(parts, rows, used, weights)
    if whole is not None:
        return whole
    added = exact(np.zeros_like(used))
    none = constant(Fraction(0))
    for part, there, weight in zip(parts, rows, weights, strict=True):
        added = added + where(there, part.share * constant(Fraction(weight)), none)
    return added / exact(used)


def _in_whole_numbers(
    parts: Sequence[Node], rows: Sequence[Flags], used: Floats, weights: Sequence[int]
) -> Quotient | None:
    """The same as a quotient of whole numbers, where every share is one of a fixed denominator."""
    quotients = [part.quotient for part in parts]
    if any(one is None or one[1].ndim for one in quotients):
        return None
    known = [one for one in quotients if one is not None]
    below = lcm(*(int(one[1]) for one in known))
    if sum(weights) * below >= EXACT / 2:
        return None
    above = np.zeros_like(used)
    for (units, under), there, weight in zip(known, rows, weights, strict=True):
        above += np.where(there, units * float(weight * (below // int(under))), 0.0)
    return above, used * float(below)


def geometric(
    parts: Sequence[Node], rows: Sequence[Flags], used: Floats, weights: Sequence[int]
) -> tuple[Twofold, Flags]:
    """((Π s^w)^(1 / Σ w) over the rows in which each part counts, where it must be read exactly)."""
    shared = gcd(*weights) or 1
    size, one, nothing = used.size, full(used.size, Fraction(1)), constant(Fraction(0))
    if sum(weights) // shared > MOST_WEIGHT:
        return full(size, Fraction(0)), np.ones(size, bool)
    product, zero, unsure = one, np.zeros(size, bool), np.zeros(size, bool)
    for part, there, weight in zip(parts, rows, weights, strict=True):
        if not weight:
            continue
        share = part.share
        positive_ = share.high > share.error * 2
        zero |= there & (share.high == 0) & (share.error == 0)
        unsure |= there & ~positive_
        factor = where(there & positive_, share, one)
        product = product * power(factor, np.full(size, float(weight // shared)))
    unsure |= product.high < SMALLEST
    found = root(where(unsure, one, product), np.maximum(np.round(used / shared), 1.0))
    return where(zero, nothing, found), unsure & ~zero


def mean_node(group: Group, states: States, own: Quotient | Twofold) -> Found:
    """The node of a mean, its points from its share."""
    scored = states == State.SCORED
    if isinstance(own, Twofold):
        own = where(scored, own, constant(Fraction(0)))
    else:
        own = np.where(scored, own[0], 0.0), np.where(scored, own[1], 1.0)
    scale = group.scale
    counts = np.where(states == State.NOT_APPLICABLE, 0.0, float(scale.numerator))
    maximum = Whole(counts, scale.denominator, float(scale.numerator))
    lacks = states == State.MISSING if group.may_lack else None
    bare = Node(states, Whole(np.zeros(states.shape), 1, 0.0), maximum, own=own, lacks=lacks)
    if group.decimals is None:
        return replace(bare, points=bare.share * constant(scale)), None
    units, unsure = bare.rounded_share(scale, group.decimals)
    most = float(scale * 10**group.decimals) + 1
    return replace(bare, points=Whole(units, 10**group.decimals, most)), unsure
