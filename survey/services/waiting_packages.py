"""A package that was handed in waits, as a preview, for the person who handed it in to take it or leave it."""

from __future__ import annotations

import hashlib

from survey.services.errors import NotFound
from survey.services.instance import Clock, Session, system_clock
from survey.services.package_format import read_package
from survey.services.pending_imports import KEPT
from survey.services.people import Person
from survey.storage import imports
from survey.storage.imports import PendingImport

KIND = "package"


def keep_package(session: Session, person: Person, data: bytes, place: str, *, clock: Clock = system_clock) -> int:
    """Keep a package until it is taken; `place` is the round's code, "" for the list of sources. Raises Refused."""
    read_package(data)
    now = clock()
    imports.drop_before(session, now - KEPT)
    row = PendingImport(
        kind=KIND, place=place, account_id=person.account_id, name="", sha256=hashlib.sha256(data).hexdigest(),
        content=data.decode(), basis="", created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def fetch_package(session: Session, person: Person, number: int, place: str) -> bytes:
    """One's own package that waits. Raises NotFound: another's, of another place, taken, forgotten."""
    row = imports.find_own(session, person.account_id, number, KIND)
    if row is None or row.place != place or row.applied_at is not None:
        raise NotFound
    return row.content.encode()


def mark_taken(session: Session, person: Person, number: int, *, clock: Clock = system_clock) -> None:
    """It has been taken and cannot be again. Raises NotFound for the second of two at once."""
    if not imports.mark_applied(session, person.account_id, number, KIND, clock()):
        raise NotFound
