"""Instants as people type them: a day and a time of day in Hà Nội, or nothing at all."""

from datetime import UTC, datetime, time

import pytest

from survey.core.instants_vi import days_between, parse_instant, parse_time, plain_instant, weekday


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("17:00", time(17)), (" 8:05 ", time(8, 5)), ("17.30", time(17, 30)), ("17h", time(17)),
        ("17H30", time(17, 30)), ("17 giờ 30 phút", time(17, 30)), ("0:00", time()), ("23:59", time(23, 59)),
        ("24:00", None), ("17:60", None), ("17", None), ("17:", None), ("", None), ("5pm", None), ("١٧:٠٠", None),
        ("17:00:00", None), ("-1:00", None),
    ],
)  # fmt: skip
def test_a_time_of_day_is_read_strictly(typed: str, expected: time | None) -> None:
    assert parse_time(typed) == expected


def test_an_instant_is_by_the_clock_of_ha_noi() -> None:
    moment = parse_instant("15/12/2026", "17:00")
    assert moment == datetime(2026, 12, 15, 10, tzinfo=UTC)
    assert (weekday(moment), plain_instant(moment)) == (1, "17:00, 15/12/2026")
    assert parse_instant("31/02/2026", "17:00") is None
    assert parse_instant("15/12/2026", "25:00") is None


def test_days_are_those_of_the_calendar_in_ha_noi() -> None:
    night = datetime(2026, 11, 23, 16, 59, tzinfo=UTC)  # 23:59 in Hà Nội
    assert days_between(night, datetime(2026, 11, 23, 17, 0, tzinfo=UTC)) == 1
    assert days_between(datetime(2026, 11, 23, 17, 0, tzinfo=UTC), night) == -1
