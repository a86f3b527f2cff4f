"""What pages show of a submission: frozen views, with numbers as floats, times in UTC and sentences already in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from survey.core.asks import Ask, Text
from survey.core.questionnaire import Evidence, Level
from survey.core.workflow import Obstacle, RoundState, Step, SubmissionState


class LineStatus(StrEnum):
    """How far a group is: nothing yet, under way, something to mend (faults, a > b, missing documents), all there."""

    NONE = "none"
    DOING = "doing"
    FIX = "fix"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who did something, and when."""

    at: datetime
    by: str  # the person's name


@dataclass(frozen=True, slots=True)
class AgencyRef:
    """An agency named."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class RoundRef:
    """A round named, with its dates."""

    id: int
    code: str
    title: str
    period: str  # kỳ số liệu
    opens_at: datetime
    closes_at: datetime
    state: RoundState


@dataclass(frozen=True, slots=True)
class Returned:
    """A submission given back."""

    reason: str
    by: str
    at: datetime
    by_coordinator: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of having sent."""

    number: str
    at: datetime
    content_hash: str  # 64 hex digits
    short_hash: str  # "7F3A-91C2"
    by: str  # the leader's name
    audit_head: str  # hash of the last event of this submission's chain, when it was sent


@dataclass(frozen=True, slots=True)
class Standing:
    """Points so far. Rates are None where the applicable maximum is 0."""

    points: float
    maximum: float  # of what applies
    rate: float | None  # unrounded share
    rate_published: float | None  # half-up to 4 decimals; levels use it
    highest: float | None  # the published rate if everything missing earned its maximum
    level: Level | None  # by self points, for reference


@dataclass(frozen=True, slots=True)
class SubmissionHead:
    """What every page of one submission shows on top."""

    id: int
    agency: AgencyRef
    round: RoundRef
    cohort: Text  # nhóm xếp hạng
    questionnaire_id: str
    version: str
    title: Text
    notice: Text
    state: SubmissionState
    deadline: datetime  # the round's, or later where extended for this body
    steps: frozenset[Step]  # what this person may do now
    locked: Obstacle | None  # why answers cannot be changed now by anyone of the body (STATE, CLOSED, DEADLINE …)
    last_activity: Stamp | None
    presented: Stamp | None  # trình duyệt, the last time
    returned: Returned | None  # only while it waits to be mended
    receipt: Receipt | None  # only while sent

    @property
    def editable(self) -> bool:
        """Whether this person may change answers now."""
        return Step.FILL in self.steps


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group in the task list."""

    code: str
    name: Text
    short: Text
    depth: int  # 0 for chỉ số chính
    is_page: bool  # a lowest group: it has its own page
    status: LineStatus
    answered: int
    total: int  # indicators asked of this body: not provided, not applicable or hidden ones
    faults: int  # indicators with a faulty answer or a > b
    missing_evidence: int  # indicators that earn points and lack a required document
    pending_kad: int
    points: float
    maximum: float
    last_change: Stamp | None


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """The hub."""

    head: SubmissionHead
    groups: tuple[GroupLine, ...]  # all, parents first
    standing: Standing
    answered: int
    total: int


@dataclass(frozen=True, slots=True)
class FieldView:
    """One input as the form shows it."""

    key: str
    kind: str  # yes_no, choice, checks, integer, decimal, points, text
    label: Text  # empty for yes_no, choice, checks, points, text: the indicator's name is the label
    unit: Text
    typed: str  # text as typed; for choices the option code, for checks codes joined by ";"
    chosen: frozenset[str]  # option codes
    shown: str  # the value in words, for reading
    revision: int  # to be sent back as `seen`; 0 = never answered
    fault: str  # sentence; "" where none
    help: Text
    shared_with: tuple[str, ...]  # codes of other indicators that use this number
    last_change: Stamp | None


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One document record (tài liệu kiểm chứng)."""

    id: int
    number: str  # số, ký hiệu
    issued: date | None
    issuer: str
    summary: str  # trích yếu
    link: str
    attached_to: tuple[str, ...]  # indicator codes
    revision: int


@dataclass(frozen=True, slots=True)
class KadView:
    """A request that an indicator does not apply."""

    reason: str
    asked: Stamp
    decision: str | None  # None pending, "approved", "refused"
    decision_reason: str
    decided: Stamp | None


class Asked(StrEnum):
    """Whether the body is asked for an indicator now, and why not."""

    YES = "yes"
    PROVIDED = "provided"  # filled by the body that owns the figure; read-only
    NOT_APPLICABLE = "not_applicable"  # by the agency's attributes, or approved
    HIDDEN = "hidden"  # another answer makes it needless


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """One indicator on its page."""

    code: str
    name: Text
    ask: Ask
    fields: tuple[FieldView, ...]
    asked: Asked
    why_not_asked: str  # sentence; "" where asked
    provided_by: Text | None
    points: float | None  # None: missing, not applicable or unscored
    maximum: float
    decimals: int | None
    scored: bool  # False for `text`
    missing: bool
    reason: str  # "được 13,77/20 điểm vì …"
    rule: str  # how it is scored, in words
    faults: tuple[str, ...]  # sentences about the indicator as a whole (a > b)
    evidence_rule: Evidence | None
    evidence: tuple[EvidenceView, ...]
    evidence_missing: bool
    may_request_kad: bool
    kad: KadView | None
    note: str
    note_revision: int
    help: Text
    data_source: Text
    verified_with: Text
    basis: Text
    last_change: Stamp | None


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One lowest group."""

    head: SubmissionHead
    line: GroupLine
    help: Text
    parents: tuple[GroupLine, ...]  # outermost first
    indicators: tuple[IndicatorView, ...]
    evidence: tuple[EvidenceView, ...]  # all documents of the submission, to pick from
    previous: GroupLine | None
    next: GroupLine | None
    standing: Standing  # of the whole submission


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that check_submission found."""

    kind: FindingKind
    code: str  # indicator
    name: Text
    page: str  # code of the lowest group it is on
    sentence: str
    blocks: bool


class FindingKind(StrEnum):
    """What can be wrong or open with an indicator."""

    FAULT = "fault"  # a faulty answer; blocks
    PART = "part"  # a > b where a is part of b; blocks
    MISSING = "missing"  # to be confirmed by the clerk
    EVIDENCE = "evidence"
    PENDING_KAD = "pending_kad"


@dataclass(frozen=True, slots=True)
class CheckView:
    """ "Còn thiếu gì": everything found, blocking first, then in file order."""

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


@dataclass(frozen=True, slots=True)
class ReviewGroup:
    """A lowest group with all its answers, read-only."""

    line: GroupLine
    indicators: tuple[IndicatorView, ...]


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
