"""What the Excel reading is written with: the words that cells hold, references, constants, conditions on cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from survey.core.answers import NOTHING_TICKED
from survey.core.asks import NO, YES, YesNo
from survey.core.questionnaire import Indicator

NOT_APPLICABLE = "K.a.d."  # in a narrow cell; files write KAD, and a formula takes either
PENDING = "chờ"  # in a narrow cell: not graded yet, or nothing of the cohort to be held against
SETTLED = 14  # digits to which points that lost some are rounded before they are rounded half-up
COMPARED = 13  # digits to which a mean of ratios, or a share, is rounded before it is compared with a limit
YES_NO_CELLS = {YES: "Có", NO: "Không"}

Cell = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PeerCells:
    """Where the extent of the agency's own cohort stands: how many values, the lowest and the highest.

    Each of the two as a value and as the fraction that it was: products of whole numbers are exact in a cell, the
    difference of two quotients is not.
    """

    count: str
    low: str
    high: str
    low_top: str
    low_bottom: str
    high_top: str
    high_bottom: str


@dataclass(frozen=True, slots=True)
class Refs:
    """References that a formula is made of: inputs by key, attributes by name (1 or 0), the cell of the maximum.

    `peers` where the rule holds values against the cohort; `target` and `target_maximum` are the cell of the points
    that a gate looks at and of their maximum, the latter "" where the cell holds a share already.
    """

    cell: Cell
    maximum: str
    attribute: Cell
    peers: PeerCells | None = None
    target: str = ""
    target_maximum: str = ""


def cell_text(indicator: Indicator, code: str) -> str:
    """What a cell of Số liệu holds for an option: Có / Không, or the option's code."""
    return YES_NO_CELLS.get(code, code) if isinstance(indicator.ask, YesNo) else code


def constant(value: Fraction) -> str:
    """A constant as a decimal of at most 15 digits, as a quotient where it has none."""
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
    if Fraction(text) != value or len(text) > 16:
        return f"{value.numerator}/{value.denominator}"
    return text


def over(product: str, parts: int) -> str:
    """A product divided by a whole number."""
    return product if parts == 1 else f"{product}/{parts}"


def times(x: str, factor: int) -> str:
    """x taken `factor` times."""
    if x == "1":
        return str(factor)
    return x if factor == 1 else f"{x}*{factor}"


def holds(conditions: Mapping[str, bool], attribute: Cell) -> str:
    """A condition on the agency's attributes, empty where there is none."""
    parts = [f"{attribute(name)}=1" if value else f"{attribute(name)}<>1" for name, value in conditions.items()]
    return parts[0] if len(parts) == 1 else f"AND({','.join(parts)})" if parts else ""


def is_marked(cells: Iterable[str]) -> str:
    """Whether one of the cells says "không áp dụng"."""
    return "OR(" + ",".join(f'{x}="{word}"' for x in cells for word in (NOT_APPLICABLE, "KAD")) + ")"


def is_word(x: str) -> str:
    """Whether a cell of points or of a share leaves the maximum: not applicable, or pending."""
    return f'OR({x}="{NOT_APPLICABLE}",{x}="{PENDING}")'


def is_any(indicator: Indicator, x: str, codes: Iterable[str]) -> str:
    """Whether a cell holds one of these options."""
    return "OR(" + ",".join(f'{x}="{cell_text(indicator, code)}"' for code in codes) + ")"


def ticked(x: str, code: str) -> str:
    """Whether the whole code stands between semicolons, blanks aside; FIND knows no wildcards and tells a from A."""
    return f'ISNUMBER(FIND(";{code};",";"&SUBSTITUTE({x}," ","")&";"))'


def is_ticks(x: str, codes: Sequence[str]) -> str:
    """Whether a cell holds ticks and nothing else: "-", or as many characters as its known codes take."""
    length = "+".join(f"{len(code) + 1}*{ticked(x, code)}" for code in codes)
    return f'OR({x}="{NOTHING_TICKED}",LEN(SUBSTITUTE({x}," ",""))+1={length})'
