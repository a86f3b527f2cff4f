"""Documents that prove answers: a record is kept once per submission and attached to any number of indicators."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from survey.core import document as doc
from survey.core.answers import clean_text
from survey.core.numbers_vi import parse_date
from survey.core.text import say
from survey.services.done_saves import find_own
from survey.services.errors import ContentChanged, NotFound, Refused
from survey.services.evidence_files import TICK, is_marked, put_file
from survey.services.evidence_rows import find_record, open_phieu, open_row, view_of, write_record
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.page_views import EvidenceView
from survey.services.people import Person
from survey.services.scope import find_submission
from survey.services.sheet import Sheet, read_sheet
from survey.services.stored_files import HandedIn
from survey.services.writing import write_document
from survey.storage import evidence, files
from survey.storage.events import SAVE_KEY
from survey.storage.evidence import EvidenceRecord

LONGEST = {"number": 100, "issued": 10, "issuer": 200, "summary": 500, "link": 500}  # characters


@dataclass(frozen=True, slots=True)
class EvidenceForm:
    """A document as typed; at least the number, the summary or the link is needed."""

    number: str = ""  # số, ký hiệu: 466/QĐ-UBND
    issued: str = ""  # dd/mm/yyyy
    issuer: str = ""
    summary: str = ""  # trích yếu
    link: str = ""  # http or https
    not_secret: bool = False  # ticked, always asked: nothing in it is a state secret
    marks_checked: bool = False  # asked only where a field bears MẬT: that is no degree of secrecy


@dataclass(frozen=True, slots=True)
class EvidenceFault:
    """What is wrong with one field; one that does not block is taken once `marks_checked` is ticked."""

    field: str
    key: str  # of its sentence
    sentence: str
    blocks: bool = True


def check_evidence(form: EvidenceForm, language: str = "vi") -> tuple[EvidenceFault, ...]:
    """Every fault of the form: dates, links, nothing given, no tick; MẬT, TỐI MẬT, TUYỆT MẬT until it is confirmed."""
    found: list[EvidenceFault] = []

    def add(field: str, key: str, **data: object) -> None:
        name = f"services.evidence_{key}"
        found.append(EvidenceFault(field, name, say(name, language, **data), blocks=key != "secret"))

    clean = _cleaned(form)
    for name, value in clean.items():
        if len(value) > LONGEST[name]:
            add(name, "long", longest=LONGEST[name])
        if not form.marks_checked and is_marked(value):
            add(name, "secret")
    if not (clean["number"] or clean["summary"] or clean["link"]):
        add("number", "empty")
    if clean["issued"] and parse_date(clean["issued"]) is None:
        add("issued", "date")
    if clean["link"] and not _is_link(clean["link"]):
        add("link", "link")
    if not form.not_secret:
        add(TICK, "tick")
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
    file: HandedIn | None = None,
    save_key: str = "",
    clock: Clock = system_clock,
) -> EvidenceView:
    """Keep a document, with a `file` whose bytes are kept already, and attach it to indicators.

    The same document added again (all fields and the file equal) is kept once and attached; the same key is done once.
    Raises NotFound, NotAllowed, Blocked, Refused (first fault, quota).
    """
    row = find_submission(session, person, submission_id, lock=True)
    if (done := find_own(session, row, person, save_key)) is not None:
        sheet = read_sheet(session, row)
        return view_of(session, sheet, find_record(session, sheet, done.told["evidence"]["id"]))
    sheet, now = open_row(session, person, row, clock)
    columns = _checked(session, form)
    known = record = _alike(session, sheet, columns, file)
    if record is None:
        record = EvidenceRecord(
            submission_id=submission_id, revision=1, created_at=now, created_by=person.account_id, **columns
        )
        session.add(record)
        session.flush()
    told: dict[str, Any] = {SAVE_KEY: save_key} if save_key else {}
    kind = "evidence_added" if known is None else "evidence_attached"
    if file is not None and record.file_id is None:
        told |= put_file(session, person, sheet, record, file, clock=lambda: now)
        kind = "evidence_added" if known is None else "evidence_file_attached"
    written = _attached(sheet, person, now, record.id, attach_to, there=True)
    if known is not None and not written and "file" not in told:
        return view_of(session, sheet, record)
    return write_record(session, sheet, person, now, record, written, kind, **told)


def _alike(session: Session, sheet: Sheet, columns: dict[str, Any], file: HandedIn | None) -> EvidenceRecord | None:
    """The document that is there already: all fields equal, and no other file than this one."""
    alike = [one for one in evidence.of_submission(session, sheet.row.id) if _columns(one) == columns]
    if file is None:
        return alike[0] if alike else None
    known = files.by_id(session, (one.file_id for one in alike))
    same = (one for one in alike if one.file_id is None or known[one.file_id].sha256 == file.sha256)
    return min(same, key=lambda one: one.file_id is None, default=None)


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
    sheet, now = open_phieu(session, person, submission_id, clock)
    record = find_record(session, sheet, evidence_id)
    columns = _checked(session, form, record.summary)
    if _columns(record) == columns:
        return view_of(session, sheet, record)
    if record.revision != seen:
        raise ContentChanged(str(seen), str(record.revision))
    for name, value in columns.items():
        setattr(record, name, value)
    record.revision += 1
    session.flush()
    return write_record(session, sheet, person, now, record, {}, "evidence_changed")


def remove_evidence(
    session: Session, person: Person, submission_id: int, evidence_id: int, *, clock: Clock = system_clock
) -> None:
    """Take a document away from the submission and every indicator."""
    sheet, now = open_phieu(session, person, submission_id, clock)
    record = find_record(session, sheet, evidence_id)
    record.removed_at = now
    session.flush()
    written = _attached(sheet, person, now, evidence_id, sheet.questionnaire.by_code, there=False)
    write_record(session, sheet, person, now, record, written, "evidence_removed")


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
    sheet, now = open_phieu(session, person, submission_id, clock)
    record = find_record(session, sheet, evidence_id)
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


def _columns(record: EvidenceRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in LONGEST}
