"""The Excel reading of a rule: a formula over the cells of its inputs, with functions of Excel 2010 only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import assert_never

from survey.core.asks import NO, YES, Checks, Choice, FreeText, MeanRatio, Number, Pair, Points, Ratio, YesNo, ZeroB
from survey.core.questionnaire import Hidden, Indicator, Questionnaire
from survey.core.transfers import AddShares, Bands, Linear, MapShares, Transfer

NOT_APPLICABLE = "K.a.d."  # in a narrow cell; files write KAD, and a formula takes either
YES_NO_CELLS = {YES: "Có", NO: "Không"}

Cell = Callable[[str], str]


def points_formula(
    questionnaire: Questionnaire, indicator: Indicator, cell: Cell, maximum: str, attribute: Cell
) -> str:
    """The points of one scored indicator, without the leading "=": a number, "" for missing, "K.a.d.".

    `cell(input key)` and `attribute(name)` are references to cells (an attribute's holds 1 or 0), `maximum` to the
    cell of the maximum, so that a changed answer or maximum follows. A ratio is written maximum*a/b: one rounding in
    float64 before Excel's own ROUND, which takes x.xx5 upwards.
    """
    formula = _measure(indicator, cell, maximum, attribute)
    formula = _shown(questionnaire, indicator, cell, formula)
    approved = ",".join(f'{cell(key)}="{word}"' for key in indicator.keys for word in (NOT_APPLICABLE, "KAD"))
    formula = f'IF(OR({approved}),"{NOT_APPLICABLE}",{formula})'
    duties = _holds(indicator.applies_when, attribute)
    return f'IF({duties},{formula},"{NOT_APPLICABLE}")' if duties else formula


def cell_text(indicator: Indicator, code: str) -> str:
    """What a cell of Số liệu holds for an option: Có / Không, or the option's code."""
    return YES_NO_CELLS[code] if isinstance(indicator.ask, YesNo) else code


def _holds(conditions: Mapping[str, bool], attribute: Cell) -> str:
    """A condition on the agency's attributes, empty where there is none."""
    parts = [f"{attribute(name)}=1" if value else f"{attribute(name)}<>1" for name, value in conditions.items()]
    return parts[0] if len(parts) == 1 else f"AND({','.join(parts)})" if parts else ""


def _shown(questionnaire: Questionnaire, indicator: Indicator, cell: Cell, formula: str) -> str:
    shown = indicator.show_when
    if shown is None:
        return formula
    parent = questionnaire.by_code[shown.code]
    x = cell(shown.code)
    hidden = f'"{NOT_APPLICABLE}"' if shown.hidden is Hidden.KAD else "0"
    if isinstance(parent.ask, Checks):
        picked = ",".join(_ticked(x, code) for code in sorted(shown.values))
        choose = f'IF({x}="","",IF(OR({picked}),{formula},{hidden}))'
    else:
        codes = [o.code for o in parent.ask.options] if isinstance(parent.ask, Choice) else [YES, NO]
        choose = f'IF({_is_any(parent, x, codes)},IF({_is_any(parent, x, shown.values)},{formula},{hidden}),"")'
    return f'IF(OR({x}="{NOT_APPLICABLE}",{x}="KAD"),{hidden},{choose})'


def _is_any(indicator: Indicator, x: str, codes: Iterable[str]) -> str:
    return "OR(" + ",".join(f'{x}="{cell_text(indicator, code)}"' for code in sorted(codes)) + ")"


def _ticked(x: str, code: str) -> str:
    return f'ISNUMBER(SEARCH(";{code};",";"&{x}&";"))'


def _measure(indicator: Indicator, cell: Cell, maximum: str, attribute: Cell) -> str:
    ask = indicator.ask
    match ask:
        case YesNo(key=key) | Choice(key=key):
            return _mapped(indicator, cell(key), maximum)
        case Checks(key=key):
            return _added(indicator, cell(key), maximum)
        case Points(key=key):
            x = cell(key)
            return f'IF(COUNT({x})=1,IF(AND({x}>=0,{x}<={maximum}),{_round(indicator, x)},""),"")'
        case Number(value=asked):
            x = cell(asked.key)
            return f'IF(COUNT({x})=1,IF({x}>=0,{_transfer(indicator, maximum, x)},""),"")'
        case Ratio(pair=pair):
            return _ratio(indicator, pair, cell, maximum)
        case MeanRatio():
            return _mean(indicator, ask, cell, maximum, attribute)
        case FreeText():
            return '""'
        case _:
            assert_never(ask)


def _round(indicator: Indicator, expression: str) -> str:
    return expression if indicator.decimals is None else f"ROUND({expression},{indicator.decimals})"


def _times(expression: str, share: Fraction) -> str:
    """expression × share, as one product and one quotient."""
    if share == 1:
        return expression
    product = expression if share.numerator == 1 else f"{expression}*{share.numerator}"
    return product if share.denominator == 1 else f"{product}/{share.denominator}"


def _earned(indicator: Indicator, maximum: str, share: Fraction) -> str:
    return "0" if share == 0 else _round(indicator, _times(maximum, share))


def _mapped(indicator: Indicator, x: str, maximum: str) -> str:
    formula = '""'
    if isinstance(indicator.score, MapShares):
        for code, share in reversed(list(indicator.score.shares.items())):
            formula = f'IF({x}="{cell_text(indicator, code)}",{_earned(indicator, maximum, share)},{formula})'
    return formula


def _added(indicator: Indicator, x: str, maximum: str) -> str:
    shares = indicator.score.shares if isinstance(indicator.score, AddShares) else {}
    denominator = lcm(*(share.denominator for share in shares.values()))
    terms = "+".join(f"{int(share * denominator)}*{_ticked(x, code)}" for code, share in shares.items())
    return f'IF({x}="","",{_round(indicator, f"{maximum}*MIN({denominator},{terms})/{denominator}")})'


def _ratio(indicator: Indicator, pair: Pair, cell: Cell, maximum: str) -> str:
    a, b = cell(pair.a.key), cell(pair.b.key)
    scored = _transfer(indicator, maximum, a, b)
    return f'IF({_lacks(pair, a, b)},"",IF({b}=0,{_zero_b(indicator, maximum)},{scored}))'


def _lacks(pair: Pair, a: str, b: str) -> str:
    above = f",{a}>{b}" if pair.part else ""
    return f"OR(COUNT({a},{b})<2,{a}<0,{b}<0{above})"


def _zero_b(indicator: Indicator, maximum: str) -> str:
    match indicator.zero_b:
        case ZeroB.FULL:
            return _round(indicator, maximum)
        case ZeroB.KAD:
            return f'"{NOT_APPLICABLE}"'
        case _:
            return "0"


def _mean(indicator: Indicator, ask: MeanRatio, cell: Cell, maximum: str, attribute: Cell) -> str:
    at_zero = "1" if indicator.zero_b is ZeroB.FULL else "0"
    counted = "0" if indicator.zero_b is ZeroB.KAD else "1"
    lacking, terms, counts = [], [], []
    for pair in ask.pairs:
        a, b = cell(pair.a.key), cell(pair.b.key)
        asked = _holds(pair.applies_when, attribute)
        lacks, term = _lacks(pair, a, b), f"IF({b}=0,{at_zero},MIN(1,{a}/{b}))"
        count = f"IF({b}=0,{counted},1)"
        lacking.append(f"AND({asked},{lacks})" if asked else lacks)
        terms.append(f"IF({asked},{term},0)" if asked else term)
        counts.append(f"IF({asked},{count},0)" if asked else count)
    count = f"({'+'.join(counts)})"
    mean = f"({'+'.join(terms)})/{count}"
    none = f'IF({count}=0,"{NOT_APPLICABLE}",{_mean_transfer(indicator, maximum, mean)})'
    return f'IF(OR({",".join(lacking)}),"",{none})'


def _mean_transfer(indicator: Indicator, maximum: str, mean: str) -> str:
    """A mean of ratios loses some digits, so it is rounded to 13 before a comparison and to 11 before its points."""
    if isinstance(indicator.score, Bands):
        return _steps(indicator, indicator.score, maximum, f"ROUND({mean},13)", digits=13)
    points = _line(indicator.score, maximum, f"({mean})", "")
    return _round(indicator, f"ROUND({points},11)" if indicator.decimals is not None else points)


def _transfer(indicator: Indicator, maximum: str, x: str, b: str = "") -> str:
    """Points of a measured x, or of the ratio x/b."""
    if isinstance(indicator.score, Bands):
        return _steps(indicator, indicator.score, maximum, f"{x}/{b}" if b else x)
    return _round(indicator, _line(indicator.score, maximum, x, b))


def _steps(indicator: Indicator, score: Bands, maximum: str, x: str, digits: int | None = None) -> str:
    formula = _earned(indicator, maximum, score.bands[-1].share)
    for band in reversed(score.bands[:-1]):
        sign = ">" if band.exclusive else ">="
        limit = _number(band.limit or Fraction(0), digits)
        formula = f"IF({x}{sign}{limit},{_earned(indicator, maximum, band.share)},{formula})"
    return formula


def _line(score: Transfer | None, maximum: str, x: str, b: str) -> str:
    """maximum × (x/b − from) / (to − from) inside 0 … maximum, as one quotient of whole numbers where x and b are."""
    if not isinstance(score, Linear):
        raise TypeError(f"{score} reads no number")
    start, width = score.start, score.end - score.start
    scale = lcm(start.denominator, width.denominator)
    p, q, r = scale, int(start * scale), int(width * scale)
    shared = gcd(p, q, r)
    p, q, r = p // shared, q // shared, r // shared
    first, second = _product(x, p), _product(b or "1", abs(q)) if q else ""
    above = f"({first}-{second})" if second and r > 0 else f"({second}-{first})" if second else f"(0-{first})"
    above = first if not second and r > 0 else above
    below = _product(b or "1", abs(r))
    quotient = f"{maximum}*{above}" if below == "1" else f"{maximum}*{above}/{f'({below})' if '*' in below else below}"
    return f"MIN({maximum},MAX(0,{quotient}))"


def _product(x: str, factor: int) -> str:
    if x == "1":
        return str(factor)
    return x if factor == 1 else f"{x}*{factor}"


def _number(value: Fraction, digits: int | None = None) -> str:
    """A constant: the shortest decimal of the double nearest to it, or rounded to `digits` decimals."""
    number = float(value) if digits is None else round(float(value), digits)
    text = repr(number)
    if "e" in text:
        text = f"({value.numerator}/{value.denominator})"
    return text.removesuffix(".0")
