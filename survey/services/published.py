"""Published questionnaires as read from the database: each version is read once in a process, as none ever changes."""

from __future__ import annotations

from survey.core.load import load_text
from survey.core.questionnaire import Questionnaire
from survey.services.instance import Session
from survey.storage.questionnaires import source_of

# Reading one takes about half a second, a save a few milliseconds. By the hash of the text, so never out of date.
_READ: dict[str, Questionnaire] = {}


def published(session: Session, version_id: int, sha256: str) -> Questionnaire:
    """The questionnaire of a version."""
    known = _READ.get(sha256)
    if known is None:
        known = _READ[sha256] = load_text(source_of(session, version_id), f"questionnaire version {version_id}")
    return known
