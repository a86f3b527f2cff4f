"""Numbers, dates and times as Vietnamese offices write them: read strictly, never guessed; 1.234,5 and dd/mm/yyyy."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
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

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")
_PLAIN = re.compile(r"[0-9]+")
_GROUPED_DOTS = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+")
_GROUPED_SPACES = re.compile(r"[0-9]{1,3}( [0-9]{3})+")
_ONE_DOT = re.compile(r"[0-9]+\.[0-9]+")
_FILE_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?")


class NumberFault(StrEnum):
    """Why a text is not a number that can be taken."""

    NOT_A_NUMBER = "not_a_number"
    NOT_AN_INTEGER = "not_an_integer"
    NEGATIVE = "negative"
    AMBIGUOUS = "ambiguous"
    TOO_LARGE = "too_large"
    TOO_PRECISE = "too_precise"


@dataclass(frozen=True, slots=True)
class NumberError(Exception):
    """A text that is not a number that can be taken."""

    fault: NumberFault
    typed: str


def parse_number(typed: str, kind: NumberKind) -> Decimal:
    """The number a Vietnamese reader means: `1.234` and `1 234` are integers, `1.234,5` a decimal.

    A decimal typed `1.5` or `1.234` may be meant either way and is asked back (NumberError AMBIGUOUS).
    """
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", typed)).strip()
    if text.startswith(("-", "\u2212")) and text[1:2].isdigit():
        raise NumberError(NumberFault.NEGATIVE, typed)
    whole, comma, decimals = text.partition(",")
    if comma and not _PLAIN.fullmatch(decimals):
        raise NumberError(NumberFault.NOT_A_NUMBER, typed)
    if not comma and _ONE_DOT.fullmatch(whole):
        _refuse_one_dot(typed, whole, kind)
    for form in (_PLAIN, _GROUPED_DOTS, _GROUPED_SPACES):
        if form.fullmatch(whole):
            return _accept(whole.replace(".", "").replace(" ", ""), decimals, kind, typed)
    raise NumberError(NumberFault.NOT_A_NUMBER, typed)


def _refuse_one_dot(typed: str, text: str, kind: NumberKind) -> None:
    if kind is NumberKind.DECIMAL:
        raise NumberError(NumberFault.AMBIGUOUS, typed)
    if not _GROUPED_DOTS.fullmatch(text):
        raise NumberError(NumberFault.NOT_AN_INTEGER, typed)


def parse_file_number(cell: str, kind: NumberKind) -> Decimal:
    """A number as files write it, with a decimal point: `1234.5`. Raises NumberError."""
    text = cell.strip()
    if not _FILE_NUMBER.fullmatch(text):
        raise NumberError(NumberFault.NOT_A_NUMBER, cell)
    value = Decimal(text)
    if value < 0:
        raise NumberError(NumberFault.NEGATIVE, cell)
    if value >= LARGEST:
        raise NumberError(NumberFault.TOO_LARGE, cell)
    whole, _, decimals = f"{value:f}".partition(".")
    return _accept(whole, decimals.rstrip("0"), kind, cell)


def _accept(whole: str, decimals: str, kind: NumberKind, typed: str) -> Decimal:
    if kind is NumberKind.INTEGER and decimals.strip("0"):
        raise NumberError(NumberFault.NOT_AN_INTEGER, typed)
    if len(decimals.rstrip("0")) > MOST_DECIMALS:
        raise NumberError(NumberFault.TOO_PRECISE, typed)
    if len(whole.lstrip("0")) > 15:
        raise NumberError(NumberFault.TOO_LARGE, typed)
    decimals = decimals.rstrip("0")
    return Decimal(f"{int(whole)}.{decimals}" if decimals else str(int(whole)))


def format_number(value: Decimal | Fraction | float, decimals: int | None = None) -> str:
    """`1.234,5`: all digits of a Decimal or int, or exactly `decimals` of them, rounded half-up."""
    if decimals is None:
        text = f"{Decimal(str(value)) if isinstance(value, float) else _as_decimal(value):f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
    else:
        exact = half_up(Fraction(Decimal(repr(value))) if isinstance(value, float) else Fraction(value), decimals)
        text = f"{_as_decimal(exact):.{decimals}f}"
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = text.partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return sign + grouped + ("," + rest if rest else "")


def _as_decimal(value: Decimal | Fraction | int) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(value)


def format_percent(share: Decimal | Fraction | float, decimals: int = 2) -> str:
    """A share as `75,00%`."""
    exact = Fraction(Decimal(repr(share))) if isinstance(share, float) else Fraction(share)
    return format_number(exact * 100, decimals) + "%"


def format_date(moment: date | datetime) -> str:
    """dd/mm/yyyy, an instant by the day in Hà Nội."""
    return (moment.astimezone(HANOI) if isinstance(moment, datetime) else moment).strftime("%d/%m/%Y")


def format_time(moment: datetime) -> str:
    """HH:MM in Hà Nội."""
    return moment.astimezone(HANOI).strftime("%H:%M")


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
