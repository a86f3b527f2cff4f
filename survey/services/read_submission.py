"""Reading a submission: the list of a body's submissions, the hub and the page of one group."""

from __future__ import annotations

from survey.core.workflow import RoundState
from survey.services.errors import NotFound
from survey.services.evidence_rows import read_views
from survey.services.heads import names_for, read_head
from survey.services.indicator_pages import IndicatorPages
from survey.services.instance import Clock, Session, system_clock
from survey.services.lines import Lines
from survey.services.page_views import EvidenceView, GroupPage
from survey.services.people import Person
from survey.services.provided_source import given_since
from survey.services.published import published
from survey.services.questions_back import read_backdrop
from survey.services.scope import find_submission, round_state
from survey.services.sheet import Sheet, read_sheet
from survey.services.submission_views import SubmissionHead, SubmissionView
from survey.storage.submission_rows import rows_of_agency


def list_submissions(
    session: Session, person: Person, agency_id: int, *, clock: Clock = system_clock
) -> tuple[SubmissionHead, ...]:
    """The submissions of one body, newest round first; rounds not yet opened are left out. Raises NotFound."""
    found = rows_of_agency(session, agency_id)
    own = agency_id in {body.agency_id for body in person.bodies}
    if not own and not (found and person.reads(found[0].kind)):
        raise NotFound
    now = clock()
    rows = [row for row in found if round_state(row, now) is not RoundState.DRAFT]
    names = names_for(session, *rows)
    return tuple(
        read_head(session, row, person, now, names, published(session, row.version_id, row.sha256)) for row in rows
    )


def read_submission(
    session: Session, person: Person, submission_id: int, *, clock: Clock = system_clock
) -> SubmissionView:
    """The hub of one submission. Raises NotFound for another body's as for none."""
    row = find_submission(session, person, submission_id)
    sheet = read_sheet(session, row)
    names = names_for(session, row, documents=True)
    head = read_head(session, row, person, clock(), names, sheet.questionnaire)
    lines = Lines(sheet, names).all()
    top = [line for line in lines if line.depth == 0]
    return SubmissionView(
        head,
        lines,
        sheet.standing(),
        sum(line.answered for line in top),
        sum(line.total for line in top),
        tuple(indicator.code for indicator in sheet.questionnaire.indicators if given_since(row, indicator)),
    )


def read_group(
    session: Session,
    person: Person,
    submission_id: int,
    group_code: str,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> GroupPage:
    """The page of a lowest group; `language` is that of its sentences. Raises NotFound."""
    row = find_submission(session, person, submission_id)
    sheet = read_sheet(session, row)
    pages = sheet.questionnaire.pages
    place = next((i for i, group in enumerate(pages) if group.code == group_code), None)
    if place is None:
        raise NotFound
    names = names_for(session, row, documents=True)
    lines = Lines(sheet, names)
    documents = _documents(session, sheet)
    head = read_head(session, row, person, clock(), names, sheet.questionnaire)
    backdrop = read_backdrop(session, row, sheet.questionnaire) if head.editable else None  # for those who fill in
    views = IndicatorPages(sheet, names, documents, language, backdrop)
    group = pages[place]
    return GroupPage(
        head=head,
        line=lines.line(group),
        help=group.help,
        parents=tuple(lines.line(parent) for parent in lines.above(group)),
        indicators=tuple(views.view(indicator) for indicator in group.indicators),
        evidence=documents,
        previous=lines.line(pages[place - 1]) if place else None,
        next=lines.line(pages[place + 1]) if place + 1 < len(pages) else None,
        standing=sheet.standing(),
    )


def read_evidence(session: Session, person: Person, submission_id: int) -> tuple[EvidenceView, ...]:
    """All documents of a submission, newest first. Raises NotFound."""
    return _documents(session, read_sheet(session, find_submission(session, person, submission_id)))


def _documents(session: Session, sheet: Sheet) -> tuple[EvidenceView, ...]:
    return read_views(session, sheet.row.id, sheet.document, sheet.questionnaire.by_code)
