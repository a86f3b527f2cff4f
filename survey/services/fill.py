"""Saving answers as they are typed, each with the revision it was seen at: two people never overwrite each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.submission_views import GroupLine, Standing


@dataclass(frozen=True, slots=True)
class Change:
    """One field: `key` is an input key or `note:<indicator code>`; `seen` the revision the form was shown (0: none).

    `typed` is the text as typed; an option code for yes_no and choice; codes joined by ";" for checks.
    """

    key: str
    typed: str
    seen: int


class SaveOutcome(StrEnum):
    """What became of one change."""

    SAVED = "saved"  # also where the same value was there already
    FAULT = "fault"  # kept as typed, marked, not scored
    CONFLICT = "conflict"  # not saved: someone else changed it since; both values are given
    READ_ONLY = "read_only"  # not saved: provided by another body, or no such field


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What became of one change."""

    key: str
    outcome: SaveOutcome
    revision: int  # the present one; to be sent as `seen` next time
    shown: str  # the present value in words
    typed: str  # the present text as typed (theirs, in a conflict)
    fault: str = ""  # sentence
    mine: str = ""  # conflict: the value that was not saved, in words
    changed_by: str = ""  # conflict: who
    changed_at: datetime | None = None  # conflict: when


@dataclass(frozen=True, slots=True)
class IndicatorUpdate:
    """An indicator that the changes touched (its inputs, or what makes it shown)."""

    code: str
    points: float | None
    maximum: float
    reason: str
    faults: tuple[str, ...]
    missing: bool
    evidence_missing: bool
    asked: bool  # False: hidden, not applicable or provided now


@dataclass(frozen=True, slots=True)
class SavedAnswers:
    """What a save answers with."""

    answers: tuple[SavedAnswer, ...]
    indicators: tuple[IndicatorUpdate, ...]
    groups: tuple[GroupLine, ...]  # the lines of the touched groups
    standing: Standing
    at: datetime

    @property
    def conflicts(self) -> bool:
        """Whether anything was not saved because someone else had changed it (409)."""
        return any(answer.outcome is SaveOutcome.CONFLICT for answer in self.answers)


def save_answers(
    session: Session,
    person: Person,
    submission_id: int,
    changes: Sequence[Change],
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> SavedAnswers:
    """Save what can be saved, in one event. Raises NotFound, NotAllowed, Blocked (deadline, state)."""
    raise NotImplementedError
