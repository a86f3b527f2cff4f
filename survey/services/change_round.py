"""Changing an open round: its words, its deadline, versions of questionnaires that nobody has begun; reopening."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from survey.core.workflow import RoundState
from survey.services import audit
from survey.services.checks import Checks
from survey.services.errors import Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.plan_round import carry_providers
from survey.services.round_rules import (
    LONGEST_PERIOD,
    LONGEST_TITLE,
    check_figures,
    checked_instant,
    checked_why,
    checked_words,
    find_overlaps,
    hold,
    require_agreed,
    require_organiser,
)
from survey.storage import questionnaires, round_plans, rounds
from survey.storage.rounds import Round
from survey.storage.submission_rows import lock_round


def change_deadline(
    session: Session,
    person: Person | None,
    round_id: int,
    revision: int | None,
    closes_at: datetime | None,
    reason: str,
    *,
    overlap_ok: bool = False,
    clock: Clock = system_clock,
) -> None:
    """Give an open round another deadline, earlier or later but still to come, with the reason.

    Raises NotFound, NotAllowed, RoundChanged, Refused.
    """
    require_organiser(person)
    current, now = hold(session, round_id, revision), clock()
    if current.state is not RoundState.OPEN:
        raise Refused("rounds.not_opened" if current.state is RoundState.DRAFT else "rounds.closed", "revision")
    told = _move_deadline(session, current, closes_at, reason, now, overlap_ok=overlap_ok)
    audit.record(session, audit.ROUNDS, "round_deadline_changed", person, now, **told)


def reopen_round(
    session: Session,
    person: Person,
    round_id: int,
    revision: int,
    closes_at: datetime | None,
    reason: str,
    *,
    overlap_ok: bool = False,
    clock: Clock = system_clock,
) -> None:
    """Open a closed round again until a new deadline, with the reason. Raises as `change_deadline` does."""
    require_organiser(person)
    current, now = hold(session, round_id, revision), clock()
    if current.state is not RoundState.CLOSED:
        raise Refused("rounds.not_closed", "revision")
    told = _move_deadline(session, current, closes_at, reason, now, overlap_ok=overlap_ok)
    current.state = RoundState.OPEN
    session.flush()
    audit.record(session, audit.ROUNDS, "round_reopened", person, now, **told)


def _move_deadline(
    session: Session, current: Round, typed: datetime | None, reason: str, now: datetime, *, overlap_ok: bool
) -> dict[str, str]:
    """Check and set another deadline; what the event tells."""
    checks = Checks()
    closes_at = checks.take(now, _checked_deadline, current, typed, now)
    text = checks.take("", checked_why, reason)
    checks.settle()
    members = round_plans.members(session, current.id)
    require_agreed(find_overlaps(session, current.id, current.opens_at, closes_at, members), agreed=overlap_ok)
    before, current.closes_at, current.revision = current.closes_at, closes_at, current.revision + 1
    session.flush()
    return {
        "round": current.code,
        "before": before.isoformat(),
        "closes_at": closes_at.isoformat(),
        "reason": text,
    }


def _checked_deadline(current: Round, typed: datetime | None, now: datetime) -> datetime:
    closes_at = checked_instant(typed, "closes")
    if current.state is RoundState.OPEN and closes_at == current.closes_at:
        raise Refused("rounds.same_deadline", "closes")
    if closes_at <= now:
        raise Refused("rounds.closes_past", "closes")
    if closes_at <= current.opens_at:
        raise Refused("rounds.closes_before_opens", "closes")
    return closes_at


def change_open_round(
    session: Session,
    person: Person,
    round_id: int,
    revision: int,
    *,
    title: str,
    period: str,
    figures: tuple[date | None, date | None],
    versions: Collection[int],
    clock: Clock = system_clock,
) -> None:
    """Change the words of an open round, and the version of questionnaires that nobody in it has begun to answer.

    Raises NotFound, NotAllowed, RoundChanged, and Refused for a version that is frozen.
    """
    require_organiser(person)
    lock_round(session, round_id)  # an answer under way is seen below, one that comes later waits
    current, now = hold(session, round_id, revision), clock()
    if current.state is not RoundState.OPEN:
        raise Refused("rounds.not_opened" if current.state is RoundState.DRAFT else "rounds.closed", "revision")
    checks = Checks()
    checks.take(None, check_figures, *figures)
    changes: dict[str, object] = {}
    wanted = {
        "title": checks.take("", checked_words, title, "title", LONGEST_TITLE),
        "period": checks.take("", checked_words, period, "period", LONGEST_PERIOD),
        "figures_from": figures[0],
        "figures_to": figures[1],
    }
    checks.settle()
    for name, value in wanted.items():
        before = getattr(current, name)
        if before != value:
            changes[name] = [str(before or ""), str(value or "")]
            setattr(current, name, value)
    changes |= _move_versions(session, current, versions)
    if changes:
        current.revision += 1
        session.flush()
        audit.record(session, audit.ROUNDS, "round_changed", person, now, round=current.code, changes=changes)


def _move_versions(session: Session, current: Round, wanted: Collection[int]) -> dict[str, object]:
    """Use the wanted version of each questionnaire of the round; what is different then."""
    every = {one.id: one for one in questionnaires.listed(session)}
    if not set(wanted) <= every.keys():
        raise Refused("rounds.version_unknown", "versions")
    new = {every[one].questionnaire_id: one for one in wanted}
    held, own = round_plans.held(session, current.id), rounds.versions_of(session, current.id)
    changes: dict[str, object] = {}
    for version_id in sorted(own):
        other = new.get(every[version_id].questionnaire_id, version_id)
        if other == version_id:
            continue
        name, count = every[version_id].questionnaire_id, held[version_id].answered if version_id in held else 0
        if count:
            raise Refused("rounds.version_frozen", "versions", id=name, count=count)
        round_plans.move_version(session, current.id, version_id, other)
        own = own - {version_id} | {other}
        changes[name] = [every[version_id].version, every[other].version]
    if changes:
        rounds.set_versions(session, current.id, own)
        carry_providers(session, current.id, current.id, own)
    return changes
