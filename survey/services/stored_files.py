"""Files that people hand in: known by their content, kept under its hash, on disk before anything names them.

A file that is already there under its hash is synced and whole, so a unit of work that is rolled back leaves at most
bytes that nothing names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from survey.core.file_faults import FileError, FileFault, FileKind
from survey.core.file_kinds import SCANS, file_kind, kept_name
from survey.core.numbers_vi import format_megabytes
from survey.services.errors import NotFound, Refused
from survey.services.file_place import file_store
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.people import Person
from survey.storage.file_store import place_of
from survey.storage.files import StoredFile

__all__ = ["FIELD", "LARGEST", "FileView", "HandedIn", "add_file", "examine_file", "file_store", "open_file",
           "place_of", "store_file"]  # fmt: skip

LARGEST = 10 * 2**20  # bytes of one scan
FIELD = "scan"  # of forms, where a refusal is shown


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file that was looked through and may be kept."""

    sha256: str
    size: int  # bytes
    kind: FileKind
    name: str  # cleaned, with the ending of its content


@dataclass(frozen=True, slots=True)
class FileView:
    """One file as it was handed in."""

    id: int
    name: str  # cleaned, with the ending of its content
    media_type: str
    size: int  # bytes
    sha256: str
    content: bytes


def examine_file(
    content: bytes,
    name: str,
    taken: Collection[FileKind],
    largest: int,
    *,
    field: str = FIELD,
    unnamed: str = "ban-quet",
) -> HandedIn:
    """Look through a file of at most `largest` bytes. Raises Refused with what to do."""
    kinds = ", ".join(kind.short for kind in taken)
    if len(content) > largest:
        raise Refused("files.large", field, size=format_megabytes(len(content)), largest=format_megabytes(largest))
    try:
        kind = file_kind(content, taken)
    except FileError as error:
        key = f"files.{error.fault.value}"
        if error.fault is FileFault.ENCRYPTED and content.startswith(b"%PDF"):
            key = "files.encrypted_pdf"
        raise Refused(key, field, kinds=kinds, part=error.part or "–") from None
    return HandedIn(hashlib.sha256(content).hexdigest(), len(content), kind, kept_name(name, kind, unnamed))


def add_file(session: Session, person: Person, handed: HandedIn, *, clock: Clock = system_clock) -> StoredFile:
    """Name a file whose content is kept already; the caller records for what it was handed in."""
    row = StoredFile(
        sha256=handed.sha256,
        size=handed.size,
        media_type=handed.kind.value,
        name=handed.name,
        created_at=clock(),
        created_by=person.account_id,
    )
    session.add(row)
    session.flush()
    return row


def store_file(
    session: Session, folder: Path, person: Person, content: bytes, name: str, *, clock: Clock = system_clock
) -> int:
    """Keep a scan and give its id; the caller records for what it was handed in.

    `folder` is the instance's. Raises Refused (uploads off, empty, too large, no PDF or picture, active PDF) and
    DatabaseTrouble where the disk cannot hold it.
    """
    if not read_settings(session).uploads:
        raise Refused("paper.uploads_off", FIELD)
    handed = examine_file(content, name, SCANS, LARGEST)
    file_store(folder).put(handed.sha256, content)
    return add_file(session, person, handed, clock=clock).id


def open_file(session: Session, folder: Path, file_id: int) -> FileView:
    """A file with its content; the caller has found it by what it belongs to.

    Raises NotFound, and DatabaseTrouble (BROKEN) where its bytes are gone or no longer those that were handed in.
    """
    row = session.get(StoredFile, file_id)
    if row is None:
        raise NotFound
    content = file_store(folder).read(row.sha256)
    return FileView(row.id, row.name, row.media_type, row.size, row.sha256, content)
