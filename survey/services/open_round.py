"""Rounds: opening one for the bodies that take part, adding those that join, closing it, finding the ones there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from survey.core.answers import clean_text
from survey.core.workflow import Obstacle, RoundState, Step, SubmissionState
from survey.services import audit
from survey.services.errors import Blocked, NotFound, Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.round_rules import (
    checked_code,
    find_overlaps,
    hold,
    require_agreed,
    require_organiser,
)
from survey.services.submission_views import RoundRef
from survey.storage import agencies, events, questionnaires, round_plans, rounds
from survey.storage.agencies import Agency
from survey.storage.events import START, EventStream, submission_stream
from survey.storage.rounds import Round
from survey.storage.submission_rows import lock_round, rows_of_agency
from survey.storage.submissions import Submission


@dataclass(frozen=True, slots=True)
class OpenedRound:
    """What opening a round made."""

    round_id: int
    submissions: int
    added: int  # of them new; opening again adds agencies that have joined
    left_out: int = 0  # assessed bodies without a cohort or a questionnaire: they wait for the register


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

    Opening a code again adds agencies that have joined since and keeps all else; a draft is opened with these dates.
    Raises Refused for impossible dates or a questionnaire that is not published, Blocked where the round is closed.
    """
    require_organiser(by)
    if opens_at >= closes_at:
        raise Refused("services.round_dates", "closes")
    known = rounds.find(session, clean_text(code).strip())
    if known is None:
        events.start_stream(session, audit.ROUNDS)  # of two presses at once the second finds the round of the first
        known = rounds.find(session, clean_text(code).strip())
    if known is not None and known.state is RoundState.OPEN:
        return add_joined(session, by, known.id, clock=clock)
    if known is not None and known.state is RoundState.CLOSED:
        raise Blocked(Step.FILL, Obstacle.CLOSED)
    current = known or Round(code=checked_code(session, code), state=RoundState.DRAFT, receipts=0)
    current.title, current.period = clean_text(title).strip(), clean_text(period).strip()
    current.opens_at, current.closes_at = opens_at, closes_at
    session.add(current)
    session.flush()
    return _begin(session, current, by, clock())


def start_round(
    session: Session,
    person: Person,
    round_id: int,
    revision: int,
    *,
    overlap_ok: bool = False,
    lacking_ok: bool = False,
    clock: Clock = system_clock,
) -> OpenedRound:
    """Open a draft. Raises NotFound, NotAllowed, RoundChanged, Refused for what must be settled or agreed before."""
    require_organiser(person)
    current = hold(session, round_id, None)
    if current.state is not RoundState.DRAFT:
        raise Refused("rounds.opened_already", "revision")
    hold(session, round_id, revision)
    now = clock()
    if current.closes_at <= now:
        raise Refused("rounds.closes_past", "closes")
    joining, left_out = _taking_part(session, current)
    if not joining:
        raise Refused("rounds.nobody", "cohorts")
    if left_out and not lacking_ok:
        raise Refused("rounds.lacking", "lacking_ok", count=len(left_out))
    ids = {agency.id for agency in joining}
    overlaps = find_overlaps(session, current.id, current.opens_at, current.closes_at, ids)
    require_agreed(overlaps, agreed=overlap_ok)
    return _begin(session, current, person, now)


def add_joined(
    session: Session,
    person: Person | None,
    round_id: int,
    cohorts: Collection[str] = (),
    *,
    clock: Clock = system_clock,
) -> OpenedRound:
    """Add the bodies that have joined since an open round was opened, and whole cohorts that had no part in it.

    Raises NotFound, NotAllowed, and Refused where it is not open or a questionnaire is not published.
    """
    require_organiser(person)
    current = hold(session, round_id, None)
    if current.state is RoundState.CLOSED:
        raise Refused("rounds.closed", "revision")
    if current.state is RoundState.DRAFT:
        raise Refused("rounds.not_opened", "revision")
    own = rounds.cohorts_of(session, current.id)
    wider = sorted(set(cohorts) - own) if own else []
    if wider:
        rounds.set_cohorts(session, current.id, own | set(wider))
        current.revision += 1
    return _begin(session, current, person, clock(), wider)


def _begin(
    session: Session, current: Round, by: Person | None, now: datetime, wider: Sequence[str] = ()
) -> OpenedRound:
    """Make what is not there yet, and tell it in one event."""
    known = round_plans.members(session, current.id)
    joining, left_out = _taking_part(session, current)
    joined = [agency for agency in joining if agency.id not in known]
    drafted = current.state is RoundState.DRAFT
    current.state = RoundState.OPEN
    added = _add_submissions(session, current, joined)
    if drafted:
        rounds.set_versions(session, current.id, round_plans.held(session, current.id).keys())
        current.revision = (current.revision or 0) + 1
    session.flush()
    if added or drafted or wider:
        times = {"opens_at": current.opens_at.isoformat(), "closes_at": current.closes_at.isoformat()}
        told = {"round": current.code, "added": added, "left_out": len(left_out), **(times if drafted else {})}
        told |= {"cohorts": list(wider)} if wider else {}
        audit.record(session, audit.ROUNDS, "round_opened" if drafted else "round_joined", by, now, **told)
    return OpenedRound(current.id, len(known) + added, added, len(left_out))


def _taking_part(session: Session, current: Round) -> tuple[list[Agency], list[Agency]]:
    """(assessed bodies that take part in a round, those left out for want of a cohort or a questionnaire)."""
    every = agencies.assessed(session)
    chosen = rounds.cohorts_of(session, current.id)
    wanted = [one for one in every if not chosen or one.cohort_code in chosen or one.cohort_code is None]
    whole = [one for one in wanted if one.cohort_code and one.questionnaire_id]
    return whole, [one for one in wanted if not (one.cohort_code and one.questionnaire_id)]


def _add_submissions(session: Session, current: Round, joined: list[Agency]) -> int:
    newest = chosen_versions(session, current.id)
    missing = sorted({agency.questionnaire_id for agency in joined} - newest.keys())
    if missing:
        raise Refused("services.questionnaire_unknown", id=", ".join(missing))
    submissions = [
        Submission(
            round_id=current.id,
            agency_id=agency.id,
            version_id=newest[agency.questionnaire_id],
            cohort_code=agency.cohort_code,
            state=SubmissionState.NOT_STARTED,
            answers={},
            revision=0,
        )
        for agency in joined
    ]
    session.add_all(submissions)
    session.flush()
    heads = [{"stream": submission_stream(one.id), "count": 0, "head": START} for one in submissions]
    if heads:
        session.execute(sa.insert(EventStream), heads)
    own = rounds.versions_of(session, current.id)
    if fresh := {one.version_id for one in submissions} - own:
        rounds.set_versions(session, current.id, own | fresh)
    return len(submissions)


def chosen_versions(session: Session, round_id: int) -> dict[str, int]:
    """Questionnaire id → the version used: the round's own where it has one, else the newest."""
    own = rounds.versions_of(session, round_id)
    chosen: dict[str, int] = {}
    for version in questionnaires.listed(session):
        if version.id in own or version.questionnaire_id not in chosen:
            chosen[version.questionnaire_id] = version.id
    return chosen


def close_round(
    session: Session, person: Person | None, round_id: int, revision: int | None = None, *, clock: Clock = system_clock
) -> None:
    """Close a round: nothing in it changes any more. Coordinators of every khối only; twice is once."""
    require_organiser(person)
    lock_round(session, round_id)  # saves under way end first; later ones wait, and find it closed
    current = hold(session, round_id, None)
    if current.state is RoundState.CLOSED:
        return
    if current.state is RoundState.DRAFT:
        raise Refused("rounds.not_opened", "revision")
    hold(session, round_id, revision)
    current.state, current.revision = RoundState.CLOSED, current.revision + 1
    session.flush()
    audit.record(session, audit.ROUNDS, "round_closed", person, clock(), round=current.code)


def list_rounds(session: Session) -> tuple[RoundRef, ...]:
    """Rounds that were opened, newest first; drafts are in plan_round.list_plans."""
    return tuple(_ref(found) for found in rounds.listed(session) if found.state is not RoundState.DRAFT)


def coming_rounds(
    session: Session, person: Person, agency_id: int, *, clock: Clock = system_clock
) -> tuple[RoundRef, ...]:
    """Rounds opened for one of the person's bodies that begin later, the next one first."""
    if agency_id not in {body.agency_id for body in person.bodies}:
        return ()
    now = clock()
    rows = [row for row in rows_of_agency(session, agency_id) if row.round_state is RoundState.OPEN]
    found = [rounds.find(session, row.round_code) for row in rows if now < row.opens_at]
    return tuple(sorted((_ref(one) for one in found if one is not None), key=lambda one: one.opens_at))


def find_round(session: Session, code: str) -> RoundRef:
    """The round of a code. Raises NotFound."""
    found = rounds.find(session, clean_text(code).strip())
    if found is None:
        raise NotFound
    return _ref(found)


def named_round(session: Session, code: str) -> RoundRef:
    """The same for a command line. Raises Refused, naming the rounds there are."""
    found = rounds.find(session, clean_text(code).strip())
    if found is None:
        known = ", ".join(one.code for one in list_rounds(session)) or "–"
        raise Refused("cli.round_unknown", "round", code=code, known=known)
    return _ref(found)


def get_round(session: Session, round_id: int) -> RoundRef:
    """The round of an id. Raises NotFound."""
    found = session.get(Round, round_id)
    if found is None:
        raise NotFound
    return _ref(found)


def _ref(found: Round) -> RoundRef:
    return RoundRef(found.id, found.code, found.title, found.period, found.opens_at, found.closes_at, found.state)
