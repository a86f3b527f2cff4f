"""What the page of one group shows: indicators, their fields, documents and requests; sentences already in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from survey.core.asks import Ask, Text
from survey.core.modifiers import Counts
from survey.core.questionnaire import Evidence, Origin
from survey.services.submission_views import GroupLine, Stamp, Standing, SubmissionHead


@dataclass(frozen=True, slots=True)
class FieldView:
    """One input as the form shows it."""

    key: str
    kind: str  # yes_no, choice, checks, integer, decimal, real, points, text
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
class LastValue:
    """What the body answered to one input the period before."""

    key: str
    label: Text  # empty where the indicator's name is the label
    shown: str  # in words, without the unit
    unit: Text
    typed: str  # as the form takes it


@dataclass(frozen=True, slots=True)
class FileTag:
    """What pages tell of a file that was handed in."""

    id: int
    name: str  # cleaned, with the ending of its content
    size: int  # bytes
    media_type: str


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
    file: FileTag | None = None
    place: str = ""  # page or article, where it stands at one indicator
    place_revision: int = 0


@dataclass(frozen=True, slots=True)
class KadView:
    """A request that an indicator does not apply."""

    reason: str
    asked: Stamp
    decision: str | None  # None pending, "approved", "refused"
    decision_reason: str
    decided: Stamp | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The body's word that what was asked back is right."""

    reason: str  # "" where none was given
    said: Stamp


class Asked(StrEnum):
    """Whether the body is asked for an indicator now, and why not."""

    YES = "yes"
    PROVIDED = "provided"  # filled by the body that owns the figure; read-only
    NOT_APPLICABLE = "not_applicable"  # by the agency's attributes, or approved
    HIDDEN = "hidden"  # another answer makes it needless
    GRADED = "graded"  # the verifiers state its points; nobody of the body is asked


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
    evidence_missing: bool  # required, and neither there nor explained
    evidence_explained: bool  # required, not there, and the body says why
    unproven: str  # why there is no document
    unproven_revision: int
    may_request_kad: bool
    kad: KadView | None
    note: str
    note_revision: int
    help: Text
    data_source: Text
    verified_with: Text
    basis: Text
    last_change: Stamp | None
    headline: str  # the first part of `reason`: "13,77 / 20 điểm"
    origin: Origin  # where wording and points come from
    source: str = ""  # of provided figures: who gave them, when, by which letter
    given_since: bool = False  # a provided figure came after the phiếu was put before the leader, or sent
    pending: bool = False  # leaves points and maximum for now: not graded yet, or the cohort's figures are not there
    counts: Counts = Counts.POINTS
    people: str = ""  # of a survey: all its counts added up; "" while there are none
    last: tuple[LastValue, ...] = ()  # what it answered the period before, as far as it was asked the same
    last_period: str = ""
    questions: tuple[str, ...] = ()  # what looks odd, in words; keeps nobody from sending
    confirmed: Confirmed | None = None  # that it is right all the same
    notice: str = ""  # what the body must know of how it counts: bonus, penalty, gate, held against the cohort


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
