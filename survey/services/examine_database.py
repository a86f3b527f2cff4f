"""The doctor's look at a database: reachable, at its revision, whole, durable, its clock and its log in order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from survey.core.workflow import Role
from survey.services import audit
from survey.services.back_up import BACKED_UP, is_there
from survey.services.check_signed import check_log
from survey.services.doctor_findings import Finding, fault, good, look
from survey.services.instance import Database, DatabaseTrouble, Session
from survey.storage.accounts import Account
from survey.storage.events import Event
from survey.storage.migrations import HEAD
from survey.storage.upgrade import current_revision, known_revisions

DRIFT = timedelta(seconds=5)  # that clocks may differ
OLD_BACKUP = timedelta(hours=36)
FIRST_BACKUP = timedelta(hours=36)  # in which a new instance needs none
_SHOWN = 5  # things that one sentence names


def examine_database(database: Database, now: datetime) -> Iterator[Finding]:
    """Everything that can be said of the database; stops where it cannot be used."""
    if not is_there(database):
        yield fault("database_none", file=database.url.database)
        return
    try:
        with database.reading() as session:
            connection = session.connection()
            found = _revision(current_revision(connection))
            yield found
            if found.key != "revision":
                return
            yield from _whole(connection)
            yield _durable(connection)
            yield from _clocks(session, now)
            yield _backup(session, now)
            yield _administrators(session)
            yield _chains(session)
    except DatabaseTrouble as trouble:
        yield fault(f"database_{trouble.kind.value}", url=database.url.render_as_string(hide_password=True))
    except sa.exc.DBAPIError:  # a file that is none of SQLite's, a page that cannot be read
        yield fault("database_broken", url=database.url.render_as_string(hide_password=True))


def _revision(found: str | None) -> Finding:
    if found is None:
        return fault("revision_none")
    if found == HEAD:
        return good("revision", revision=found)
    return fault("revision_old" if found in known_revisions() else "revision_newer", found=found, head=HEAD)


def _whole(connection: sa.Connection) -> Iterator[Finding]:
    """SQLite reads every page; PostgreSQL is asked for indexes that it knows to be invalid."""
    if connection.dialect.name == "sqlite":
        said = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
        yield good("pages") if said == ["ok"] else fault("pages_broken", what="; ".join(said[:_SHOWN]))
        loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        tables = ", ".join(sorted({str(row[0]) for row in loose}))
        yield fault("references_broken", count=len(loose), tables=tables) if loose else good("references")
        return
    query = "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid"
    invalid = list(connection.scalars(sa.text(query)))
    yield fault("indexes_broken", names=", ".join(invalid[:_SHOWN])) if invalid else good("indexes")


def _durable(connection: sa.Connection) -> Finding:
    """What is acknowledged must outlive a power cut."""
    if connection.dialect.name == "sqlite":
        mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        wrong = [f"journal_mode={mode}"] if mode != "wal" else []
        wrong += [f"synchronous={synchronous}"] if synchronous not in (2, 3) else []
    else:
        names = ("fsync", "full_page_writes", "synchronous_commit")
        shown = {
            name: str(connection.scalar(sa.text("SELECT current_setting(:name)"), {"name": name})) for name in names
        }
        wrong = [f"{name}={value}" for name, value in shown.items() if value in ("off", "local")]
    return fault("not_durable", what=", ".join(wrong)) if wrong else good("durable")


def _clocks(session: Session, now: datetime) -> Iterator[Finding]:
    last = session.scalar(sa.select(sa.func.max(Event.at)))
    if last is not None and last > now + DRIFT:
        yield fault("clock_behind", now=f"{now:%Y-%m-%d %H:%M:%S} UTC", last=f"{last:%Y-%m-%d %H:%M:%S} UTC")
    else:
        yield good("clock")
    if session.get_bind().dialect.name == "postgresql":
        theirs = session.scalar(sa.select(sa.func.clock_timestamp()))
        apart = abs(theirs.astimezone(UTC) - datetime.now(UTC)) if theirs else timedelta()
        yield look("clocks_apart", seconds=round(apart.total_seconds())) if apart > DRIFT else good("clocks_agree")


def _backup(session: Session, now: datetime) -> Finding:
    """When the last backup was made, by the log."""
    wanted = (Event.stream == audit.INSTANCE, Event.kind == BACKED_UP)
    row = session.execute(sa.select(Event.at, Event.data).where(*wanted).order_by(Event.number.desc()).limit(1)).first()
    if row is None:
        first = session.scalar(sa.select(sa.func.min(Event.at)))
        young = first is None or now - first < FIRST_BACKUP
        return good("backup_not_yet") if young else look("backup_none")
    hours = int((now - row.at).total_seconds() // 3600)
    name = json.loads(row.data).get("file", "")
    return (
        look("backup_old", hours=hours, file=name)
        if now - row.at > OLD_BACKUP
        else good("backup", hours=hours, file=name)
    )


def _administrators(session: Session) -> Finding:
    query = sa.select(Account.roles).where(Account.disabled_at.is_(None))
    count = sum(Role.ADMINISTRATOR.value in roles for roles in session.scalars(query))
    return good("administrators", count=count) if count else look("no_administrator")


def _chains(session: Session) -> Finding:
    broken = check_log(session)
    if not broken:
        return good("chains", head=audit.audit_head(session)[:16])
    named = ", ".join(f"{one.stream} #{one.number} ({one.what})" for one in broken[:_SHOWN])
    return fault("chains_broken", count=len(broken), named=named)
