"""The ranking of one cohort by self points: who is ranked, of whom too little is known, who has not sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.core.asks import Text
from survey.core.foreign import ForeignBody
from survey.core.questionnaire import Level
from survey.core.ranking import ranks
from survey.core.rules.group_words import too_few
from survey.core.sorting_vi import vietnamese_key
from survey.core.text import LANGUAGES
from survey.core.workflow import SubmissionState
from survey.services.errors import NotFound
from survey.services.foreign_results import rows_in_round
from survey.services.instance import Session
from survey.services.open_round import get_round
from survey.services.people import Person
from survey.services.round_scope import whole_cohorts
from survey.services.scope import require_overview
from survey.services.score_round import CohortRef, ScoredQuestionnaire, score_rows
from survey.services.submission_views import AgencyRef, RoundRef


@dataclass(frozen=True, slots=True)
class RankedRow:
    """One sent submission in its cohort's ranking."""

    rank: int  # 1-2-2-4 by published rate
    submission_id: int
    agency: AgencyRef
    points: float
    maximum: float
    rate_published: float
    level: Level | None
    groups: Mapping[str, float | None]  # code of a top group → share of its maximum; None where there is none:
    left_out: frozenset[str]  # since too little is known of these; the others do not apply
    foreign: ForeignBody | None = None  # where it came from another instance


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranking of one cohort: only what was sent is ranked, and only where enough is known."""

    round: RoundRef
    cohort: CohortRef
    questionnaire_id: str
    decimals: int | None  # of the points
    groups: tuple[tuple[str, Text, Text], ...]  # code, name, short name of the top groups
    rows: tuple[RankedRow, ...]  # best first, ties by Vietnamese name
    lacking: tuple[tuple[int, AgencyRef, Text], ...]  # sent, too little known: submission, body, how much there is
    unranked: tuple[AgencyRef, ...]  # not yet sent


def rank_cohort(session: Session, person: Person, round_id: int, cohort: str) -> Ranking:
    """The ranking of one cohort by self points, for those who see every body of it. Raises NotFound.

    All bodies of a cohort answer one questionnaire; should a round hold two versions of it, the one that more bodies
    answer is ranked.
    """
    require_overview(person)
    current = get_round(session, round_id)
    rows = rows_in_round(session, round_id, cohort)
    if cohort not in whole_cohorts(rows, person.readable_kinds):
        raise NotFound
    scored = max(score_rows(session, rows, {}), key=lambda one: len(one.entries))
    sent = [entry.state is SubmissionState.SENT for entry in scored.entries]
    places = ranks(scored.scores.rate_published, [cohort] * len(sent), sent, scored.scores.breaks)
    ranked = [_ranked(scored, index, rank) for index, rank in enumerate(places) if rank is not None]
    ranked.sort(key=lambda row: (row.rank, vietnamese_key(row.agency.name)))
    lacking = [_lacking(scored, row) for row, is_sent in enumerate(sent) if is_sent and scored.scores.lacks(row)]
    left_out = {number for number, _, _ in lacking}
    unranked = (
        entry.agency
        for entry, rank in zip(scored.entries, places, strict=True)
        if rank is None and entry.submission_id not in left_out
    )
    return Ranking(
        round=current,
        cohort=CohortRef(cohort, Text(rows[0].cohort_vi, rows[0].cohort_en)),
        questionnaire_id=scored.questionnaire.id,
        decimals=scored.questionnaire.decimals,
        groups=tuple((group.code, group.name, group.short) for group in scored.questionnaire.groups),
        rows=tuple(ranked),
        lacking=tuple(sorted(lacking, key=lambda one: vietnamese_key(one[1].name))),
        unranked=tuple(sorted(unranked, key=lambda agency: vietnamese_key(agency.name))),
    )


def _lacking(scored: ScoredQuestionnaire, row: int) -> tuple[int, AgencyRef, Text]:
    """A body of which too little is known, and how much there is (not told of points without figures)."""
    entry, whole = scored.entries[row], scored.questionnaire.whole
    told_alone = entry.foreign is not None and entry.foreign.case is None
    reached = None if told_alone else scored.scores.coverage(whole, row)
    return entry.submission_id, entry.agency, Text(*(too_few(whole, reached, one) for one in LANGUAGES))


def _ranked(scored: ScoredQuestionnaire, index: int, rank: int) -> RankedRow:
    scores, entry, groups = scored.scores, scored.entries[index], scored.questionnaire.groups
    left_out = {group.code for group in groups if scores.left_out(scored.questionnaire, group, index)}
    shares = {group.code: None if group.code in left_out else scores.share_in(group, index) for group in groups}
    return RankedRow(
        rank=rank,
        submission_id=entry.submission_id,
        agency=entry.agency,
        points=float(scores.total[index]),
        maximum=float(scores.maximum[index]),
        rate_published=float(scores.rate_published[index]),
        level=scores.level[index],
        groups=shares,
        left_out=frozenset(left_out),
        foreign=entry.foreign,
    )
