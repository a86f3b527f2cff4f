"""Accounts: making them, giving them bodies and roles, new passwords, disabling; one account a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from survey.core.workflow import Role
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Body, Person

SHORTEST_PASSWORD = 10


@dataclass(frozen=True, slots=True)
class Serves:
    """A membership to be made: this role at the agency of this code."""

    agency_code: str
    role: Role  # clerk or leader
    title: str = ""


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account as the administrator sees it."""

    account_id: int
    login: str
    name: str
    language: str
    roles: frozenset[Role]
    bodies: tuple[Body, ...]
    disabled: bool
    last_sign_in: datetime | None


def create_account(
    session: Session,
    *,
    login: str,
    name: str,
    password: str,
    roles: Collection[Role] = (),
    serves: Sequence[Serves] = (),
    language: str = "vi",
    by: Person | None = None,
    clock: Clock = system_clock,
) -> int:
    """Make an account and return its id; `by` None is the command line. Raises Refused, naming the field."""
    raise NotImplementedError


def list_accounts(session: Session, person: Person, search: str = "") -> tuple[AccountView, ...]:
    """Accounts by Vietnamese name, `search` without dấu in login, name and bodies. Administrators only."""
    raise NotImplementedError


def disable_account(session: Session, person: Person, account_id: int, *, clock: Clock = system_clock) -> None:
    """Shut an account and end its sessions. Administrators only, never one's own (Refused)."""
    raise NotImplementedError


def enable_account(session: Session, person: Person, account_id: int, *, clock: Clock = system_clock) -> None:
    """Open a disabled account again. Administrators only."""
    raise NotImplementedError


def set_password(
    session: Session, person: Person, account_id: int, password: str, *, clock: Clock = system_clock
) -> None:
    """A new password, one's own or (administrators) another's; ends the account's sessions."""
    raise NotImplementedError
