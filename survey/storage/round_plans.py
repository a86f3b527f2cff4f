"""What a round holds and what was planned for it: counts of its submissions, its providers, removing a draft."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.workflow import SubmissionState
from survey.storage.agencies import Agency
from survey.storage.providers import Provider
from survey.storage.questionnaires import QuestionnaireVersion
from survey.storage.rounds import Round, RoundCohort, RoundQuestionnaire
from survey.storage.submissions import Submission


def delete(session: Session, round_id: int) -> None:
    """Remove a round that has no submissions, with what was planned for it."""
    for table in (RoundCohort, RoundQuestionnaire, Provider):
        session.execute(sa.delete(table).where(table.round_id == round_id))
    session.execute(sa.delete(Round).where(Round.id == round_id))
    session.flush()


@dataclass(frozen=True, slots=True)
class Held:
    """What a round holds of one questionnaire version."""

    submissions: int
    answered: int  # of them begun: a state of its own or anything written


_BEGUN = sa.or_(Submission.state != SubmissionState.NOT_STARTED, sa.cast(Submission.answers, sa.Text) != "{}")


def held(session: Session, round_id: int) -> dict[int, Held]:
    """Version id → the submissions of a round to it."""
    begun = sa.func.sum(sa.case((_BEGUN, 1), else_=0))
    query = sa.select(Submission.version_id, sa.func.count(), begun).where(Submission.round_id == round_id)
    return {one: Held(count, int(some)) for one, count, some in session.execute(query.group_by(Submission.version_id))}


def move_version(session: Session, round_id: int, old: int, new: int) -> None:
    """Give the submissions of a round another version of their questionnaire."""
    moved = sa.update(Submission).where(Submission.round_id == round_id, Submission.version_id == old)
    session.execute(moved.values(version_id=new).execution_options(synchronize_session=False))


def counts(session: Session) -> dict[int, dict[SubmissionState, int]]:
    """Round id → how many of its submissions are in each state."""
    found: dict[int, dict[SubmissionState, int]] = {}
    query = sa.select(Submission.round_id, Submission.state, sa.func.count())
    for round_id, state, count in session.execute(query.group_by(Submission.round_id, Submission.state)):
        found.setdefault(round_id, {})[state] = count
    return found


def cohort_sizes(session: Session, round_id: int) -> dict[str, int]:
    """Cohort code → how many submissions a round has in it."""
    query = sa.select(Submission.cohort_code, sa.func.count()).where(Submission.round_id == round_id)
    return {row[0]: row[1] for row in session.execute(query.group_by(Submission.cohort_code))}


def members(session: Session, round_id: int) -> set[int]:
    """Ids of the agencies that have a submission in a round."""
    return set(session.scalars(sa.select(Submission.agency_id).where(Submission.round_id == round_id)))


def extended(session: Session, round_id: int) -> dict[int, str]:
    """Submission id → why it has a deadline of its own."""
    query = sa.select(Submission.id, Submission.extension_reason)
    found = session.execute(query.where(Submission.round_id == round_id, Submission.extended_until.is_not(None)))
    return {row[0]: row[1] for row in found}


def providers_of(session: Session, round_id: int) -> Sequence[tuple[Provider, Agency, str]]:
    """Who gives which figures in a round: the line, the body, and the id of the questionnaire."""
    query = (
        sa.select(Provider, Agency, QuestionnaireVersion.questionnaire_id)
        .join(Agency, Agency.id == Provider.agency_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Provider.version_id)
        .where(Provider.round_id == round_id)
        .order_by(Provider.version_id, Provider.indicator)
    )
    return [(line, agency, questionnaire) for line, agency, questionnaire in session.execute(query)]


def set_providers(session: Session, round_id: int, lines: Collection[tuple[int, str, int]]) -> None:
    """Let these bodies give these figures in a round, and no others: (version id, indicator, agency id)."""
    session.execute(sa.delete(Provider).where(Provider.round_id == round_id))
    if lines:
        named = ("version_id", "indicator", "agency_id")
        rows = [{"round_id": round_id, **dict(zip(named, line, strict=True))} for line in sorted(lines)]
        session.execute(sa.insert(Provider), rows)


def uses(session: Session) -> list[tuple[int, str, int, int]]:
    """(version id, code of a round that uses it, submissions to it, of them begun)."""
    begun = sa.func.coalesce(sa.func.sum(sa.case((_BEGUN, 1), else_=0)), 0)
    query = (
        sa.select(RoundQuestionnaire.version_id, Round.code, sa.func.count(Submission.id), begun)
        .join(Round, Round.id == RoundQuestionnaire.round_id)
        .outerjoin(
            Submission,
            sa.and_(Submission.round_id == Round.id, Submission.version_id == RoundQuestionnaire.version_id),
        )
        .group_by(RoundQuestionnaire.version_id, Round.code, Round.opens_at)
        .order_by(Round.opens_at.desc())
    )
    return [(version, code, count, int(some) if count else 0) for version, code, count, some in session.execute(query)]
