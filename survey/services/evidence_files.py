"""The file of a document: looked through, kept under its hash, then attached, replaced or removed with one event each.

Handing one in takes two steps, so that nobody waits for a disk: `admit_file` looks at it in a unit that only reads,
its bytes are kept (`keep_bytes`), and the unit that writes (`attach_file`, or `add_evidence` for a new document)
decides anew.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey.core.characters import clean_text
from survey.core.file_kinds import EVIDENCE
from survey.core.numbers_vi import format_megabytes
from survey.core.workflow import Step
from survey.services import note_access
from survey.services.done_saves import find_own
from survey.services.errors import ContentChanged, NotFound, Refused
from survey.services.evidence_rows import file_tag, find_record, open_phieu, open_row, view_of, write_record
from survey.services.instance import Clock, Session, Settings, read_settings, system_clock
from survey.services.page_views import EvidenceView, FileTag
from survey.services.people import Person
from survey.services.scope import find_submission, require
from survey.services.sheet import Sheet, read_sheet
from survey.services.stored_files import HandedIn, add_file, examine_file, file_store
from survey.storage import evidence, files
from survey.storage.events import SAVE_KEY
from survey.storage.evidence import EvidenceRecord
from survey.storage.files import StoredFile

FILE = "file"  # of forms, where a refusal is shown
TICK, MARKS = "not_secret", "marks_checked"  # the two confirmations, by their field
MEGABYTE = 2**20
# Degrees of secrecy as they stand on documents, in capitals: a word like "bí mật" or "bảo mật" is no mark.
_MARKED = re.compile(r"\b(?:TUYỆT|TỐI)\s+MẬT\b|(?<!BẢO )(?<!BÍ )\bMẬT\b")
_BETWEEN_WORDS = re.compile(r"[\s_.\-+]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was handed in, with what its writer confirms."""

    content: bytes
    name: str
    not_secret: bool = False  # ticked: it holds no state secret
    marks_checked: bool = False  # asked only where its name bears MẬT: that is no degree of secrecy


def is_marked(text: str) -> bool:
    """Whether a text bears a degree of secrecy: MẬT, TỐI MẬT, TUYỆT MẬT."""
    return _MARKED.search(text) is not None


def is_marked_name(name: str) -> bool:
    """The same of a file's name, in whose words letters may be small and blanks anything."""
    words = _BETWEEN_WORDS.sub(" ", clean_text(name))
    return is_marked(words) or re.search(r"\b(?:TUYỆT|TỐI) MẬT\b", words.upper()) is not None


def key_of(form_key: str, upload: Upload, *more: str) -> str:
    """The key of handing in this very file by this very form: sent again, it is known; another file is another key."""
    if not form_key:
        return ""
    parts = (form_key, hashlib.sha256(upload.content).hexdigest(), *more)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:48]


def admit_file(
    session: Session,
    person: Person,
    submission_id: int,
    upload: Upload,
    *,
    save_key: str = "",
    clock: Clock = system_clock,
) -> HandedIn:
    """Look through a file before its bytes are kept. Raises NotFound, NotAllowed, Blocked and Refused with what to do.

    One that was handed in under this key already is let through, whatever has happened since.
    """
    row = find_submission(session, person, submission_id)
    if find_own(session, row, person, save_key) is None:
        require(row, person, Step.FILL, clock())
    settings = read_settings(session)
    if not settings.uploads:
        raise Refused("files.uploads_off", FILE)
    if not upload.name and not upload.content:
        raise Refused("files.none", FILE)
    largest = settings.file_megabytes * MEGABYTE
    handed = examine_file(upload.content, upload.name, EVIDENCE, largest, field=FILE, unnamed="tai-lieu")
    if not upload.not_secret:
        raise Refused("files.tick", TICK)
    if is_marked_name(upload.name) and not upload.marks_checked:
        raise Refused("files.marked", MARKS)
    return handed


def keep_bytes(folder: Path, handed: HandedIn, upload: Upload) -> None:
    """Put the bytes on disk, durable once this returns; before anything names them. Raises DatabaseTrouble."""
    file_store(folder).put(handed.sha256, upload.content)


def attach_file(
    session: Session,
    person: Person,
    submission_id: int,
    evidence_id: int,
    handed: HandedIn,
    seen: int,
    *,
    save_key: str = "",
    clock: Clock = system_clock,
) -> EvidenceView:
    """Give a document its file, or another in its place; `seen` is the revision of the document.

    The same file again, or the same key, is done once. Raises NotFound, NotAllowed, Blocked, Refused (off, quota) and
    ContentChanged where somebody else has changed the document since.
    """
    row = find_submission(session, person, submission_id, lock=True)
    if find_own(session, row, person, save_key) is not None:
        done = read_sheet(session, row)
        return view_of(session, done, find_record(session, done, evidence_id))
    sheet, now = open_row(session, person, row, clock)
    record = find_record(session, sheet, evidence_id)
    before = _file_of(session, record)
    if before is not None and before.sha256 == handed.sha256:
        return view_of(session, sheet, record)
    if record.revision != seen:
        raise ContentChanged(str(seen), str(record.revision))
    told = put_file(session, person, sheet, record, handed, clock=lambda: now)
    kind = "evidence_file_replaced" if before is not None else "evidence_file_attached"
    more = {SAVE_KEY: save_key} if save_key else {}
    return write_record(session, sheet, person, now, record, {}, kind, **told, **more)


def put_file(
    session: Session, person: Person, sheet: Sheet, record: EvidenceRecord, handed: HandedIn, *, clock: Clock
) -> dict[str, Any]:
    """Let a record name a file whose bytes are kept; what the event tells of it. Raises Refused (off, quota)."""
    settings = read_settings(session)
    if not settings.uploads:
        raise Refused("files.uploads_off", FILE)
    _check_quota(session, settings, sheet.row.id, record.id, handed)
    before = _file_of(session, record)
    record.file_id = add_file(session, person, handed, clock=clock).id
    record.revision += 1
    session.flush()
    told: dict[str, Any] = {"name": handed.name, "file": handed.sha256, "size": handed.size}
    if before is not None:
        told["before"] = _told(before)
    return told


def _file_of(session: Session, record: EvidenceRecord) -> StoredFile | None:
    return session.get(StoredFile, record.file_id) if record.file_id is not None else None


def _told(file: StoredFile) -> dict[str, Any]:
    """A file that a document names no more, as events tell it."""
    return {"id": file.id, "name": file.name, "file": file.sha256}


def _check_quota(session: Session, settings: Settings, submission_id: int, evidence_id: int, handed: HandedIn) -> None:
    """Raise Refused where the phiếu's files, each content counted once, would be more than is allowed."""
    records = evidence.of_submission(session, submission_id)
    others = files.by_id(session, (one.file_id for one in records if one.id != evidence_id))
    sizes = {one.sha256: one.size for one in others.values()} | {handed.sha256: handed.size}
    most = settings.phieu_megabytes
    if sum(sizes.values()) > most * MEGABYTE:
        used = sum(sizes.values()) - handed.size
        raise Refused("files.quota", FILE, most=most, used=format_megabytes(used))


def remove_file(
    session: Session, person: Person, submission_id: int, evidence_id: int, *, clock: Clock = system_clock
) -> None:
    """Take the file away from a document, which stays; the log keeps which one it was. Twice is once."""
    sheet, now = open_phieu(session, person, submission_id, clock)
    record = find_record(session, sheet, evidence_id)
    before = _file_of(session, record)
    if before is None:
        return
    record.file_id = None
    record.revision += 1
    session.flush()
    told = {"name": before.name, "before": _told(before)}
    write_record(session, sheet, person, now, record, {}, "evidence_file_removed", **told)


def find_file(
    session: Session,
    person: Person,
    submission_id: int,
    evidence_id: int,
    file_id: int,
    *,
    clock: Clock = system_clock,
) -> tuple[FileTag, str]:
    """The file of a document and its hash, for those who may read the phiếu; another body's look is noted.

    Raises NotFound for any other file.
    """
    row = find_submission(session, person, submission_id)
    record = session.get(EvidenceRecord, evidence_id)
    if record is None or record.submission_id != row.id or record.removed_at is not None or record.file_id != file_id:
        raise NotFound
    stored = session.get_one(StoredFile, file_id)
    if row.agency_id not in {body.agency_id for body in person.bodies}:
        note_access.note_export(session, person, "evidence", clock=clock, submission=row.id, file=stored.sha256)
    tag = file_tag(stored)
    assert tag is not None  # noqa: S101
    return tag, stored.sha256
