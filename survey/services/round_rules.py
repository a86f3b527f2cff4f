"""What holds for every change of a round: who may make it, which codes and times can be, which rounds overlap."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from survey.core.answers import clean_text
from survey.core.workflow import Role, RoundState
from survey.services.checks import Checks
from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.instance import Session
from survey.services.people import EVERY_KIND, Person
from survey.services.reasons import checked_reason
from survey.storage import round_plans, rounds
from survey.storage.rounds import Round

LONGEST_CODE, LONGEST_TITLE, LONGEST_PERIOD = 20, 200, 100  # characters
RESERVED = frozenset({"moi"})  # the address of a new round
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class RoundChanged(Refused):
    """Somebody else has changed the round since it was read: look again, then repeat."""

    def __init__(self) -> None:
        super().__init__("rounds.changed_meanwhile", "revision")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another round that asks some of the same bodies at the same time."""

    code: str
    title: str
    opens_at: datetime
    closes_at: datetime
    bodies: int  # that are in both


def may_organise(person: Person) -> bool:
    """Whether the person is coordinator of every khối: rounds are theirs to make, open and close."""
    return Role.COORDINATOR in person.roles and EVERY_KIND in person.kinds


def require_organiser(person: Person | None) -> None:
    """Raise NotAllowed for anyone but a coordinator of every khối; None is the command line."""
    if person is not None and not may_organise(person):
        raise NotAllowed


def hold(session: Session, round_id: int, revision: int | None) -> Round:
    """The round, kept from others until the unit of work ends. Raises NotFound, RoundChanged (None: any revision)."""
    current = rounds.hold(session, round_id)
    if current is None:
        raise NotFound
    if revision is not None and current.revision != revision:
        raise RoundChanged
    return current


def checked_code(session: Session, typed: str, own: int | None = None) -> str:
    """The code, if it can be one and no other round has it. Raises Refused."""
    code = clean_text(typed).strip()
    if not code or len(code) > LONGEST_CODE:
        raise Refused("services.round_code", "code")
    if not _CODE.fullmatch(code) or code.lower() in RESERVED:
        raise Refused("rounds.code_form", "code")
    known = rounds.find(session, code)
    if known is not None and known.id != own:
        raise Refused("rounds.code_taken", "code", code=code)
    return code


def checked_words(typed: str, field: str, longest: int) -> str:
    """A title or period in one line. Raises Refused where there is none or it is too long."""
    text = " ".join(clean_text(typed).split())
    if not text:
        raise Refused(f"rounds.{field}_needed", field)
    if len(text) > longest:
        raise Refused("rounds.words_long", field, longest=longest)
    return text


def check_figures(first: date | None, last: date | None) -> None:
    """The days that figures cover: both or none, in order. Raises Refused."""
    if (first is None) != (last is None):
        raise Refused("rounds.figures_both", "figures_to" if last is None else "figures_from")
    if first is not None and last is not None and first > last:
        raise Refused("rounds.figures_order", "figures_to")


def checked_instant(moment: datetime | None, field: str) -> datetime:
    """An instant that was typed. Raises Refused where it is none."""
    if moment is None:
        raise Refused("rounds.instant_needed", field)
    return moment


def check_window(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> None:
    """Both are there; the deadline lies after the opening and is still to come. Raises Refused."""
    checks = Checks()
    checks.take(now, checked_instant, opens_at, "opens")
    checks.take(now, checked_instant, closes_at, "closes")
    checks.take(None, _check_deadline, opens_at, closes_at, now)
    checks.settle()


def _check_deadline(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> None:
    if closes_at is None:
        return
    if opens_at is not None and closes_at <= opens_at:
        raise Refused("rounds.closes_before_opens", "closes")
    if closes_at <= now:
        raise Refused("rounds.closes_past", "closes")


def checked_why(typed: str) -> str:
    """The reason of a change that bodies will read. Raises Refused, with what such a reason should say."""
    try:
        return checked_reason(typed)
    except Refused as refused:
        raise Refused("rounds.reason", "reason") from refused


def find_overlaps(
    session: Session, own: int | None, opens_at: datetime, closes_at: datetime, bodies: Collection[int]
) -> tuple[Overlap, ...]:
    """Other open rounds whose time and bodies are partly the same."""
    wanted = set(bodies)
    found = []
    for other in rounds.listed(session):
        if other.id == own or other.state is not RoundState.OPEN:
            continue
        if other.opens_at >= closes_at or other.closes_at <= opens_at:
            continue
        if shared := len(wanted & round_plans.members(session, other.id)):
            found.append(Overlap(other.code, other.title, other.opens_at, other.closes_at, shared))
    return tuple(found)


def require_agreed(overlaps: tuple[Overlap, ...], *, agreed: bool) -> None:
    """Raise Refused where rounds overlap and nobody has said that they may."""
    if overlaps and not agreed:
        other = overlaps[0]
        raise Refused("rounds.overlap", "overlap_ok", code=other.code, title=other.title, bodies=other.bodies)
