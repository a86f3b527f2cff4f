"""Names of agencies in narrow columns: what all of a cohort begin with is said once, below the title."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

LONG = 36  # characters that fit beside a bar


def shared_beginning(names: Sequence[str]) -> str:
    """The words that all names begin with, "" where the names are short enough or fewer than two."""
    if len(names) < 2 or max(map(len, names)) <= LONG:
        return ""
    words = zip(*(name.split()[:-1] for name in names), strict=False)
    return " ".join(same[0] for same in takewhile(lambda same: len(set(same)) == 1, words))


def without_beginning(name: str, beginning: str) -> str:
    """A name without the words that all begin with."""
    return name[len(beginning) :].strip() if beginning else name
