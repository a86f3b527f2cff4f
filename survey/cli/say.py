"""How the command speaks: sentences of the catalogue to stdout or stderr, and bars on long work at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn, TextIO, TypeVar

from survey.core.text import say

if TYPE_CHECKING:
    from tqdm import tqdm

Item = TypeVar("Item")


def tell(sentence: str, stream: TextIO | None = None) -> None:
    """Print a sentence that is ready."""
    print(sentence, file=stream or sys.stdout)


def inform(key: str, language: str, **values: object) -> None:
    """Print a sentence of the catalogue to stdout."""
    tell(say(key, language, **values))


def complain(key: str, language: str, **values: object) -> None:
    """Print a sentence of the catalogue to stderr."""
    tell(say(key, language, **values), sys.stderr)


def bar(items: Iterable[Item], label: str) -> Iterable[Item]:
    """`items`, with a progress bar on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        return items
    from tqdm import tqdm

    return tqdm(items, desc=label, unit="", leave=False)


class Steps:
    """A bar moved by hand, for work that reports how far it is."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: tqdm[NoReturn] | None = None

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` steps are behind us."""
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=total, desc=self._label, unit="", leave=False)
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()


@contextmanager
def steps(label: str) -> Iterator[Steps]:
    """A bar moved by hand that goes away at the end."""
    shown = Steps(label)
    try:
        yield shown
    finally:
        shown.close()
