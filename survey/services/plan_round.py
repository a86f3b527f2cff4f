"""Planning a round: making a draft from nothing or from an earlier round, changing it, deleting it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from survey.core.workflow import RoundState, SubmissionState
from survey.services import audit
from survey.services.checks import Checks
from survey.services.errors import NotFound, Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.published import published
from survey.services.round_rules import (
    LONGEST_PERIOD,
    LONGEST_TITLE,
    check_figures,
    check_window,
    checked_code,
    checked_words,
    hold,
    require_organiser,
)
from survey.services.round_views import PlanLine, RoundDraft, phase_of
from survey.services.scope import require_overview
from survey.storage import agencies, events, questionnaires, round_plans, rounds
from survey.storage.rounds import Round


def list_plans(session: Session, person: Person | None, *, clock: Clock = system_clock) -> tuple[PlanLine, ...]:
    """Every round, drafts included, newest first. Coordinators and auditors; None is the command line."""
    if person is not None:
        require_overview(person)
    now, counts = clock(), round_plans.counts(session)
    return tuple(
        PlanLine(
            one.id, one.code, one.title, one.period, one.opens_at, one.closes_at,
            phase_of(one.state, one.opens_at, one.closes_at, now),
            sum(counts.get(one.id, {}).values()), counts.get(one.id, {}).get(SubmissionState.SENT, 0),
        )
        for one in rounds.listed(session)
    )  # fmt: skip


def create_draft(
    session: Session, person: Person, draft: RoundDraft, *, copied_from: str = "", clock: Clock = system_clock
) -> str:
    """Keep a new draft; the code it got. Providers come along from the round it is copied from.

    Raises NotAllowed, NotFound, and Refused naming the field.
    """
    require_organiser(person)
    now = clock()
    events.start_stream(session, audit.ROUNDS)  # of two presses at once the second finds the code taken
    earlier = rounds.find(session, copied_from) if copied_from else None
    if copied_from and earlier is None:
        raise NotFound
    values, cohorts, versions = _checked(session, draft, now, None)
    current = Round(
        state=RoundState.DRAFT, receipts=0, copied_from=earlier.id if earlier else None, **values
    )  # fmt: skip
    session.add(current)
    session.flush()
    rounds.set_cohorts(session, current.id, cohorts)
    rounds.set_versions(session, current.id, versions)
    if earlier is not None:
        carry_providers(session, earlier.id, current.id, versions)
    audit.record(session, audit.ROUNDS, "round_drafted", person, now, round=current.code, copied_from=copied_from)
    return current.code


def change_draft(
    session: Session, person: Person, round_id: int, revision: int, draft: RoundDraft, *, clock: Clock = system_clock
) -> str:
    """Change a draft; its code. Raises NotFound, NotAllowed, RoundChanged, Refused naming the field."""
    require_organiser(person)
    current = hold(session, round_id, revision)
    if current.state is not RoundState.DRAFT:
        raise Refused("rounds.opened_already", "revision")
    now = clock()
    events.start_stream(session, audit.ROUNDS)  # nobody else takes the code meanwhile
    before = _told(session, current)
    values, cohorts, versions = _checked(session, draft, now, current.id)
    for name, value in values.items():
        setattr(current, name, value)
    rounds.set_cohorts(session, current.id, cohorts)
    carry_providers(session, current.id, current.id, versions)
    rounds.set_versions(session, current.id, versions)
    record_change(session, current, person, now, before)
    return current.code


def delete_draft(
    session: Session, person: Person, round_id: int, revision: int, *, clock: Clock = system_clock
) -> None:
    """Delete a draft. Raises Refused for a round that was opened: it is closed instead, and kept."""
    require_organiser(person)
    current = hold(session, round_id, None)
    if current.state is not RoundState.DRAFT:
        raise Refused("rounds.never_deleted", "revision")
    hold(session, round_id, revision)
    code = current.code
    session.expunge(current)
    round_plans.delete(session, round_id)
    audit.record(session, audit.ROUNDS, "round_deleted", person, clock(), round=code)


def _checked(
    session: Session, draft: RoundDraft, now: datetime, own: int | None
) -> tuple[dict[str, object], frozenset[str], frozenset[int]]:
    """The columns, cohorts and versions of a draft. Raises Refused with everything that is wrong."""
    checks = Checks()
    values: dict[str, object] = {
        "title": checks.take("", checked_words, draft.title, "title", LONGEST_TITLE),
        "code": checks.take("", checked_code, session, draft.code, own),
        "period": checks.take("", checked_words, draft.period, "period", LONGEST_PERIOD),
        "figures_from": draft.figures_from,
        "figures_to": draft.figures_to,
        "opens_at": draft.opens_at,
        "closes_at": draft.closes_at,
    }
    checks.take(None, check_figures, draft.figures_from, draft.figures_to)
    checks.take(None, check_window, draft.opens_at, draft.closes_at, now)
    cohorts = checks.take(draft.cohorts, _checked_cohorts, session, draft)
    versions = checks.take(draft.versions, _checked_versions, session, draft)
    checks.settle()
    return values, cohorts, versions


def _checked_cohorts(session: Session, draft: RoundDraft) -> frozenset[str]:
    """Those of the draft that there are, at least one."""
    known = {cohort.code for cohort in agencies.cohorts(session)}
    if not draft.cohorts & known:
        raise Refused("rounds.cohorts_needed", "cohorts")
    return draft.cohorts & known


def _checked_versions(session: Session, draft: RoundDraft) -> frozenset[int]:
    """Those of the draft, all of which there are, one of each questionnaire."""
    ids = [one.questionnaire_id for one in questionnaires.listed(session) if one.id in draft.versions]
    if len(ids) != len(draft.versions) or len(ids) != len(set(ids)):
        raise Refused("rounds.version_unknown", "versions")
    return draft.versions


def _told(session: Session, current: Round) -> dict[str, object]:
    """A round as events tell it."""
    days = (current.figures_from, current.figures_to)
    return {
        "code": current.code,
        "title": current.title,
        "period": current.period,
        "figures": [day.isoformat() if day else "" for day in days],
        "opens_at": current.opens_at.isoformat(),
        "closes_at": current.closes_at.isoformat(),
        "cohorts": sorted(rounds.cohorts_of(session, current.id)),
        "versions": sorted(rounds.versions_of(session, current.id)),
    }


def record_change(session: Session, current: Round, person: Person, now: datetime, before: dict[str, object]) -> None:
    """Count the revision and tell what is different now; nothing where nothing is."""
    session.flush()
    after = _told(session, current)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        current.revision += 1
        session.flush()
        audit.record(session, audit.ROUNDS, "round_changed", person, now, round=current.code, changes=changes)


def carry_providers(session: Session, source: int, target: int, versions: Collection[int]) -> None:
    """Let the bodies that give figures in one round give them in another, as far as its questionnaires ask for them.

    The two may be the same round, when its versions change.
    """
    by_id = {one.questionnaire_id: one for one in questionnaires.listed(session) if one.id in versions}
    lines = []
    for line, agency, questionnaire_id in round_plans.providers_of(session, source):
        version = by_id.get(questionnaire_id)
        if version is None or agency.closed_at is not None:
            continue
        indicator = published(session, version.id, version.sha256).by_code.get(line.indicator)
        if indicator is not None and indicator.provided_by is not None:
            lines.append((version.id, line.indicator, line.agency_id))
    round_plans.set_providers(session, target, lines)
