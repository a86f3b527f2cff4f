"""The four colours of levels, which stay apart in black-and-white print; cells and bars also carry their number."""

from __future__ import annotations

LEVEL_COLOURS = ("D9E6F2", "8FB8DE", "3F7FBF", "12436D")  # lowest level first
LEVEL_INKS = ("1B2733", "1B2733", "FFFFFF", "FFFFFF")  # of numbers on them


def level_colour(place: int, count: int) -> int:
    """Which of the four colours the level at `place` (0 the highest) of `count` levels takes."""
    return round((count - 1 - place) * (len(LEVEL_COLOURS) - 1) / max(count - 1, 1))
