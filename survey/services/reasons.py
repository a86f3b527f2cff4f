"""Reasons that people must give: long enough to help, and no placeholder."""

from __future__ import annotations

import re

from survey.core.answers import clean_text
from survey.core.sorting_vi import fold
from survey.services.errors import Refused

SHORTEST = 10  # characters
LONGEST = 2000
# What is typed to get past a required field.
_EMPTY_WORDS = frozenset(
    {
        "bo sung",
        "chua dat yeu cau",
        "de nghi bo sung",
        "de nghi kiem tra lai",
        "de nghi xem lai",
        "khong ap dung",
        "khong co ly do",
        "khong dat yeu cau",
        "kiem tra lai",
        "yeu cau bo sung",
        "yeu cau kiem tra lai",
    }
)


def checked_reason(typed: str, field: str = "reason", asked: str = "reason") -> str:
    """The reason, cleaned. Raises Refused, kindly, where it is too short, too long or says nothing.

    `asked`: what it is a reason for, by the name of its sentences: "reason" to look again, "kad" not to apply.
    """
    text = clean_text(typed).strip()
    if len(text) > LONGEST:
        raise Refused("services.reason_long", field, longest=LONGEST)
    letters = re.sub(r"[\W_]+", "", text)
    if len(text) < SHORTEST or len(set(letters.lower())) < 4:
        raise Refused(f"services.{asked}_short", field, shortest=SHORTEST)
    if re.sub(r"[\W_]+", " ", fold(text)).strip() in _EMPTY_WORDS:
        raise Refused(f"services.{asked}_empty", field)
    return text
