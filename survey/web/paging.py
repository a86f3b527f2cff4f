"""Long lists in pages: which slice is shown, and the page numbers to offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. `number` starts at 1."""

    rows: Sequence[T]
    number: int
    pages: int
    total: int  # rows in the whole list
    first: int  # place of the first row shown, 1-based; 0 where the list is empty

    @property
    def last(self) -> int:
        """Place of the last row shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    def numbers(self) -> list[int | None]:
        """Page numbers to offer: ends and neighbours; None stands for a gap."""
        near = {1, self.pages, *range(self.number - 1, self.number + 2)}
        offered: list[int | None] = []
        for number in sorted(n for n in near if 1 <= n <= self.pages):
            if offered and offered[-1] is not None and number > offered[-1] + 1:
                offered.append(None)
            offered.append(number)
        return offered


def paginate(rows: Sequence[T], asked: str | None, size: int = 50) -> Page[T]:
    """The page `asked` for (text from the address); the nearest one there is for anything else."""
    pages = max(1, -(-len(rows) // size))
    number = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    number = min(max(number, 1), pages)
    start = (number - 1) * size
    return Page(rows[start : start + size], number, pages, len(rows), start + 1 if rows else 0)
