"""What a group comes to, exactly: points of its parts added up, or a weighted mean of their shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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

    `share` is points / maximum of an indicator or a sum, and not rounded of a mean; None where nothing applies,
    where everything counts outside the maximum, and of a whole of which too little is known.
    """

    state: State
    points: Fraction
    maximum: Fraction
    share: Fraction | None

    @property
    def lacks(self) -> bool:
        """Whether it is a whole of which too little is known: neither points nor rate can be told."""
        return self.state is State.MISSING and self.share is None

    @property
    def told_points(self) -> Fraction | None:
        """Its points, where they can be told."""
        return None if self.lacks else self.points


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
    there = coverage((part.weight, part.result.state) for part in parts)
    if there is None:
        return NOTHING
    left_out = group.missing is MissingRule.LEFT_OUT
    if not there or (left_out and there < group.coverage):
        return Result(State.MISSING, Fraction(0), group.scale, None if group.may_lack else Fraction(0))
    if left_out:
        applicable = [part for part in applicable if part.result.state is not State.MISSING]
    shares = [part.result.share or Fraction(0) for part in applicable]
    weights = [part.weight for part in applicable]
    mean = geometric_mean if group.aggregate is Aggregate.GEOMETRIC else arithmetic_mean
    share = mean(shares, weights)
    return Result(State.SCORED, half_up(share * group.scale, group.decimals), group.scale, share)


def coverage(parts: Iterable[tuple[Fraction, State]]) -> Fraction | None:
    """How much of the weight that applies is not missing, from that of each part; None where nothing applies."""
    weight = there = Fraction(0)
    for own, state in parts:
        if state not in LEAVES_MAXIMUM:
            weight += own
            there += 0 if state is State.MISSING else own
    return there / weight if weight else None


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
