"""The Excel reading of a rule: a formula over the cells of its inputs, with functions of Excel 2010 only."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import assert_never

from survey.core.asks import (
    Checks,
    Choice,
    FreeText,
    Manual,
    MeanRatio,
    Number,
    Points,
    Ratio,
    Survey,
    YesNo,
    ZeroB,
)
from survey.core.modifiers import Hidden
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.formula_cells import NOT_APPLICABLE as NOT_APPLICABLE
from survey.core.rules.formula_cells import PENDING as PENDING
from survey.core.rules.formula_cells import PeerCells as PeerCells
from survey.core.rules.formula_cells import Refs as Refs
from survey.core.rules.formula_cells import cell_text as cell_text
from survey.core.rules.formula_cells import is_any, is_ticks, over, ticked
from survey.core.rules.formula_modifiers import asked, earned
from survey.core.rules.formula_numbers import measured, pending, transferred
from survey.core.transfers import AddShares, MapShares


def points_formula(questionnaire: Questionnaire, indicator: Indicator, refs: Refs) -> str:
    """The points of one scored indicator, without the leading "=": a number, "" for missing, "K.a.d.", "chờ".

    All that may change is a reference, so that a changed answer or maximum follows. A ratio is written maximum*a/b:
    one rounding in float64 before Excel's own ROUND, which takes x.xx5 upwards.
    """
    not_ = f'"{NOT_APPLICABLE}"'
    shown = indicator.show_when
    hidden = not_ if shown is not None and shown.hidden is Hidden.KAD else "0"
    return asked(questionnaire, indicator, refs, _points(indicator, refs), hidden=hidden, not_=not_)


def measured_formulas(questionnaire: Questionnaire, indicator: Indicator, refs: Refs) -> tuple[str, str]:
    """What a numeric indicator measures as a fraction: a formula of its numerator, "" where there is none, and b."""
    x = measured(indicator, refs)
    there = f'IF({x.at_zero},"",{x.a})' if x.at_zero else x.a
    there = f'IF({x.lacks},"",{there})'
    return asked(questionnaire, indicator, refs, there, hidden='""', not_='""'), x.b or "1"


def _points(indicator: Indicator, refs: Refs) -> str:
    """The points of an answer that is looked at."""
    ask = indicator.ask
    match ask:
        case YesNo(key=key) | Choice(key=key):
            return _mapped(indicator, refs.cell(key), refs)
        case Checks(key=key):
            return _added(indicator, refs.cell(key), refs)
        case Points(key=key) | Manual(key=key):
            x = refs.cell(key)
            blank = f'"{PENDING}"' if isinstance(ask, Manual) else '""'
            stated = earned(indicator, x, refs)
            return f'IF(COUNT({x})=1,IF(AND({x}>=0,{x}<={refs.maximum}),{stated},""),{blank})'
        case Number() | Ratio() | MeanRatio() | Survey():
            return _numeric(indicator, refs)
        case FreeText():
            return '""'
        case _:
            assert_never(ask)


def _numeric(indicator: Indicator, refs: Refs) -> str:
    x = measured(indicator, refs)
    waits, value = transferred(indicator, x, refs)
    formula = pending(waits, earned(indicator, value, refs))
    if x.at_zero:
        formula = f"IF({x.at_zero},{_zero_b(indicator, refs)},{formula})"
    return f'IF({x.lacks},"",{formula})'


def _zero_b(indicator: Indicator, refs: Refs) -> str:
    """What b = 0 earns; for a mean it says that no ratio is left."""
    if indicator.zero_b is ZeroB.KAD or isinstance(indicator.ask, MeanRatio):
        return f'"{NOT_APPLICABLE}"'
    return earned(indicator, refs.maximum, refs) if indicator.zero_b is ZeroB.FULL else "0"


def _weigh(conditions: Mapping[str, Fraction]) -> tuple[str, int]:
    """The sum of the shares whose condition holds, in whole parts of 1/n, and n."""
    parts = lcm(*(share.denominator for share in conditions.values()))
    weights = {condition: int(share * parts) for condition, share in conditions.items() if share}
    return "+".join(f"{n}*{c}" if n > 1 else c for c, n in weights.items()) or "0", parts


def _mapped(indicator: Indicator, x: str, refs: Refs) -> str:
    shares = indicator.score.shares if isinstance(indicator.score, MapShares) else {}
    total, parts = _weigh({f'({x}="{cell_text(indicator, code)}")': share for code, share in shares.items()})
    value = over(f"{refs.maximum}*({total})" if "+" in total else f"{refs.maximum}*{total}", parts)
    return f'IF({is_any(indicator, x, shares)},{earned(indicator, value, refs)},"")'


def _added(indicator: Indicator, x: str, refs: Refs) -> str:
    shares = indicator.score.shares if isinstance(indicator.score, AddShares) else {}
    total, parts = _weigh({ticked(x, code): share for code, share in shares.items()})
    value = over(f"{refs.maximum}*MIN({parts},{total})", parts)
    return f'IF({is_ticks(x, list(shares))},{earned(indicator, value, refs)},"")'
