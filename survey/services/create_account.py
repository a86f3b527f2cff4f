"""Making accounts, one a person, with their bodies and roles; and new passwords."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from survey.core.addresses import hide_contacts
from survey.core.text import LANGUAGES
from survey.core.workflow import BODY_ROLES, INSTANCE_ROLES, Role
from survey.services import audit, passwords
from survey.services.account_fields import (
    checked_email,
    checked_login,
    checked_name,
    checked_phone,
    checked_title,
    search_text,
)
from survey.services.checks import Checks
from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.list_accounts import AccountView, list_accounts
from survey.services.manage_accounts import disable_account, enable_account
from survey.services.people import EVERY_KIND, Person
from survey.services.scope import require_administrator
from survey.storage import accounts, agencies, events, invitations
from survey.storage.accounts import Account, Membership

__all__ = [
    "AccountView",
    "Serves",
    "create_account",
    "disable_account",
    "enable_account",
    "list_accounts",
    "set_password",
]


@dataclass(frozen=True, slots=True)
class Serves:
    """A membership to be made: this role at the agency of this code."""

    agency_code: str
    role: Role  # clerk or leader
    title: str = ""


def create_account(
    session: Session,
    *,
    login: str,
    name: str,
    password: str | None,
    email: str = "",
    phone: str = "",
    roles: Collection[Role] = (),
    serves: Sequence[Serves] = (),
    kinds: Collection[str] = (EVERY_KIND,),
    language: str = "vi",
    by: Person | None = None,
    clock: Clock = system_clock,
) -> int:
    """Make an account and return its id; `by` None is the command line. Raises Refused, naming the field.

    `kinds` are the khối that a coordinator sees; others have none. Without a password (None) nobody signs in to it
    before an invitation has set one.
    """
    if by is not None:
        require_administrator(by)
    events.start_stream(session, audit.ACCOUNTS)  # of two presses at once the second finds the login taken
    checks = Checks()
    name, login = checks.take(name, checked_name, name), checks.take(login, _free_login, session, login)
    address, number = checks.take("", checked_email, email), checks.take("", checked_phone, phone)
    checks.settle()
    if password is not None:
        passwords.check_chosen(password, login, name)
    if not set(roles) <= INSTANCE_ROLES:
        raise Refused("services.role_unknown", "roles")
    now = clock()
    account = Account(
        login=login, name=name, search=search_text(name, login), email=address, phone=number,
        password_hash="" if password is None else passwords.hashed(password),
        language=language if language in LANGUAGES else "vi", roles=sorted(role.value for role in roles),
        kinds=" ".join(sorted(set(kinds))) if Role.COORDINATOR in roles else "", created_at=now,
    )  # fmt: skip
    session.add(account)
    session.flush()
    _give_bodies(session, account, serves)
    served = [[one.agency_code, one.role.value] for one in serves]
    data = {"login": hide_contacts(login), "name": name, "roles": account.roles, "kinds": account.kinds}
    audit.record(session, audit.ACCOUNTS, "account_created", by, now, account=account.id, **data, serves=served)
    return account.id


def _free_login(session: Session, typed: str) -> str:
    login = checked_login(typed)
    if accounts.find_login(session, login) is not None:
        raise Refused("services.login_taken", "login", login=login)
    return login


def _give_bodies(session: Session, account: Account, serves: Sequence[Serves]) -> None:
    for served in dict.fromkeys(serves):
        agency = agencies.find(session, served.agency_code)
        if agency is None:
            raise Refused("services.agency_unknown", "serves", code=served.agency_code)
        if served.role not in BODY_ROLES:
            raise Refused("services.role_unknown", "serves")
        membership = Membership(
            account_id=account.id, agency_id=agency.id, role=served.role, title=checked_title(served.title)
        )
        session.add(membership)
    session.flush()


def set_password(
    session: Session, person: Person, account_id: int, password: str, *, clock: Clock = system_clock
) -> None:
    """A new password, one's own or (administrators) another's; ends the account's sessions."""
    if account_id != person.account_id and Role.ADMINISTRATOR not in person.roles:
        raise NotAllowed
    account, now = _account(session, account_id), clock()
    passwords.check_chosen(password, account.login, account.name)
    account.password_hash = passwords.hashed(password)
    invitations.end_open(session, account_id, now)
    accounts.end_sessions(session, account_id, now)
    audit.record(session, audit.ACCOUNTS, "password_set", person, now, account=account_id)
    session.flush()


def _account(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account
