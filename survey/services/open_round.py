"""Rounds: opening one for the assessed agencies, closing it, finding the ones there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.core.asks import Text
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.submission_views import RoundRef

# Nhóm xếp hạng of Hà Nội in official order; names of cohort codes that the agencies' file uses.
COHORTS: Mapping[str, Text] = {
    "ban-dang-thanh-pho": Text("Các ban và Văn phòng Thành ủy", "City Party Committee boards and office"),
    "dang-uy-truc-thuoc": Text("Đảng ủy trực thuộc Thành ủy", "Party committees under the city"),
    "dang-uy-xa-phuong": Text("Đảng ủy xã, phường", "Commune and ward Party committees"),
    "so-nganh": Text("Sở, ban, ngành Thành phố", "City departments"),
    "ubnd-xa": Text("Ủy ban nhân dân xã", "Commune People's Committees"),
    "ubnd-phuong": Text("Ủy ban nhân dân phường", "Ward People's Committees"),
    "mttq-ctxh-thanh-pho": Text("MTTQ và các tổ chức chính trị - xã hội Thành phố", "City Front and organisations"),
    "mttq-xa-phuong": Text("MTTQ xã, phường", "Commune and ward Front committees"),
}


@dataclass(frozen=True, slots=True)
class OpenedRound:
    """What opening a round made."""

    round_id: int
    submissions: int
    added: int  # of them new; opening again adds agencies that have joined


def open_round(
    session: Session,
    *,
    code: str,
    title: str,
    period: str,
    opens_at: datetime,
    closes_at: datetime,
    by: Person | None = None,
    clock: Clock = system_clock,
) -> OpenedRound:
    """Open a round: one submission for every assessed agency, with the newest version of its questionnaire.

    Opening a code again adds agencies that have joined since and keeps all else. Raises Refused for impossible dates,
    agencies without a cohort, or a questionnaire id that is not published.
    """
    raise NotImplementedError


def close_round(session: Session, person: Person, round_id: int, *, clock: Clock = system_clock) -> None:
    """Close a round: nothing in it changes any more. Coordinators only."""
    raise NotImplementedError


def list_rounds(session: Session) -> tuple[RoundRef, ...]:
    """Rounds, newest first."""
    raise NotImplementedError


def find_round(session: Session, code: str) -> RoundRef:
    """The round of a code. Raises NotFound."""
    raise NotImplementedError
