"""Times at which people work: the past as one axis of working minutes, so that nothing happens at night or tomorrow."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, time, timedelta

from survey.core.numbers_vi import HANOI

HOURS = ((time(8, 0), time(11, 30)), (time(13, 30), time(17, 15)))  # Hà Nội time, Monday to Friday
SATURDAY = 5


class Workdays:
    """The working minutes from `start` to `end`; position 0 is the first, `length` the last."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self._starts: list[datetime] = []
        self._before: list[float] = []  # minutes before each stretch
        self.length = 0.0
        day, last = start.astimezone(HANOI).date(), end.astimezone(HANOI).date()
        while day <= last:
            for opens, closes in HOURS if day.weekday() < SATURDAY else ():
                first = max(datetime.combine(day, opens, HANOI), start)
                until = min(datetime.combine(day, closes, HANOI), end)
                if first < until:
                    self._starts.append(first)
                    self._before.append(self.length)
                    self.length += (until - first).total_seconds() / 60
            day += timedelta(days=1)
        if not self._starts:  # nobody has worked yet: everything happened just now
            self._starts, self._before, self.length = [start], [0.0], (end - start).total_seconds() / 60

    def at(self, position: float) -> datetime:
        """The time at a position, whole seconds."""
        inside = min(max(position, 0.0), self.length)
        stretch = bisect_right(self._before, inside) - 1
        return self._starts[stretch] + timedelta(seconds=int((inside - self._before[stretch]) * 60))
