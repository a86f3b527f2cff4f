"""Records of documents as services read and write them: with their file, and an event that tells them as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from survey.core import document as doc
from survey.core.numbers_vi import format_date
from survey.core.workflow import Step
from survey.services.errors import NotFound
from survey.services.instance import Clock, Session
from survey.services.page_views import EvidenceView, FileTag
from survey.services.people import Person
from survey.services.scope import find_submission, require
from survey.services.sheet import Sheet, read_sheet
from survey.services.writing import write_document
from survey.storage import evidence, files
from survey.storage.evidence import EvidenceRecord
from survey.storage.files import StoredFile
from survey.storage.submission_rows import SubmissionRow


def open_phieu(session: Session, person: Person, submission_id: int, clock: Clock) -> tuple[Sheet, datetime]:
    """A phiếu that this person fills in now, held. Raises NotFound, NotAllowed, Blocked."""
    return open_row(session, person, find_submission(session, person, submission_id, lock=True), clock)


def open_row(session: Session, person: Person, row: SubmissionRow, clock: Clock) -> tuple[Sheet, datetime]:
    """The same of a phiếu that was found and is held already."""
    now = clock()
    require(row, person, Step.FILL, now)
    return read_sheet(session, row), now


def find_record(session: Session, sheet: Sheet, evidence_id: int) -> EvidenceRecord:
    """A document of this phiếu. Raises NotFound."""
    record = session.get(EvidenceRecord, evidence_id)
    if record is None or record.submission_id != sheet.row.id or record.removed_at is not None:
        raise NotFound
    return record


def read_views(
    session: Session, submission_id: int, document: Mapping[str, doc.Entry], codes: Iterable[str]
) -> tuple[EvidenceView, ...]:
    """All documents of a phiếu, newest first."""
    return views_of(session, evidence.of_submission(session, submission_id), document, codes)


def views_of(
    session: Session, records: Sequence[EvidenceRecord], document: Mapping[str, doc.Entry], codes: Iterable[str]
) -> tuple[EvidenceView, ...]:
    """Documents with their file and the indicators they are attached to; one statement where any has a file."""
    attached: dict[int, list[str]] = {}
    for code in codes:
        for evidence_id in doc.evidence_ids(document, code):
            attached.setdefault(evidence_id, []).append(code)
    known = files.by_id(session, (record.file_id for record in records))
    return tuple(
        EvidenceView(
            id=record.id,
            number=record.number,
            issued=record.issued,
            issuer=record.issuer,
            summary=record.summary,
            link=record.link,
            attached_to=tuple(attached.get(record.id, ())),
            revision=record.revision,
            file=file_tag(known.get(record.file_id or 0)),
        )
        for record in records
    )


def file_tag(row: StoredFile | None) -> FileTag | None:
    """What pages tell of a file."""
    return None if row is None else FileTag(row.id, row.name, row.size, row.media_type)


def write_record(
    session: Session,
    sheet: Sheet,
    person: Person,
    now: datetime,
    record: EvidenceRecord,
    written: Mapping[str, Any],
    kind: str,
    **told: Any,
) -> EvidenceView:
    """Write the document of the phiếu with an event that tells the record as it is now."""
    fields_now = [record.number, format_date(record.issued) if record.issued else "", record.issuer]
    now_told = {"id": record.id, "fields": [*fields_now, record.summary, record.link]}
    write_document(session, sheet.row, person, now, written, kind, evidence=now_told, **told)
    return view_of(session, read_sheet(session, sheet.row, {**sheet.document, **written}), record)


def view_of(session: Session, sheet: Sheet, record: EvidenceRecord) -> EvidenceView:
    """One document as pages show it."""
    return views_of(session, [record], sheet.document, sheet.questionnaire.by_code)[0]
