"""What a sentence's headline says, read back as points."""

from __future__ import annotations

import re
from fractions import Fraction

from survey.core.questionnaire import Indicator
from survey.core.rules.exact import Outcome, State


def told_points(headline: str) -> Fraction | None:
    """The points that a sentence's headline names (7,5 / 10; +2 điểm; −1,25 điểm); None where it names none."""
    found = re.match(r"([+\u2212-]?)([0-9.]+(?:,[0-9]+)?)(?: / | điểm)", headline.replace("\xa0", " "))
    if found is None:
        return None
    points = Fraction(found[2].replace(".", "").replace(",", "."))
    return points if found[1] in ("", "+") else -points


def is_told(indicator: Indicator, exact: Outcome, headline: str) -> bool:
    """Whether a sentence's headline says what the exact reading does."""
    points = told_points(headline)
    match exact.state:
        case State.NOT_APPLICABLE:
            return headline == "Không áp dụng"
        case State.PENDING:
            return points is None and headline != "Không áp dụng"
        case _ if points is None:
            return False
        case _ if indicator.decimals is None:
            return abs(points - exact.points) <= Fraction(1, 10**6)
        case _:
            return points == exact.points
