"""Taking accounts in from a workbook or CSV file: every change shown before it is made, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.core.handed_in import Table
from survey.core.workflow import Role
from survey.services import audit, pending_imports
from survey.services.account_lines import account_columns
from survey.services.account_plan import Planned, plan_accounts
from survey.services.create_account import Serves, create_account
from survey.services.errors import Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.manage_accounts import change_details, change_rights, give_role
from survey.services.pending_imports import Effect, Preview, RowChange, fingerprint
from survey.services.people import Person
from survey.services.scope import checked_kinds, require_administrator
from survey.services.upload_gate import read_upload
from survey.storage import events
from survey.storage.accounts import Account

KIND = "accounts"  # of pending imports


@dataclass(frozen=True, slots=True)
class ImportedAccounts:
    """What an import did."""

    added: int
    changed: int
    unchanged: int


def read_accounts(person: Person, content: bytes, name: str) -> Table:
    """The table of a file that was handed in; outside any unit of work, since it takes a while. Raises Faults."""
    require_administrator(person)
    return read_upload(content, name, account_columns())


def preview_import(session: Session, person: Person, table: Table, *, clock: Clock = system_clock) -> int:
    """Keep a table to be looked at; its number. Administrators only. Raises Faults with every fault."""
    require_administrator(person)
    plan_accounts(session, person, table)
    return pending_imports.keep(session, person, KIND, table, clock=clock)


def show_import(session: Session, person: Person, number: int) -> tuple[str, Preview, bool]:
    """The file's name, what it would do now, and whether it was applied. Raises NotFound, Faults."""
    require_administrator(person)
    pending = pending_imports.fetch(session, person, number, KIND)
    planned = () if pending.applied else plan_accounts(session, person, pending.table, person.language)
    rows = tuple(
        RowChange(
            pending.table.spot(one.row, "name", person.language), f"{one.name} ({one.login})", one.effect,
            one.differences,
        )
        for one in planned
    )  # fmt: skip
    return pending.name, Preview(rows, _basis(planned)), pending.applied


def apply_import(
    session: Session, person: Person, number: int, seen_basis: str, *, clock: Clock = system_clock
) -> ImportedAccounts:
    """Make every change that was shown. Raises NotFound, Faults, Refused where accounts have changed since."""
    require_administrator(person)
    events.start_stream(session, audit.ACCOUNTS)  # accounts are made one after the other: logins stay free
    pending = pending_imports.fetch(session, person, number, KIND)
    if pending.applied:
        raise Refused("accounts.applied_before")
    planned = plan_accounts(session, person, pending.table, person.language)
    if seen_basis != _basis(planned):
        raise Refused("accounts.changed_since")
    for one in planned:
        if one.account_id is None:
            _make(session, person, one, clock)
        elif one.differences:
            _change(session, person, one, one.account_id, clock)
    pending_imports.mark_applied(session, person, number, KIND, clock=clock)
    counts = [sum(one.effect is effect for one in planned) for effect in Effect]
    return ImportedAccounts(*counts)


def leave_import(session: Session, person: Person, number: int) -> None:
    """Drop a file that was only looked at."""
    require_administrator(person)
    pending_imports.drop(session, person, number, KIND)


def _basis(planned: Sequence[Planned]) -> str:
    """A short text that changes with everything that would be done."""
    return fingerprint([[one.row, one.account_id, one.login, one.name, one.differences] for one in planned])


def _make(session: Session, person: Person, one: Planned, clock: Clock) -> None:
    kinds = checked_kinds(session, one.kinds or ()) if Role.COORDINATOR in one.roles else ()
    create_account(
        session, login=one.login, name=one.name, password=None, email=one.email, phone=one.phone, roles=one.roles,
        serves=[Serves(code, role, title) for (code, role), title in one.serves.items()], kinds=kinds, by=person,
        clock=clock,
    )  # fmt: skip


def _change(session: Session, person: Person, one: Planned, account_id: int, clock: Clock) -> None:
    change_details(session, person, account_id, name=one.name, email=one.email, phone=one.phone, clock=clock)
    for (code, role), title in one.serves.items():
        give_role(session, person, account_id, code, role, title, clock=clock)
    account = session.get_one(Account, account_id)
    if one.kinds is not None or {role.value for role in one.roles} != set(account.roles):
        kinds = one.kinds if one.kinds is not None else tuple(account.kinds.split())
        change_rights(session, person, account_id, one.roles, kinds, clock=clock)
