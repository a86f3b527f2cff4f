"""Numbers as text in a table: both conventions are read, what may mean two numbers is asked back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.asks import NumberKind
from survey.core.either_number import meanings, parse_either
from survey.core.numbers_vi import NumberError, NumberFault, format_number

INTEGER, DECIMAL, REAL = NumberKind.INTEGER, NumberKind.DECIMAL, NumberKind.REAL


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1234", INTEGER, "1234"),
        ("1.234", INTEGER, "1234"),
        ("1,234", INTEGER, "1234"),
        ("1 234", INTEGER, "1234"),
        ("1.234.567", INTEGER, "1234567"),
        ("1,234,567", INTEGER, "1234567"),
        ("1.234,5", DECIMAL, "1234.5"),
        ("1,234.5", DECIMAL, "1234.5"),
        ("1234.5", DECIMAL, "1234.5"),
        ("1234,5", DECIMAL, "1234.5"),
        ("0,125", DECIMAL, "0.125"),
        ("0.125", DECIMAL, "0.125"),
        ("12.34", DECIMAL, "12.34"),
        ("1,234,567.25", DECIMAL, "1234567.25"),
        ("-1.234,5", REAL, "-1234.5"),
        ("-1,234.5", REAL, "-1234.5"),
        ("-0.0198229475945", REAL, "-0.0198229475945"),
    ],
)
def test_a_text_with_one_meaning_is_read(text: str, kind: NumberKind, value: str) -> None:
    assert parse_either(text, kind) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "kind", "fault"),
    [
        ("1.234", DECIMAL, NumberFault.AMBIGUOUS),
        ("1,234", DECIMAL, NumberFault.AMBIGUOUS),
        ("-1,234", REAL, NumberFault.AMBIGUOUS),
        ("-5,5", DECIMAL, NumberFault.NEGATIVE),
        ("1,000", INTEGER, NumberFault.AMBIGUOUS),
        ("1234.5", INTEGER, NumberFault.NOT_AN_INTEGER),
        ("1,234.5", INTEGER, NumberFault.NOT_AN_INTEGER),
        ("-1,234.5", DECIMAL, NumberFault.NEGATIVE),
        ("mười", INTEGER, NumberFault.NOT_A_NUMBER),
        ("12%", DECIMAL, NumberFault.NOT_A_NUMBER),
        ("１２", INTEGER, NumberFault.NOT_A_NUMBER),
        ("-5", INTEGER, NumberFault.NEGATIVE),
        ("1.2.3", DECIMAL, NumberFault.NOT_A_NUMBER),
        ("1e5", DECIMAL, NumberFault.NOT_A_NUMBER),
        ("9" * 16, INTEGER, NumberFault.TOO_LARGE),
        ("0.1234567", DECIMAL, NumberFault.TOO_PRECISE),
    ],
)
def test_other_texts_are_refused_with_their_fault(text: str, kind: NumberKind, fault: NumberFault) -> None:
    with pytest.raises(NumberError) as refused:
        parse_either(text, kind)
    assert refused.value.fault is fault


def test_both_meanings_are_told() -> None:
    assert meanings("1.234") == ("1234", "1,234")
    assert meanings("1,234") == ("1234", "1,234")
    assert meanings("-1.234") == ("-1234", "-1,234")


@given(st.decimals(0, 10**9, places=2, allow_nan=False))
def test_what_either_convention_writes_with_two_decimals_is_read_back(value: Decimal) -> None:
    vietnamese = format_number(value, 2)
    english = vietnamese.translate(str.maketrans(".,", ",."))
    assert parse_either(vietnamese, DECIMAL) == parse_either(english, DECIMAL) == value
