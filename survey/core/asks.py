"""What can be asked: the sources of an indicator's answer, and the numbers and options they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in Vietnamese with an English twin that may be empty (then the Vietnamese one is shown)."""

    vi: str
    en: str = ""

    def in_language(self, language: str) -> str:
        """The text in `language` ("vi" or "en"), Vietnamese where there is no English."""
        return self.en if language == "en" and self.en else self.vi


class NumberKind(StrEnum):
    """How a number is written: 1.234 is an integer; a decimal is 1.234,5; a real may be negative and is measured."""

    INTEGER = "integer"
    DECIMAL = "decimal"  # six decimals at most, as offices count
    REAL = "real"  # fifteen decimals at most, below zero too: growth rates, figures of statistics


class ZeroB(StrEnum):
    """What a ratio earns when its denominator is 0."""

    KAD = "KAD"  # not applicable: leaves points and maximum
    ZERO = "zero"  # a duty not done
    FULL = "full"  # nothing to do, nothing undone


@dataclass(frozen=True, slots=True)
class Input:
    """One number asked for. `key` is its name where shared, else its place: `1.2.a`, `6.11.b2`, `5.2`."""

    key: str
    label: Text
    unit: Text
    kind: NumberKind
    shared: bool = False
    help: Text = Text("")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be picked; `code` is stable, `label` is read."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class Pair:
    """Numerator and denominator of one ratio."""

    a: Input
    b: Input
    part: bool  # a counts a part of b: a > b is marked and scored as missing; else the share is capped at 1
    label: Text = Text("")  # whose ratio it is, in a mean of ratios
    applies_when: Mapping[str, bool] = field(default_factory=dict)  # agency attributes; only in a mean of ratios


@dataclass(frozen=True, slots=True)
class YesNo:
    """Có / Không, stored as "yes" / "no"."""

    key: str
    question: Text = Text("")


@dataclass(frozen=True, slots=True)
class Choice:
    """Exactly one of the options."""

    key: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Checks:
    """Any of the options, none included: an empty set is an answer, blank is missing."""

    key: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """One number."""

    value: Input


@dataclass(frozen=True, slots=True)
class Ratio:
    """a / b."""

    pair: Pair


@dataclass(frozen=True, slots=True)
class MeanRatio:
    """The plain mean of the ratios that apply; one missing pair makes the indicator missing.

    zero_b holds pair by pair: KAD leaves the pair out, zero counts it 0, full counts it 1; no pair left is KAD.
    """

    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """One answer of a survey: how many chose it, and what it is worth."""

    value: Fraction  # 0 … 1
    count: Input  # people; an integer


@dataclass(frozen=True, slots=True)
class Survey:
    """How many people gave each grade: Σ value · count / Σ count. Nobody asked at all is b = 0, see `zero_b`."""

    grades: tuple[Grade, ...]


@dataclass(frozen=True, slots=True)
class Manual:
    """The verifier states the points, 0 to the maximum; the agency is not asked, so it is never missing."""

    key: str


@dataclass(frozen=True, slots=True)
class Points:
    """The agency states its own points, 0 to the maximum, at the indicator's decimals."""

    key: str


@dataclass(frozen=True, slots=True)
class FreeText:
    """Words, never scored."""

    key: str


@dataclass(frozen=True, slots=True)
class Fit:
    """Numbers that belong together, by input key: the parts added up are at most `whole`, or exactly as much.

    What does not fit is asked back and keeps nobody from sending.
    """

    parts: tuple[str, ...]
    whole: str
    exact: bool = False


Ask = YesNo | Choice | Checks | Number | Ratio | MeanRatio | Survey | Points | Manual | FreeText
