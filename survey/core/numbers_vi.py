"""Numbers, dates and times as Vietnamese offices write them: read strictly, never guessed; 1.234,5 and dd/mm/yyyy."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from survey.core.asks import NumberKind
from survey.core.rounding import half_up

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LARGEST = Decimal(10) ** 15  # exclusive; beyond it float64 and Excel lose digits
MOST_DECIMALS = 6
MOST_DECIMALS_REAL = 15

_PLAIN = re.compile(r"[0-9]+")
_GROUPED_DOTS = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+")
_GROUPED_SPACES = re.compile(r"[1-9][0-9]{0,2}( [0-9]{3})+")
_ONE_DOT = re.compile(r"[0-9]+\.[0-9]+")
_SIGN = re.compile(r"[-\u2010-\u2015\u2212] ?(?=[0-9])")
_FILE_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?")


class NumberFault(StrEnum):
    """Why a text is not a number that can be taken."""

    NOT_A_NUMBER = "not_a_number"
    NOT_AN_INTEGER = "not_an_integer"
    NEGATIVE = "negative"
    AMBIGUOUS = "ambiguous"
    TOO_LARGE = "too_large"
    TOO_PRECISE = "too_precise"


class NumberError(ValueError):
    """A text that is not a number that can be taken."""

    def __init__(self, fault: NumberFault, typed: str) -> None:
        super().__init__(fault.value, typed)
        self.fault = fault
        self.typed = typed


def parse_number(typed: str, kind: NumberKind) -> Decimal:
    """The number a Vietnamese reader means: `1.234` and `1 234` are integers, `1.234,5` a decimal.

    What may be meant either way is asked back (NumberError AMBIGUOUS): a decimal typed `1.5` or `1.234`, an integer
    typed `1,000`. Spaces of every width may part thousands; other digits and units are refused, and so is a
    minus before anything but a real number.
    """
    text = " ".join(typed.split())
    sign = _SIGN.match(text)
    if sign is None:
        return _parse_plain(text, kind, typed)
    if kind is not NumberKind.REAL:
        raise NumberError(NumberFault.NEGATIVE, typed)
    return _negative(_parse_plain(text[sign.end() :], kind, typed))


def _parse_plain(text: str, kind: NumberKind, typed: str) -> Decimal:
    """A number without its sign."""
    whole, comma, decimals = text.partition(",")
    if comma and not _PLAIN.fullmatch(decimals):
        raise NumberError(NumberFault.NOT_A_NUMBER, typed)
    if comma and decimals == "000" and kind is NumberKind.INTEGER:
        raise NumberError(NumberFault.AMBIGUOUS, typed)
    if not comma and _ONE_DOT.fullmatch(whole):
        _refuse_one_dot(typed, whole, kind)
    for form in (_PLAIN, _GROUPED_DOTS, _GROUPED_SPACES):
        if form.fullmatch(whole):
            return _accept(whole.replace(".", "").replace(" ", ""), decimals, kind, typed)
    raise NumberError(NumberFault.NOT_A_NUMBER, typed)


def _refuse_one_dot(typed: str, text: str, kind: NumberKind) -> None:
    """One dot is a decimal point to some and parts thousands for others."""
    if kind is not NumberKind.INTEGER:
        raise NumberError(NumberFault.AMBIGUOUS, typed)
    if not _GROUPED_DOTS.fullmatch(text):
        raise NumberError(NumberFault.NOT_AN_INTEGER, typed)


def readings(typed: str) -> tuple[str, ...]:
    """What an AMBIGUOUS text may mean, each written so that it is taken: `1.234` → `1234` and `1,234`."""
    text = " ".join(typed.split())
    sign = _SIGN.match(text)
    minus, text = ("-", text[sign.end() :]) if sign else ("", text)
    decimal = minus + text.replace(".", ",")
    if _GROUPED_DOTS.fullmatch(text.replace(",", ".")):
        whole = minus + text.replace(".", "").replace(",", "")
        return (whole, decimal) if "." in text else (whole, minus + text.partition(",")[0])
    return (decimal,)


def most_decimals(kind: NumberKind | None) -> int:
    """How many digits after the comma a number may have."""
    return MOST_DECIMALS_REAL if kind is NumberKind.REAL else MOST_DECIMALS


def _negative(value: Decimal) -> Decimal:
    """The number below 0; 0 has no sign."""
    return value.copy_negate() if value else value


def parse_file_number(cell: str, kind: NumberKind) -> Decimal:
    """A number as files write it, with a decimal point: `1234.5`. Raises NumberError."""
    text = cell.strip()
    if not _FILE_NUMBER.fullmatch(text):
        raise NumberError(NumberFault.NOT_A_NUMBER, cell)
    value = Decimal(text)
    if value < 0 and kind is not NumberKind.REAL:
        raise NumberError(NumberFault.NEGATIVE, cell)
    if value.copy_abs() >= LARGEST:
        raise NumberError(NumberFault.TOO_LARGE, cell)
    whole, _, decimals = f"{value.copy_abs():f}".partition(".")
    accepted = _accept(whole, decimals.rstrip("0"), kind, cell)
    return _negative(accepted) if value < 0 else accepted


def _accept(whole: str, decimals: str, kind: NumberKind, typed: str) -> Decimal:
    if kind is NumberKind.INTEGER and decimals.strip("0"):
        raise NumberError(NumberFault.NOT_AN_INTEGER, typed)
    if len(decimals.rstrip("0")) > most_decimals(kind):
        raise NumberError(NumberFault.TOO_PRECISE, typed)
    if len(whole.lstrip("0")) > 15:
        raise NumberError(NumberFault.TOO_LARGE, typed)
    decimals = decimals.rstrip("0")
    return Decimal(f"{int(whole)}.{decimals}" if decimals else str(int(whole)))


def format_number(value: Decimal | Fraction | float, decimals: int | None = None) -> str:
    """`1.234,5`: all digits of a Decimal or int, or exactly `decimals` of them, rounded half-up.

    A float counts as the shortest decimal that names it (1.005 is 1,005); a fraction without end shows 28 digits.
    Raises ValueError for nan, OverflowError for infinity.
    """
    exact = _exact(value)
    if decimals is None:
        text = _digits(value) if isinstance(value, Decimal) else f"{Decimal(exact.numerator) / exact.denominator:f}"
    else:
        rounded = half_up(exact, decimals)
        digits = str(abs(rounded.numerator) * 10**decimals // rounded.denominator).rjust(decimals + 1, "0")
        cut = len(digits) - decimals
        text = f"{'-' if rounded < 0 else ''}{digits[:cut]}.{digits[cut:]}"
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = text.partition(".")
    return sign + f"{int(whole):,}".replace(",", ".") + ("," + rest if rest else "")


def _digits(value: Decimal) -> str:
    """Every digit, zeros at the end left out; a zero has no sign."""
    text = f"{value if value else value.copy_abs():f}"
    return text.rstrip("0").removesuffix(".") if "." in text else text


def _exact(value: Decimal | Fraction | float) -> Fraction:
    if isinstance(value, Decimal | Fraction | int):
        return Fraction(value)
    return Fraction(Decimal(repr(float(value))))  # float(): NumPy's own repr writes its name


def number_for_field(value: Decimal, kind: NumberKind) -> str:
    """`value` as a form field holds it: `parse_number` takes it back, so a decimal 1234 is not written 1.234."""
    text = format_number(value)
    if kind is not NumberKind.INTEGER and _ONE_DOT.fullmatch(text.removeprefix("-")):
        return text.replace(".", "")
    return text


def format_percent(share: Decimal | Fraction | float, decimals: int = 2) -> str:
    """A share as `75,00%`."""
    return format_number(_exact(share) * 100, decimals) + "%"


def format_megabytes(size: int) -> str:
    """Bytes in megabytes of 2**20, to one decimal: 1,2."""
    return f"{size / 2**20:.1f}".replace(".", ",")


def format_date(moment: date | datetime) -> str:
    """dd/mm/yyyy, an instant by the day in Hà Nội. Raises ValueError for an instant without a time zone."""
    day = _in_hanoi(moment) if isinstance(moment, datetime) else moment
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_time(moment: datetime) -> str:
    """HH:MM in Hà Nội. Raises ValueError for an instant without a time zone."""
    return _in_hanoi(moment).strftime("%H:%M")


def _in_hanoi(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return moment.astimezone(HANOI)


def parse_date(typed: str) -> date | None:
    """dd/mm/yyyy (or d/m/yyyy, with . or - between); None where it is no date of the calendar."""
    match = re.fullmatch(r"\s*([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})\s*", typed)
    if not match:
        return None
    day, month, year = (int(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
