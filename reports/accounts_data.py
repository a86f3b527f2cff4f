"""What the workbook of accounts is made of: columns, rows of texts, and the bodies there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AccountsColumn:
    """One column: its heading, what belongs in it, and what a drop-down offers."""

    heading: str
    help: str
    options: tuple[str, ...] = ()
    required: bool = False
    told: bool = False  # only tells; the import looks past it
    width: float = 20.0


@dataclass(frozen=True, slots=True)
class AccountsBook:
    """What the workbook is made of: rows follow columns, every cell a text."""

    organisation: str
    taken_at: datetime
    notice: str
    audit_head: str  # "" for an empty workbook
    columns: tuple[AccountsColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    bodies: tuple[tuple[str, str, str], ...]  # code, name, khối
