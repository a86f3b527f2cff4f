"""Reading the register of agencies from a CSV file: all faults listed with their place, and nothing half loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from survey.core.asks import Text
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.submission_views import AgencyRef

COLUMNS = (
    "code", "name", "kind", "type", "level", "parent_code", "ward_code_gso",
    "basis", "questionnaire", "cohort", "assessed", "note",
)  # fmt: skip
"""Columns with a meaning; `identifier` (mã định danh) may follow; every other column is an attribute, 0, 1 or empty."""


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
    raise NotImplementedError


def import_agencies(
    session: Session, file: Path, *, by: Person | None = None, clock: Clock = system_clock
) -> ImportedAgencies:
    """Add and update agencies by code; those not in the file are kept. Raises survey.core.errors.Faults."""
    raise NotImplementedError


def list_agencies(session: Session, person: Person, search: str = "") -> tuple[AgencyView, ...]:
    """The register in official order, `search` without dấu. Coordinators and administrators only."""
    raise NotImplementedError
