"""The chase list as a workbook of one sheet: whom to call, what is missing, when the body was last reminded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reports.excel.list_sheet import Columns, list_workbook
from reports.excel.styles import CENTERED, CODE, COUNT, MOMENT, TEXT


@dataclass(frozen=True, slots=True)
class ChaseLine:
    """One body that has not sent."""

    code: str
    name: str
    parent: str
    cohort: str
    state: str  # in words
    missing: int  # indicators
    deadline: datetime
    days_left: int  # negative after the deadline
    contact: str
    phone: str
    activity: datetime | None
    by: str  # who was last at it
    reminders: int
    reminded: datetime | None


_AT = CENTERED.but(number=MOMENT)
COLUMNS: Columns = {
    "place": (6, COUNT),
    "code": (17, CODE),
    "name": (36, TEXT),
    "parent": (23, TEXT),
    "cohort": (22, TEXT),
    "state": (14, CENTERED),
    "missing": (9, COUNT),
    "deadline": (17, _AT),
    "days_left": (9, COUNT),
    "contact": (22, TEXT),
    "phone": (15, TEXT.but(horizontal="left")),
    "activity": (17, _AT),
    "by": (22, TEXT),
    "reminders": (9, COUNT),
    "reminded": (17, _AT),
}
WRAPPED = ("name", "parent", "cohort", "contact", "by")


def chase_workbook(
    title: str, at: datetime, lines: Sequence[ChaseLine], *, audit_head: str, notice: str, language: str
) -> bytes:
    """The .xlsx file, with a filter on its header and fit for print."""
    return list_workbook(
        "chase", COLUMNS, WRAPPED, lines,
        title=title, at=at, audit_head=audit_head, notice=notice, language=language,
    )  # fmt: skip
