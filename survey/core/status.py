"""The status column of verified tables, from an indicator's self and verified points."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction


class Status(StrEnum):
    """What officials write beside an indicator after verification."""

    NOT_DONE = "Chưa thực hiện"
    EVIDENCE_WANTED = "Cần bổ sung minh chứng"
    DONE = "Hoàn thành"
    UNDER_WAY = "Đang thực hiện"


def status(self_points: Fraction, verified_points: Fraction, maximum: Fraction) -> Status:
    """The first that holds: self = 0, self > verified, self = maximum; else under way.

    The rule is read off a real commune's table of 62 indicators, which it explains without exception.
    """
    if self_points == 0:
        return Status.NOT_DONE
    if self_points > verified_points:
        return Status.EVIDENCE_WANTED
    if self_points == maximum:
        return Status.DONE
    return Status.UNDER_WAY
