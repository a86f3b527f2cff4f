"""Taking a register of bodies in from a file: every change shown before it is made, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from survey.core.errors import CellFault, Faults
from survey.core.handed_in import Table
from survey.core.numbers_vi import format_date
from survey.services import audit, pending_imports
from survey.services.agency_file import AgencyLine, KnownBody, read_agencies, register_columns
from survey.services.cohorts import ensure_cohorts
from survey.services.errors import Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.pending_imports import Difference, Effect, Preview, RowChange, fingerprint
from survey.services.people import Person
from survey.services.register_values import Value, differences, heading, show, told, values_of, write_values
from survey.services.register_words import RegisterWords, register_words
from survey.services.scope import require_administrator
from survey.services.upload_gate import read_upload
from survey.storage import agencies, events
from survey.storage.agencies import Agency

KIND = "agencies"  # of pending imports

Changes = Mapping[str, tuple[Value, Value]]


@dataclass(frozen=True, slots=True)
class ImportedAgencies:
    """What an import did."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Planned:
    """One line and what it changes; `new` where there is no such body yet."""

    line: AgencyLine
    new: bool
    changes: Changes


def packaged_agencies() -> Path:
    """The file of Hà Nội's bodies that comes with the system."""
    return Path(str(resources.files("survey.data").joinpath("hanoi_agencies.csv")))


def import_agencies(
    session: Session, file: Path, *, by: Person | None = None, clock: Clock = system_clock
) -> ImportedAgencies:
    """Add and update bodies by code from a CSV or xlsx file; those not in it are kept. Raises Faults.

    From the command line (`by` None) a register may bring codes and attributes that no list knows yet.
    """
    if by is not None:
        require_administrator(by)
    try:
        content = file.read_bytes()
    except OSError:
        raise Faults([CellFault(file.name, 0, "registry.no_file")]) from None
    words = register_words(session)
    strict = by is not None
    table = read_upload(content, file.name, register_columns(words), more=not strict)
    hold_register(session)
    return _apply(session, _plan(session, table, words, strict=strict), table.file, by, clock)


def preview_import(session: Session, person: Person, content: bytes, name: str, *, clock: Clock = system_clock) -> int:
    """Read a file and keep it to be looked at; its number. Administrators only. Raises Faults with every fault."""
    require_administrator(person)
    words = register_words(session)
    table = read_upload(content, name, register_columns(words))
    _plan(session, table, words)
    return pending_imports.keep(session, person, KIND, table, basis=register_basis(session), clock=clock)


def show_import(session: Session, person: Person, number: int) -> tuple[str, Preview, bool]:
    """The file's name, what it would change now, and whether it was applied. Raises NotFound, Faults."""
    require_administrator(person)
    pending = pending_imports.fetch(session, person, number, KIND)
    words = register_words(session)
    planned = () if pending.applied else _plan(session, pending.table, words)
    rows = tuple(_row_change(one, pending.table, words, person.language) for one in planned)
    return pending.name, Preview(rows, register_basis(session)), pending.applied


def apply_import(
    session: Session, person: Person, number: int, seen_basis: str, *, clock: Clock = system_clock
) -> ImportedAgencies:
    """Make every change that was shown. Raises NotFound, Faults, Refused where the register has changed since."""
    require_administrator(person)
    hold_register(session)
    pending = pending_imports.fetch(session, person, number, KIND)
    if pending.applied:
        raise Refused("registry.applied_before")
    if seen_basis != register_basis(session):
        raise Refused("registry.changed_since")
    words = register_words(session)
    done = _apply(session, _plan(session, pending.table, words), pending.name, person, clock)
    pending_imports.mark_applied(session, person, number, KIND, clock=clock)
    return done


def leave_import(session: Session, person: Person, number: int) -> None:
    """Drop a file that was only looked at."""
    require_administrator(person)
    pending_imports.drop(session, person, number, KIND)


def hold_register(session: Session) -> None:
    """Let changes of the register be made one after the other: its log is held until the unit of work ends."""
    events.start_stream(session, audit.AGENCIES)


def register_basis(session: Session) -> str:
    """A short text that changes with every line of the register."""
    return fingerprint([[agency.code, agency.revision] for agency in agencies.listed(session, "")])


def _plan(session: Session, table: Table, words: RegisterWords, *, strict: bool = True) -> list[_Planned]:
    """What each line of a table changes. Raises Faults."""
    known = known_bodies(session)
    lines, faults = read_agencies(table, words, known, strict=strict)
    if faults:
        raise Faults(faults)
    return [
        _Planned(line, line.code not in known, differences(known[line.code].values, line.values))
        if line.code in known
        else _Planned(line, True, differences({"assessed": None}, line.values))
        for line in lines
    ]


def known_bodies(session: Session) -> dict[str, KnownBody]:
    """Every body by code, as a file is compared with it."""
    every = agencies.listed(session, "")
    return {
        one.code: KnownBody(
            values_of(one, one.parent.code if one.parent else ""), format_date(one.closed_at) if one.closed_at else ""
        )
        for one in every
    }


def _row_change(planned: _Planned, table: Table, words: RegisterWords, language: str) -> RowChange:
    effect = Effect.ADDED if planned.new else Effect.CHANGED if planned.changes else Effect.UNCHANGED
    shown = tuple(
        Difference(heading(name, words, language), show(name, old, words, language), show(name, new, words, language))
        for name, (old, new) in planned.changes.items()
    )
    name = planned.line.values.get("name")
    what = f"{planned.line.code} – {name}" if name else planned.line.code
    return RowChange(table.spot(planned.line.line, "code", language), what, effect, shown)


def _apply(
    session: Session, planned: Sequence[_Planned], file: str, by: Person | None, clock: Clock
) -> ImportedAgencies:
    """Write every change and tell it in one event; former names are kept."""
    now = clock()
    ensure_cohorts(session, [str(one.line.values.get("cohort") or "") for one in planned])
    known = agencies.by_code(session)
    place = max((agency.place for agency in known.values()), default=-1)
    added = [one for one in planned if one.new]
    for number, one in enumerate(added, place + 1):
        values = one.line.values
        known[one.line.code] = Agency(
            code=one.line.code, name=str(values["name"]), kind=str(values["kind"]), type=str(values["type"]),
            level=str(values["level"]), assessed=bool(values["assessed"]), attributes={}, search="", place=number,
            revision=0,
        )  # fmt: skip
        session.add(known[one.line.code])
    session.flush()
    changed = [one for one in planned if one.changes and not one.new]
    for one in changed:
        if "name" in one.changes:
            reason = file
            agencies.keep_name(session, known[one.line.code], now, reason, by.account_id if by else None)
    for one in (*added, *changed):
        write_values(known[one.line.code], one.changes, known)
    session.flush()
    if added or changed:
        data = {
            "added": [one.line.code for one in added],
            "changed": {one.line.code: told(one.changes) for one in changed},
        }
        audit.record(session, audit.AGENCIES, "agencies_imported", by, now, **data)
    return ImportedAgencies(len(added), len(changed), len(planned) - len(added) - len(changed))
