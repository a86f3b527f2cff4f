"""Reading a round whole: what it will make, what is missing before; and what a new one is proposed to be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from survey.core.answers import clean_text
from survey.core.asks import Text
from survey.core.numbers_vi import HANOI
from survey.core.text import say
from survey.core.workflow import RoundState, SubmissionState
from survey.services.errors import NotFound
from survey.services.instance import Clock, Session, system_clock
from survey.services.open_round import chosen_versions
from survey.services.people import Person
from survey.services.round_rules import LONGEST_CODE, Overlap, find_overlaps, require_organiser
from survey.services.round_views import (
    CohortChoice,
    Lacking,
    QuestionnaireChoice,
    RoundDraft,
    RoundPlan,
    VersionRef,
    phase_of,
)
from survey.services.scope import require_overview
from survey.storage import agencies, questionnaires, round_plans, rounds
from survey.storage.agencies import Agency
from survey.storage.questionnaires import QuestionnaireVersion
from survey.storage.round_plans import Held
from survey.storage.rounds import Round

OPEN_FOR = timedelta(days=30)  # of a round that is proposed from nothing


def read_plan(session: Session, person: Person, code: str, *, clock: Clock = system_clock) -> RoundPlan:
    """One round with its cohorts, questionnaires, counts and what is missing. Coordinators and auditors.

    Raises NotFound, NotAllowed.
    """
    require_overview(person)
    current = rounds.find(session, clean_text(code).strip())
    if current is None:
        raise NotFound
    bodies = agencies.assessed(session)
    chosen = rounds.cohorts_of(session, current.id)
    joining = [one for one in bodies if one.cohort_code and (not chosen or one.cohort_code in chosen)]
    held, members = round_plans.held(session, current.id), round_plans.members(session, current.id)
    whole = [one for one in joining if one.questionnaire_id]
    states = round_plans.counts(session).get(current.id, {})
    every = questionnaires.listed(session)
    earlier = session.get(Round, current.copied_from) if current.copied_from else None
    ids = {one.id for one in whole} | members
    return RoundPlan(
        id=current.id,
        code=current.code,
        title=current.title,
        period=current.period,
        figures_from=current.figures_from,
        figures_to=current.figures_to,
        opens_at=current.opens_at,
        closes_at=current.closes_at,
        state=current.state,
        phase=phase_of(current.state, current.opens_at, current.closes_at, clock()),
        revision=current.revision,
        copied_from=earlier.code if earlier else "",
        cohorts=_cohorts(session, current.id, bodies, chosen),
        questionnaires=_questionnaires(session, current.id, every, whole, held),
        to_make=sum(one.id not in members for one in whole) if current.state is not RoundState.CLOSED else 0,
        made=sum(states.values()),
        sent=states.get(SubmissionState.SENT, 0),
        extended=len(round_plans.extended(session, current.id)),
        lacking=_lacking(bodies, joining, members, {one.questionnaire_id for one in every}),
        overlaps=find_overlaps(session, current.id, current.opens_at, current.closes_at, ids)
        if current.state is not RoundState.CLOSED
        else (),
    )


def read_choices(session: Session, person: Person) -> tuple[tuple[CohortChoice, ...], tuple[QuestionnaireChoice, ...]]:
    """The cohorts and questionnaires that a new round can have. Raises NotAllowed."""
    require_organiser(person)
    bodies = agencies.assessed(session)
    whole = [one for one in bodies if one.cohort_code and one.questionnaire_id]
    every = questionnaires.listed(session)
    return _cohorts(session, 0, bodies, set()), _questionnaires(session, 0, every, whole, {})


def count_submissions(session: Session, person: Person, round_id: int) -> dict[SubmissionState, int]:
    """How many submissions of a round are in each state; every state is there. Raises NotAllowed."""
    require_overview(person)
    known = round_plans.counts(session).get(round_id, {})
    return {state: known.get(state, 0) for state in SubmissionState}


def _cohorts(session: Session, round_id: int, bodies: Sequence[Agency], chosen: set[str]) -> tuple[CohortChoice, ...]:
    """Every cohort there is; those without a body of their own are left out unless they take part."""
    inside = Counter(one.cohort_code for one in bodies if one.cohort_code)
    made = round_plans.cohort_sizes(session, round_id)
    return tuple(
        CohortChoice(
            one.code,
            Text(one.name_vi, one.name_en),
            not chosen or one.code in chosen,
            inside[one.code],
            made.get(one.code, 0),
        )
        for one in agencies.cohorts(session)
        if inside[one.code] or made.get(one.code) or one.code in chosen
    )


def _questionnaires(
    session: Session,
    round_id: int,
    every: Sequence[QuestionnaireVersion],
    whole: Sequence[Agency],
    held: Mapping[int, Held],
) -> tuple[QuestionnaireChoice, ...]:
    """Every published questionnaire, each with the version that the round uses."""
    used, asked = chosen_versions(session, round_id), Counter(one.questionnaire_id for one in whole)
    found: dict[str, list[QuestionnaireVersion]] = {}
    for one in every:
        found.setdefault(one.questionnaire_id, []).append(one)
    return tuple(
        QuestionnaireChoice(
            name,
            Text(versions[0].title_vi, versions[0].title_en),
            tuple(VersionRef(one.id, one.version, one.published_at) for one in versions),
            used[name],
            max(asked[name], sum(held[one.id].submissions for one in versions if one.id in held)),
            sum(held[one.id].answered for one in versions if one.id in held),
        )
        for name, versions in found.items()
    )


def _lacking(bodies: Sequence[Agency], joining: Sequence[Agency], members: set[int], published: set[str]) -> Lacking:
    """What is missing in the register and among the questionnaires."""
    unpublished = Counter(
        one.questionnaire_id for one in joining if one.questionnaire_id and one.questionnaire_id not in published
    )
    return Lacking(
        tuple(one.name for one in bodies if not one.cohort_code and one.id not in members),
        tuple(one.name for one in joining if not one.questionnaire_id and one.id not in members),
        tuple(sorted(unpublished.items())),
    )


def overlaps_of(session: Session, code: str, opens_at: datetime, closes_at: datetime) -> tuple[Overlap, ...]:
    """Other open rounds that would ask the same bodies as a round of this code at these times."""
    own = rounds.find(session, clean_text(code).strip())
    if own is not None and own.state is not RoundState.DRAFT:
        return ()
    chosen = rounds.cohorts_of(session, own.id) if own else set()
    bodies = {one.id for one in agencies.assessed(session) if not chosen or one.cohort_code in chosen}
    return find_overlaps(session, own.id if own else None, opens_at, closes_at, bodies)


def propose_round(
    session: Session, person: Person, copied_from: str = "", *, clock: Clock = system_clock
) -> RoundDraft:
    """What a new round is likely to be: this year's, or the earlier one a year later, with the newest questionnaires.

    Raises NotAllowed, NotFound.
    """
    require_organiser(person)
    newest: dict[str, int] = {}
    for one in questionnaires.listed(session):
        newest.setdefault(one.questionnaire_id, one.id)
    versions, today = frozenset(newest.values()), clock().astimezone(HANOI).date()
    inside = frozenset(one.cohort_code for one in agencies.assessed(session) if one.cohort_code)
    if not copied_from:
        year = today.year
        first = datetime.combine(today + timedelta(days=1), time(8), HANOI)
        last = datetime.combine(first.date() + OPEN_FOR, time(17), HANOI)
        title, period = say("rounds.title_usual", year=year), say("rounds.period_usual", year=year)
        code = _free_code(session, str(year))
        return RoundDraft(code, title, period, date(year, 1, 1), date(year, 12, 31), first, last, inside, versions)
    earlier = rounds.find(session, clean_text(copied_from).strip())
    if earlier is None:
        raise NotFound
    return RoundDraft(
        _free_code(session, _next_year(earlier.code)),
        _next_year(earlier.title),
        _next_year(earlier.period),
        _year_later(earlier.figures_from) if earlier.figures_from else None,
        _year_later(earlier.figures_to) if earlier.figures_to else None,
        _instant_later(earlier.opens_at),
        _instant_later(earlier.closes_at),
        frozenset(rounds.cohorts_of(session, earlier.id)) or inside,
        versions,
    )


def _next_year(text: str) -> str:
    """Every year named in a text, one later: "Đợt năm 2026" is "Đợt năm 2027"."""
    return re.sub(r"(?<!\d)(19|20)\d\d(?!\d)", lambda year: str(int(year[0]) + 1), text)


def _year_later(day: date) -> date:
    """The same day a year later; 28/02 where 29/02 is none."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _instant_later(moment: datetime) -> datetime:
    local = moment.astimezone(HANOI)
    return datetime.combine(_year_later(local.date()), local.time(), HANOI)


def _free_code(session: Session, wanted: str) -> str:
    """`wanted`, or with the first number behind it that makes it new."""
    code, number = wanted[:LONGEST_CODE], 2
    while rounds.find(session, code) is not None:
        end = f"-{number}"
        code, number = wanted[: LONGEST_CODE - len(end)] + end, number + 1
    return code
