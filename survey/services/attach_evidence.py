"""Documents that prove answers: a record is kept once per submission and attached to any number of indicators."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.page_views import EvidenceView


@dataclass(frozen=True, slots=True)
class EvidenceForm:
    """A document as typed; at least the number, the summary or the link is needed."""

    number: str = ""  # số, ký hiệu: 466/QĐ-UBND
    issued: str = ""  # dd/mm/yyyy
    issuer: str = ""
    summary: str = ""  # trích yếu
    link: str = ""  # http or https


@dataclass(frozen=True, slots=True)
class EvidenceFault:
    """What is wrong with one field; `blocks` False is a warning that the user may confirm."""

    field: str
    sentence: str
    blocks: bool = True


def check_evidence(form: EvidenceForm, language: str = "vi") -> tuple[EvidenceFault, ...]:
    """Every fault of the form: dates, links, nothing given; MẬT, TỐI MẬT, TUYỆT MẬT in any field blocks it."""
    raise NotImplementedError


def add_evidence(
    session: Session,
    person: Person,
    submission_id: int,
    form: EvidenceForm,
    attach_to: Collection[str] = (),
    *,
    clock: Clock = system_clock,
) -> EvidenceView:
    """Keep a document and attach it to indicators. Raises NotFound, NotAllowed, Blocked, Refused (first fault).

    The same document added again (all fields equal) is kept once and attached.
    """
    raise NotImplementedError


def edit_evidence(
    session: Session,
    person: Person,
    submission_id: int,
    evidence_id: int,
    form: EvidenceForm,
    seen: int,
    *,
    clock: Clock = system_clock,
) -> EvidenceView:
    """Change a document; `seen` is its revision. Raises also ContentChanged where someone else has changed it."""
    raise NotImplementedError


def remove_evidence(
    session: Session, person: Person, submission_id: int, evidence_id: int, *, clock: Clock = system_clock
) -> None:
    """Take a document away from the submission and every indicator."""
    raise NotImplementedError


def attach_evidence(
    session: Session, person: Person, submission_id: int, evidence_id: int, code: str, *, clock: Clock = system_clock
) -> None:
    """Attach a document to an indicator; twice is once."""
    raise NotImplementedError


def detach_evidence(
    session: Session, person: Person, submission_id: int, evidence_id: int, code: str, *, clock: Clock = system_clock
) -> None:
    """Detach a document from an indicator; it stays in the submission."""
    raise NotImplementedError
