"""Printed invitations as one Word file, a page for each person."""

from __future__ import annotations

from collections.abc import Sequence

from survey.services.instance import Clock, system_clock
from survey.services.write_letters import Letter, letter_words


def make_letters(letters: Sequence[Letter], address: str, *, clock: Clock = system_clock) -> bytes:
    """The file; `address` is the page where a code is typed."""
    from reports.word.letters import write_letters

    return write_letters([letter_words(letter, address) for letter in letters], at=clock())
