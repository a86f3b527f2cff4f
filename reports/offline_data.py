"""The one input of the phiếu as a workbook that is filled in offline: its rows in words, with what stands now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OfflineRow:
    """One row: a group, an indicator, or one of its inputs."""

    code: str  # "" for groups and for numbers entered elsewhere
    name: str
    unit: str = ""
    value: Decimal | str | None = None
    kind: str = ""  # integer, decimal, real, points, choice, text; "" where no value stands
    options: tuple[str, ...] = ()  # to pick from
    open: bool = False  # the value may be typed
    note: str = ""
    may_note: bool = False
    kad: str = ""  # reason of a request that it does not apply
    may_kad: bool = False
    why: str = ""  # there is no document
    may_why: bool = False
    maximum: Decimal | None = None  # points
    help: str = ""
    told: str = ""  # why it is closed, or what is wrong with what stands
    wrong: bool = False  # `told` is a fault
    heads: bool = False  # an indicator's own row
    group: bool = False
    prompt: str = ""
    was: tuple[str, str, str, str] = ("", "", "", "")  # marks of value, note, request and explanation


@dataclass(frozen=True, slots=True)
class OfflineBook:
    """What the workbook is made of."""

    agency: str
    round_title: str
    period: str
    deadline: str
    title: str  # of the questionnaire
    version: str
    taken_at: datetime
    taken_by: str
    audit_head: str
    notice: str
    whose: str  # goes into every row
    rows: tuple[OfflineRow, ...]
