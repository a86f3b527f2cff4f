"""Scores of a whole round: one vector pass per questionnaire over all its submissions, and ranks inside cohorts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.core.answers import Case
from survey.core.asks import Text
from survey.core.questionnaire import Level, Questionnaire
from survey.core.scoring import Scores
from survey.core.workflow import SubmissionState
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.submission_views import AgencyRef, RoundRef


@dataclass(frozen=True, slots=True)
class RoundEntry:
    """One body's submission in a round, with what summaries print beside its score."""

    submission_id: int
    agency: AgencyRef
    identifier: str  # mã định danh; "" where not yet given
    kind: str
    type: str
    admin_level: str
    parent: str  # parent agency's name
    cohort_code: str
    state: SubmissionState
    last_activity: datetime | None
    sent_at: datetime | None
    receipt: str
    content_hash: str  # of what was signed off; "" unless sent
    pending_kad: int  # requests not yet answered
    missing_evidence: int  # indicators that earn points and lack a required document
    notes: Mapping[str, str]  # indicator code → the body's note


@dataclass(frozen=True, slots=True)
class ScoredQuestionnaire:
    """All submissions to one questionnaire version; entries, cases and scores are in one order."""

    questionnaire: Questionnaire
    entries: tuple[RoundEntry, ...]  # by cohort, then official order of agencies
    cases: tuple[Case, ...]
    scores: Scores


@dataclass(frozen=True, slots=True)
class CohortRef:
    """A cohort named."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class RoundScores:
    """One snapshot of a round."""

    round: RoundRef
    at: datetime
    demonstration: bool
    instance_id: str
    cohorts: tuple[CohortRef, ...]  # in official order
    questionnaires: tuple[ScoredQuestionnaire, ...]
    audit_head: str  # hash over the heads of all event chains


@dataclass(frozen=True, slots=True)
class RankedRow:
    """One sent submission in its cohort's ranking."""

    rank: int  # 1-2-2-4 by published rate
    submission_id: int
    agency: AgencyRef
    points: float
    maximum: float
    rate_published: float
    level: Level | None
    groups: Mapping[str, float | None]  # code of a top group → share of its maximum; None where it does not apply


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranking of one cohort: only what was sent is ranked."""

    round: RoundRef
    cohort: CohortRef
    questionnaire_id: str
    groups: tuple[tuple[str, Text, Text], ...]  # code, name, short name of the top groups
    rows: tuple[RankedRow, ...]  # best first, ties by Vietnamese name
    unranked: tuple[AgencyRef, ...]  # not yet sent


def score_round(session: Session, round_id: int, *, clock: Clock = system_clock) -> RoundScores:
    """Score every submission of the round as it stands, in one snapshot. Raises NotFound."""
    raise NotImplementedError


def rank_cohort(session: Session, person: Person, round_id: int, cohort: str) -> Ranking:
    """The ranking of one cohort by self points. Coordinators only. Raises NotFound."""
    raise NotImplementedError
