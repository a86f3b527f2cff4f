"""The one input of what is printed of a phiếu: the sheet of figures, blank or filled, and the tờ trình, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.core.modifiers import Counts
from survey.core.paper import Letterhead

TOGETHER = 4  # figures of one indicator that are not parted by the end of a page


@dataclass(frozen=True, slots=True)
class Seal:
    """What ties a sheet to the content it was printed from."""

    short_hash: str  # 7F3A-91C2
    content_hash: str  # 64 hex digits
    url: str  # of the page that says whether the phiếu is still the same


@dataclass(frozen=True, slots=True)
class Choice:
    """One option to tick."""

    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One value asked for."""

    label: str
    unit: str
    value: str  # "" where blank
    choices: tuple[Choice, ...] = ()  # in place of a value
    entered_at: str = ""  # code of the indicator on the same sheet at which it is entered; "" where it is entered here
    faulty: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator."""

    code: str
    name: str
    maximum: str  # points; "" where unscored
    points: str  # "" on a blank sheet and where there are none
    figures: tuple[Figure, ...]  # none where the body is not asked
    remark: str  # why it is not asked, or when it is
    evidence: tuple[str, ...]
    evidence_wanted: str  # what proves it
    note: str
    counts: Counts = Counts.POINTS

    @property
    def long(self) -> bool:
        """Whether the end of a page may part its figures: held together, they would leave too much of a page empty."""
        return len(self.figures) > TOGETHER

    @property
    def limit(self) -> str:
        """The name of the sentence (in `print`) that tells its maximum."""
        if not self.maximum:
            return "unscored"
        return "maximum" if self.counts is Counts.POINTS else f"maximum_{self.counts.value}"


@dataclass(frozen=True, slots=True)
class Part:
    """One lowest group."""

    code: str
    name: str
    points: str  # "712,5 / 1.000"; "" on a blank sheet
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PhieuSheet:
    """Phiếu tự đánh giá, whole or one group, blank or filled."""

    letterhead: Letterhead
    agency: str
    questionnaire: str
    version: str
    round_title: str
    period: str
    deadline: str
    part: str  # "1. Nhận thức số" where it is one group; "" where it is the whole
    parts: tuple[Part, ...]
    total: str  # "712,50 / 1.000 điểm · 71,25%"; "" on a blank sheet
    notice: str
    printed_at: datetime
    seal: Seal | None  # None on a blank sheet
    language: str = "vi"

    @property
    def blank(self) -> bool:
        """Whether it is for collecting figures."""
        return self.seal is None


@dataclass(frozen=True, slots=True)
class GroupResult:
    """One main group in the table of a tờ trình."""

    code: str
    name: str
    maximum: str
    points: str
    rate: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Tờ trình: what the leader signs, on one page."""

    letterhead: Letterhead
    agency: str
    about: str  # trích yếu
    receiver: str  # "" where it is to be written in
    opening: str
    result: str  # total, rate, level
    groups: tuple[GroupResult, ...]
    lowest: tuple[str, ...]  # "5.3 Tỷ lệ …: 0 / 20"
    remarks: tuple[str, ...]  # claims without evidence, requests for "không áp dụng", missing answers
    closing: str
    notice: str
    printed_at: datetime
    seal: Seal
    language: str = "vi"
