"""The register of bodies as it is looked at: the list with its filters, one body with its past, cut to one's khối."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.core.answers import clean_text
from survey.core.asks import Text
from survey.core.sorting_vi import fold
from survey.core.workflow import Role, RoundState, SubmissionState
from survey.services import audit
from survey.services.errors import NotAllowed, NotFound
from survey.services.instance import Session
from survey.services.pending_imports import Difference
from survey.services.people import Person
from survey.services.register_values import FIELDS, Values, heading, ordered, show, values_of
from survey.services.register_words import ATTRIBUTE, RegisterWords, register_words
from survey.services.submission_views import AgencyRef
from survey.storage import accounts, agencies
from survey.storage.agencies import Agency
from survey.storage.submission_rows import rows_of_agency

MOST_EVENTS = 100
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What the list is narrowed to; empty is all. `search` is compared without dấu with name, code, mã định danh."""

    search: str = ""
    kind: str = ""
    cohort: str = ""
    type: str = ""
    state: str = ""  # open, closed


EVERY = RegisterFilter()


@dataclass(frozen=True, slots=True)
class AgencyView:
    """One body of the register."""

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
    contact: str
    phone: str
    email: str
    closed_at: datetime | None
    revision: int
    values: Values


@dataclass(frozen=True, slots=True)
class PastName:
    """A name that a body had."""

    name: str
    until: datetime
    reason: str
    by: str  # "" for the system itself


@dataclass(frozen=True, slots=True)
class OwnPhieu:
    """A phiếu of the body."""

    submission_id: int
    round_code: str
    round_title: str
    round_open: bool
    title: Text  # of its questionnaire
    state: SubmissionState


@dataclass(frozen=True, slots=True)
class PastChange:
    """What happened to a body's line of the register."""

    at: datetime
    by: str
    kind: str  # agency_changed, agency_renamed, agencies_imported …
    reason: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """One body with all that hangs on it."""

    agency: AgencyView
    children: tuple[AgencyRef, ...]
    former_names: tuple[PastName, ...]
    submissions: tuple[OwnPhieu, ...]
    history: tuple[PastChange, ...]  # newest first


def readable_kinds(person: Person) -> frozenset[str] | None:
    """The khối whose lines of the register a person sees; None: all. Raises NotAllowed for those who see none of it."""
    if Role.ADMINISTRATOR in person.roles:
        return None
    if not person.roles & {Role.COORDINATOR, Role.AUDITOR}:
        raise NotAllowed
    return person.readable_kinds


def list_agencies(session: Session, person: Person, narrow: RegisterFilter = EVERY) -> tuple[AgencyView, ...]:
    """The register in official order. Coordinators, administrators and auditors only, cut to their khối."""
    kinds = readable_kinds(person)
    found = agencies.listed(session, fold(clean_text(narrow.search)))
    return tuple(view_of(one) for one in found if (kinds is None or one.kind in kinds) and _fits(one, narrow))


def _fits(agency: Agency, narrow: RegisterFilter) -> bool:
    state = CLOSED if agency.closed_at else OPEN
    wanted = (narrow.kind, narrow.cohort, narrow.type, narrow.state)
    stands = (agency.kind, agency.cohort_code, agency.type, state)
    return all(not want or want == stand for want, stand in zip(wanted, stands, strict=True))


def find_agency(session: Session, person: Person, code: str) -> Agency:
    """The body of a code, if this person sees its khối. Raises NotFound."""
    found = agencies.find_whole(session, code, readable_kinds(person))
    if found is None:
        raise NotFound
    return found


def read_agency(session: Session, person: Person, code: str) -> AgencyPage:
    """One body with its past. Raises NotFound, also for a body of another khối."""
    agency = find_agency(session, person, code)
    words = register_words(session)
    return AgencyPage(
        view_of(agency),
        tuple(AgencyRef(one.id, one.code, one.name) for one in agencies.children(session, agency.id)),
        _past_names(session, agency),
        tuple(
            OwnPhieu(
                row.id, row.round_code, row.round_title, row.round_state is RoundState.OPEN,
                Text(row.title_vi, row.title_en), row.state,
            )
            for row in rows_of_agency(session, agency.id)
        ),
        _history(session, agency.code, words, person.language),
    )  # fmt: skip


def view_of(agency: Agency) -> AgencyView:
    """A line of the register, read with its parent and cohort."""
    return AgencyView(
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
        agency.contact_name,
        agency.contact_phone,
        agency.contact_email,
        agency.closed_at,
        agency.revision,
        values_of(agency, agency.parent.code if agency.parent else ""),
    )


def _past_names(session: Session, agency: Agency) -> tuple[PastName, ...]:
    found = agencies.former_names(session, agency.id)
    names = accounts.names(session, {one.account_id for one in found if one.account_id is not None})
    return tuple(
        PastName(one.name, one.until, one.reason, names.get(one.account_id, "") if one.account_id else "")
        for one in found
    )


def _history(session: Session, code: str, words: RegisterWords, language: str) -> tuple[PastChange, ...]:
    found = agencies.events_about(session, audit.AGENCIES, code, MOST_EVENTS)
    views = audit.event_views(session, found)
    changes = ((view, _changes_of(view.data, code)) for view in views if view.data.get("code", code) == code)
    return tuple(
        PastChange(
            view.at, view.by, view.kind, str(view.data.get("reason", "")), _differences(changed, words, language)
        )
        for view, changed in changes
        if changed is not None
    )


def _changes_of(data: Mapping[str, Any], code: str) -> Mapping[str, Any] | None:
    """What an event says of a body; None where it only stands in another's change."""
    if data.get("code") == code:
        return dict(data.get("changes") or {})
    if code in (data.get("changed") or {}):
        return dict(data["changed"][code])
    return {} if code in (data.get("added") or ()) else None


def _differences(changed: Mapping[str, Any], words: RegisterWords, language: str) -> tuple[Difference, ...]:
    """Values before and after; of persons only that they changed."""
    found = []
    for name in ordered(changed):
        pair = changed[name]
        if name in FIELDS or name.startswith(ATTRIBUTE):
            before, after = (show(name, value, words, language) for value in (pair or ("", "")))
            found.append(Difference(heading(name, words, language), before, after))
    return tuple(found)
