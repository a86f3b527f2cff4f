"""The Excel reading of a rule: a formula over the cells of its inputs, with functions of Excel 2010 only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import assert_never

from survey.core.answers import NOTHING_TICKED
from survey.core.asks import (
    NO,
    YES,
    Checks,
    Choice,
    FreeText,
    MeanRatio,
    Number,
    NumberKind,
    Pair,
    Points,
    Ratio,
    YesNo,
    ZeroB,
)
from survey.core.modifiers import Hidden
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rounding import half_up
from survey.core.rules.measure import whole_line
from survey.core.transfers import AddShares, Band, Bands, Linear, MapShares

NOT_APPLICABLE = "K.a.d."  # in a narrow cell; files write KAD, and a formula takes either
COMPARED = 13  # digits to which a mean of ratios is rounded before it is compared with a limit
SETTLED = 14  # digits to which points that lost some are rounded before they are rounded half-up
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
    formula = f'IF({_is_marked(cell(key) for key in indicator.keys)},"{NOT_APPLICABLE}",{formula})'
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
        known = _is_ticks(x, [option.code for option in parent.ask.options])
        picked = f"OR({','.join(_ticked(x, code) for code in sorted(shown.values))})"
    else:
        known = _is_any(
            parent, x, [o.code for o in parent.ask.options] if isinstance(parent.ask, Choice) else [YES, NO]
        )
        picked = _is_any(parent, x, sorted(shown.values))
    return f'IF({_is_marked([x])},{hidden},IF({known},IF({picked},{formula},{hidden}),""))'


def _is_marked(cells: Iterable[str]) -> str:
    """Whether one of the cells says "không áp dụng"."""
    return "OR(" + ",".join(f'{x}="{word}"' for x in cells for word in (NOT_APPLICABLE, "KAD")) + ")"


def _is_any(indicator: Indicator, x: str, codes: Iterable[str]) -> str:
    return "OR(" + ",".join(f'{x}="{cell_text(indicator, code)}"' for code in codes) + ")"


def _ticked(x: str, code: str) -> str:
    """Whether the whole code stands between semicolons, blanks aside; FIND knows no wildcards and tells a from A."""
    return f'ISNUMBER(FIND(";{code};",";"&SUBSTITUTE({x}," ","")&";"))'


def _is_ticks(x: str, codes: Sequence[str]) -> str:
    """Whether a cell holds ticks and nothing else: "-", or as many characters as its known codes take."""
    length = "+".join(f"{len(code) + 1}*{_ticked(x, code)}" for code in codes)
    return f'OR({x}="{NOTHING_TICKED}",LEN(SUBSTITUTE({x}," ",""))+1={length})'


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
            earned = _transfer(indicator, maximum, _Measured(x, whole=_whole(indicator)))
            return f'IF(COUNT({x})=1,IF({x}>=0,{earned},""),"")'
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


def _weigh(conditions: Mapping[str, Fraction]) -> tuple[str, int]:
    """The sum of the shares whose condition holds, in whole parts of 1/n, and n."""
    parts = lcm(*(share.denominator for share in conditions.values()))
    weights = {condition: int(share * parts) for condition, share in conditions.items() if share}
    return "+".join(f"{n}*{c}" if n > 1 else c for c, n in weights.items()) or "0", parts


def _over(product: str, parts: int) -> str:
    return product if parts == 1 else f"{product}/{parts}"


def _mapped(indicator: Indicator, x: str, maximum: str) -> str:
    shares = indicator.score.shares if isinstance(indicator.score, MapShares) else {}
    total, parts = _weigh({f'({x}="{cell_text(indicator, code)}")': share for code, share in shares.items()})
    earned = _round(indicator, _over(f"{maximum}*({total})" if "+" in total else f"{maximum}*{total}", parts))
    return f'IF({_is_any(indicator, x, shares)},{earned},"")'


def _added(indicator: Indicator, x: str, maximum: str) -> str:
    shares = indicator.score.shares if isinstance(indicator.score, AddShares) else {}
    total, parts = _weigh({_ticked(x, code): share for code, share in shares.items()})
    earned = _round(indicator, _over(f"{maximum}*MIN({parts},{total})", parts))
    return f'IF({_is_ticks(x, list(shares))},{earned},"")'


def _ratio(indicator: Indicator, pair: Pair, cell: Cell, maximum: str) -> str:
    a, b = cell(pair.a.key), cell(pair.b.key)
    scored = _transfer(indicator, maximum, _Measured(a, b, at_most_one=pair.part, whole=_whole(indicator)))
    return f'IF({_lacks(pair, a, b)},"",IF({b}=0,{_zero_b(indicator, maximum)},{scored}))'


def _whole(indicator: Indicator) -> bool:
    """Whether all its numbers are whole."""
    return all(number.kind is NumberKind.INTEGER for number in indicator.numbers)


def _lacks(pair: Pair, a: str, b: str) -> str:
    """Whether there is no ratio. Text in a cell is neither counted nor an error in a comparison."""
    return f"OR(COUNT({a},{b})<2,{a}<0,{a}>{b})" if pair.part else f"OR(COUNT({a},{b})<2,{a}<0,{b}<0)"


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
    lacking, terms, counts = [], [], []
    for pair in ask.pairs:
        a, b = cell(pair.a.key), cell(pair.b.key)
        asked = _holds(pair.applies_when, attribute)
        lacks, ratio = _lacks(pair, a, b), f"{a}/{b}" if pair.part else f"MIN(1,{a}/{b})"
        term = f"IF({b}=0,{at_zero},{ratio})"
        count = f"IF({b}=0,0,1)" if indicator.zero_b is ZeroB.KAD else "1"
        lacking.append(f"AND({asked},{lacks})" if asked else lacks)
        terms.append(f"IF({asked},{term},0)" if asked else term)
        counts.append(f"IF({asked},{count},0)" if asked else count)
    fixed = set(counts) == {"1"}
    count = str(len(counts)) if fixed else f"({'+'.join(counts)})"
    earned = _transfer(indicator, maximum, _Measured(f"({'+'.join(terms)})", count, at_most_one=True, summed=True))
    formula = earned if fixed else f'IF({count}=0,"{NOT_APPLICABLE}",{earned})'
    return f'IF(OR({",".join(lacking)}),"",{formula})'


@dataclass(frozen=True, slots=True)
class _Measured:
    """What a transfer reads, as expressions: a, or a / b."""

    a: str
    b: str = ""
    at_most_one: bool = False
    whole: bool = False  # whole numbers: their products and differences are exact in a cell
    summed: bool = False  # a sum of ratios, which has lost some digits


def _transfer(indicator: Indicator, maximum: str, x: _Measured) -> str:
    match indicator.score:
        case Linear():
            return _linear(indicator, indicator.score, maximum, x)
        case Bands(bands=bands):
            return _bands(indicator, bands, maximum, x)
        case _:
            raise TypeError(f"{indicator.score} reads no number")


def _bands(indicator: Indicator, bands: Sequence[Band], maximum: str, x: _Measured) -> str:
    """The band is counted up from the floor: one step for each limit that is reached."""
    value = f"{x.a}/{x.b}" if x.b else x.a
    rising = bands[::-1]
    parts = lcm(*(band.share.denominator for band in bands))
    shares = ",".join(str(int(band.share * parts)) for band in rising)
    if x.summed:  # long, so written once: beyond a limit means from its next decimal on
        step = Fraction(1, 10**COMPARED)
        limits = [half_up(band.limit or Fraction(0), COMPARED) + (step if band.exclusive else 0) for band in rising]
        chosen = f"LOOKUP(ROUND({value},{COMPARED}),{{{','.join(map(_number, limits))}}},{{{shares}}})"
    else:
        reached = [f"({value}{'>' if band.exclusive else '>='}{_number(band.limit or Fraction(0))})" for band in rising]
        chosen = f"CHOOSE({'+'.join(['1', *reached[1:]])},{shares})"
    return _round(indicator, _over(f"{maximum}*{chosen}", parts))


def _linear(indicator: Indicator, score: Linear, maximum: str, x: _Measured) -> str:
    """maximum × (a/b − from) / (to − from) inside 0 … maximum, as one quotient (p·a − q·b) / (r·b)."""
    p, q, r = whole_line(Fraction(1), score)
    rising = _product(x.a, abs(p)), _product(x.b or "1", abs(q))
    above = rising[0] if q == 0 else "({}-{})".format(*(rising if p > 0 else rising[::-1]))
    below = _product(x.b or "1", r)
    quotient = f"{maximum}*{above}" + (f"/({below})" if "*" in below else f"/{below}" if below != "1" else "")
    if q != 0:
        quotient = f"MAX(0,{quotient})"
    if not (x.at_most_one and p > 0 and score.end >= 1):
        quotient = f"MIN({maximum},{quotient})"
    if indicator.decimals is not None and not x.whole:
        quotient = f"ROUND({quotient},{SETTLED - len(str(int(indicator.maximum)))})"
    return _round(indicator, quotient)


def _product(x: str, factor: int) -> str:
    if x == "1":
        return str(factor)
    return x if factor == 1 else f"{x}*{factor}"


def _number(value: Fraction) -> str:
    """A constant as a decimal of at most 15 digits, as a quotient where it has none."""
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
    if Fraction(text) != value or len(text) > 16:
        return f"{value.numerator}/{value.denominator}"
    return text
