"""Changing one body of the register on its page: shown with its effect first, never over another's change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.core.characters import clean_text
from survey.core.numbers_vi import format_date
from survey.services import audit
from survey.services.agency_effect import MaximumEffect, maximum_effects
from survey.services.check_agency import CODE, LONGEST, check_agency, circle_of, whole_faults
from survey.services.checks import Checks
from survey.services.cohorts import ensure_cohorts
from survey.services.errors import Refused, ServiceError
from survey.services.import_agencies import hold_register
from survey.services.instance import Clock, Session, system_clock
from survey.services.pending_imports import Difference
from survey.services.people import Person
from survey.services.read_register import find_agency
from survey.services.register_values import (
    Values,
    differences,
    heading,
    show,
    told,
    values_of,
    write_values,
)
from survey.services.register_words import RegisterWords, register_words
from survey.services.scope import require_administrator
from survey.storage import agencies
from survey.storage.agencies import Agency

Typed = Mapping[str, str]


class AgencyFaults(ServiceError):
    """Fields that cannot be taken: (field, sentence key, data) each (422)."""

    def __init__(self, faults: tuple[tuple[str, str, dict[str, object]], ...]) -> None:
        super().__init__("registry.faults", count=len(faults))
        self.faults = faults


class AgencyChanged(ServiceError):
    """Somebody else has changed the body since the form was shown (409): `now` are the values that stand."""

    def __init__(self, revision: int, now: Values) -> None:
        super().__init__("registry.conflict")
        self.revision = revision
        self.now = now


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a form would change."""

    differences: tuple[Difference, ...]
    effects: tuple[MaximumEffect, ...]  # on the maximum; those that change nothing are left out
    frozen: tuple[MaximumEffect, ...]  # sent phiếu, which keep what they were sent with


def propose_change(session: Session, person: Person, code: str, typed: Typed, seen: int) -> Proposal:
    """What the typed values would change, and their effect on the maximum. Raises as `change_agency` does."""
    agency, words, values = _checked(session, person, code, typed, seen)
    before = _values(agency)
    changes = differences(before, values)
    found = maximum_effects(session, agency, before, values)
    weighs = any(one.changes for one in found)
    return Proposal(
        tuple(
            Difference(
                heading(name, words, person.language),
                show(name, old, words, person.language),
                show(name, new, words, person.language),
            )
            for name, (old, new) in changes.items()
        ),
        tuple(one for one in found if one.changes),
        tuple(one for one in found if one.frozen) if weighs else (),
    )


def change_agency(
    session: Session, person: Person, code: str, typed: Typed, seen: int, *, clock: Clock = system_clock
) -> bool:
    """Write the typed values; whether anything changed. A name is not among them: see `rename_agency`.

    Raises NotFound, NotAllowed, AgencyFaults, AgencyChanged where `seen` is no longer the revision that stands.
    """
    hold_register(session)
    agency, _, values = _checked(session, person, code, typed, seen)
    changes = differences(_values(agency), values)
    if not changes:
        return False
    ensure_cohorts(session, [str(values.get("cohort") or "")])
    write_values(agency, changes, agencies.by_code(session))
    session.flush()
    audit.record(session, audit.AGENCIES, "agency_changed", person, clock(), code=agency.code, changes=told(changes))
    return True


def add_agency(session: Session, person: Person, typed: Typed, *, clock: Clock = system_clock) -> str:
    """Put a new body at the end of the register; its code. Raises NotAllowed, AgencyFaults."""
    require_administrator(person)
    hold_register(session)
    words = register_words(session)
    code = clean_text(typed.get("code", "")).strip()
    faults: list[tuple[str, str, dict[str, object]]] = []
    known = agencies.by_code(session)
    if not CODE.fullmatch(code):
        faults.append(("code", "code_form" if code else "needed", {"typed": code[:60]}))
    elif code in known:
        faults.append(("code", "code_taken", {"code": code, "name": known[code].name}))
    checked = check_agency({name: text for name, text in typed.items() if name != "code"}, words)
    values = {"assessed": False, **checked.values}
    faults += [*checked.faults, *((name, key, {}) for name, key in whole_faults(values))]
    faults += _parent_faults(session, code, values)
    if faults:
        raise AgencyFaults(tuple(faults))
    ensure_cohorts(session, [str(values.get("cohort") or "")])
    place = max((one.place for one in known.values()), default=-1) + 1
    agency = Agency(
        code=code, name=str(values["name"]), kind=str(values["kind"]), type=str(values["type"]),
        level=str(values["level"]), assessed=bool(values["assessed"]), attributes={}, search="", place=place,
        revision=0,
    )  # fmt: skip
    session.add(agency)
    session.flush()
    changes = differences({}, values)
    write_values(agency, changes, {**known, code: agency})
    session.flush()
    audit.record(session, audit.AGENCIES, "agency_added", person, clock(), code=code, changes=told(changes))
    return code


def rename_agency(
    session: Session, person: Person, code: str, name: str, reason: str, seen: int, *, clock: Clock = system_clock
) -> None:
    """Give a body a new name; the former one is kept with the reason. Raises Refused, naming the field."""
    require_administrator(person)
    hold_register(session)
    agency = _seen(session, person, code, seen)
    checks = Checks()
    name, reason = checks.take("", _checked_name, name, agency.name), checks.take("", checked_reason, reason)
    checks.settle()
    now = clock()
    changes = {"name": (agency.name, name)}
    agencies.keep_name(session, agency, now, reason, person.account_id)
    write_values(agency, changes, {})
    session.flush()
    audit.record(
        session, audit.AGENCIES, "agency_renamed", person, now, code=code, reason=reason, changes=told(changes)
    )


def _checked_name(typed: str, present: str) -> str:
    name = " ".join(clean_text(typed).split())
    if not name or len(name) > LONGEST:
        raise Refused("registry.needed" if not name else "registry.too_long", "name", longest=LONGEST)
    if name == present:
        raise Refused("registry.name_same", "name")
    return name


def checked_reason(reason: str) -> str:
    """A reason as it is kept. Raises Refused."""
    reason = clean_text(reason).strip()
    if not reason or len(reason) > LONGEST:
        raise Refused("registry.reason_needed" if not reason else "registry.too_long", "reason", longest=LONGEST)
    return reason


def _seen(session: Session, person: Person, code: str, seen: int) -> Agency:
    """The body as the form showed it. Raises NotFound, AgencyChanged."""
    agency = find_agency(session, person, code)
    if agency.revision != seen:
        raise AgencyChanged(agency.revision, _values(agency))
    return agency


def _values(agency: Agency) -> Values:
    return values_of(agency, agency.parent.code if agency.parent else "")


def _checked(
    session: Session, person: Person, code: str, typed: Typed, seen: int
) -> tuple[Agency, RegisterWords, Values]:
    require_administrator(person)
    agency = _seen(session, person, code, seen)
    words = register_words(session)
    checked = check_agency({name: text for name, text in typed.items() if name != "name"}, words)
    own = _values(agency)
    faults = list(checked.faults)
    told_of = {name for name, _, _ in faults}
    whole = whole_faults({**own, **checked.values})
    faults += [(name, key, {}) for name, key in whole if name not in told_of]
    if checked.values.get("parent_code", own["parent_code"]) != own["parent_code"]:
        faults += _parent_faults(session, code, checked.values)
    if faults:
        raise AgencyFaults(tuple(faults))
    return agency, words, checked.values


def _parent_faults(session: Session, code: str, values: Values) -> list[tuple[str, str, dict[str, object]]]:
    parent = str(values.get("parent_code") or "")
    every = {one.code: one for one in agencies.listed(session, "")}
    if not parent:
        return []
    if parent not in every:
        return [("parent_code", "parent_unknown", {"code": parent})]
    closed = every[parent].closed_at
    if closed:
        return [("parent_code", "parent_closed", {"code": parent, "day": format_date(closed)})]
    parents = {one.code: one.parent.code if one.parent else "" for one in every.values()} | {code: parent}
    circle = circle_of(code, parents)
    return [("parent_code", "circle", {"codes": " → ".join((*circle, code))})] if circle else []
