"""Vietnamese numbers: what is taken, what is refused, what is asked back, and that writing reads back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.asks import NumberKind
from survey.core.numbers_vi import (
    NumberError,
    NumberFault,
    format_date,
    format_number,
    format_percent,
    format_time,
    number_for_field,
    parse_date,
    parse_file_number,
    parse_number,
    readings,
)

INTEGER, DECIMAL, REAL = NumberKind.INTEGER, NumberKind.DECIMAL, NumberKind.REAL


def fault(typed: str, kind: NumberKind) -> NumberFault:
    with pytest.raises(NumberError) as caught:
        parse_number(typed, kind)
    return caught.value.fault


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", "0"),
        ("1234", "1234"),
        ("1.234", "1234"),
        ("1.234.567", "1234567"),
        ("1 234", "1234"),
        ("1\u00a0234\u202f567", "1234567"),
        ("  12 ", "12"),
        ("007", "7"),
        ("12,0", "12"),
        ("999.999.999.999.999", "999999999999999"),
    ],
)
def test_an_integer_may_group_its_thousands(typed: str, number: str) -> None:
    assert parse_number(typed, INTEGER) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.234,5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("0,000001", "0.000001"),
        ("1.234.567", "1234567"),
    ],
)
def test_a_decimal_has_a_comma(typed: str, number: str) -> None:
    assert parse_number(typed, DECIMAL) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "meant"), [("1.5", ("1,5",)), ("1.234", ("1234", "1,234")), ("0.123", ("0,123",)), ("12.50", ("12,50",))]
)
def test_one_dot_in_a_decimal_is_asked_back_with_what_it_may_mean(typed: str, meant: tuple[str, ...]) -> None:
    assert fault(typed, DECIMAL) is NumberFault.AMBIGUOUS
    assert readings(typed) == meant
    for reading in meant:
        parse_number(reading, DECIMAL)


def test_an_english_thousand_in_an_integer_is_asked_back() -> None:
    assert fault("1,000", INTEGER) is NumberFault.AMBIGUOUS
    assert readings("1,000") == ("1000", "1")


@pytest.mark.parametrize("typed", ["1.5", "1.23", "1.2345", "0.123", "1,5", "1.234,5"])
def test_an_integer_with_decimals_says_so(typed: str) -> None:
    assert fault(typed, INTEGER) is NumberFault.NOT_AN_INTEGER


@pytest.mark.parametrize("kind", NumberKind)
@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "nan", "NaN", "inf", "Infinity", "1_0", "１２", "٣", "²", "+1", "1e5", "0x10", "1,234.5", "1,2,3",
        "1.23.456", "12.34.567", "1 23", ",5", "5,", ".", ",", "75%", "12 người", "1.234.", "1..234", "=1", "½",
    ],
)  # fmt: skip
def test_what_is_no_vietnamese_number_is_refused(typed: str, kind: NumberKind) -> None:
    assert fault(typed, kind) is NumberFault.NOT_A_NUMBER


@pytest.mark.parametrize("kind", [INTEGER, DECIMAL])
@pytest.mark.parametrize("typed", ["-5", "- 5", "\u22125", "\u20135", "-0,5"])
def test_a_negative_number_is_named_as_one(typed: str, kind: NumberKind) -> None:
    assert fault(typed, kind) is NumberFault.NEGATIVE


@pytest.mark.parametrize(
    ("typed", "number"),
    [("-1,5", "-1.5"), ("\u22121.234,5", "-1234.5"), ("- 7", "-7"), ("-0", "0"), ("-1.234.567", "-1234567")],
)  # fmt: skip
def test_a_real_number_may_lie_below_zero(typed: str, number: str) -> None:
    assert f"{parse_number(typed, REAL):f}" == number


@pytest.mark.parametrize(("typed", "meant"), [("-1.234", ("-1234", "-1,234")), ("-1.5", ("-1,5",)), ("2.5", ("2,5",))])
def test_a_real_number_that_may_mean_two_is_asked_back(typed: str, meant: tuple[str, ...]) -> None:
    assert fault(typed, REAL) is NumberFault.AMBIGUOUS
    assert readings(typed) == meant
    assert all(parse_number(text, REAL) < 0 or typed == "2.5" for text in meant)


def test_a_real_number_has_fifteen_decimals() -> None:
    assert parse_number("-0,123456789012345", REAL) == Decimal("-0.123456789012345")
    assert parse_file_number("-1.5e-14", REAL) == Decimal("-0.000000000000015")
    assert fault("0,1234567890123456", REAL) is NumberFault.TOO_PRECISE
    assert fault("-" + "9" * 16, REAL) is NumberFault.TOO_LARGE


@given(st.decimals(-(10**15) + 1, 10**15 - 1, places=15, allow_nan=False))
def test_a_real_number_shown_reads_back(number: Decimal) -> None:
    assert parse_number(number_for_field(number, REAL), REAL) == number
    assert parse_file_number(f"{number:f}", REAL) == number


@pytest.mark.parametrize("kind", NumberKind)
def test_numbers_end_below_ten_to_the_fifteenth(kind: NumberKind) -> None:
    assert parse_number("9" * 15, kind) == Decimal(10) ** 15 - 1
    assert fault("1" + "0" * 15, kind) is NumberFault.TOO_LARGE
    assert fault("9" * 1_000_000, kind) is NumberFault.TOO_LARGE


def test_decimals_end_at_six() -> None:
    assert parse_number("1,123456", DECIMAL) == Decimal("1.123456")
    assert parse_number("1,1234560", DECIMAL) == Decimal("1.123456")
    assert fault("1,1234567", DECIMAL) is NumberFault.TOO_PRECISE


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1234.5", "1234.5"), ("12", "12"), (" 12.0 ", "12"), ("1.234", "1.234"), ("1e3", "1000"), ("-0", "0")],
)
def test_files_write_a_decimal_point(cell: str, number: str) -> None:
    assert parse_file_number(cell, DECIMAL) == Decimal(number)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("1,5", NumberFault.NOT_A_NUMBER),
        ("1.234.567", NumberFault.NOT_A_NUMBER),
        ("nan", NumberFault.NOT_A_NUMBER),
        ("１２", NumberFault.NOT_A_NUMBER),
        ("-1", NumberFault.NEGATIVE),
        ("1e15", NumberFault.TOO_LARGE),
        ("1e999", NumberFault.TOO_LARGE),
        ("1e-999", NumberFault.TOO_PRECISE),
        ("0.1234567", NumberFault.TOO_PRECISE),
    ],
)
def test_files_are_read_as_strictly(cell: str, why: NumberFault) -> None:
    with pytest.raises(NumberError) as caught:
        parse_file_number(cell, DECIMAL)
    assert caught.value.fault is why


def test_a_file_integer_has_no_decimals() -> None:
    with pytest.raises(NumberError) as caught:
        parse_file_number("12.5", INTEGER)
    assert caught.value.fault is NumberFault.NOT_AN_INTEGER


numbers = st.decimals(min_value=0, max_value=Decimal("999999999999999.999999"), places=6, allow_nan=False)


@given(numbers)
def test_what_a_field_shows_reads_back(number: Decimal) -> None:
    assert parse_number(number_for_field(number, DECIMAL), DECIMAL) == number


@given(st.integers(0, 10**15 - 1))
def test_an_integer_shown_reads_back(number: int) -> None:
    assert parse_number(number_for_field(Decimal(number), INTEGER), INTEGER) == number
    assert parse_number(format_number(number), INTEGER) == number
    assert parse_number(number_for_field(Decimal(number), DECIMAL), DECIMAL) == number


@given(numbers)
def test_a_file_number_reads_back(number: Decimal) -> None:
    assert parse_file_number(f"{number:f}", DECIMAL) == number


@given(st.text())
def test_any_text_is_a_number_or_a_fault(text: str) -> None:
    for read in (parse_number, parse_file_number):
        for kind in NumberKind:
            try:
                number = read(text, kind)
            except NumberError:
                continue
            assert (-(10**15) if kind is REAL else -1) < number < 10**15


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, None, "0"),
        (1234, None, "1.234"),
        (Decimal("1234.50"), None, "1.234,5"),
        (Decimal("1E+3"), None, "1.000"),
        (1234567.891, None, "1.234.567,891"),
        (Fraction(27, 2), None, "13,5"),
        (Decimal("13.765"), 2, "13,77"),
        (13.765, 2, "13,77"),
        (np.float64(13.765), 2, "13,77"),
        (np.int64(1234), None, "1.234"),
        (1.005, 2, "1,01"),
        (Fraction(73, 106), 4, "0,6887"),
        (960, 2, "960,00"),
        (0.5, 0, "1"),
        (-1234.5, 1, "-1.234,5"),
        (-0.001, 2, "0,00"),
        (-0.0, None, "0"),
        (Decimal("999999999999999.999999"), 6, "999.999.999.999.999,999999"),
    ],
)
def test_numbers_are_written_the_vietnamese_way(value: float, decimals: int | None, text: str) -> None:
    assert format_number(value, decimals) == text


def test_nan_is_no_number_to_show() -> None:
    with pytest.raises(ValueError, match="NaN"):
        format_number(float("nan"))


@pytest.mark.parametrize(
    ("share", "text"), [(Fraction(3, 4), "75,00%"), (0.6887, "68,87%"), (1, "100,00%"), (0.0, "0,00%")]
)
def test_shares_are_written_as_percent(share: float, text: str) -> None:
    assert format_percent(share) == text


def test_instants_are_shown_by_the_clock_of_ha_noi() -> None:
    evening = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)
    assert format_date(evening) == "23/11/2026"
    assert format_time(evening) == "00:05"
    assert format_date(date(2026, 1, 2)) == "02/01/2026"


def test_an_instant_without_a_time_zone_is_refused() -> None:
    naive = datetime(2026, 11, 22, 17, 5)  # noqa: DTZ001
    for show in (format_date, format_time):
        with pytest.raises(ValueError, match="time zone"):
            show(naive)


@pytest.mark.parametrize("typed", ["23/11/2026", " 23-11-2026 ", "23.11.2026"])
def test_dates_are_read_day_first(typed: str) -> None:
    assert parse_date(typed) == date(2026, 11, 23)


@pytest.mark.parametrize("typed", ["30/02/2026", "11/23/2026", "2026-11-23", "23/11/26", "mai", ""])
def test_what_is_no_date_is_none(typed: str) -> None:
    assert parse_date(typed) is None


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_date_shown_reads_back(day: date) -> None:
    assert parse_date(format_date(day)) == day
