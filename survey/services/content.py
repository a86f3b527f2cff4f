"""The content that a sign-off is bound to, and its hash."""

from __future__ import annotations

from dataclasses import dataclass

from survey.core import document as doc
from survey.services.instance import Session
from survey.services.sheet import Sheet
from survey.storage import evidence, files


@dataclass(frozen=True, slots=True)
class Content:
    """A submission's own content as one text."""

    text: str
    digest: str  # SHA-256, 64 hex digits


def read_content(session: Session, sheet: Sheet) -> Content:
    """The content as it stands; one statement, and one more where a document has a file."""
    records = evidence.of_submission(session, sheet.row.id)
    known = files.by_id(session, (record.file_id for record in records))
    documents = {
        record.id: (
            record.number,
            record.issued.isoformat() if record.issued else "",
            record.issuer,
            record.summary,
            record.link,
            *((known[record.file_id].sha256,) if record.file_id is not None else ()),
        )
        for record in records
    }
    text = doc.content_text(sheet.questionnaire, sheet.row.sha256, sheet.document, documents)
    return Content(text, doc.content_hash(text))
