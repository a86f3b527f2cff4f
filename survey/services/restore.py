"""Bringing a backup back: built and checked beside the instance, then put in its place in one step, or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from survey.core.numbers_vi import HANOI
from survey.services import audit
from survey.services.back_up import RESTORED
from survey.services.backup_archive import Archive, Manifest, read_archive, refuse, sync_folder
from survey.services.check_signed import check_log
from survey.services.errors import Refused
from survey.services.instance import Clock, Database, secret_key, system_clock
from survey.services.move_database import copy_lines, make_room
from survey.services.seal_secrets import unseal
from survey.services.stored_files import place_of
from survey.storage.migrations import HEAD
from survey.storage.table_rows import UnfitRows, set_sequences, tables_of
from survey.storage.upgrade import known_revisions, migrate

Progress = Callable[[int, int], None]
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class RestoreView:
    """What was brought back."""

    manifest: Manifest
    folder: Path
    rows: int
    files: int
    aside: tuple[str, ...]  # where the old instance lies now: folder, schema
    upgraded: bool  # to newer tables than those of the backup
    left_out: tuple[str, ...]  # secrets that the backup does not hold
    broken_chains: int  # as they were when the backup was made


def restore(
    file: Path,
    folder: Path,
    url: str,
    *,
    passphrase: str = "",
    force: bool = False,
    progress: Progress = lambda _done, _total: None,
    clock: Clock = system_clock,
) -> RestoreView:
    """Make the instance of a backup in `folder` and the database `url`, both empty unless `force` moves them aside.

    Every byte is checked first; then every row that was written is read again. Raises Refused, DatabaseTrouble.
    """
    now = clock()
    stamp = now.astimezone(HANOI).strftime("%Y%m%d-%H%M%S")
    with file.open("rb") as stream:
        archive = read_archive(stream)
        _check(archive, folder, force=force)
        place = _Place(folder, stamp)
        try:
            place.staged.mkdir(mode=0o700, parents=True)
            _write_files(archive, place.staged, passphrase)
            database = Database(_staged_url(url, place))
            try:
                found = _fill(database, archive, place, progress, now, force=force)
            except BaseException:
                place.back()
                raise
            finally:
                database.close()
            if database.is_sqlite:
                place.swap()
        except OSError as error:
            raise Refused("operate.not_restored", "file", what=error.strerror or error) from error
        finally:
            shutil.rmtree(place.staged, ignore_errors=True)
    manifest = archive.manifest
    return RestoreView(
        manifest=manifest, folder=folder, rows=found.rows, files=len(archive.named("files")),
        aside=tuple(filter(None, (place.moved, found.schema))), upgraded=manifest.revision != HEAD,
        left_out=manifest.secret_files if manifest.secrets == "left_out" else (), broken_chains=found.broken_chains,
    )  # fmt: skip


class _Place:
    """The folder of the instance, the new one beside it, and where the old one goes."""

    def __init__(self, folder: Path, stamp: str) -> None:
        self.folder, self.stamp = folder, stamp
        self.staged = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.restoring")
        self.moved = ""
        self._swapped = False

    def swap(self) -> None:
        """The new folder takes the place of the old one, which is kept aside unless it is empty. Raises OSError."""
        if self.folder.is_dir() and any(self.folder.iterdir()):
            aside = self.folder.with_name(f"{self.folder.name}.before-{self.stamp}")
            self.folder.rename(aside)
            self.moved = str(aside)
        try:
            self.staged.rename(self.folder)  # an empty folder gives way
        except OSError:
            self.back()
            raise
        self._swapped = True
        sync_folder(self.folder.parent)

    def back(self) -> None:
        """The old folder is at its place again, as far as it had left it."""
        if self._swapped:
            self.folder.rename(self.staged)
            self._swapped = False
        if self.moved:
            Path(self.moved).rename(self.folder)
            self.moved = ""


def _check(archive: Archive, folder: Path, *, force: bool) -> None:
    """Whether this program can take the archive, and the folder is free. Raises Refused."""
    manifest = archive.manifest
    if manifest.revision not in known_revisions():
        refuse("newer", version=manifest.version)
    if set(archive.named("tables")) != {_member(table) for table in manifest.tables}:
        refuse("changed")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not force:
        raise Refused("operate.folder_in_use", "into", folder=folder)


def _member(table: str) -> str:
    return f"tables/{table}.jsonl.gz"


def _staged_url(url: str, place: _Place) -> str:
    """The database to fill: a SQLite file stands in the new folder until that is moved. Raises Refused."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return url
    file = Path(parsed.database or "")
    if file.parent != place.folder:
        raise Refused("operate.sqlite_elsewhere", "url", folder=place.folder)
    staged = place.staged / file.name
    staged.touch(mode=0o600)
    return parsed.set(database=str(staged)).render_as_string(hide_password=False)


def _write_files(archive: Archive, staged: Path, passphrase: str) -> None:
    """The secrets and the files handed in, synced. Raises Refused."""
    sealed = archive.manifest.secrets == "sealed"
    if sealed and not passphrase:
        raise Refused("operate.passphrase_needed", "passphrase")
    for member in archive.named("instance"):
        name, content = member.partition("/")[2], archive.content(member)
        if name not in archive.manifest.secret_files:
            refuse("changed")
        _write_synced(staged / name, unseal(content, passphrase, name) if sealed else content)
    secret_key(staged)  # a new one where the backup holds none
    for member in archive.named("files"):
        digest, content = member.partition("/")[2], archive.content(member)
        if not _DIGEST.fullmatch(digest) or hashlib.sha256(content).hexdigest() != digest:
            refuse("changed")
        place = place_of(staged, digest)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_synced(place, content)
        sync_folder(place.parent)


def _write_synced(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


@dataclass(frozen=True, slots=True)
class _Found:
    """What was put into the database."""

    rows: int
    schema: str  # where the old tables are, "" where there were none
    broken_chains: int


def _fill(
    database: Database, archive: Archive, place: _Place, progress: Progress, now: datetime, *, force: bool
) -> _Found:
    """Every row in one transaction, compared with what was read; PostgreSQL's folder is swapped before its commit."""
    manifest = archive.manifest
    with database.writing() as session:
        connection = session.connection()
        schema = make_room(connection, f"before_{place.stamp.replace('-', '_')}" if force else "")
        migrate(connection, manifest.revision)
        tables = tables_of(connection)
        if {table.name for table in tables} != manifest.tables.keys():
            refuse("changed")
        for done, table in enumerate(tables):
            progress(done, len(tables))
            if _write_table(connection, table, archive) != manifest.tables[table.name]:
                refuse("changed")
        if manifest.revision != HEAD:
            migrate(connection)
        set_sequences(connection, tables_of(connection))
        if audit.audit_head(session) != manifest.audit_head:
            refuse("changed")
        broken = len(check_log(session))
        told = {"sha256": archive.digest, "made_at": manifest.at.isoformat(), "revision": manifest.revision}
        audit.record(session, audit.INSTANCE, RESTORED, None, now, **told)
        if not database.is_sqlite:
            place.swap()
    return _Found(sum(manifest.tables.values()), schema, broken)


def _write_table(connection: sa.Connection, table: sa.Table, archive: Archive) -> int:
    try:
        return copy_lines(connection, table, _lines(archive.pieces(_member(table.name))))
    except (UnfitRows, zlib.error):
        refuse("changed")


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of a packed table."""
    unpack, rest = zlib.decompressobj(31), b""
    for piece in pieces:
        *lines, rest = (rest + unpack.decompress(piece)).split(b"\n")
        yield from (line + b"\n" for line in lines)
    if rest + unpack.flush() or not unpack.eof:
        raise zlib.error
