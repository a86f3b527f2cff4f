"""Documents that prove answers: a record is kept once per submission and attached to any number of indicators."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from survey.core import document as doc
from survey.core.answers import clean_text
from survey.core.numbers_vi import format_date, parse_date
from survey.core.text import say
from survey.core.workflow import Step
from survey.services.errors import ContentChanged, NotFound, Refused
from survey.services.indicator_pages import evidence_views
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.page_views import EvidenceView
from survey.services.people import Person
from survey.services.scope import find_submission, require
from survey.services.sheet import Sheet, read_sheet
from survey.services.writing import write_document
from survey.storage import evidence
from survey.storage.evidence import EvidenceRecord

LONGEST = {"number": 100, "issued": 10, "issuer": 200, "summary": 500, "link": 500}  # characters
# Degrees of secrecy as they stand on documents, in capitals: a word like "bí mật" or "bảo mật" is no mark.
_SECRET = re.compile(r"\b(?:TUYỆT|TỐI)\s+MẬT\b|(?<!BẢO )(?<!BÍ )\bMẬT\b")


@dataclass(frozen=True, slots=True)
class EvidenceForm:
    """A document as typed; at least the number, the summary or the link is needed."""

    number: str = ""  # số, ký hiệu: 466/QĐ-UBND
    issued: str = ""  # dd/mm/yyyy
    issuer: str = ""
    summary: str = ""  # trích yếu
    link: str = ""  # http or https
    not_secret: bool = False  # ticked: the writer confirms that nothing in it is a state secret


@dataclass(frozen=True, slots=True)
class EvidenceFault:
    """What is wrong with one field; one that does not block is taken once `not_secret` is ticked."""

    field: str
    key: str  # of its sentence
    sentence: str
    blocks: bool = True


def check_evidence(form: EvidenceForm, language: str = "vi") -> tuple[EvidenceFault, ...]:
    """Every fault of the form: dates, links, nothing given; MẬT, TỐI MẬT, TUYỆT MẬT in a field until confirmed."""
    found: list[EvidenceFault] = []

    def add(field: str, key: str, **data: object) -> None:
        name = f"services.evidence_{key}"
        found.append(EvidenceFault(field, name, say(name, language, **data), blocks=key != "secret"))

    clean = _cleaned(form)
    for name, value in clean.items():
        if len(value) > LONGEST[name]:
            add(name, "long", longest=LONGEST[name])
        if not form.not_secret and _SECRET.search(value):
            add(name, "secret")
    if not (clean["number"] or clean["summary"] or clean["link"]):
        add("number", "empty")
    if clean["issued"] and parse_date(clean["issued"]) is None:
        add("issued", "date")
    if clean["link"] and not _is_link(clean["link"]):
        add("link", "link")
    return tuple(found)


def _cleaned(form: EvidenceForm) -> dict[str, str]:
    return {name: " ".join(clean_text(getattr(form, name)).split()) for name in LONGEST}


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and " " not in text
        )
    except ValueError:
        return False


def _checked(session: Session, form: EvidenceForm, kept: str = "") -> dict[str, Any]:
    """The columns of a record. Raises Refused for the first fault.

    Where the instance keeps no trích yếu, none is taken and the one that is `kept` stays.
    """
    if not read_settings(session).abstracts:
        if " ".join(clean_text(form.summary).split()) not in ("", kept):
            raise Refused("services.evidence_no_summary", "summary")
        form = replace(form, summary=kept)
    for fault in check_evidence(form):
        raise Refused(fault.key, fault.field, longest=LONGEST.get(fault.field, 0))
    clean = _cleaned(form)
    issued: date | None = parse_date(clean["issued"]) if clean["issued"] else None
    return {**clean, "issued": issued}


def add_evidence(
    session: Session,
    person: Person,
    submission_id: int,
    form: EvidenceForm,
    attach_to: Collection[str] = (),
    *,
    clock: Clock = system_clock,
) -> EvidenceView:
    """Keep a document and attach it to indicators. Raises NotFound, NotAllowed, Blocked, Refused (first fault).

    The same document added again (all fields equal) is kept once and attached.
    """
    sheet, now = _open(session, person, submission_id, clock)
    columns = _checked(session, form)
    records = evidence.of_submission(session, submission_id)
    known = record = next((one for one in records if _columns(one) == columns), None)
    if record is None:
        record = EvidenceRecord(
            submission_id=submission_id, revision=1, created_at=now, created_by=person.account_id, **columns
        )
        session.add(record)
        session.flush()
    written = _attached(sheet, person, now, record.id, attach_to, there=True)
    if known is None:
        return _write(session, sheet, person, now, record, written, "evidence_added")
    if written:
        return _write(session, sheet, person, now, record, written, "evidence_attached")
    return _view(session, sheet, record)


def edit_evidence(
    session: Session,
    person: Person,
    submission_id: int,
    evidence_id: int,
    form: EvidenceForm,
    seen: int,
    *,
    clock: Clock = system_clock,
) -> EvidenceView:
    """Change a document; `seen` is its revision. Raises also ContentChanged where someone else has changed it."""
    sheet, now = _open(session, person, submission_id, clock)
    record = _record(session, sheet, evidence_id)
    columns = _checked(session, form, record.summary)
    if _columns(record) == columns:
        return _view(session, sheet, record)
    if record.revision != seen:
        raise ContentChanged(str(seen), str(record.revision))
    for name, value in columns.items():
        setattr(record, name, value)
    record.revision += 1
    session.flush()
    return _write(session, sheet, person, now, record, {}, "evidence_changed")


def remove_evidence(
    session: Session, person: Person, submission_id: int, evidence_id: int, *, clock: Clock = system_clock
) -> None:
    """Take a document away from the submission and every indicator."""
    sheet, now = _open(session, person, submission_id, clock)
    record = _record(session, sheet, evidence_id)
    record.removed_at = now
    session.flush()
    written = _attached(sheet, person, now, evidence_id, sheet.questionnaire.by_code, there=False)
    _write(session, sheet, person, now, record, written, "evidence_removed")


def attach_evidence(
    session: Session, person: Person, submission_id: int, evidence_id: int, code: str, *, clock: Clock = system_clock
) -> None:
    """Attach a document to an indicator; twice is once."""
    _set_attached(session, person, submission_id, evidence_id, code, clock, there=True)


def detach_evidence(
    session: Session, person: Person, submission_id: int, evidence_id: int, code: str, *, clock: Clock = system_clock
) -> None:
    """Detach a document from an indicator; it stays in the submission."""
    _set_attached(session, person, submission_id, evidence_id, code, clock, there=False)


def _set_attached(
    session: Session, person: Person, submission_id: int, evidence_id: int, code: str, clock: Clock, *, there: bool
) -> None:
    sheet, now = _open(session, person, submission_id, clock)
    record = _record(session, sheet, evidence_id)
    written = _attached(sheet, person, now, record.id, (code,), there=there)
    if written:
        kind = "evidence_attached" if there else "evidence_detached"
        write_document(session, sheet.row, person, now, written, kind)


def _attached(
    sheet: Sheet, person: Person, now: datetime, evidence_id: int, codes: Iterable[str], *, there: bool
) -> dict[str, Any]:
    """The entries of the indicators where the document comes or goes. Raises NotFound for an unknown code."""
    written = {}
    for code in codes:
        if code not in sheet.questionnaire.by_code:
            raise NotFound
        ids = doc.evidence_ids(sheet.document, code)
        if (evidence_id in ids) != there:
            kept = [*ids, evidence_id] if there else [i for i in ids if i != evidence_id]
            before = sheet.document.get(doc.EVIDENCE + code)
            written[doc.EVIDENCE + code] = doc.stamped({"ids": kept}, before, now, person.account_id)
    return written


def _open(session: Session, person: Person, submission_id: int, clock: Clock) -> tuple[Sheet, datetime]:
    row = find_submission(session, person, submission_id, lock=True)
    now = clock()
    require(row, person, Step.FILL, now)
    return read_sheet(session, row), now


def _record(session: Session, sheet: Sheet, evidence_id: int) -> EvidenceRecord:
    record = session.get(EvidenceRecord, evidence_id)
    if record is None or record.submission_id != sheet.row.id or record.removed_at is not None:
        raise NotFound
    return record


def _columns(record: EvidenceRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in LONGEST}


def _write(
    session: Session,
    sheet: Sheet,
    person: Person,
    now: datetime,
    record: EvidenceRecord,
    written: dict[str, Any],
    kind: str,
) -> EvidenceView:
    """Write the document with an event that tells the record as it is now."""
    fields_now = [record.number, format_date(record.issued) if record.issued else "", record.issuer]
    told = {"id": record.id, "fields": [*fields_now, record.summary, record.link]}
    write_document(session, sheet.row, person, now, written, kind, evidence=told)
    return _view(session, read_sheet(session, sheet.row, {**sheet.document, **written}), record)


def _view(session: Session, sheet: Sheet, record: EvidenceRecord) -> EvidenceView:
    return evidence_views([record], sheet.document, tuple(sheet.questionnaire.by_code))[0]
