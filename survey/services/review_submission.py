"""What the leader sees before approving, and the coordinator of one body's phiếu: every answer, read-only."""

from __future__ import annotations

from survey.core.document import short_hash, time_of
from survey.core.modifiers import Counts
from survey.core.questionnaire import Indicator
from survey.core.workflow import SubmissionState
from survey.services.content import read_content
from survey.services.evidence_rows import read_views
from survey.services.findings import find_all
from survey.services.heads import names_for, read_head, receipt_of
from survey.services.indicator_pages import IndicatorPages
from survey.services.instance import Clock, Session, system_clock
from survey.services.last_year import read_last_total
from survey.services.lines import Lines, entries_of
from survey.services.page_views import Asked
from survey.services.people import Person
from survey.services.questions_back import read_backdrop
from survey.services.review_views import Lowest, ReviewGroup, ReviewView, Voided
from survey.services.scope import find_submission
from survey.services.score_round import among_peers
from survey.services.sheet import Sheet, read_sheet
from survey.storage import submissions
from survey.storage.submission_rows import SubmissionRow

LOWEST = 5


def review_submission(
    session: Session,
    person: Person,
    submission_id: int,
    *,
    in_cohort: bool = False,
    language: str = "vi",
    clock: Clock = system_clock,
) -> ReviewView:
    """Every answer with its points, warnings, the five lowest, what changed since last presented. Raises NotFound.

    `in_cohort`: held against what its cohort sent, as the round's results are, for those who see every body of it.
    """
    row = find_submission(session, person, submission_id)
    sheet = read_sheet(session, row)
    if in_cohort and sheet.questionnaire.has_peers:
        sheet = among_peers(session, person, sheet)
    names = names_for(session, row, documents=True)
    codes = tuple(sheet.questionnaire.by_code)
    documents = read_views(session, row.id, sheet.document, codes)
    backdrop = read_backdrop(session, row, sheet.questionnaire)
    views = IndicatorPages(sheet, names, documents, language, backdrop)
    lines = Lines(sheet, names)
    content = read_content(session, sheet)
    return ReviewView(
        head=read_head(session, row, person, clock(), names, sheet.questionnaire),
        standing=sheet.standing(),
        groups=lines.all(),
        answers=tuple(
            ReviewGroup(lines.line(page), tuple(views.view(indicator) for indicator in page.indicators))
            for page in sheet.questionnaire.pages
        ),
        findings=find_all(sheet, language, backdrop),
        full_without_evidence=full_without_evidence(sheet),
        lowest=lowest_of(sheet),
        changed=_changed(sheet),
        evidence=documents,
        content_hash=content.digest,
        short_hash=short_hash(content.digest),
        void=_voided(session, row),
        last=read_last_total(session, row),
    )


def voided_approval(session: Session, person: Person, submission_id: int) -> Voided | None:
    """The approval that holds no longer, while no other does. Raises NotFound."""
    return _voided(session, find_submission(session, person, submission_id))


def _voided(session: Session, row: SubmissionRow) -> Voided | None:
    """The last approval, where it was ended and none has followed."""
    found = None if row.state is SubmissionState.SENT else submissions.last_ended(session, row.id)
    if found is None or found.ended_at is None:
        return None
    return Voided(receipt_of(found, row.kind), found.ended_at)


def full_without_evidence(sheet: Sheet) -> tuple[str, ...]:
    """Codes of the indicators that claim the maximum and lack a required document."""
    return tuple(one.code for one in sheet.questionnaire.indicators if _full_without(sheet, one))


def _full_without(sheet: Sheet, indicator: Indicator) -> bool:
    """Whether it claims the maximum and lacks a required document."""
    return sheet.evidence_lacking(indicator) and sheet.points(indicator) == float(indicator.maximum)


def lowest_of(sheet: Sheet) -> tuple[Lowest, ...]:
    """The scored indicators that lose the largest share of their maximum, the heavier first among equals."""
    page_of = {indicator.code: page.code for page in sheet.questionnaire.pages for indicator in page.indicators}
    scored = [
        Lowest(
            indicator.code,
            indicator.name,
            page_of[indicator.code],
            points,
            float(indicator.maximum),
            indicator.decimals,
        )
        for indicator in sheet.questionnaire.indicators
        if (points := sheet.points(indicator)) is not None
        and indicator.counts is Counts.POINTS
        and points < float(indicator.maximum)
        and sheet.asked(indicator) is Asked.YES
    ]
    scored.sort(key=lambda low: (low.points / low.maximum, -low.maximum))
    return tuple(scored[:LOWEST])


def _changed(sheet: Sheet) -> tuple[str, ...]:
    """Codes of what the body has written since the time before that it was presented; none at the first time."""
    since = sheet.row.compared_at
    if since is None:
        return ()
    return tuple(
        indicator.code
        for indicator in sheet.questionnaire.indicators
        if any(time_of(entry) > since for entry in entries_of(sheet, indicator))
    )
