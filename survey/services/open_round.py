"""Rounds: opening one for the assessed agencies, closing it, finding the ones there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from survey.core.answers import clean_text
from survey.core.workflow import Obstacle, RoundState, Step, SubmissionState
from survey.services import audit
from survey.services.errors import Blocked, NotFound, Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.scope import require_coordinator
from survey.services.submission_views import RoundRef
from survey.storage import agencies, questionnaires, rounds
from survey.storage.agencies import Agency
from survey.storage.events import START, EventStream, submission_stream
from survey.storage.rounds import Round, RoundQuestionnaire
from survey.storage.submission_rows import known_agencies, lock_round
from survey.storage.submissions import Submission


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

    Opening a code again adds agencies that have joined since and keeps all else. Raises Refused for impossible dates or
    a questionnaire that is not published, Blocked where the round is closed.
    """
    if by is not None:
        require_coordinator(by)
    code = clean_text(code).strip()
    if not code or len(code) > 20 or opens_at >= closes_at:
        raise Refused("services.round_dates" if code and len(code) <= 20 else "services.round_code", "code")
    current = rounds.find(session, code)
    if current is None:
        current = Round(
            code=code,
            title=clean_text(title).strip(),
            period=clean_text(period).strip(),
            opens_at=opens_at,
            closes_at=closes_at,
            state=RoundState.OPEN,
            receipts=0,
        )
        session.add(current)
        session.flush()
    elif current.state is RoundState.CLOSED:
        raise Blocked(Step.FILL, Obstacle.CLOSED)
    known = known_agencies(session, current.id)
    joined = [agency for agency in agencies.assessed(session) if agency.id not in {one for one, _ in known}]
    added = _add_submissions(session, current, joined)
    if added:
        audit.record(session, audit.ROUNDS, "round_opened", by, clock(), round=code, added=added)
    return OpenedRound(current.id, len(known) + added, added)


def _add_submissions(session: Session, current: Round, joined: list[Agency]) -> int:
    newest = _versions(session, current.id)
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
    for version_id in {one.version_id for one in submissions} - rounds.versions_of(session, current.id):
        session.add(RoundQuestionnaire(round_id=current.id, version_id=version_id))
    session.flush()
    return len(submissions)


def _versions(session: Session, round_id: int) -> dict[str, int]:
    """Questionnaire id → the version used: the round's own where it has one, else the newest."""
    own = rounds.versions_of(session, round_id)
    chosen: dict[str, int] = {}
    for version in questionnaires.listed(session):
        if version.id in own or version.questionnaire_id not in chosen:
            chosen[version.questionnaire_id] = version.id
    return chosen


def close_round(session: Session, person: Person, round_id: int, *, clock: Clock = system_clock) -> None:
    """Close a round: nothing in it changes any more. Coordinators only; twice is once."""
    require_coordinator(person)
    lock_round(session, round_id)  # saves under way end first; later ones wait, and find it closed
    current = session.get(Round, round_id, with_for_update=True)
    if current is None:
        raise NotFound
    if current.state is RoundState.CLOSED:
        return
    current.state = RoundState.CLOSED
    session.flush()
    audit.record(session, audit.ROUNDS, "round_closed", person, clock(), round=current.code)


def list_rounds(session: Session) -> tuple[RoundRef, ...]:
    """Rounds, newest first."""
    return tuple(_ref(found) for found in rounds.listed(session))


def find_round(session: Session, code: str) -> RoundRef:
    """The round of a code. Raises NotFound."""
    found = rounds.find(session, clean_text(code).strip())
    if found is None:
        raise NotFound
    return _ref(found)


def get_round(session: Session, round_id: int) -> RoundRef:
    """The round of an id. Raises NotFound."""
    found = session.get(Round, round_id)
    if found is None:
        raise NotFound
    return _ref(found)


def _ref(found: Round) -> RoundRef:
    return RoundRef(found.id, found.code, found.title, found.period, found.opens_at, found.closes_at, found.state)
