"""The coordinator's board: how many bodies are where, the median of those sent, the list with search and filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.core import document as doc
from survey.core.answers import clean_text
from survey.core.asks import Text
from survey.core.foreign import ForeignBody
from survey.core.sorting_vi import fold
from survey.core.workflow import SubmissionState
from survey.services.foreign_results import foreign_origins, rows_in_round
from survey.services.instance import Clock, Session, system_clock
from survey.services.open_round import get_round
from survey.services.people import Person
from survey.services.round_scope import CohortTotals, cohort_totals, count_states, is_seen
from survey.services.scope import require_overview
from survey.services.score_round import published_rates
from survey.services.submission_views import AgencyRef, RoundRef
from survey.storage.submission_rows import SubmissionRow, with_answers

MOST_PER_PAGE = 500


@dataclass(frozen=True, slots=True)
class ProgressFilter:
    """What the list is narrowed to; empty = all. `search` is compared without dấu with name, code and mã định danh."""

    search: str = ""
    cohort: str = ""  # cohort code
    state: SubmissionState | None = None
    questionnaire: str = ""  # questionnaire id
    page: int = 1
    per_page: int = 50


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One body's submission in the list."""

    submission_id: int
    agency: AgencyRef
    parent: str  # name of the parent agency, "" where none
    cohort_code: str
    cohort: Text
    questionnaire_id: str
    state: SubmissionState
    last_activity: datetime | None
    sent_at: datetime | None
    returned: bool  # given back and not presented again
    pending_kad: int
    foreign: ForeignBody | None = None  # where its result came from another instance


@dataclass(frozen=True, slots=True)
class Progress:
    """The board: counts and medians of every khối, bodies one by one of those that the person reads."""

    round: RoundRef
    at: datetime  # figures are as of
    total: int  # of all khối
    counts: Mapping[SubmissionState, int]  # of all khối
    cohorts: tuple[CohortTotals, ...]
    questionnaires: Mapping[str, Text]  # id → title, for the filter
    listed: int  # bodies that the person sees one by one
    own_counts: Mapping[SubmissionState, int]  # of them
    rows: tuple[ProgressRow, ...]  # of the page asked for
    found: int  # rows that match the filter
    page: int
    pages: int
    origins: tuple[tuple[str, datetime, int], ...] = ()  # other instances: name, as of when, how many bodies


def follow_progress(
    session: Session,
    person: Person,
    round_id: int,
    narrow: ProgressFilter = ProgressFilter(),
    *,
    clock: Clock = system_clock,
) -> Progress:
    """The board of a round. Coordinators and auditors only (NotAllowed). Raises NotFound."""
    require_overview(person)
    current, kinds = get_round(session, round_id), person.readable_kinds
    rows = rows_in_round(session, round_id, answers=False)
    seen = [row for row in rows if is_seen(row, kinds)]
    sent = [row for row in rows if row.state is SubmissionState.SENT]
    rates = published_rates(session, with_answers(session, sent))
    search = fold(clean_text(narrow.search))
    found = [row for row in seen if _matches(row, narrow, search)]
    per_page = min(max(narrow.per_page, 1), MOST_PER_PAGE)
    pages = max(1, -(-len(found) // per_page))
    page = min(max(narrow.page, 1), pages)
    shown = with_answers(session, found[(page - 1) * per_page : page * per_page])
    return Progress(
        round=current,
        at=clock(),
        total=len(rows),
        counts=count_states(rows),
        cohorts=cohort_totals(rows, rates, kinds),
        questionnaires={row.questionnaire_id: Text(row.title_vi, row.title_en) for row in rows},
        listed=len(seen),
        own_counts=count_states(seen),
        rows=tuple(_row(row) for row in shown),
        found=len(found),
        page=page,
        pages=pages,
        origins=foreign_origins(rows),
    )


def _matches(row: SubmissionRow, narrow: ProgressFilter, search: str) -> bool:
    return (
        (not search or search in row.agency_search)
        and (not narrow.cohort or row.cohort_code == narrow.cohort)
        and (narrow.state is None or row.state is narrow.state)
        and (not narrow.questionnaire or row.questionnaire_id == narrow.questionnaire)
    )


def _row(row: SubmissionRow) -> ProgressRow:
    return ProgressRow(
        submission_id=row.id,
        agency=AgencyRef(row.agency_id, row.agency_code, row.agency_name),
        parent=row.parent_name or "",
        cohort_code=row.cohort_code,
        cohort=Text(row.cohort_vi, row.cohort_en),
        questionnaire_id=row.questionnaire_id,
        state=row.state,
        last_activity=row.last_activity_at,
        sent_at=row.sent_at,
        returned=row.returned_at is not None,
        pending_kad=len(doc.pending_requests(row.answers)),
        foreign=row.foreign,
    )
