"""Every table of the system in one metadata: importing this module makes all models known."""

from __future__ import annotations

from survey.storage import (
    accounts,
    agencies,
    announcements,
    deputies,
    events,
    evidence,
    files,
    imports,
    invitations,
    outbox,
    packages,
    providers,
    questionnaires,
    rounds,
    settings,
    submissions,
)
from survey.storage.base import Base

__all__ = [
    "accounts",
    "agencies",
    "announcements",
    "deputies",
    "events",
    "evidence",
    "files",
    "imports",
    "invitations",
    "metadata",
    "outbox",
    "packages",
    "providers",
    "questionnaires",
    "rounds",
    "settings",
    "submissions",
]

metadata = Base.metadata
