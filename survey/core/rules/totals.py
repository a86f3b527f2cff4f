"""What a group comes to, exactly: points of its parts added up, or a weighted mean of their shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import gcd, lcm, prod

from survey.core.modifiers import Aggregate, MissingRule
from survey.core.questionnaire import Group
from survey.core.rounding import half_up
from survey.core.rules.outcomes import LEAVES_MAXIMUM, State

DIGITS = 60  # of an irrational mean; two of them are told apart, and from a rounding tie, far beyond any figure
_LARGEST_POWER = 200_000  # bits of the products by which a mean is recognised as a fraction


@dataclass(frozen=True, slots=True)
class Result:
    """What an indicator or a group comes to: rounded points, applicable maximum, and the share a mean reads.

    `share` is points / maximum of an indicator or a sum, and not rounded of a mean; None where nothing applies and
    where everything counts outside the maximum.
    """

    state: State
    points: Fraction
    maximum: Fraction
    share: Fraction | None


NOTHING = Result(State.NOT_APPLICABLE, Fraction(0), Fraction(0), None)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a group with its weight there (a sum does not look at it)."""

    result: Result
    weight: Fraction


def combine(group: Group, parts: Sequence[Part]) -> Result:
    """The result of a group from those of its parts, in the group's order."""
    return _sum(group, parts) if group.is_sum else _mean(group, parts)


def _sum(group: Group, parts: Sequence[Part]) -> Result:
    points = sum((part.result.points for part in parts), Fraction(0))
    maximum = sum((part.result.maximum for part in parts), Fraction(0))
    if group.outside:
        return Result(State.SCORED, half_up(points, group.decimals), Fraction(0), None)
    if not maximum:
        return NOTHING
    points = half_up(min(max(points, Fraction(0)), maximum), group.decimals)
    applicable = [part.result for part in parts if part.result.maximum]
    missing = not points and all(result.state is State.MISSING for result in applicable)
    return Result(State.MISSING if missing else State.SCORED, points, maximum, points / maximum)


def _mean(group: Group, parts: Sequence[Part]) -> Result:
    applicable = [part for part in parts if part.result.state not in LEAVES_MAXIMUM]
    weight = sum((part.weight for part in applicable), Fraction(0))
    if not weight:
        return NOTHING
    present = [part for part in applicable if part.result.state is not State.MISSING]
    there = sum((part.weight for part in present), Fraction(0))
    missing = Result(State.MISSING, Fraction(0), group.scale, Fraction(0))
    if not there:
        return missing
    if group.missing is MissingRule.LEFT_OUT:
        if there / weight < group.coverage:
            return missing
        applicable = present
    shares = [part.result.share or Fraction(0) for part in applicable]
    weights = [part.weight for part in applicable]
    mean = geometric_mean if group.aggregate is Aggregate.GEOMETRIC else arithmetic_mean
    share = mean(shares, weights)
    return Result(State.SCORED, half_up(share * group.scale, group.decimals), group.scale, share)


def arithmetic_mean(shares: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """Σ w·s / Σ w."""
    total = sum((w * s for w, s in zip(weights, shares, strict=True)), Fraction(0))
    return total / sum(weights, Fraction(0))


def geometric_mean(shares: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """(Π s^w)^(1 / Σ w): exact where that is a fraction of up to nine digits, else right to 60 digits."""
    parts = lcm(*(weight.denominator for weight in weights))
    whole = [int(weight * parts) for weight in weights]
    shared = gcd(*whole)
    powers = {s: 0 for s, w in zip(shares, whole, strict=True) if w}
    for s, w in zip(shares, whole, strict=True):
        if w:
            powers[s] += w // shared
    if 0 in powers:
        return Fraction(0)
    if len(powers) == 1:
        return next(iter(powers))
    total = sum(powers.values())
    with localcontext(Context(prec=DIGITS)):
        logs = (power * (_decimal(s)).ln() for s, power in powers.items())
        near = Fraction((sum(logs, Decimal(0)) / total).exp())
    guess = near.limit_denominator(10**9)
    bits = sum(power * max(s.numerator.bit_length(), s.denominator.bit_length()) for s, power in powers.items())
    if bits < _LARGEST_POWER and guess**total == prod(s**power for s, power in powers.items()):
        return guess
    return near


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / Decimal(share.denominator)
