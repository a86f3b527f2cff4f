"""What an administrator does to an account: its details, its bodies and roles, shutting and opening it.

Nobody changes their own rights, and whoever acts must still be an administrator at that moment: so one always remains.
Rights are read anew at every request, so that a change holds from the person's next one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from survey.core.workflow import BODY_ROLES, INSTANCE_ROLES, Role
from survey.services import audit
from survey.services.account_fields import checked_email, checked_name, checked_phone, checked_title, search_text
from survey.services.checks import Checks
from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.lock_out import forget_wrong_tries
from survey.services.people import Person
from survey.services.scope import checked_kinds, require_administrator
from survey.services.sign_in import needs_second_factor
from survey.storage import account_pages, accounts, agencies
from survey.storage.accounts import BY_ADMINISTRATOR, Account, Membership
from survey.storage.agencies import Agency


def hold_account(session: Session, person: Person, account_id: int, *, own: bool = False) -> Account:
    """An account that an administrator is about to change; `own`: also the administrator's own.

    Raises NotAllowed where the person is an administrator no more, NotFound, and Refused for one's own.
    """
    require_administrator(person)
    held = account_pages.hold(session, {person.account_id, account_id})
    acting = held.get(person.account_id)
    if acting is None or acting.disabled_at is not None or Role.ADMINISTRATOR.value not in acting.roles:
        raise NotAllowed
    if account_id == person.account_id and not own:
        raise Refused("accounts.own_rights", "account")
    if account_id not in held:
        raise NotFound
    return held[account_id]


def change_details(
    session: Session, person: Person, account_id: int, *, name: str, email: str, phone: str,
    clock: Clock = system_clock,
) -> None:  # fmt: skip
    """Name and ways to reach the person. Raises Refused, naming the field. The log keeps no address.

    One's own ways are changed on one's own page, which asks for the password: links to reset it go there.
    """
    account = hold_account(session, person, account_id, own=True)
    checks = Checks()
    values = {
        "name": checks.take("", checked_name, name),
        "email": checks.take("", checked_email, email),
        "phone": checks.take("", checked_phone, phone),
    }
    checks.settle()
    changed = [key for key, value in values.items() if getattr(account, key) != value]
    if not changed:
        return
    if account_id == person.account_id and changed != ["name"]:
        raise Refused("accounts.own_contact", "email")
    told = {"name": [account.name, values["name"]]} if "name" in changed else {}
    for key in changed:
        setattr(account, key, values[key])
    account.search = search_text(account.name, account.login)
    _record(session, person, clock, "account_changed", account, changed=changed, **told)


def give_role(
    session: Session, person: Person, account_id: int, code: str, role: Role, title: str = "",
    *, clock: Clock = system_clock,
) -> None:  # fmt: skip
    """Let the account serve a body, or change its chức vụ there. Raises Refused, naming the field."""
    account = hold_account(session, person, account_id)
    agency, title = find_open_agency(session, code), checked_title(title)
    if role not in BODY_ROLES:
        raise Refused("services.role_unknown", "role")
    there = account_pages.membership(session, account_id, agency.id, role)
    if there is not None and there.title == title:
        raise Refused("accounts.role_held", "agency", agency=agency.name)
    if there is None:
        session.add(Membership(account_id=account_id, agency_id=agency.id, role=role, title=title))
    else:
        there.title = title
    _record(session, person, clock, "role_given", account, agency=agency.code, role=role.value, title=title)


def find_open_agency(session: Session, code: str) -> Agency:
    """A body that can be served. Raises Refused."""
    agency = agencies.find(session, code.strip())
    if agency is None:
        raise Refused("services.agency_unknown", "agency", code=code.strip()[:60])
    if agency.closed_at is not None:
        raise Refused("accounts.agency_closed", "agency", agency=agency.name)
    return agency


def take_role(
    session: Session, person: Person, account_id: int, agency_id: int, role: Role, *, clock: Clock = system_clock
) -> None:
    """The account serves the body in this role no more. Raises NotFound where it did not."""
    account = hold_account(session, person, account_id)
    there = account_pages.membership(session, account_id, agency_id, role)
    agency = session.get(Agency, agency_id)
    if there is None or agency is None:
        raise NotFound
    session.delete(there)
    _record(session, person, clock, "role_taken", account, agency=agency.code, role=role.value)


def change_rights(
    session: Session, person: Person, account_id: int, roles: Collection[Role], kinds: Sequence[str],
    *, clock: Clock = system_clock,
) -> None:  # fmt: skip
    """Roles of the whole instance, and the khối of a coordinator (none: totals alone, EVERY_KIND: all).

    Who is given a role that asks for a second factor, and has none, is signed out, to come back with one.
    """
    account = hold_account(session, person, account_id)
    held, seen = checked_rights(session, roles, kinds)
    before, kinds_before = account.roles, account.kinds
    if (before, kinds_before) == (held, seen):
        return
    account.roles, account.kinds = held, seen
    told = {"roles": [before, held], "kinds": [kinds_before, seen]}
    _record(session, person, clock, "rights_changed", account, **told)
    end_weak_sessions(session, account, before, clock)


def checked_rights(session: Session, roles: Collection[Role], kinds: Sequence[str]) -> tuple[list[str], str]:
    """Both as an account keeps them. Raises Refused."""
    if not set(roles) <= INSTANCE_ROLES:
        raise Refused("services.role_unknown", "roles")
    seen = checked_kinds(session, kinds) if Role.COORDINATOR in roles else frozenset()
    return sorted(role.value for role in set(roles)), " ".join(sorted(seen))


def end_weak_sessions(session: Session, account: Account, before: Collection[str], clock: Clock) -> None:
    """End the sessions of one who was given more than a password alone may open."""
    more = set(account.roles) - set(before)
    if more and account.totp_since is None and needs_second_factor(session, account.roles):
        accounts.end_sessions(session, account.id, clock())


def disable_account(session: Session, person: Person, account_id: int, *, clock: Clock = system_clock) -> None:
    """Shut an account and end its sessions. Administrators only, never one's own (Refused)."""
    account, now = hold_account(session, person, account_id), clock()
    if account.disabled_at is None:
        account.disabled_at, account.disabled_why = now, BY_ADMINISTRATOR
        accounts.end_sessions(session, account_id, now)
        _record(session, person, clock, "account_disabled", account)


def enable_account(session: Session, person: Person, account_id: int, *, clock: Clock = system_clock) -> None:
    """Open a shut account again; its idle days begin anew. Administrators only."""
    account = hold_account(session, person, account_id)
    if account.disabled_at is not None:
        account.disabled_at, account.disabled_why, account.enabled_at = None, "", clock()
        _record(session, person, clock, "account_enabled", account)


def unlock_account(session: Session, person: Person, account_id: int, *, clock: Clock = system_clock) -> None:
    """Let one who typed wrong passwords try again at once."""
    account = hold_account(session, person, account_id)
    if forget_wrong_tries(session, account.login):
        _record(session, person, clock, "account_unlocked", account)


def end_sessions(session: Session, person: Person, account_id: int, *, clock: Clock = system_clock) -> None:
    """Sign the account out everywhere, from its next request on. One's own: see sessions.py."""
    account = hold_account(session, person, account_id)
    if accounts.running_sessions(session, account_id):
        accounts.end_sessions(session, account_id, clock())
        _record(session, person, clock, "sessions_ended", account)


def _record(session: Session, person: Person, clock: Clock, kind: str, account: Account, **told: object) -> None:
    session.flush()
    audit.record(session, audit.ACCOUNTS, kind, person, clock(), account=account.id, **told)
