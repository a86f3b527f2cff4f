"""What is sent to be saved and what a save answers with: outcomes, both values of a conflict, points and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from survey.core.asks import Text


@dataclass(frozen=True, slots=True)
class Change:
    """One field: `key` is an input key or that of a text beside them (`note:<indicator code>` …).

    `seen` is the revision the form was shown (0: none).

    `typed` is the text as typed; an option code for yes_no and choice; codes joined by ";" for checks.
    """

    key: str
    typed: str
    seen: int


class SaveOutcome(StrEnum):
    """What became of one change."""

    SAVED = "saved"  # also where the same value was there already
    FAULT = "fault"  # kept as typed, marked, not scored
    CONFLICT = "conflict"  # not saved: changed since by someone else or in another window; both values are given
    READ_ONLY = "read_only"  # not saved: provided by another body, or no such field


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two values of one answer, in words with their units; "" = blank."""

    label: Text  # of the number; empty where the indicator's name is the label, and for the body's note
    mine: str  # was not saved
    theirs: str
    by: str  # who saved theirs
    at: datetime | None  # when
    own: bool  # oneself, in another window


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What became of one change."""

    key: str
    outcome: SaveOutcome
    revision: int  # the present one; to be sent as `seen` next time
    shown: str  # the present value in words
    typed: str  # the present text as typed (theirs, in a conflict)
    fault: str = ""  # sentence
    conflict: Conflict | None = None


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
    evidence_explained: bool
    asked: bool  # False: hidden, not applicable or provided now
    headline: str  # the first part of `reason`
    people: str = ""  # of a survey: all its counts added up
    questions: tuple[str, ...] = ()  # what looks odd, as far as the body has not confirmed it
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class GroupPoints:
    """What a group, or the whole, comes to after a save."""

    code: str
    points: float
    maximum: float  # of what applies
    outside: bool  # bonuses and penalties alone
    left_out: bool = False  # too little is known of it, and the mean above leaves it out
    decimals: int | None = 2  # of the points


@dataclass(frozen=True, slots=True)
class SavedAnswers:
    """What a save answers with."""

    answers: tuple[SavedAnswer, ...]
    indicators: tuple[IndicatorUpdate, ...]
    groups: tuple[GroupPoints, ...]  # the touched ones
    whole: GroupPoints | None  # None where too little is known
    at: datetime

    @property
    def conflicts(self) -> bool:
        """Whether anything was not saved because someone else had changed it (409)."""
        return any(answer.outcome is SaveOutcome.CONFLICT for answer in self.answers)
