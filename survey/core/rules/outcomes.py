"""What an indicator of one agency counts for: its state, what led to it, and its points as fractions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from fractions import Fraction


class State(IntEnum):
    """What an indicator counts for.

    MISSING and HIDDEN score 0 and keep the maximum; NOT_APPLICABLE and PENDING leave points and maximum.
    """

    MISSING = 0
    SCORED = 1
    NOT_APPLICABLE = 2
    HIDDEN = 3
    PENDING = 4  # not settled yet and nobody's fault: the verifier has not graded, the cohort's figures are not there


LEAVES_MAXIMUM = (State.NOT_APPLICABLE, State.PENDING)


class Why(StrEnum):
    """What led to the state."""

    ANSWERED = "answered"
    ZERO_B = "zero_b"  # b = 0 decided: not applicable, nothing or everything
    GATED = "gated"  # answered, and held down by its gate
    BLANK = "blank"
    A_ABOVE_B = "a_above_b"
    OUT_OF_RANGE = "out_of_range"  # a number or an answer that the question does not take
    AWAITED = "awaited"  # another body provides it and has not yet
    WAITING = "waiting"  # the answer that decides whether it is asked is missing
    NOT_A_DUTY = "not_a_duty"  # by the agency's attributes
    APPROVED = "approved"
    NOT_ASKED = "not_asked"  # show_when
    UNGRADED = "ungraded"  # the verifier states its points and has not yet
    NO_PEERS = "no_peers"  # no figures of the cohort to hold it against


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one indicator earned: points are rounded, 0 unless SCORED, below 0 for a penalty.

    `share` is what the points were made of; `measured` is what the transfer read; `before_gate` is the share that a
    closed gate took away, None where no gate did.
    """

    state: State
    why: Why
    points: Fraction = Fraction(0)
    share: Fraction | None = None
    measured: Fraction | None = None
    before_gate: Fraction | None = None
