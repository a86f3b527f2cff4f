"""The people of the demonstration: a clerk and a leader for every body, with one password marked as for show."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from survey.core.kinds import kind_name
from survey.core.sorting_vi import fold
from survey.core.text import say
from survey.core.workflow import Role
from survey.services import audit, passwords
from survey.services.demo.chains import Chains
from survey.services.instance import Clock, Session
from survey.services.people import EVERY_KIND, Body, Person
from survey.services.register_values import differences, told, write_values
from survey.storage.accounts import Account, Membership
from survey.storage.agencies import Agency

PASSWORD = "chi-de-minh-hoa"  # noqa: S105  "for demonstration only": it is printed and offered on the sign-in page
FILE = "demo-accounts.json"
# Whose accounts are offered, in this order; then those of the whole instance.
OFFERED = (
    (Role.CLERK, "HN-00004-UBND"),
    (Role.LEADER, "HN-00004-UBND"),
    (Role.LEADER, "HN-00004-DU"),
    (Role.CLERK, "HN-UBND-SNV"),
    (Role.LEADER, "HN-UBND-SNV"),
    (Role.CLERK, "HN-UBND-SKHCN"),
    (Role.CLERK, "HN-MTTQ-HLHPN"),
    (Role.LEADER, "HN-MTTQ-HLHPN"),
    (Role.CLERK, "HN-TU-BTC"),
    (Role.LEADER, "HN-TU-BTC"),
    (Role.LEADER, "HN-00070-UBND"),
)
SHARED = frozenset({"HN-00004-UBND", "HN-UBND-SNV"})  # where two clerks share the work
COORDINATOR, ADMINISTRATOR = "tonghop", "quantri"
PARTY_COORDINATOR, AUDITOR, PARTY = "tonghop.dang", "kiemtra", "dang"

_PARTS = {"dang_uy_xa": "danguy.", "mttq_xa": "mttq."}  # in a leader's login; the People's Committee has none
_HOST, _PHONE = "minh-hoa.example", "024 0000"  # a domain that reaches nobody, numbers that nobody has
_LEADER_TITLE, _CLERK_TITLE = "Cấp phó người đứng đầu", "Chuyên viên"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account that is offered."""

    role: str
    agency: str  # its name; "" for roles of the whole instance
    login: str
    password: str


@dataclass(frozen=True)
class People:
    """Everyone, by what they do."""

    clerks: Mapping[int, Person]  # by agency id
    leaders: Mapping[int, Person]
    colleagues: Mapping[int, Person]  # a second clerk, of a few bodies
    coordinator: Person
    administrator: Person
    offered: tuple[DemoAccount, ...]


@dataclass
class _Draft:
    """An account before it has an id."""

    login: str
    name: str
    roles: tuple[Role, ...] = ()
    serves: tuple[tuple[Agency, Role, str], ...] = ()
    kinds: str = ""  # khối that a coordinator sees


def make_people(session: Session, agencies: Sequence[Agency], chains: Chains, at: datetime) -> People:
    """Accounts for all agencies, a ward's one clerk serving its three bodies; every account's making is an event."""
    drafts = _drafts(agencies)
    secret = passwords.hashed(PASSWORD)  # one hash for all: no secret is kept by it
    rows = [
        {
            "login": draft.login, "name": draft.name, "search": fold(f"{draft.name} {draft.login}"),
            "password_hash": secret, "language": "vi", "roles": [role.value for role in draft.roles], "created_at": at,
            "kinds": draft.kinds, "email": f"{draft.login}@{_HOST}", "phone": f"{_PHONE} {number:04d}",
        }
        for number, draft in enumerate(drafts, start=1)
    ]  # fmt: skip
    made = sa.insert(Account).returning(Account.id, sort_by_parameter_order=True)
    ids = session.scalars(made, rows).all()
    members: list[dict[str, Any]] = []
    people: list[Person] = []
    for draft, account_id in zip(drafts, ids, strict=True):
        for agency, role, title in draft.serves:
            members.append({"account_id": account_id, "agency_id": agency.id, "role": role, "title": title})
        served = [[agency.code, role.value] for agency, role, _ in draft.serves]
        told = {"login": draft.login, "name": draft.name, "roles": [role.value for role in draft.roles]}
        told["kinds"] = draft.kinds
        chains.add(audit.ACCOUNTS, at, None, "account_created", {"account": account_id, **told, "serves": served})
        people.append(_person(account_id, draft))
    session.execute(sa.insert(Membership), members)
    return _people(people, agencies)


def _person(account_id: int, draft: _Draft) -> Person:
    bodies = tuple(
        Body(agency.id, agency.code, agency.name, frozenset({role}), title) for agency, role, title in draft.serves
    )
    return Person(
        account_id, draft.login, draft.name, "vi", frozenset(draft.roles), bodies, frozenset(draft.kinds.split())
    )


def _drafts(agencies: Sequence[Agency]) -> list[_Draft]:
    """Those whose accounts are offered first, so that their names carry the first numbers."""
    first = {code: place for place, (_, code) in reversed(list(enumerate(OFFERED)))}
    ordered = sorted(agencies, key=lambda agency: (first.get(agency.code, len(OFFERED)), agency.place))
    slugs = _slugs(ordered)
    offices: dict[str, list[Agency]] = {}
    for agency in ordered:
        offices.setdefault(slugs[agency.id], []).append(agency)
    drafts = [
        _Draft(COORDINATOR, say("demo.coordinator"), (Role.COORDINATOR,), kinds=EVERY_KIND),
        _Draft(ADMINISTRATOR, say("demo.administrator"), (Role.ADMINISTRATOR,)),
        _Draft(PARTY_COORDINATOR, say("demo.party_coordinator"), (Role.COORDINATOR,), kinds=PARTY),
        _Draft(AUDITOR, say("demo.auditor"), (Role.AUDITOR,)),
    ]
    for number, (slug, served) in enumerate(offices.items(), start=1):
        clerk = tuple((agency, Role.CLERK, _CLERK_TITLE) for agency in served)
        drafts.append(_Draft(f"nhap.{slug}", say("demo.clerk", number=number), serves=clerk))
    for number, agency in enumerate(ordered, start=1):
        login = f"lanhdao.{_PARTS.get(agency.type, '')}{slugs[agency.id]}"
        leader = ((agency, Role.LEADER, _LEADER_TITLE),)
        drafts.append(_Draft(login, say("demo.leader", number=number), serves=leader))
    for number, agency in enumerate((one for one in ordered if one.code in SHARED), start=len(offices) + 1):
        colleague = ((agency, Role.CLERK, _CLERK_TITLE),)
        drafts.append(_Draft(f"nhap2.{slugs[agency.id]}", say("demo.clerk", number=number), serves=colleague))
    return drafts


def _slugs(agencies: Sequence[Agency]) -> dict[int, str]:
    """A short name of each agency's office, by agency id: the ward's name, or the end of a city body's code."""
    by_ward: dict[str, str] = {}
    taken: set[str] = set()
    slugs: dict[int, str] = {}
    for agency in agencies:
        if not agency.ward_code:
            slugs[agency.id] = agency.code.lower().removeprefix("hn-").split("-", 1)[-1].replace("-", ".")
            continue
        if agency.ward_code not in by_ward:
            words = fold(agency.name).replace(" phuong ", " xa ").rpartition(" xa ")[2]
            slug = "".join(letter for letter in words if letter.isalnum())
            by_ward[agency.ward_code] = slug if slug not in taken else f"{slug}.{agency.ward_code}"
            taken.add(by_ward[agency.ward_code])
        slugs[agency.id] = by_ward[agency.ward_code]
    return slugs


def _people(people: Sequence[Person], agencies: Sequence[Agency]) -> People:
    coordinator, administrator = people[:2]
    typing = [(body.agency_id, one) for one in people for body in one.bodies if Role.CLERK in body.roles]
    clerks = dict(reversed(typing))  # the first of each body
    colleagues = {agency_id: one for agency_id, one in typing if one is not clerks[agency_id]}
    leaders = {body.agency_id: one for one in people for body in one.bodies if Role.LEADER in body.roles}
    by_code = {agency.code: agency for agency in agencies}
    offered = [
        DemoAccount(role.value, by_code[code].name, one[by_code[code].id].login, PASSWORD)
        for role, code in OFFERED
        if code in by_code
        for one in [clerks if role is Role.CLERK else leaders]
    ]
    offered.append(DemoAccount(Role.COORDINATOR.value, "", coordinator.login, PASSWORD))
    offered.append(DemoAccount(Role.ADMINISTRATOR.value, "", administrator.login, PASSWORD))
    offered.append(DemoAccount(Role.AUDITOR.value, "", AUDITOR, PASSWORD))
    party = say("scope.own", kinds=kind_name(PARTY))
    offered.append(DemoAccount(Role.COORDINATOR.value, party, PARTY_COORDINATOR, PASSWORD))
    return People(clerks, leaders, colleagues, coordinator, administrator, tuple(offered))


def name_contacts(session: Session, agencies: Sequence[Agency], people: People, clock: Clock) -> None:
    """The clerk of every body is its đầu mối in the register, told as one file that was taken in."""
    accounts = {account.id: account for account in session.scalars(sa.select(Account))}
    changed: dict[str, object] = {}
    for agency in agencies:
        clerk = accounts[people.clerks[agency.id].account_id]
        contact = {
            "contact_name": say("demo.contact", name=clerk.name), "contact_phone": clerk.phone,
            "contact_email": clerk.email,
        }  # fmt: skip
        changes = differences({}, contact)
        write_values(agency, changes, {})
        changed[agency.code] = told(changes)
    session.flush()
    audit.record(session, audit.AGENCIES, "agencies_imported", None, clock(), added=[], changed=changed)


def write_demo_accounts(folder: Path, accounts: Sequence[DemoAccount]) -> None:
    """Write the accounts that are offered, readable by the instance's owner alone (0600)."""
    rows = [{"role": one.role, "agency": one.agency, "login": one.login, "password": one.password} for one in accounts]
    file = folder / FILE
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        json.dump(rows, stream, ensure_ascii=False, indent=1)


def read_demo_accounts(folder: Path) -> tuple[DemoAccount, ...]:
    """The accounts that are offered; none where this is no demonstration."""
    file = folder / FILE
    if not file.is_file():
        return ()
    rows = json.loads(file.read_text(encoding="utf-8"))
    return tuple(DemoAccount(row["role"], row["agency"], row["login"], row["password"]) for row in rows)
