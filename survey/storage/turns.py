"""A first-come, first-served lock: SQLite's own waiting is unfair, so that with many writers some wait far too long."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class TurnNotCome(Exception):
    """The turn did not come in time."""


class Turns:
    """Hands one turn at a time to the waiting threads, in the order in which they came."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    @contextmanager
    def take(self, seconds: float) -> Iterator[None]:
        """Wait for the turn and hold it. Raises TurnNotCome when it has not come within `seconds`."""
        self._acquire(seconds)
        try:
            yield
        finally:
            self._release()

    def _acquire(self, seconds: float) -> None:
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            ticket = threading.Event()
            self._waiting.append(ticket)
        if ticket.wait(seconds):
            return
        with self._mutex:
            if ticket.is_set():  # it came between the end of waiting and here
                return
            self._waiting.remove(ticket)
        raise TurnNotCome

    def _release(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
