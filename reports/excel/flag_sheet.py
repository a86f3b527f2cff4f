"""What is worth a look first as a workbook of one sheet: a line a sign, with the points that hang on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reports.excel.list_sheet import Columns, list_workbook
from reports.excel.styles import CENTERED, CODE, COUNT, TEXT


@dataclass(frozen=True, slots=True)
class FlagLine:
    """One sign of one phiếu."""

    code: str
    name: str
    cohort: str
    total: float  # points of the whole that hang on the phiếu's signs together
    indicators: str  # codes; "" where it is about the whole phiếu
    sign: str
    sentence: str
    stake: float | None  # points that hang on this sign; None where it is about the whole phiếu


POINTS = COUNT.but(number="#,##0.00")
COLUMNS: Columns = {
    "place": (6, COUNT),
    "code": (17, CODE),
    "name": (36, TEXT),
    "cohort": (22, TEXT),
    "total": (11, POINTS),
    "indicators": (16, TEXT),
    "sign": (20, CENTERED),
    "sentence": (60, TEXT),
    "stake": (11, POINTS),
}
WRAPPED = ("name", "cohort", "indicators", "sentence")


def flag_workbook(
    title: str, at: datetime, lines: Sequence[FlagLine], *, audit_head: str, notice: str, language: str
) -> bytes:
    """The .xlsx file, with a filter on its header and fit for print."""
    return list_workbook(
        "flags", COLUMNS, WRAPPED, lines,
        title=title, at=at, audit_head=audit_head, notice=notice, language=language,
    )  # fmt: skip
