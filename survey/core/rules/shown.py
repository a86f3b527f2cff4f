"""Shares, points and measured values as sentences show them: short, exact where they can be, never past a limit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from survey.core.asks import Number
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Indicator
from survey.core.rounding import half_up
from survey.core.text import say
from survey.core.transfers import Bands, Linear, Transfer

MOST_DECIMALS = 6
_NAMED = {
    Fraction(0): "nothing",
    Fraction(1, 4): "quarter",
    Fraction(1, 3): "third",
    Fraction(1, 2): "half",
    Fraction(2, 3): "two_thirds",
    Fraction(3, 4): "three_quarters",
    Fraction(1): "all",
}


def format_points(points: Fraction | float, decimals: int | None) -> str:
    """Points as shown: their decimals, or at most 6 where they are not rounded; "−" before those taken off."""
    if points < 0:
        return f"−{format_points(-points, decimals)}"
    return format_short(points, MOST_DECIMALS) if decimals is None else format_number(points, decimals)


def signed_points(points: Fraction | float, decimals: int | None) -> str:
    """Points outside the maximum: "+3,00", "−5,00", "0,00"."""
    return ("+" if points > 0 else "") + format_points(points, decimals)


def format_short(value: Fraction | float, decimals: int = MOST_DECIMALS) -> str:
    """A number of at most so many decimals, no zeros at its end."""
    text = format_number(value, decimals)
    return text.rstrip("0").rstrip(",") if "," in text else text


def unit_of(indicator: Indicator, language: str) -> str | None:
    """The unit in which an indicator's limits are written: that of its number, None for shares in per cent."""
    return indicator.ask.value.unit.in_language(language) if isinstance(indicator.ask, Number) else None


def format_measured(value: Fraction, unit: str | None, score: Transfer | None = None) -> str:
    """A measured value or a limit: 57%, 4 cuộc. `unit` None: a share, in per cent.

    A share has two decimals, or as many more as it takes to stand on its own side of every limit of `score`: 56,996 %
    is not shown as 57 % where 57 % earns more.
    """
    if unit is not None:
        return format_short(value) + ("%" if unit == "%" else f" {unit}".rstrip())
    return format_beside(value, _limits(score))


def format_beside(share: Fraction, limits: Sequence[Fraction]) -> str:
    """A share in per cent, with as many decimals as it takes to stand on its own side of every limit."""
    parts = [limit * 100 for limit in limits]
    decimals = next(
        (count for count in range(2, MOST_DECIMALS) if _same_sides(share * 100, half_up(share * 100, count), parts)),
        MOST_DECIMALS,
    )
    return format_short(share * 100, decimals) + "%"


def _same_sides(exact: Fraction, shown: Fraction, limits: Sequence[Fraction]) -> bool:
    return all((shown > limit, shown < limit) == (exact > limit, exact < limit) for limit in limits)


def _limits(score: Transfer | None) -> list[Fraction]:
    """Where what a value earns changes."""
    match score:
        case Linear(start=start, end=end):
            return [start, end]
        case Bands(bands=bands):
            return [band.limit for band in bands if band.limit is not None]
        case _:
            return []


def format_share(share: Fraction) -> str:
    """A share as a percentage of at most two decimals: 35%, 68,87%."""
    return format_short(share * 100, 2) + "%"


def format_exact_share(share: Fraction) -> str:
    """A share of a rule: 35%, or the fraction itself where per cent would not end: 3/7."""
    return format_share(share) if half_up(share, 4) == share else str(share)


def share_words(share: Fraction, language: str = "vi") -> str:
    """A share of the maximum in words: một nửa điểm tối đa, 35% điểm tối đa, 3/7 điểm tối đa."""
    if share in _NAMED:
        return say(f"words.share_{_NAMED[share]}", language)
    return say("words.share_part", language, part=format_exact_share(share))
