"""Several checks of one form: each is made, and what they refuse is told together, a sentence a field."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from survey.services.errors import Refused

T = TypeVar("T")


class RefusedTogether(Refused):
    """Several things typed that cannot be taken (422); where one sentence alone has room it is the first."""

    def __init__(self, found: tuple[Refused, ...]) -> None:
        first = found[0]
        super().__init__(first.key, first.field, **first.values)
        self._found = found

    @property
    def each(self) -> tuple[Refused, ...]:
        """Every refusal, in the order of the checks."""
        return self._found


class Checks:
    """What the checks of one form have refused so far."""

    def __init__(self) -> None:
        self._found: list[Refused] = []

    def take(self, otherwise: T, check: Callable[..., T], *given: object) -> T:
        """What the check makes of what was given; `otherwise` where it refuses, which `settle` tells."""
        try:
            return check(*given)
        except Refused as refused:
            self._found.extend(refused.each)
            return otherwise

    @property
    def found(self) -> tuple[Refused, ...]:
        """What was refused so far."""
        return tuple(self._found)

    def settle(self) -> None:
        """Raise what was refused: nothing may be kept before this has passed."""
        if len(self._found) == 1:
            raise self._found[0]
        if self._found:
            raise RefusedTogether(tuple(self._found))
