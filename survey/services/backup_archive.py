"""The file that a backup is: a plain .tar whose last member is the SHA-256 of every byte before it: no change hides."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import secrets
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, NoReturn

from survey.services.errors import Refused

FORMAT = 1
MANIFEST, DIGEST = "manifest.json", "SHA256"
END = bytes(2 * tarfile.BLOCKSIZE)
CHUNK = 1 << 20
LARGEST_MANIFEST = 64 << 20  # bytes
_NAME = re.compile(r"(?:(?:tables|files|instance)/[A-Za-z0-9._-]+|manifest\.json|SHA256)")


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive, and where in the file its content lies."""

    name: str
    size: int  # bytes
    sha256: str
    start: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    instance_id: str
    name: str  # of the office
    version: str  # of the program that made it
    revision: str  # of the tables
    database: str  # sqlite, postgresql
    at: datetime  # of the snapshot
    audit_head: str
    tables: dict[str, int]  # rows by table
    members: dict[str, str]  # SHA-256 by member
    secrets: str  # plain, sealed (by a passphrase), left_out
    secret_files: tuple[str, ...]  # those in it, or those left out
    missing_files: tuple[str, ...] = ()  # SHA-256 of handed-in files that were not there


class ArchiveWriter:
    """Writes members one after another into an open file; the hash of everything comes last."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._all = hashlib.sha256()
        self.members: dict[str, str] = {}

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        """Put the next `size` bytes of `content` in. Raises OSError, also where there are not as many."""
        self._put(_header(name, size))
        digest, left = hashlib.sha256(), size
        while left:
            piece = content.read(min(CHUNK, left))
            if not piece:
                raise OSError(f"{name}: shorter than it was")
            digest.update(piece)
            self._put(piece)
            left -= len(piece)
        self._put(bytes(-size % tarfile.BLOCKSIZE))
        self.members[name] = digest.hexdigest()

    def add_bytes(self, name: str, content: bytes) -> None:
        """Put a short member in."""
        self.add(name, io.BytesIO(content), len(content))

    def finish(self) -> None:
        """Write the hash of everything so far, and the end."""
        digest = self._all.hexdigest().encode()
        self._out.write(_header(DIGEST, len(digest)) + digest + bytes(-len(digest) % tarfile.BLOCKSIZE) + END)

    def _put(self, piece: bytes) -> None:
        self._all.update(piece)
        self._out.write(piece)


def _header(name: str, size: int) -> bytes:
    """The one header that a member of this name and size has."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


class Archive:
    """An archive whose every byte has been checked."""

    def __init__(self, file: IO[bytes], members: dict[str, Member], digest: str, manifest: Manifest) -> None:
        self._file = file
        self.members = members
        self.digest = digest  # SHA-256 of everything, hex: names this backup
        self.manifest = manifest

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a member."""
        member = self.members[name]
        self._file.seek(member.start)
        left = member.size
        while left:
            piece = self._file.read(min(CHUNK, left))
            if not piece:
                refuse("cut_off")
            left -= len(piece)
            yield piece

    def content(self, name: str) -> bytes:
        """The whole of a short member."""
        return b"".join(self.pieces(name))

    def named(self, folder: str) -> list[str]:
        """The names of the members of a folder."""
        return [name for name in self.members if name.startswith(f"{folder}/")]


def refuse(why: str, **values: object) -> NoReturn:
    """Say what is wrong with an archive. Raises Refused."""
    raise Refused(f"operate.archive_{why}", "file", **values)


def read_archive(file: IO[bytes]) -> Archive:
    """Check every byte of an archive. Raises Refused."""
    members, digest = _read_members(file)
    if MANIFEST not in members:
        refuse("none")
    if members[MANIFEST].size > LARGEST_MANIFEST:
        refuse("changed")
    file.seek(members[MANIFEST].start)
    manifest = _read_manifest(file.read(members[MANIFEST].size))
    told = {name: member.sha256 for name, member in members.items() if name != MANIFEST}
    if told != manifest.members:
        refuse("changed")
    return Archive(file, members, digest, manifest)


def _read_members(file: IO[bytes]) -> tuple[dict[str, Member], str]:
    """Every member but the last one, which must be the hash of all before it; and that hash."""
    whole, members, place = hashlib.sha256(), dict[str, Member](), 0
    file.seek(0)
    while True:
        header = file.read(tarfile.BLOCKSIZE)
        info = _read_header(header, first=not members)
        place += tarfile.BLOCKSIZE
        if info.name == DIGEST:
            _check_end(file, info.size, whole.hexdigest())
            return members, whole.hexdigest()
        if info.name in members:
            refuse("changed")
        whole.update(header)
        digest, left = hashlib.sha256(), info.size
        while left:
            piece = file.read(min(CHUNK, left))
            if not piece:
                refuse("cut_off")
            digest.update(piece)
            whole.update(piece)
            left -= len(piece)
        members[info.name] = Member(info.name, info.size, digest.hexdigest(), place)
        filling = file.read(-info.size % tarfile.BLOCKSIZE)
        whole.update(filling)
        place += info.size + len(filling)


def _read_header(header: bytes, *, first: bool) -> tarfile.TarInfo:
    if len(header) < tarfile.BLOCKSIZE:
        refuse("none" if first else "cut_off")
    try:
        info = tarfile.TarInfo.frombuf(header, "utf-8", "strict")
    except (tarfile.TarError, ValueError):
        refuse("none" if first else "changed")
    if not _NAME.fullmatch(info.name) or info.size < 0 or header != _header(info.name, info.size):
        refuse("none" if first else "changed")
    return info


def _check_end(file: IO[bytes], size: int, digest: str) -> None:
    """After the header of the last member: the hash, nothing but the end. Raises Refused."""
    expected = digest.encode() + bytes(-len(digest) % tarfile.BLOCKSIZE) + END
    found = file.read(len(expected) + 1)
    if size != len(digest) or found != expected:
        refuse("cut_off" if len(found) < len(expected) else "changed")


def write_manifest(manifest: Manifest) -> bytes:
    """As JSON that people can read."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "instance_id": manifest.instance_id,
        "name": manifest.name,
        "version": manifest.version,
        "revision": manifest.revision,
        "database": manifest.database,
        "at": manifest.at.isoformat(),
        "audit_head": manifest.audit_head,
        "secrets": manifest.secrets,
        "secret_files": list(manifest.secret_files),
        "missing_files": list(manifest.missing_files),
        "tables": manifest.tables,
        "members": manifest.members,
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _read_manifest(content: bytes) -> Manifest:
    try:
        told = json.loads(content)
        form = told.pop("format")
        if form != FORMAT:
            refuse("newer", version=told.get("version", form))
        told["at"] = datetime.fromisoformat(told["at"])
        for name in ("missing_files", "secret_files"):
            told[name] = tuple(told[name])
        return Manifest(**told)
    except (ValueError, TypeError, KeyError, AttributeError):
        refuse("changed")


@contextmanager
def replacing(file: Path) -> Iterator[IO[bytes]]:
    """A new file that takes the place of `file` at the end, synced; until then nothing is seen, even when killed."""
    handle, name = _nameless(file.parent)
    part = Path(name or file.parent / f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(handle, "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
            if not name:
                _give_name(out.fileno(), part)
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def _nameless(folder: Path) -> tuple[int, str]:
    """A file that is gone when we are, and ""; where the system knows none, one with the name that is given back."""
    if hasattr(os, "O_TMPFILE") and Path("/proc/self/fd").is_dir():
        with suppress(OSError):
            return os.open(folder, os.O_RDWR | os.O_TMPFILE, 0o600), ""
    import tempfile

    return tempfile.mkstemp(dir=folder, prefix=".sansangso-", suffix=".part")


def _give_name(handle: int, name: Path) -> None:
    """Put an open file that has no name into a folder."""
    folder = os.open(name.parent, os.O_RDONLY)  # naming a folder is what makes Python follow the link
    try:
        os.link(f"/proc/self/fd/{handle}", name.name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=True)
    finally:
        os.close(folder)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder outlive a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
