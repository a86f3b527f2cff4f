"""What surrounds a rule in its formula: rounding, gates, penalties, and questions that are not asked."""

from __future__ import annotations

from fractions import Fraction

from survey.core.asks import NO, YES, Checks, Choice
from survey.core.modifiers import Condition, Counts
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rounding import half_up
from survey.core.rules.formula_cells import (
    COMPARED,
    SETTLED,
    Refs,
    constant,
    holds,
    is_any,
    is_marked,
    is_ticks,
    is_word,
    over,
    ticked,
)


def earned(indicator: Indicator, expression: str, refs: Refs) -> str:
    """Points of a rule from what it comes to: rounded, held down by a gate, taken off where they are a penalty."""
    points = rounded(indicator, expression)
    if indicator.gate is not None:
        points = f"MIN({points},{_ceiling(indicator, refs)})"
    return f"-{points}" if indicator.counts is Counts.PENALTY else points


def rounded(indicator: Indicator, expression: str) -> str:
    """An expression half-up at the indicator's decimals, or as it is."""
    return expression if indicator.decimals is None else f"ROUND({expression},{indicator.decimals})"


def settled(indicator: Indicator, expression: str, digits: int = SETTLED) -> str:
    """An expression that lost some digits, rounded to those it has: a half that arrives a hair low is one again."""
    return (
        expression if indicator.decimals is None else f"ROUND({expression},{digits - len(str(int(indicator.maximum)))})"
    )


def _ceiling(indicator: Indicator, refs: Refs) -> str:
    """What the gate leaves at most: all while it is open."""
    gate = indicator.gate
    otherwise = gate.otherwise if gate is not None else Fraction(1)
    shut = rounded(indicator, over(times_share(refs.maximum, otherwise), otherwise.denominator))
    condition = "TRUE" if gate is None else reached(refs.target, refs.target_maximum, gate.condition)
    return f"IF({condition},{refs.maximum},{shut})"


def times_share(maximum: str, share: Fraction) -> str:
    """maximum × the numerator of a share."""
    if not share.numerator:
        return "0"
    return maximum if share.numerator == 1 else f"{maximum}*{share.numerator}"


def reached(target: str, maximum: str, condition: Condition) -> str:
    """Whether the share of a part is reached: nothing there is 0, and what does not apply is no hindrance."""
    share = f"ABS(N({target}))/{maximum}" if maximum else f"N({target})"
    step = Fraction(1, 10**COMPARED) if condition.exclusive else Fraction(0)  # beyond: from the next decimal on
    limit = constant(half_up(condition.limit, COMPARED) + step)
    return f"IF({is_word(target)},TRUE,ROUND({share},{COMPARED})>={limit})"


def asked(
    questionnaire: Questionnaire, indicator: Indicator, refs: Refs, formula: str, *, hidden: str, not_: str
) -> str:
    """`formula` where the agency is asked; `hidden` while show_when keeps it away, `not_` where it does not apply."""
    formula = _shown(questionnaire, indicator, refs, formula, hidden)
    formula = f"IF({is_marked(refs.cell(key) for key in indicator.keys)},{not_},{formula})"
    duties = holds(indicator.applies_when, refs.attribute)
    return f"IF({duties},{formula},{not_})" if duties else formula


def _shown(questionnaire: Questionnaire, indicator: Indicator, refs: Refs, formula: str, hidden: str) -> str:
    shown = indicator.show_when
    if shown is None:
        return formula
    parent = questionnaire.by_code[shown.code]
    x = refs.cell(parent.keys[0])
    if isinstance(parent.ask, Checks):
        known = is_ticks(x, [option.code for option in parent.ask.options])
        picked = f"OR({','.join(ticked(x, code) for code in sorted(shown.values))})"
    else:
        codes = [o.code for o in parent.ask.options] if isinstance(parent.ask, Choice) else [YES, NO]
        known = is_any(parent, x, codes)
        picked = is_any(parent, x, sorted(shown.values))
    return f'IF({is_marked([x])},{hidden},IF({known},IF({picked},{formula},{hidden}),""))'
