"""Questions back about answers that look odd beside last year's or the cohort's; they keep nobody from sending."""

from __future__ import annotations

from fractions import Fraction

from survey.core.answers import Case, number_of, show_value
from survey.core.asks import Number
from survey.core.flag_norms import Norm
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rounding import half_up
from survey.core.rules.measure import number
from survey.core.rules.peers import measured
from survey.core.rules.shown import format_measured, unit_of
from survey.core.text import say

JUMP = Fraction(3, 10)  # of a share, against last year
FACTOR = 5  # of a number typed, against last year: a digit too many or a wrong unit
SMALL = 10  # numbers up to this change by any factor
BESIDE = Fraction(1, 10)  # of a share: so near to the median nothing is odd, however alike the others are


def is_jump(indicator: Indicator, now: Fraction, before: Fraction) -> bool:
    """Whether a measured value lies 30 points of a share, or as much as it was itself, from last year's."""
    far = JUMP if indicator.pairs else abs(before)
    return abs(now - before) >= far and now != before


def ask_back(
    questionnaire: Questionnaire, indicator: Indicator, case: Case, earlier: Case, language: str = "vi"
) -> tuple[str, ...]:
    """What to look at once more, one sentence each: numbers far from last year's, else what they come to."""
    if not indicator.numbers:
        return ()
    odd = [key for key in dict.fromkeys(indicator.keys) if _is_odd(case, earlier, key)]
    if odd:
        return tuple(_of_number(questionnaire, indicator, key, case, earlier, language) for key in odd)
    now, before = measured(questionnaire, indicator, case), measured(questionnaire, indicator, earlier)
    if now is None or before is None or not is_jump(indicator, now, before):
        return ()
    unit = unit_of(indicator, language)
    values = {
        "now": format_measured(now, unit, indicator.score),
        "before": format_measured(before, unit, indicator.score),
    }
    return (say("ask_back.measured", language, **values),)


def is_comparable(indicator: Indicator) -> bool:
    """Whether bodies of any size can be held against each other: shares and per cent, not counts."""
    if isinstance(indicator.ask, Number):
        return indicator.ask.value.unit.vi.strip() == "%"
    return bool(indicator.pairs or indicator.grades)


def far_from_peers(
    questionnaire: Questionnaire, indicator: Indicator, case: Case, norm: Norm | None, language: str = "vi"
) -> tuple[str, ...]:
    """That a share lies far from what is usual in its cohort; the median in whole per cent, so that it is nobody's."""
    if norm is None or not is_comparable(indicator):
        return ()
    now = measured(questionnaire, indicator, case)
    per_cent = isinstance(indicator.ask, Number)
    if now is None or not norm.is_far(now) or abs(now - norm.median) < BESIDE * (100 if per_cent else 1):
        return ()
    median = half_up(norm.median if per_cent else norm.median * 100, 0)
    unit = unit_of(indicator, language)
    shown = format_measured(now, unit, indicator.score)
    return (say("ask_back.peers", language, now=shown, median=f"{format_number(median)}%", count=norm.count),)


def _is_odd(case: Case, earlier: Case, key: str) -> bool:
    now, before = number(case.value(key)), number(earlier.value(key))
    if now is None or before is None:
        return False
    smaller, larger = sorted((abs(now), abs(before)))
    return smaller > 0 and larger > SMALL and larger >= FACTOR * smaller


def _of_number(
    questionnaire: Questionnaire, indicator: Indicator, key: str, case: Case, earlier: Case, language: str
) -> str:
    asked = number_of(questionnaire, key)
    label = asked.label.in_language(language) or indicator.name.in_language(language)
    return say(
        "ask_back.number", language, label=label, unit=asked.unit.in_language(language),
        now=show_value(questionnaire, key, case.value(key), language),
        before=show_value(questionnaire, key, earlier.value(key), language),
    )  # fmt: skip
