"""Points of the whole that hang on an indicator: what filling it in may bring, what it would lose unproven."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from survey.core.modifiers import Counts
from survey.core.questionnaire import Indicator
from survey.core.rules.supposed import Supposed, earning
from survey.core.scoring import filled
from survey.services.sheet import Sheet


def may_bring(sheet: Sheet, missing: Sequence[Indicator]) -> Fraction:
    """The most points of the whole that filling in these can bring: plainly their maxima where all is added up.

    None are told where too little is known to tell those before.
    """
    scored = [one for one in missing if one.scored]
    if _is_sum(sheet):
        return sum((one.maximum for one in scored if one.counts is not Counts.PENALTY), Fraction(0))
    before = sheet.exact.result(sheet.questionnaire.whole)
    if not scored or before.lacks:
        return Fraction(0)
    best = Supposed(sheet.exact, filled(scored, best=True))
    return max(best.result(sheet.questionnaire.whole).points - before.points, Fraction(0))


def may_lose(sheet: Sheet, indicator: Indicator) -> Fraction:
    """The points of the whole that an answered indicator brings now; of a blank penalty what it may take off."""
    if not indicator.scored:
        return Fraction(0)
    if indicator.counts is Counts.PENALTY:
        return indicator.maximum
    if _is_sum(sheet):
        return max(sheet.outcome(indicator).points, Fraction(0))
    before = sheet.exact.result(sheet.questionnaire.whole)
    if before.lacks:
        return Fraction(0)
    worst = Supposed(sheet.exact, {indicator.code: earning(indicator, Fraction(0))})
    return max(before.points - worst.result(sheet.questionnaire.whole).points, Fraction(0))


def may_be_off(sheet: Sheet, indicator: Indicator) -> Fraction:
    """The most points of the whole by which an answer that is not right may be off, up or down."""
    brings = may_lose(sheet, indicator)
    more = may_bring(sheet, [indicator])
    return max(brings, more - brings if _is_sum(sheet) else more)


def _is_sum(sheet: Sheet) -> bool:
    return all(group.is_sum for group in (sheet.questionnaire.whole, *sheet.questionnaire.all_groups))
