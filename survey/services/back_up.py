"""A backup: every row in one snapshot, every file handed in, the secrets; written beside, read back, then renamed."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from survey import __version__
from survey.core.numbers_vi import HANOI
from survey.services import audit, backup_archive
from survey.services.backup_archive import ArchiveWriter, Manifest
from survey.services.errors import Refused
from survey.services.instance import Clock, Database, DatabaseTrouble, Session, read_settings, system_clock
from survey.services.seal_secrets import seal
from survey.services.stored_files import file_store
from survey.storage.files import StoredFile
from survey.storage.table_rows import lines_of, tables_of
from survey.storage.upgrade import current_revision

SECRET_FILES = ("secret.key", "config.toml", "package.key", "demo-accounts.json")
BACKED_UP, RESTORED = "backed_up", "restored"  # kinds of events
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BackupView:
    """What was written."""

    file: Path
    size: int  # bytes
    digest: str  # SHA-256 of everything in it
    rows: int
    files: int  # that people handed in
    missing_files: tuple[str, ...]  # SHA-256 of those whose content was not there or not the same
    secrets: str  # plain, sealed, left_out
    removed: tuple[Path, ...]  # older backups


def back_up(
    database: Database,
    folder: Path,
    place: Path,
    *,
    passphrase: str = "",
    with_secrets: bool = True,
    keep: int = 0,
    progress: Progress = lambda _done, _total: None,
    clock: Clock = system_clock,
) -> BackupView:
    """Write a backup to a file, or into a folder under a name of its own; `keep` of them stay there, 0: all.

    Savers are not held up. An older file of that name is replaced only once the new one has been read back.
    Raises Refused; then nothing has changed.
    """
    now = clock()
    file = _target(database, place, now)
    sealing = ("sealed" if passphrase else "plain") if with_secrets else "left_out"
    try:
        with backup_archive.replacing(file) as out:
            writer = ArchiveWriter(out)
            manifest = _write(database, folder, writer, file.parent, passphrase, sealing, now, progress)
            out.flush()
            archive = backup_archive.read_archive(out)
            if archive.manifest != manifest:
                raise OSError("what was read back is not what was written")
            size = out.seek(0, 2)
    except OSError as error:
        raise Refused("operate.not_written", "file", file=file, what=error.strerror or error) from error
    files, rows = len(archive.named("files")), sum(manifest.tables.values())
    with database.writing() as session:
        told = {"file": file.name, "sha256": archive.digest, "rows": rows, "files": files, "secrets": sealing}
        audit.record(session, audit.INSTANCE, BACKED_UP, None, clock(), **told)
    removed = _remove_older(file, manifest.instance_id, keep) if keep and place.is_dir() else ()
    return BackupView(file, size, archive.digest, rows, files, manifest.missing_files, sealing, removed)


def is_there(database: Database) -> bool:
    """Whether there is a database to look at; SQLite would make an empty file of one that is not there."""
    return not database.is_sqlite or Path(database.url.database or "").is_file()


def _target(database: Database, place: Path, now: datetime) -> Path:
    """The file to write. Raises Refused."""
    if not is_there(database):
        raise Refused("operate.no_database")
    with database.reading() as session:
        if current_revision(session.connection()) is None:
            raise Refused("operate.no_database")
        instance_id = read_settings(session).instance_id
    if place.is_dir():
        return place / f"sansangso-{instance_id}-{now.astimezone(HANOI):%Y%m%d-%H%M%S}.tar"
    if not place.parent.is_dir():
        raise Refused("operate.no_folder", "file", folder=place.parent)
    return place


def _write(
    database: Database, folder: Path, writer: ArchiveWriter, spool: Path, passphrase: str, sealing: str, now: datetime,
    progress: Progress,
) -> Manifest:  # fmt: skip
    """Every member, the manifest last; `spool` is a folder on the disk that the backup goes to."""
    with database.reading() as session:
        tables = _write_tables(session, writer, spool, progress)
        handed_in = _handed_in(session)
        settings = read_settings(session)
        revision = current_revision(session.connection())
        head = audit.audit_head(session)
    missing = tuple(digest for digest in handed_in if not _write_file(writer, folder, digest))
    present = tuple(name for name in SECRET_FILES if (folder / name).is_file())
    for name in present if sealing != "left_out" else ():
        content = (folder / name).read_bytes()
        writer.add_bytes(f"instance/{name}", seal(content, passphrase, name) if passphrase else content)
    manifest = Manifest(
        instance_id=settings.instance_id, name=settings.name, version=__version__, revision=revision or "",
        database="sqlite" if database.is_sqlite else "postgresql", at=now.astimezone(UTC), audit_head=head,
        tables=tables, members=dict(writer.members), secrets=sealing, secret_files=present, missing_files=missing,
    )  # fmt: skip
    writer.add_bytes(backup_archive.MANIFEST, backup_archive.write_manifest(manifest))
    writer.finish()
    return manifest


def _write_tables(session: Session, writer: ArchiveWriter, spool: Path, progress: Progress) -> dict[str, int]:
    """Every table, packed; how many rows each holds."""
    connection, rows = session.connection(), {}
    tables = tables_of(connection)
    for done, table in enumerate(tables):
        progress(done, len(tables))
        with tempfile.TemporaryFile(dir=spool) as packed:
            count = -1  # the heading is no row
            with gzip.GzipFile("", "wb", 6, packed, mtime=0) as out:
                for count, line in enumerate(lines_of(connection, table)):  # noqa: B007
                    out.write(line)
            rows[table.name] = count
            size = packed.tell()
            packed.seek(0)
            writer.add(f"tables/{table.name}.jsonl.gz", packed, size)
    progress(len(tables), len(tables))
    return rows


def _handed_in(session: Session) -> list[str]:
    """The hashes of all files; none in a database from before there were any."""
    if not sa.inspect(session.connection()).has_table(StoredFile.__tablename__):
        return []
    return list(session.scalars(sa.select(StoredFile.sha256).distinct().order_by(StoredFile.sha256)))


def _write_file(writer: ArchiveWriter, folder: Path, digest: str) -> bool:
    """One file that was handed in; False where its content is gone or not what it was."""
    try:
        content = file_store(folder).read(digest)
    except DatabaseTrouble:
        return False
    writer.add_bytes(f"files/{digest}", content)
    return True


def _remove_older(file: Path, instance_id: str, keep: int) -> tuple[Path, ...]:
    """Remove this instance's oldest backups beyond the newest `keep`."""
    found = sorted(file.parent.glob(f"sansangso-{instance_id}-????????-??????.tar"))
    older = [one for one in found if one != file][: max(0, len(found) - keep)]
    for one in older:
        one.unlink(missing_ok=True)
    return tuple(older)
