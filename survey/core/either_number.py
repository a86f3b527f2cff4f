"""Numbers written as text in a table, by either convention: 1.234,5 and 1,234.5; what may mean both is asked back."""

from __future__ import annotations

import re
from decimal import Decimal

from survey.core.asks import NumberKind
from survey.core.numbers_vi import NumberError, NumberFault, parse_number, readings

_SWAPPED = str.maketrans(".,", ",.")
# Thousands to some, three decimals to others.
_EITHER = re.compile(r"[-\u2010-\u2015\u2212]? ?[1-9][0-9]{0,2}[.,][0-9]{3}")


def parse_either(typed: str, kind: NumberKind) -> Decimal:
    """The one number that a text can mean. Raises NumberError, AMBIGUOUS where it can mean two (see `meanings`)."""
    text = " ".join(typed.split())
    if kind is not NumberKind.INTEGER and _EITHER.fullmatch(text):
        raise NumberError(NumberFault.AMBIGUOUS, typed)
    try:
        return parse_number(text, kind)
    except NumberError as fault:
        if fault.fault is NumberFault.AMBIGUOUS:
            meant = readings(text)
            if len(meant) > 1:
                raise
            return parse_number(meant[0], kind)
        if fault.fault not in (NumberFault.NOT_A_NUMBER, NumberFault.NOT_AN_INTEGER):
            raise
        try:
            return parse_number(text.translate(_SWAPPED), kind)
        except NumberError as other:  # what one convention reads is told of, rather than that the other reads nothing
            raise (fault if other.fault is NumberFault.NOT_A_NUMBER else other) from None


def meanings(typed: str) -> tuple[str, str]:
    """What an AMBIGUOUS text may mean, both as a Vietnamese office writes them without parting thousands."""
    text = " ".join(typed.split())
    return text.replace(".", "").replace(",", ""), text.replace(".", ",")
