"""What checking and reviewing a whole submission shows: findings, every answer, what is lowest and what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from survey.core.asks import Text
from survey.services.last_year import LastTotal
from survey.services.page_views import EvidenceView, IndicatorView
from survey.services.submission_views import GroupLine, Receipt, Standing, SubmissionHead


class FindingKind(StrEnum):
    """What can be wrong or open with an indicator."""

    FAULT = "fault"  # a faulty answer; blocks
    PART = "part"  # a > b where a is part of b; blocks
    MISSING = "missing"  # to be confirmed by the clerk
    EVIDENCE = "evidence"
    EXPLAINED = "explained"  # no document, and why
    PENDING_KAD = "pending_kad"
    ASK_BACK = "ask_back"  # looks odd, and was not confirmed


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that check_submission found."""

    kind: FindingKind
    code: str  # indicator
    name: Text
    page: str  # code of the lowest group it is on
    page_name: Text
    sentence: str
    blocks: bool
    apart: bool = False  # it says more than that an answer is missing, and is told
    stake: float = 0.0  # points of the whole that hang on it
    field: str = ""  # key of the input that is wrong or blank; "" where it is about the indicator


@dataclass(frozen=True, slots=True)
class CheckView:
    """ "Còn thiếu gì": everything found, blocking first, then by the points at stake."""

    head: SubmissionHead
    findings: tuple[Finding, ...]
    counts: Mapping[FindingKind, int]
    standing: Standing

    @property
    def blocking(self) -> int:
        """How many findings keep it from being sent."""
        return sum(finding.blocks for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Lowest:
    """One of the indicators that lose most."""

    code: str
    name: Text
    page: str
    points: float
    maximum: float
    decimals: int | None  # of the points


@dataclass(frozen=True, slots=True)
class ReviewGroup:
    """A lowest group with all its answers, read-only."""

    line: GroupLine
    indicators: tuple[IndicatorView, ...]


@dataclass(frozen=True, slots=True)
class Voided:
    """An approval that was ended: what was approved is no longer what stands sent."""

    receipt: Receipt
    ended: datetime


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Everything the leader (or the coordinator) sees of a submission."""

    head: SubmissionHead
    standing: Standing
    groups: tuple[GroupLine, ...]
    answers: tuple[ReviewGroup, ...]
    findings: tuple[Finding, ...]
    full_without_evidence: tuple[str, ...]  # codes that claim the maximum and lack a required document
    lowest: tuple[Lowest, ...]  # five, worst first
    changed: tuple[str, ...]  # codes changed since the time before that it was presented
    evidence: tuple[EvidenceView, ...]
    content_hash: str  # goes into the approval form
    short_hash: str
    void: Voided | None = None  # an approval that holds no longer, while no other does
    last: LastTotal | None = None  # what it came to the period before
