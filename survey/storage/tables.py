"""Every table of the system in one metadata: importing this module makes all models known."""

from __future__ import annotations

from survey.storage import accounts, agencies, events, evidence, questionnaires, rounds, settings, submissions
from survey.storage.base import Base

__all__ = [
    "accounts",
    "agencies",
    "events",
    "evidence",
    "metadata",
    "questionnaires",
    "rounds",
    "settings",
    "submissions",
]

metadata = Base.metadata
