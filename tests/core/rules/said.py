"""The points that a sentence says, for tests: the figures read back from the words."""

from __future__ import annotations

import re
from fractions import Fraction

_POINTS = re.compile(r"([+−-]?)([0-9]{1,3}(?:\.[0-9]{3})*|[0-9]+)(?:,([0-9]+))? (?:/ |điểm|points)")


def points_in_words(sentence: str) -> Fraction | None:
    """The points at the head of a reason, below 0 where they are taken off; None where it says no points."""
    found = _POINTS.match(sentence)
    if found is None:
        return None
    sign, whole, decimals = found.groups()
    points = Fraction(f"{whole.replace('.', '')}.{decimals or '0'}")
    return points if sign in ("", "+") else -points
