"""The one input of every report: a round, or some scored agencies, as plain frozen data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from fractions import Fraction

from survey.core.answers import Case
from survey.core.questionnaire import Questionnaire
from survey.core.scoring import Scores
from survey.core.workflow import SubmissionState


@dataclass(frozen=True, slots=True)
class Cohort:
    """Nhóm xếp hạng: agencies are ranked inside it only. `code` is "" where no cohorts are given."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency in one questionnaire of the round: what stands beside its figures. Empty text: not known."""

    code: str
    name: str
    cohort: Cohort
    state: SubmissionState = SubmissionState.SENT
    parent: str = ""  # name of the body above it
    sent_at: datetime | None = None  # aware
    last_activity: datetime | None = None  # aware
    document_number: str = ""  # of the letter it was sent with
    contact: str = ""
    phone: str = ""
    notes: str = ""
    lacking_evidence: int | None = 0  # indicators that earn points and lack a required document; None: not known here
    verified_total: float | None = None  # điểm thẩm định, points
    previous_total: float | None = None  # last year's points
    given: bool = False  # its points came from another instance without their figures: nothing to count them from

    @property
    def sent(self) -> bool:
        """Whether it counts for ranks and levels."""
        return self.state is SubmissionState.SENT


@dataclass(frozen=True, slots=True)
class QuestionnaireResult:
    """One questionnaire and its agencies; agencies (official order), cases, scores and ranks follow one order."""

    questionnaire: Questionnaire
    agencies: tuple[AgencyRow, ...]
    cases: tuple[Case, ...]
    scores: Scores
    ranks: tuple[int | None, ...]  # inside cohorts, None where not ranked
    rules_hash: str = ""  # SHA-256 of the questionnaire file, hex; or `fingerprint`

    @property
    def cohorts(self) -> tuple[Cohort, ...]:
        """Its cohorts in the order of their first agency."""
        return tuple(dict.fromkeys(agency.cohort for agency in self.agencies))


@dataclass(frozen=True, slots=True)
class CohortTotals:
    """A cohort of which the reader sees no body: how many there are in each state, and the median where it is told."""

    cohort: Cohort
    counts: Mapping[SubmissionState, int]
    median_rate: float | None  # of those that have sent; None where none has, or too few
    too_few: bool = False

    @property
    def size(self) -> int:
        """How many bodies it has."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class RoundData:
    """One snapshot of a round."""

    code: str
    title: str
    period: str  # kỳ số liệu
    taken_at: datetime  # aware; figures are as of then
    closed: bool  # until then every figure is provisional
    results: tuple[QuestionnaireResult, ...]
    notice: str = ""  # said on every sheet and chart of a demonstration
    organisation: str = ""  # who publishes, for the head of printed lists
    engine: str = ""  # version of the program that scored
    audit_head: str = ""  # hash over all event chains when the snapshot was taken
    others: tuple[CohortTotals, ...] = ()  # the cohorts whose bodies are not among the results

    @property
    def listed(self) -> int:
        """How many phiếu are shown one by one."""
        return sum(len(result.agencies) for result in self.results)

    @property
    def size(self) -> int:
        """How many phiếu the round has."""
        return self.listed + sum(other.size for other in self.others)

    @property
    def sent(self) -> int:
        """How many of them have been sent."""
        shown = sum(agency.sent for result in self.results for agency in result.agencies)
        return shown + sum(other.counts[SubmissionState.SENT] for other in self.others)


def fingerprint(questionnaire: Questionnaire) -> str:
    """SHA-256 (hex) over every part of a questionnaire whose file is not at hand: equal parts, equal fingerprint."""
    return hashlib.sha256(_canonical(questionnaire).encode()).hexdigest()


def short_hash(digest: str) -> str:
    """The first eight digits as people compare them: 7F3A-91C2."""
    return f"{digest[:4]}-{digest[4:8]}".upper() if digest else ""


def _canonical(part: object) -> str:
    """One text a value, the same in every run: sets sorted, mappings by key."""
    if is_dataclass(part) and not isinstance(part, type):
        inner = ",".join(f"{field.name}={_canonical(getattr(part, field.name))}" for field in fields(part))
        return f"{type(part).__name__}({inner})"
    if isinstance(part, Mapping):
        return "{" + ",".join(f"{_canonical(key)}:{_canonical(part[key])}" for key in sorted(part)) + "}"
    if isinstance(part, (frozenset, set)):
        return "{" + ",".join(sorted(_canonical(item) for item in part)) + "}"
    if isinstance(part, Enum):
        return f"{type(part).__name__}.{part.name}"
    if isinstance(part, (str, Fraction, int)) or part is None:
        return repr(part)
    if isinstance(part, Sequence):
        return "[" + ",".join(_canonical(item) for item in part) + "]"
    raise TypeError(f"no canonical form for {type(part).__name__}")
