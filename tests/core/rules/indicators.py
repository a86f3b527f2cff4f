"""Small indicators for tests of rules."""

from fractions import Fraction

from survey.core.asks import NO, YES, Input, Number, NumberKind, Text, YesNo
from survey.core.modifiers import Counts
from survey.core.questionnaire import Indicator
from survey.core.transfers import MapShares, Transfer

SHARES = {YES: Fraction(1), NO: Fraction(0)}


def yes_no(code: str, counts: Counts = Counts.POINTS) -> Indicator:
    """Ten points for yes."""
    return Indicator(code, Text(code), YesNo(code), MapShares(SHARES), Fraction(10), 2, counts=counts)


def number(code: str, score: Transfer, kind: NumberKind = NumberKind.DECIMAL) -> Indicator:
    """Ten points for a number."""
    return Indicator(code, Text(code), Number(Input(code, Text(code), Text("cuộc"), kind)), score, Fraction(10), 2)
