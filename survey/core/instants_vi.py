"""Instants as people type them, a day and a time of day in Hà Nội: "15/12/2026" and "17:00", "17h", "17 giờ 30"."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from survey.core.numbers_vi import HANOI, format_date, format_time, parse_date

_TIME = re.compile(r"([0-9]{1,2})\s*(?:[:.]|h|giờ|g)\s*([0-9]{1,2})?\s*(?:phút|p)?", re.IGNORECASE)


def parse_time(typed: str) -> time | None:
    """17:00, 17.00, 17h, 17h30, 17 giờ 30; None where it is no time of a day."""
    match = _TIME.fullmatch(typed.strip())
    if not match or (match[2] is None and typed.strip()[-1] in ":."):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def parse_instant(day: str, clock: str) -> datetime | None:
    """The instant of a day and a time typed in Hà Nội; None where either is none."""
    typed, at = parse_date(day), parse_time(clock)
    return None if typed is None or at is None else datetime.combine(typed, at, HANOI)


def day_of(moment: datetime) -> date:
    """The day of the calendar of Hà Nội in which an instant lies."""
    return moment.astimezone(HANOI).date()


def weekday(moment: datetime) -> int:
    """The day of the week in Hà Nội, 0 for Monday."""
    return moment.astimezone(HANOI).weekday()


def days_between(now: datetime, later: datetime) -> int:
    """Whole days of the calendar of Hà Nội from one instant to another; negative for an earlier one."""
    return (day_of(later) - day_of(now)).days


def plain_instant(moment: datetime) -> str:
    """17:00, 15/12/2026."""
    return f"{format_time(moment)}, {format_date(moment)}"
