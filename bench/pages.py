"""Saving an answer and opening a group page: CPU and SQL statements, the page beside the same markup in bare Jinja."""

from __future__ import annotations

from bench.measure import Figure


def measure_pages() -> None:
    """To be measured in its own process."""
    raise SystemExit("pages are not measured yet")


def print_pages(figure: Figure) -> None:
    """Print the rows of the table."""
