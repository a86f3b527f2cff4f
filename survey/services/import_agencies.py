"""Reading the register of agencies from a CSV file: all faults listed with their place, and nothing half loaded."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from survey.core.answers import clean_text
from survey.core.asks import Text
from survey.core.errors import Faults
from survey.core.sorting_vi import fold
from survey.core.workflow import Role
from survey.services import audit
from survey.services.agency_file import AgencyLine, read_agencies
from survey.services.cohorts import ensure_cohorts
from survey.services.errors import NotAllowed
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.scope import require_administrator
from survey.services.submission_views import AgencyRef
from survey.storage import agencies
from survey.storage.agencies import Agency


@dataclass(frozen=True, slots=True)
class ImportedAgencies:
    """What an import did."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class AgencyView:
    """One agency of the register."""

    ref: AgencyRef
    identifier: str
    kind: str
    type: str
    admin_level: str
    parent: AgencyRef | None
    questionnaire_id: str
    cohort_code: str
    cohort: Text
    assessed: bool
    attributes: tuple[tuple[str, bool], ...]
    note: str
    basis: str


def packaged_agencies() -> Path:
    """The file of Hà Nội's bodies that comes with the system."""
    return Path(str(resources.files("survey.data").joinpath("hanoi_agencies.csv")))


def import_agencies(
    session: Session, file: Path, *, by: Person | None = None, clock: Clock = system_clock
) -> ImportedAgencies:
    """Add and update agencies by code; those not in the file are kept. Raises survey.core.errors.Faults."""
    if by is not None:
        require_administrator(by)
    known = agencies.by_code(session)
    parents = {code: agency.parent_id for code, agency in known.items()}
    codes = {agency.id: code for code, agency in known.items()}
    kept = {code: codes.get(parent, "") if parent else "" for code, parent in parents.items()}
    lines, faults = read_agencies(file, kept)
    if faults:
        raise Faults(faults)
    ensure_cohorts(session, [line.cohort for line in lines])
    added, changed = _write(session, lines, known)
    result = ImportedAgencies(len(added), len(changed), len(lines) - len(added) - len(changed))
    if added or changed:
        audit.record(session, audit.AGENCIES, "agencies_imported", by, clock(), added=added, changed=changed)
    return result


def _write(session: Session, lines: list[AgencyLine], known: dict[str, Agency]) -> tuple[list[str], dict[str, Any]]:
    """Codes added; and for each changed code its former and new values."""
    added: list[str] = []
    changed: dict[str, Any] = {}
    place = max((agency.place for agency in known.values()), default=-1)
    for line in lines:
        agency = known.get(line.code)
        if agency is None:
            place += 1
            agency = Agency(code=line.code, place=place, identifier="", search="", **_columns(line))
            known[line.code] = agency
            session.add(agency)
            added.append(line.code)
        else:
            differences = _differences(agency, line)
            for name, (_before, value) in differences.items():
                setattr(agency, name, value)
            if differences:
                changed[line.code] = {name: list(pair) for name, pair in differences.items()}
        if line.identifier is not None:
            agency.identifier = line.identifier
        agency.refresh_search()
    session.flush()
    for line in lines:
        agency, parent = known[line.code], known.get(line.parent_code)
        if agency.parent_id != (parent.id if parent else None):
            before, agency.parent_id = agency.parent_id, parent.id if parent else None
            if line.code not in added:
                changed.setdefault(line.code, {})["parent_id"] = [before, agency.parent_id]
    session.flush()
    return added, changed


def _columns(line: AgencyLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "kind": line.kind,
        "type": line.type,
        "level": line.level,
        "ward_code": line.ward_code,
        "basis": line.basis,
        "questionnaire_id": line.questionnaire,
        "cohort_code": line.cohort or None,
        "assessed": line.assessed,
        "note": line.note,
        "attributes": dict(line.attributes),
    }


def _differences(agency: Agency, line: AgencyLine) -> dict[str, tuple[Any, Any]]:
    wanted = _columns(line)
    if line.identifier is not None:
        wanted["identifier"] = line.identifier
    return {name: (getattr(agency, name), value) for name, value in wanted.items() if getattr(agency, name) != value}


def list_agencies(session: Session, person: Person, search: str = "") -> tuple[AgencyView, ...]:
    """The register in official order, `search` without dấu. Coordinators and administrators only."""
    if not person.roles & {Role.COORDINATOR, Role.ADMINISTRATOR}:
        raise NotAllowed
    return tuple(
        AgencyView(
            AgencyRef(agency.id, agency.code, agency.name),
            agency.identifier,
            agency.kind,
            agency.type,
            agency.level,
            AgencyRef(agency.parent.id, agency.parent.code, agency.parent.name) if agency.parent else None,
            agency.questionnaire_id,
            agency.cohort_code or "",
            Text(agency.cohort.name_vi, agency.cohort.name_en) if agency.cohort else Text(""),
            agency.assessed,
            tuple(sorted(agency.attributes.items())),
            agency.note,
            agency.basis,
        )
        for agency in agencies.listed(session, fold(clean_text(search)))
    )
