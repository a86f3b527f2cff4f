"""Worked examples of a rule, made from the rule itself: made-up answers that show it, and the sentence they get."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from survey.core.answers import Case, Value
from survey.core.asks import (
    NO,
    YES,
    Checks,
    Choice,
    FreeText,
    Input,
    Manual,
    MeanRatio,
    Number,
    NumberKind,
    Pair,
    Points,
    Ratio,
    Survey,
    YesNo,
)
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.exact import outcome
from survey.core.rules.measure import measure
from survey.core.rules.outcomes import State, Why
from survey.core.rules.peers import Extent, Peers
from survey.core.rules.words import reason
from survey.core.transfers import AddShares, Bands, Linear, MapShares, Peer

PART = Fraction(3, 4)  # how far along its scale an example stands
WHOLES = (40, 200, 1000, 10_000, 100_000)  # denominators of examples, the first at which the share can be told
PEERS = 5  # bodies of an example's cohort
GRADES = (60, 40, 15, 5)  # people of an example's survey, from the best grade down; then 5 each
SPREAD = (Fraction(1, 2), Fraction(3, 2))  # lowest and highest of an example's cohort, as parts of the value

Values = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Example:
    """Made-up answers and what they earn, in words."""

    case: Case
    peers: Peers
    sentence: str


def worked_examples(questionnaire: Questionnaire, indicator: Indicator, language: str = "vi") -> tuple[Example, ...]:
    """One example; with a gate a second one in which it is closed. None of what is not scored."""
    if not indicator.scored:
        return ()
    examples = []
    for best in (True, False) if indicator.gate else (True,):
        case = example_case(questionnaire, indicator, gate_open=best)
        peers = _peers(indicator, case)
        settled = outcome(questionnaire, indicator, case, peers)
        if settled.state is State.SCORED and (best or settled.why is Why.GATED):
            examples.append(Example(case, peers, reason(questionnaire, indicator, case, language, peers)))
    return tuple(examples)


def example_case(questionnaire: Questionnaire, indicator: Indicator, *, gate_open: bool = True) -> Case:
    """Answers that show the rule of one indicator, its question asked and its gate open or not."""
    values: Values = {}
    if indicator.gate:
        for other in _members(questionnaire, indicator.gate.condition.code):
            values |= _edge(other, best=gate_open)
    values |= _middle(indicator)
    shown = indicator.show_when
    if shown:
        parent = questionnaire.by_code[shown.code]
        code = min(shown.values)
        values[parent.keys[0]] = frozenset({code}) if isinstance(parent.ask, Checks) else code
    attributes = dict(indicator.applies_when)
    for pair in indicator.pairs[:1]:
        attributes |= pair.applies_when
    return Case("", values, attributes=attributes)


def _members(questionnaire: Questionnaire, code: str) -> tuple[Indicator, ...]:
    group = questionnaire.group_of.get(code)
    return tuple(group.all_indicators()) if group else (questionnaire.by_code[code],)


def _middle(indicator: Indicator) -> Values:
    """Answers in the middle of the rule: a part reached, a middle option, about half of the items."""
    ask = indicator.ask
    match ask:
        case YesNo(key=key):
            return {key: YES}
        case Choice(key=key):
            return {key: _middle_option(indicator)}
        case Checks(key=key, options=options):
            return {key: frozenset(option.code for option in options[: max(len(options) // 2, 1)])}
        case Points(key=key) | Manual(key=key):
            return {key: _points(indicator)}
        case Number(value=asked):
            return {asked.key: _written(asked, _target(indicator))}
        case Ratio(pair=pair):
            return _ratio(pair, _target(indicator))
        case MeanRatio(pairs=pairs):
            target = _target(indicator)
            return {k: v for place, pair in enumerate(pairs) for k, v in _ratio(pair, target, place).items()}
        case Survey(grades=grades):
            people = (*GRADES, *([GRADES[-1]] * len(grades)))
            return {grade.count.key: Decimal(n) for grade, n in zip(grades, people, strict=False)}
        case FreeText():
            return {}
        case _:
            assert_never(ask)


def _middle_option(indicator: Indicator) -> str:
    shares = indicator.score.shares if isinstance(indicator.score, MapShares) else {}
    between = [code for code, share in shares.items() if 0 < share < 1]
    return between[0] if between else max(shares, key=lambda code: shares[code])


def _points(indicator: Indicator) -> Decimal:
    grid = 10 ** (indicator.decimals if indicator.decimals is not None else 2)
    return Decimal(int(indicator.maximum * PART * grid)) / Decimal(grid)


def _target(indicator: Indicator) -> Fraction:
    """A measured value that shows the rule."""
    score = indicator.score
    match score:
        case Linear(start=start, end=end):
            return start + (end - start) * PART
        case Bands(bands=bands):
            limits = [band.limit for band in bands if band.limit is not None]
            middle = limits[min(1, len(limits) - 1)] if limits else Fraction(1, 2)
            above = limits[limits.index(middle) - 1] if limits and limits.index(middle) else None
            return (middle + above) / 2 if above is not None else middle + abs(middle) / 10
        case _:
            return Fraction(30) if isinstance(indicator.ask, Number) else Fraction(1, 2)


def _written(asked: Input, value: Fraction) -> Decimal:
    if asked.kind is NumberKind.INTEGER:
        return Decimal(max(round(value), 0))
    written = Decimal(round(value * 100)) / 100
    return written if asked.kind is NumberKind.REAL else max(written, Decimal(0))


def _ratio(pair: Pair, target: Fraction, place: int = 0) -> Values:
    """a and b about this far; the ratios of a mean lie a little apart."""
    wanted = target * (1 - Fraction(place % 3, 10))
    whole = next((n for n in WHOLES if abs(round(wanted * n) - wanted * n) <= wanted * n / 20 and wanted * n >= 1), 40)
    a, b = _written(pair.a, wanted * whole), Decimal(whole)
    return {pair.a.key: min(a, b) if pair.part else a, pair.b.key: b}


def _peers(indicator: Indicator, case: Case) -> Peers:
    """A made-up cohort around the example's value."""
    if not isinstance(indicator.score, Peer):
        return {}
    value = measure(indicator, case)
    if not isinstance(value, Fraction):
        return {}
    low, high = sorted((value * SPREAD[0], value * SPREAD[1]))
    if indicator.pairs or indicator.grades:
        high = min(high, Fraction(1))
    return {(indicator.code, case.cohort): Extent(low, high, PEERS)}


def _edge(indicator: Indicator, *, best: bool) -> Values:
    """Answers that earn the most, or the least."""
    ask, score = indicator.ask, indicator.score
    share = Fraction(1 if best else 0)
    match ask:
        case YesNo(key=key) | Choice(key=key):
            shares = score.shares if isinstance(score, MapShares) else {YES: Fraction(1), NO: Fraction(0)}
            return {key: (max if best else min)(shares, key=lambda code: shares[code])}
        case Checks(key=key):
            items = score.shares if isinstance(score, AddShares) and best else {}
            return {key: frozenset(items)}
        case Points(key=key) | Manual(key=key):
            return {key: Decimal(str(float(indicator.maximum * share)))}
        case Survey(grades=grades):
            chosen = (max if best else min)(grades, key=lambda grade: grade.value)
            return {grade.count.key: Decimal(10 if grade is chosen else 0) for grade in grades}
        case FreeText():
            return {}
        case Number(value=asked):
            return {asked.key: _written(asked, _end(indicator, best=best))}
        case Ratio() | MeanRatio():
            return dict(_both(indicator, _end(indicator, best=best)))
        case _:
            assert_never(ask)


def _end(indicator: Indicator, *, best: bool) -> Fraction:
    """The measured value at one end of the rule."""
    match indicator.score:
        case Linear(start=start, end=end):
            return end if best else start
        case Bands(bands=bands):
            chosen = (max if best else min)(bands, key=lambda band: band.share)
            return Fraction(0) if chosen.limit is None else chosen.limit + (Fraction(1, 100) if chosen.exclusive else 0)
        case _:
            return Fraction(1 if best else 0)


def _both(indicator: Indicator, value: Fraction) -> Iterator[tuple[str, Value]]:
    for pair in indicator.pairs:
        yield pair.a.key, _written(pair.a, value * WHOLES[2])
        yield pair.b.key, Decimal(WHOLES[2])
