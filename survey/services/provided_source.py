"""Where provided figures come from, in words, and whether they came after the phiếu had moved on."""

from __future__ import annotations

from datetime import date
from typing import Any

from survey.core import document as doc
from survey.core.numbers_vi import HANOI, format_date
from survey.core.questionnaire import Indicator
from survey.core.text import say
from survey.core.workflow import SubmissionState
from survey.storage.submission_rows import SubmissionRow

_VALUE = ("value", "special", "typed", "fault")


def value_of(entry: doc.Entry | None) -> dict[str, Any]:
    """What an entry says of the figure, its source left out."""
    return {key: value for key, value in (entry or {}).items() if key in _VALUE}


def source_sentence(indicator: Indicator, document: doc.Document, language: str) -> str:
    """Who gave the figures of an indicator, when and by which letter; empty while there are none."""
    entries = [document[key] for key in indicator.keys if value_of(document.get(key))]
    if not entries or indicator.provided_by is None:
        return ""
    entry = max(entries, key=lambda one: str(one["at"]))
    dated, number = entry.get("dated", ""), entry.get("source", "")
    day = date.fromisoformat(dated) if dated else doc.time_of(entry).astimezone(HANOI).date()
    body = entry.get("body") or indicator.provided_by.in_language(language)
    key = "web_provide.source_letter" if number else "web_provide.source"
    said = say(key, language, body=body, day=format_date(day), number=number)
    return f"{said} {say('web_provide.source_adjusted', language)}" if entry.get("adjusted") else said


def given_since(row: SubmissionRow, indicator: Indicator) -> bool:
    """Whether a figure was given or corrected after the phiếu was put before the leader, or sent: points may differ."""
    moved = row.sent_at if row.state is SubmissionState.SENT else row.presented_at
    if moved is None or row.state not in (SubmissionState.AWAITING_APPROVAL, SubmissionState.SENT):
        return False
    entries = (row.answers[key] for key in indicator.keys if key in row.answers)
    return indicator.provided_by is not None and any(doc.time_of(entry) > moved for entry in entries)
