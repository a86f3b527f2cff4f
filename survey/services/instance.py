"""The running instance: folder, database, secret and settings; the one door to a Session for web and cli."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from survey.storage import settings
from survey.storage.database import Clock, Database, DatabaseBusy, DatabaseTrouble, Trouble, system_clock
from survey.storage.upgrade import upgrade as upgrade_tables

__all__ = [
    "Clock",
    "Database",
    "DatabaseBusy",
    "DatabaseTrouble",
    "Session",
    "Settings",
    "Trouble",
    "change_setting",
    "database_url",
    "instance_folder",
    "mark_demonstration",
    "open_database",
    "read_settings",
    "secret_key",
    "system_clock",
    "upgrade",
]

FOLDER_VARIABLE, URL_VARIABLE = "SANSANGSO_INSTANCE", "DATABASE_URL"
_ID, _DEMONSTRATION = "instance_id", "demonstration"
SWITCHES = ("uploads", "abstracts", "mail", "second_factor")
COUNTS = {"idle_days": 45, "file_megabytes": 20, "phieu_megabytes": 200}  # whole numbers, as they are unless set


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for the whole instance."""

    instance_id: str  # random, made with the database; printed on receipts and exports
    demonstration: bool
    name: str = ""  # of the office that runs it, on printed pages
    uploads: bool = True  # files may be handed in
    abstracts: bool = True  # trích yếu of documents may be written down
    mail: bool = True  # mail may be sent, where config.toml names a server
    second_factor: bool = True  # required of coordinators, administrators and auditors
    idle_days: int = 45  # after which an account is shut
    file_megabytes: int = 20  # the largest file of a document
    phieu_megabytes: int = 200  # of all files of one phiếu, each content once


def instance_folder() -> Path:
    """`$SANSANGSO_INSTANCE` or `instance/` of the working directory; made (0700) where absent."""
    folder = Path(os.environ.get(FOLDER_VARIABLE) or "instance").resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def database_url(folder: Path) -> str:
    """`DATABASE_URL`, or the SQLite file `sansangso.db` in the folder."""
    return os.environ.get(URL_VARIABLE) or f"sqlite:///{folder / 'sansangso.db'}"


def open_database(folder: Path | None = None) -> Database:
    """The instance's database, not yet upgraded; `with database.reading() as session:` and `.writing()` open it."""
    return Database(database_url(folder or instance_folder()))


def upgrade(database: Database) -> str | None:
    """Bring an empty or older database to the present tables, safe to run again; the revision before, None if empty."""
    if database.is_sqlite and database.url.database:
        Path(database.url.database).touch(mode=0o600)
    before = upgrade_tables(database)
    with database.writing() as session:
        if _ID not in settings.read(session):
            settings.write(session, _ID, secrets.token_hex(8))
    return before


def secret_key(folder: Path) -> bytes:
    """The instance's secret for signing cookies and tokens: made on first use, readable by its owner alone (0600)."""
    file = folder / "secret.key"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(file.read_text(encoding="ascii"))
    key = secrets.token_bytes(32)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(key.hex())
        out.flush()
        os.fsync(out.fileno())
    return key


def read_settings(session: Session) -> Settings:
    """The instance's settings as they stand; one statement."""
    known = settings.read(session)
    demonstration = known.get(_DEMONSTRATION) == "1"
    on = {name: known.get(name, "1") == "1" for name in SWITCHES}
    if demonstration and "second_factor" not in known:
        on["second_factor"] = False
    days, file, phieu = (int(known.get(name, usual)) for name, usual in COUNTS.items())
    return Settings(
        known[_ID], demonstration, known.get("name", ""), **on,
        idle_days=days, file_megabytes=file, phieu_megabytes=phieu,
    )  # fmt: skip


def change_setting(session: Session, name: str, value: str) -> None:
    """Set one of SWITCHES ("1" or "0"), `name` or one of COUNTS; the caller has checked the value and records it."""
    settings.write(session, name, value)


def mark_demonstration(session: Session) -> None:
    """Mark every page and sheet of this instance as demonstration."""
    settings.write(session, _DEMONSTRATION, "1")
