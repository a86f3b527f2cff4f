"""Files that people hand in: known by their content, kept under its hash, on disk before anything names them.

A file lies at `<instance>/files/ab/<SHA-256>`; it is written under another name, synced and renamed, its folder
synced, all before the row is flushed. A unit of work that is rolled back leaves at most bytes that nothing names.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from survey.core.scans import ScanError, kept_name, scan_kind
from survey.services.errors import NotFound, Refused
from survey.services.instance import Clock, DatabaseTrouble, Session, Trouble, read_settings, system_clock
from survey.services.people import Person
from survey.storage.files import StoredFile

LARGEST = 10 * 2**20  # bytes of one file
FOLDER = "files"
FIELD = "scan"  # of forms, where a refusal is shown

_TROUBLES = {errno.ENOSPC: Trouble.FULL, errno.EDQUOT: Trouble.FULL, errno.EROFS: Trouble.READ_ONLY}


@dataclass(frozen=True, slots=True)
class FileView:
    """One file as it was handed in."""

    id: int
    name: str  # cleaned, with the ending of its content
    media_type: str
    size: int  # bytes
    sha256: str
    content: bytes


def store_file(
    session: Session, folder: Path, person: Person, content: bytes, name: str, *, clock: Clock = system_clock
) -> int:
    """Keep a scan and give its id; the caller records for what it was handed in.

    `folder` is the instance's. Raises Refused (uploads off, empty, too large, no PDF or picture, active PDF) and
    DatabaseTrouble where the disk cannot hold it.
    """
    if not read_settings(session).uploads:
        raise Refused("paper.uploads_off", FIELD)
    if len(content) > LARGEST:
        raise Refused("paper.file_large", FIELD, size=_megabytes(len(content)), largest=_megabytes(LARGEST))
    try:
        kind = scan_kind(content)
    except ScanError as error:
        raise Refused(f"paper.file_{error.fault.value}", FIELD) from None
    digest = hashlib.sha256(content).hexdigest()
    _keep(place_of(folder, digest), content, digest)
    row = StoredFile(
        sha256=digest,
        size=len(content),
        media_type=kind.value,
        name=kept_name(name, kind),
        created_at=clock(),
        created_by=person.account_id,
    )
    session.add(row)
    session.flush()
    return row.id


def open_file(session: Session, folder: Path, file_id: int) -> FileView:
    """A file with its content; the caller has found it by what it belongs to.

    Raises NotFound, and DatabaseTrouble (BROKEN) where its bytes are gone or no longer those that were handed in.
    """
    row = session.get(StoredFile, file_id)
    if row is None:
        raise NotFound
    try:
        content = place_of(folder, row.sha256).read_bytes()
    except OSError as error:
        raise DatabaseTrouble(Trouble.BROKEN) from error
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise DatabaseTrouble(Trouble.BROKEN)
    return FileView(row.id, row.name, row.media_type, row.size, row.sha256, content)


def place_of(folder: Path, digest: str) -> Path:
    """Where the content with this hash lies in an instance folder."""
    return folder / FOLDER / digest[:2] / digest


def _keep(place: Path, content: bytes, digest: str) -> None:
    """Put the content at its place, synced; one that is already there and whole is left alone."""
    try:
        if place.is_file() and hashlib.sha256(place.read_bytes()).hexdigest() == digest:
            return
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = place.with_name(f".{digest[:16]}.{secrets.token_hex(6)}")
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(place)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        for above in (place.parent, place.parent.parent, place.parent.parent.parent):
            _sync(above)
    except OSError as error:
        raise DatabaseTrouble(_TROUBLES.get(error.errno or 0, Trouble.BROKEN)) from error


def _sync(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f}".replace(".", ",")
