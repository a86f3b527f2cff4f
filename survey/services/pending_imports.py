"""A file that was read waits, as a preview, for the person who handed it in to apply it or to leave it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from survey.core.handed_in import Table
from survey.services.errors import NotFound
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.upload_gate import table_from_json, table_to_json
from survey.storage import imports
from survey.storage.imports import PendingImport

KEPT = timedelta(days=2)  # a preview that nobody came back to


class Effect(StrEnum):
    """What one row of a file does."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changes; `label` is the heading of its column, in the reader's language."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one row does: where it stands in the file, whom it is about, and each value before and after."""

    place: str  # "ô A7", "dòng 7"
    what: str
    effect: Effect
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """All that a file would do, in its order. `basis` is the fingerprint of what it was compared with."""

    rows: tuple[RowChange, ...]
    basis: str

    def count(self, effect: Effect | str) -> int:
        """How many rows have this effect."""
        return sum(row.effect == effect for row in self.rows)

    @property
    def told(self) -> tuple[RowChange, ...]:
        """The rows that do something."""
        return tuple(row for row in self.rows if row.effect is not Effect.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Pending:
    """One file that waits."""

    table: Table
    place: str  # what it is about, e.g. a round's code
    basis: str
    name: str  # of the file
    created_at: datetime
    applied: bool = False  # done already: a second press of the button says so and changes nothing


def fingerprint(*parts: object) -> str:
    """A short text that is the same only where all the parts are; they are what JSON can say."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def keep(
    session: Session,
    person: Person,
    kind: str,
    table: Table,
    *,
    place: str = "",
    basis: str = "",
    clock: Clock = system_clock,
) -> int:
    """Keep a table that was read until it is applied; the number it is fetched by. Files long forgotten are dropped."""
    now = clock()
    imports.drop_before(session, now - KEPT)
    row = PendingImport(
        kind=kind,
        place=place,
        account_id=person.account_id,
        name=table.file,
        sha256=table.sha256,
        content=table_to_json(table),
        basis=basis,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def fetch(session: Session, person: Person, import_id: int, kind: str) -> Pending:
    """The person's own file that waits or was just applied. Raises NotFound: another's, another kind's, dropped."""
    row = imports.find_own(session, person.account_id, import_id, kind)
    if row is None:
        raise NotFound
    return Pending(
        table_from_json(row.content), row.place, row.basis, row.name, row.created_at, row.applied_at is not None
    )


def renew(session: Session, person: Person, import_id: int, kind: str, basis: str) -> None:
    """Note that a new preview was shown, compared with what stands now. Raises NotFound."""
    row = imports.find_own(session, person.account_id, import_id, kind)
    if row is None or row.applied_at is not None:
        raise NotFound
    row.basis = basis
    session.flush()


def mark_applied(session: Session, person: Person, import_id: int, kind: str, *, clock: Clock = system_clock) -> None:
    """The file was applied and cannot be again. Raises NotFound for the second of two at once."""
    if not imports.mark_applied(session, person.account_id, import_id, kind, clock()):
        raise NotFound


def drop(session: Session, person: Person, import_id: int, kind: str) -> None:
    """Leave a file unapplied; nothing happens where it is gone already."""
    imports.drop(session, person.account_id, import_id, kind)
