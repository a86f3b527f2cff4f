"""What every page of a submission shows: its head, task list and standing; numbers as floats, times in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from survey.core.asks import Text
from survey.core.questionnaire import Level
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
class PaperSignature:
    """What was recorded of a paper that the leader signed."""

    number: str  # số, ký hiệu
    signed_on: date
    capacity: str  # "", "TM.", "KT.", "TL.", "TUQ."; of a Party body "T/M" …
    signer: str
    title: str  # chức vụ
    scan_id: int | None  # of the file, where the scan is kept here


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of having sent."""

    number: str
    at: datetime
    content_hash: str  # 64 hex digits
    short_hash: str  # "7F3A-91C2"
    by: str  # who approved; in the leader's place: "KT. Nguyễn Văn A"
    audit_head: str  # hash of the last event of this submission's chain, when it was sent
    paper: PaperSignature | None = None  # None: approved here by a click
    title: str = ""  # chức vụ of one who approved in the leader's place
    in_place: bool = False  # approved here in the leader's place; `by` begins with the capacity


@dataclass(frozen=True, slots=True)
class Standing:
    """Points so far. Rates are None where the applicable maximum is 0, points too where too little is known."""

    points: float | None
    maximum: float  # of what applies
    rate: float | None  # unrounded share
    rate_published: float | None  # half-up to 4 decimals; levels use it
    lowest: float | None  # the published rate if what is missing earned nothing, and penalties not answered took all
    highest: float | None  # … if everything missing earned its maximum
    level: Level | None  # by self points, for reference
    levels: tuple[Level, ...] = ()  # all there are, highest first
    few: Text | None = None  # where too little is known: that it is, how much there is and how much is needed
    decimals: int | None = 2  # of the points
    made: Text | None = None  # of a mean: of which shares and weights


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
    kind: str = ""  # khối of the agency
    missing_is_zero: bool = True  # of its questionnaire: what has no figures earns 0 points

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
    missing_points: float = 0.0  # what filling in the missing ones can bring at most
    outside: bool = False  # bonuses and penalties only: points without a maximum
    left_out: bool = False  # too little is known of it, and the mean above leaves it out: its points are no 0
    decimals: int | None = 2  # of its points
    made: Text | None = None  # of a mean: of which shares and weights


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """The hub."""

    head: SubmissionHead
    groups: tuple[GroupLine, ...]  # all, parents first
    standing: Standing
    answered: int
    total: int
    given_since: tuple[str, ...] = ()  # provided indicators given after it was presented or sent
