"""The coordinator's board: how many bodies are where, the median of those sent, the list with search and filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.core.asks import Text
from survey.core.workflow import SubmissionState
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.submission_views import AgencyRef, RoundRef


@dataclass(frozen=True, slots=True)
class ProgressFilter:
    """What the list is narrowed to; empty = all. `search` is compared without dấu with name, code and mã định danh."""

    search: str = ""
    cohort: str = ""  # cohort code
    state: SubmissionState | None = None
    questionnaire: str = ""  # questionnaire id
    page: int = 1
    per_page: int = 50


@dataclass(frozen=True, slots=True)
class CohortProgress:
    """One cohort's counts."""

    code: str
    name: Text
    total: int
    counts: Mapping[SubmissionState, int]
    median_rate: float | None  # of the published rates of those sent; None where none is sent

    @property
    def sent(self) -> int:
        """How many have sent."""
        return self.counts[SubmissionState.SENT]


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One body's submission in the list."""

    submission_id: int
    agency: AgencyRef
    parent: str  # name of the parent agency, "" where none
    cohort_code: str
    cohort: Text
    questionnaire_id: str
    state: SubmissionState
    last_activity: datetime | None
    sent_at: datetime | None
    returned: bool  # given back and not presented again
    pending_kad: int


@dataclass(frozen=True, slots=True)
class Progress:
    """The board."""

    round: RoundRef
    at: datetime  # figures are as of
    total: int
    counts: Mapping[SubmissionState, int]
    cohorts: tuple[CohortProgress, ...]
    questionnaires: Mapping[str, Text]  # id → title, for the filter
    rows: tuple[ProgressRow, ...]  # of the page asked for
    found: int  # rows that match the filter
    page: int
    pages: int


def follow_progress(
    session: Session,
    person: Person,
    round_id: int,
    narrow: ProgressFilter = ProgressFilter(),
    *,
    clock: Clock = system_clock,
) -> Progress:
    """The board of a round. Coordinators only (NotAllowed)."""
    raise NotImplementedError
