"""The offline phiếu of one submission: its lines by what the body is asked for now, and whose it is."""

from __future__ import annotations

from datetime import datetime

from survey.core.offline_cells import Whose
from survey.core.offline_lines import Closed, OfflinePhieu, lay_out
from survey.core.questionnaire import Indicator
from survey.services.page_views import Asked
from survey.services.sheet import Sheet


def offline_phieu(sheet: Sheet) -> OfflinePhieu:
    """Its lines as things stand."""
    indicators = sheet.questionnaire.indicators
    closed = {indicator.code: why for indicator in indicators if (why := _closed(sheet, indicator)) is not None}
    asked = {key for indicator in indicators for key in sheet.asked_keys(indicator)}
    return lay_out(sheet.questionnaire, closed, frozenset(sheet.questionnaire.keys) - asked)


def _closed(sheet: Sheet, indicator: Indicator) -> Closed | None:
    """Why the body does not fill it in; what another answer hides stays open, as on the pages."""
    if sheet.asked(indicator) is Asked.NOT_APPLICABLE:
        return Closed.NOT_APPLICABLE
    if not indicator.by_agency:
        return Closed.GRADED
    return Closed.PROVIDED if indicator.provided_by is not None else None


def whose_phieu(sheet: Sheet, made_at: datetime | None = None) -> Whose:
    """Which phiếu it is."""
    row = sheet.row
    made = made_at.isoformat(timespec="seconds") if made_at else ""
    return Whose(row.round_code, row.agency_code, row.questionnaire_id, row.version, row.sha256, made)
