"""What changes how an indicator or a group counts: bonus and penalty, gates, questions shown, means and their gaps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Hidden(StrEnum):
    """What an indicator counts for while show_when keeps it from being asked."""

    ZERO = "zero"  # 0 points, the maximum stays
    KAD = "KAD"


class Counts(StrEnum):
    """How the points of an indicator count in the sums."""

    POINTS = "points"  # earned out of the maximum
    BONUS = "bonus"  # added outside the maximum
    PENALTY = "penalty"  # taken off, outside the maximum


class Aggregate(StrEnum):
    """How a group, or the whole, is made of its parts."""

    SUM = "sum"  # points added up
    MEAN = "mean"  # weighted arithmetic mean of the parts' shares
    GEOMETRIC = "geometric"  # weighted geometric mean of the parts' shares


class MissingRule(StrEnum):
    """What a missing part counts in a mean."""

    ZERO = "zero"
    LEFT_OUT = "left_out"  # the weights of the others are scaled up


@dataclass(frozen=True, slots=True)
class Condition:
    """The share of the maximum that an indicator or a group must reach (pass, where `exclusive`)."""

    code: str
    limit: Fraction
    exclusive: bool = False

    def holds(self, share: Fraction) -> bool:
        """Whether a share is enough."""
        return share > self.limit if self.exclusive else share >= self.limit


@dataclass(frozen=True, slots=True)
class Gate:
    """Unless an earlier indicator or group reaches its share, this indicator earns `otherwise` at most."""

    condition: Condition
    otherwise: Fraction = Fraction(0)  # share of the maximum


@dataclass(frozen=True, slots=True)
class ShowWhen:
    """Asked only while another indicator (yes_no, choice or checks, earlier in the file) has one of these answers."""

    code: str
    values: frozenset[str]
    hidden: Hidden = Hidden.ZERO
