"""Where the content of handed-in files lies, under its SHA-256: in a folder, synced before anything names it."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from pathlib import Path
from typing import Protocol

from survey.storage.database import DatabaseTrouble, Trouble

FOLDER = "files"

_TROUBLES = {errno.ENOSPC: Trouble.FULL, errno.EDQUOT: Trouble.FULL, errno.EROFS: Trouble.READ_ONLY}


class FileStore(Protocol):
    """A place for content that never changes; what is there already and whole is left alone."""

    def put(self, digest: str, content: bytes) -> None:
        """Keep it, durable once this returns. Raises DatabaseTrouble where it cannot be held."""

    def read(self, digest: str) -> bytes:
        """The content, to the byte. Raises DatabaseTrouble (BROKEN) where it is gone or another."""


class FolderStore:
    """Files at `<instance>/files/ab/<SHA-256>`, written under another name, synced, renamed, their folders synced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder  # the instance's

    def put(self, digest: str, content: bytes) -> None:
        """See FileStore."""
        place = place_of(self.folder, digest)
        try:
            if place.is_file() and hashlib.sha256(place.read_bytes()).hexdigest() == digest:
                return
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(place, content, digest)
            for above in (place.parent, place.parent.parent, place.parent.parent.parent):
                _sync(above)
        except OSError as error:
            raise DatabaseTrouble(_TROUBLES.get(error.errno or 0, Trouble.BROKEN)) from error

    def read(self, digest: str) -> bytes:
        """See FileStore."""
        try:
            content = place_of(self.folder, digest).read_bytes()
        except OSError as error:
            raise DatabaseTrouble(Trouble.BROKEN) from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise DatabaseTrouble(Trouble.BROKEN)
        return content


def place_of(folder: Path, digest: str) -> Path:
    """Where the content with this hash lies in an instance folder."""
    return folder / FOLDER / digest[:2] / digest


def _write(place: Path, content: bytes, digest: str) -> None:
    """Put the content at its place under its name, whole or not at all. Raises OSError."""
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


def _sync(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
