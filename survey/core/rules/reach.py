"""The smallest whole change of an agency's figures that brings a measured value to a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from survey.core.answers import Case
from survey.core.asks import Input, MeanRatio, Number, NumberKind, Pair, Ratio, ZeroB
from survey.core.numbers_vi import LARGEST
from survey.core.questionnaire import Indicator
from survey.core.rules.measure import asked_pairs, number
from survey.core.transfers import Band, Bands, Linear

TENTH = Fraction(1, 10)  # of the whole: what one step of effort changes at most
_ONE = Fraction(1)
_LARGEST = Fraction(LARGEST)


@dataclass(frozen=True, slots=True)
class Goal:
    """A measured value to come to: `limit` or more (or less, where not `rising`), beyond it where `strict`."""

    limit: Fraction
    rising: bool
    strict: bool = False
    band: Band | None = None  # that begins there

    def reached(self, x: Fraction) -> bool:
        """Whether a measured value is there."""
        if x == self.limit:
            return not self.strict
        return x > self.limit if self.rising else x < self.limit


@dataclass(frozen=True, slots=True)
class Handle:
    """A figure that work can change: the number asked for, or the numerator of one ratio; never a denominator."""

    asked: Input
    value: Fraction
    whole: Fraction  # the denominator; 1 for a number
    stride: Fraction  # what a step of effort is a tenth of: the denominator; of a number, its scale
    part: Fraction  # of the measured value that this ratio makes: 1/n of a mean
    unit: Fraction  # the least change: 1, or the finest decimal place in use
    least: Fraction | None
    most: Fraction | None
    capped: bool  # in a mean no ratio counts above 1

    def measured(self, value: Fraction) -> Fraction:
        """What it adds to the measured value."""
        x = value / self.whole
        return self.part * (min(x, _ONE) if self.capped else x)

    def room(self, rising: bool) -> int | None:
        """How many units it can still change; None where nothing bounds it."""
        bound = self.most if rising else self.least
        if bound is None:
            return None
        return max((bound - self.value if rising else self.value - bound) // self.unit, 0)

    def moved(self, units: int, rising: bool) -> Fraction:
        """Its value after so many units."""
        return self.value + (units if rising else -units) * self.unit


Changes = Mapping[str, Decimal]


def handles(indicator: Indicator, case: Case) -> tuple[Handle, ...]:
    """What can be changed, the most telling first; nothing where a figure is missing or stands at two places."""
    found = [one for one in _handles(indicator, case) if indicator_keys(indicator, case).count(one.asked.key) == 1]
    return tuple(sorted(found, key=lambda one: -one.part * one.unit / one.whole))


def indicator_keys(indicator: Indicator, case: Case) -> list[str]:
    """The keys of the figures that count, as often as they are used."""
    if isinstance(indicator.ask, Number):
        return [indicator.ask.value.key]
    return [number.key for pair in _pairs(indicator, case) for number in (pair.a, pair.b)]


def _pairs(indicator: Indicator, case: Case) -> tuple[Pair, ...]:
    ask = indicator.ask
    return asked_pairs(ask, case) if isinstance(ask, MeanRatio) else indicator.pairs


def _handles(indicator: Indicator, case: Case) -> Iterator[Handle]:
    match indicator.ask:
        case Number(value=asked):
            value = number(case.value(asked.key))
            if value is not None:
                least = None if asked.kind is NumberKind.REAL else Fraction(0)
                unit, stride = _unit(asked, case, asked), _scale(indicator)
                yield Handle(asked, value, _ONE, stride, _ONE, unit, least, None, capped=False)
        case Ratio() | MeanRatio():
            yield from _of_ratios(indicator, case)


def _of_ratios(indicator: Indicator, case: Case) -> Iterator[Handle]:
    mean = isinstance(indicator.ask, MeanRatio)
    found = []
    for pair in _pairs(indicator, case):
        a, b = number(case.value(pair.a.key)), number(case.value(pair.b.key))
        if a is None or b is None:
            return
        found.append((pair, a, b))
    counted = [one for one in found if one[2] or indicator.zero_b is not ZeroB.KAD]
    for pair, a, b in found:
        if b:
            most = b if mean or pair.part else None
            unit = _unit(pair.a, case, pair.a, pair.b)
            yield Handle(pair.a, a, b, b, Fraction(1, len(counted)), unit, Fraction(0), most, capped=mean)


def _scale(indicator: Indicator) -> Fraction:
    score = indicator.score
    return abs(score.end - score.start) if isinstance(score, Linear) else _ONE


def _unit(changed: Input, case: Case, *shown: Input) -> Fraction:
    """1 for what is counted; else the finest decimal place in which the figures are given."""
    if changed.kind is NumberKind.INTEGER:
        return _ONE
    values = [value for asked in shown if isinstance(value := case.value(asked.key), Decimal)]
    return Fraction(1, 10 ** max((_decimals(value) for value in values), default=0))


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def smallest(found: tuple[Handle, ...], x: Fraction, goal: Goal) -> Changes | None:
    """The least units that bring the measured value `x` to the goal; None where no change does.

    Ratios whose unit tells most are filled first, so that of no figure one unit less would do.
    """
    changes: dict[str, Decimal] = {}
    for handle in found:
        units = _needed(handle, x, goal)
        room = handle.room(goal.rising)
        units = units if room is None else min(units, room)
        if units <= 0:
            continue
        value = handle.moved(units, goal.rising)
        if abs(value) >= _LARGEST:
            return None
        changes[handle.asked.key] = as_decimal(value)
        x += handle.measured(value) - handle.measured(handle.value)
        if goal.reached(x):
            return changes
    return None


def _needed(handle: Handle, x: Fraction, goal: Goal) -> int:
    """Units of one figure that would reach the goal, were there room for them."""
    wanted = (handle.measured(handle.value) + goal.limit - x) / handle.part * handle.whole
    way = wanted - handle.value if goal.rising else handle.value - wanted
    units = -((-way) // handle.unit)
    return int(units + 1 if goal.strict and units * handle.unit == way else units)


def effort(handle: Handle, x: Fraction, goal: Goal) -> Changes | None:
    """A tenth of the whole in units, rounded up, or what is left to the goal or to do."""
    units = min(int(-((-handle.stride * TENTH) // handle.unit)), _needed(handle, x, goal))
    room = handle.room(goal.rising)
    units = units if room is None else min(units, room)
    value = handle.moved(units, goal.rising)
    return {handle.asked.key: as_decimal(value)} if units > 0 and abs(value) < _LARGEST else None


def as_decimal(value: Fraction) -> Decimal:
    """The decimal that a fraction of 1/10ⁿ is."""
    places = 0
    while value.denominator > 1 and (value * 10**places).denominator > 1:
        places += 1
    return Decimal(int(value * 10**places)).scaleb(-places)


def end_of(score: Linear, *, fewest: bool) -> Goal:
    """The end of a scale that earns most (or least, where points are taken off)."""
    best, other = (score.start, score.end) if fewest else (score.end, score.start)
    return Goal(best, best > other)


def bands_where(score: Bands, held: Band, wanted: Callable[[Fraction], bool]) -> Iterator[Goal]:
    """The other bands whose share is wanted, nearest first, upwards and then downwards."""
    place = next(index for index, band in enumerate(score.bands) if band is held)
    for band in reversed(score.bands[:place]):
        if wanted(band.share) and band.limit is not None:
            yield Goal(band.limit, rising=True, strict=band.exclusive, band=band)
    for index in range(place + 1, len(score.bands)):
        above = score.bands[index - 1]
        if wanted(score.bands[index].share) and above.limit is not None:
            yield Goal(above.limit, rising=False, strict=not above.exclusive, band=score.bands[index])


def line_to(score: Linear, share: Fraction, strict: bool) -> Goal:
    """Where a scale earns a share or more."""
    return Goal(score.start + (score.end - score.start) * share, score.end > score.start, strict)
