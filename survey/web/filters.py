"""How figures and times are written in pages: 1.234,5, 75,00%, dd/mm/yyyy, 09:12."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from flask import Flask

from survey.core.numbers_vi import format_date, format_megabytes, format_number, format_percent, format_time
from survey.core.rules.shown import signed_points

NOTHING = "–"
MEGABYTE = 2**20  # bytes


def points(value: Decimal | Fraction | float | None, decimals: int | None = 2) -> str:
    """Points with their decimals; a dash where there are none."""
    return NOTHING if value is None else format_number(value, decimals)


def signed(value: Decimal | Fraction | float | None, decimals: int | None = 2) -> str:
    """Points outside the maximum, with their sign."""
    return NOTHING if value is None else signed_points(Fraction(value), decimals)


def plain(value: Decimal | Fraction | float | None) -> str:
    """A number with as many digits as it has."""
    return NOTHING if value is None else format_number(value)


def percent(value: Decimal | Fraction | float | None) -> str:
    """A share as 75,00%; a dash where there is none (nan included)."""
    return NOTHING if value is None or value != value else format_percent(value)


def day(moment: date | datetime | None) -> str:
    """dd/mm/yyyy."""
    return NOTHING if moment is None else format_date(moment)


def clock(moment: datetime | None) -> str:
    """HH:MM."""
    return NOTHING if moment is None else format_time(moment)


def moment(instant: datetime | None) -> str:
    """HH:MM, dd/mm/yyyy, as Vietnamese offices write an instant."""
    return NOTHING if instant is None else f"{format_time(instant)}, {format_date(instant)}"


def file_size(size: int) -> str:
    """Bytes as people count them: 340 KB, 1,2 MB."""
    if size < MEGABYTE:
        return f"{max(1, round(size / 1024))} KB"
    return f"{format_megabytes(size)} MB"


def init_app(app: Flask) -> None:
    """Offer the formats to templates as filters."""
    for name in (points, signed, plain, percent, day, clock, moment, file_size):
        app.add_template_filter(name)
