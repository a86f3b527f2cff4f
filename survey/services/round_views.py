"""What the pages of rounds show: a round's plan with what it will make and what is missing, and the list of rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from survey.core.asks import Text
from survey.core.workflow import RoundState
from survey.services.round_rules import Overlap


class Phase(StrEnum):
    """Where a round is in time."""

    DRAFT = "draft"
    COMING = "coming"  # opened, its first day is still to come
    RUNNING = "running"
    OVER = "over"  # past its deadline, not yet closed
    CLOSED = "closed"


def phase_of(state: RoundState, opens_at: datetime, closes_at: datetime, now: datetime) -> Phase:
    """Where it is now."""
    if state is not RoundState.OPEN:
        return Phase(state.value)
    if now < opens_at:
        return Phase.COMING
    return Phase.RUNNING if now <= closes_at else Phase.OVER


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """What is typed about a round; times are aware."""

    code: str
    title: str
    period: str  # kỳ số liệu, in words
    figures_from: date | None
    figures_to: date | None
    opens_at: datetime | None  # None where what was typed is no instant
    closes_at: datetime | None
    cohorts: frozenset[str]  # that take part
    versions: frozenset[int]  # of questionnaires, one of each


@dataclass(frozen=True, slots=True)
class CohortChoice:
    """A cohort that may take part."""

    code: str
    name: Text
    chosen: bool
    bodies: int  # assessed ones in it now
    made: int  # submissions there are


@dataclass(frozen=True, slots=True)
class VersionRef:
    """One published version."""

    version_id: int
    version: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionnaireChoice:
    """A questionnaire with the version that the round uses."""

    id: str
    title: Text
    versions: tuple[VersionRef, ...]  # newest first
    chosen: int  # version_id
    bodies: int  # of the round that answer it
    answered: int  # submissions begun; the version is frozen then

    @property
    def version(self) -> str:
        """The chosen version's number."""
        return next(one.version for one in self.versions if one.version_id == self.chosen)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What is missing before a round can take every body."""

    no_cohort: tuple[str, ...]  # names of assessed bodies without a cohort
    no_questionnaire: tuple[str, ...]  # … without a questionnaire
    unpublished: tuple[tuple[str, int], ...]  # questionnaire id, bodies that would answer it

    @property
    def bodies(self) -> int:
        """How many bodies are left out until the register is completed."""
        return len(set(self.no_cohort) | set(self.no_questionnaire))


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """One round, whole."""

    id: int
    code: str
    title: str
    period: str
    figures_from: date | None
    figures_to: date | None
    opens_at: datetime
    closes_at: datetime
    state: RoundState
    phase: Phase
    revision: int
    copied_from: str  # code, "" where from nothing
    cohorts: tuple[CohortChoice, ...]
    questionnaires: tuple[QuestionnaireChoice, ...]
    to_make: int  # submissions that opening, or adding those joined, makes now
    made: int
    sent: int
    extended: int  # bodies with a deadline of their own
    lacking: Lacking
    overlaps: tuple[Overlap, ...]  # with other open rounds

    @property
    def unsent(self) -> int:
        """Submissions not sent."""
        return self.made - self.sent


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One round in the list."""

    id: int
    code: str
    title: str
    period: str
    opens_at: datetime
    closes_at: datetime
    phase: Phase
    made: int
    sent: int
