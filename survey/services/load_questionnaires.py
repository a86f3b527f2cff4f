"""Publishing questionnaires: each version's full text is frozen, so that a submission is always scored with its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from survey.core.asks import Text
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person


@dataclass(frozen=True, slots=True)
class QuestionnaireRef:
    """One published version."""

    version_id: int
    id: str
    version: str
    title: Text
    sha256: str
    new: bool = False  # whether this call published it


def load_questionnaires(
    session: Session, folder: Path, *, by: Person | None = None, clock: Clock = system_clock
) -> tuple[QuestionnaireRef, ...]:
    """Publish `folder` (one questionnaire) or each folder in it that holds a questionnaire.yaml.

    An unchanged text is the version already there; a changed text under a version already published is Refused.
    Raises survey.core.errors.Faults with the faults of all folders; nothing is published then.
    """
    raise NotImplementedError


def list_questionnaires(session: Session) -> tuple[QuestionnaireRef, ...]:
    """Every published version, newest of each id first."""
    raise NotImplementedError
