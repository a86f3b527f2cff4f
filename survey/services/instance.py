"""The running instance: folder, database, secret and settings; the one door to a Session for web and cli."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from survey.storage.database import Clock, Database, DatabaseBusy, system_clock

__all__ = [
    "Clock",
    "Database",
    "DatabaseBusy",
    "Session",
    "Settings",
    "database_url",
    "instance_folder",
    "mark_demonstration",
    "open_database",
    "read_settings",
    "secret_key",
    "system_clock",
    "upgrade",
]


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for the whole instance."""

    instance_id: str  # random, made with the database; printed on receipts and exports
    demonstration: bool


def instance_folder() -> Path:
    """`$SANSANGSO_INSTANCE` or `instance/` of the working directory; made (0700) where absent."""
    raise NotImplementedError


def database_url(folder: Path) -> str:
    """`DATABASE_URL`, or the SQLite file `sansangso.db` in the folder."""
    raise NotImplementedError


def open_database(folder: Path | None = None) -> Database:
    """The instance's database, not yet upgraded; `with database.reading() as session:` and `.writing()` are its doors."""
    raise NotImplementedError


def upgrade(database: Database) -> None:
    """Bring an empty or older database to the present tables; safe to run again after being killed."""
    raise NotImplementedError


def secret_key(folder: Path) -> bytes:
    """The instance's secret for signing cookies and tokens: made on first use, readable by its owner alone (0600)."""
    raise NotImplementedError


def read_settings(session: Session) -> Settings:
    """The instance's settings; does not change while the instance lives, but for the demonstration mark."""
    raise NotImplementedError


def mark_demonstration(session: Session) -> None:
    """Mark every page and sheet of this instance as demonstration."""
    raise NotImplementedError
