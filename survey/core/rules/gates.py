"""What one earlier indicator must come to, so that a gate which waits for it opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil, floor

from survey.core.answers import Case, Value
from survey.core.modifiers import Condition, Counts
from survey.core.questionnaire import Indicator
from survey.core.rules.exact import Outcome, State, points_of
from survey.core.rules.measure import band_of, picked_share
from survey.core.rules.reach import Goal, bands_where, handles, line_to, smallest
from survey.core.transfers import AddShares, Bands, Linear, MapShares

Opening = tuple[Mapping[str, Value], Goal | None]


def openings(target: Indicator, case: Case, settled: Outcome, condition: Condition) -> Iterator[Opening]:
    """The least changes of `target` by which the condition holds, the nearest first; none while it is missing."""
    if settled.state is not State.SCORED or target.counts is Counts.PENALTY:
        return

    def holds(share: Fraction) -> bool:
        return condition.holds(points_of(target, share) / target.maximum)

    match target.score:
        case MapShares(shares=shares):
            for code in sorted((code for code in shares if holds(shares[code])), key=lambda code: shares[code]):
                yield {target.keys[0]: code}, None
        case AddShares(shares=shares):
            ticked = case.value(target.keys[0])
            for code in sorted(shares, key=lambda code: -shares[code]):
                if isinstance(ticked, frozenset) and code not in ticked:
                    ticked |= {code}
                    if holds(picked_share(target, ticked) or Fraction(0)):
                        yield {target.keys[0]: ticked}, None
                        return
        case Linear() as score if settled.measured is not None:
            goal = line_to(score, *_least_share(target, condition))
            yield from _reaching(target, case, settled.measured, goal)
        case Bands() as score if settled.measured is not None:
            for goal in bands_where(score, band_of(score, settled.measured), holds):
                yield from _reaching(target, case, settled.measured, goal)


def _reaching(target: Indicator, case: Case, x: Fraction, goal: Goal) -> Iterator[Opening]:
    changes = smallest(handles(target, case), x, goal)
    if changes is not None:
        yield changes, goal


def _least_share(target: Indicator, condition: Condition) -> tuple[Fraction, bool]:
    """The share whose rounded points meet the condition, and whether more than it is needed."""
    if target.decimals is None:
        return condition.limit, condition.exclusive
    grid = 10**target.decimals
    parts = condition.limit * target.maximum * grid
    least = floor(parts) + 1 if condition.exclusive else ceil(parts)
    return (least - Fraction(1, 2)) / grid / target.maximum, False
