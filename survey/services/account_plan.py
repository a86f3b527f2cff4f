"""What a file of accounts does: its rows gathered by person, each person compared with the accounts there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from survey.core.errors import Faults
from survey.core.handed_in import Table
from survey.core.sorting_vi import fold
from survey.core.workflow import Role
from survey.services.account_fields import propose_login
from survey.services.account_lines import AccountLine, LineReader, heading, kind_words, role_word
from survey.services.instance import Session
from survey.services.pending_imports import Difference, Effect
from survey.services.people import EVERY_KIND, Person
from survey.services.scope import TOTALS
from survey.storage import accounts, agencies
from survey.storage.accounts import Account
from survey.storage.agencies import Agency

Served = Mapping[tuple[str, Role], str]
"""Chức vụ by body and role."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One person of the file, and what becomes of their account."""

    row: int  # the first one
    account_id: int | None  # None: to be made
    login: str
    name: str
    email: str  # as it will be
    phone: str
    roles: tuple[Role, ...]  # of the whole instance, as they will be
    kinds: tuple[str, ...] | None  # as checked_kinds takes them; None: as they are
    serves: Served  # what is given, or given another chức vụ
    differences: tuple[Difference, ...]

    @property
    def effect(self) -> Effect:
        """What the file does to the account."""
        if self.account_id is None:
            return Effect.ADDED
        return Effect.CHANGED if self.differences else Effect.UNCHANGED


@dataclass
class _Known:
    """What the file is compared with."""

    bodies: Mapping[str, Agency]
    by_login: Mapping[str, Account]
    by_name: dict[str, list[Account]] = field(default_factory=dict)

    @classmethod
    def read(cls, session: Session) -> _Known:
        """As it stands."""
        found = cls(agencies.by_code(session), {one.login: one for one in accounts.listed(session, "")})
        for account in found.by_login.values():
            found.by_name.setdefault(fold(account.name), []).append(account)
        return found

    def meant(self, line: AccountLine) -> Account | None:
        """The account of a row: by its login, else the same name with the same address or a body in common."""
        if line.login:
            return self.by_login.get(line.login)
        for account in self.by_name.get(fold(line.name), []):
            served = {one.agency.code for one in account.memberships}
            if (line.email and account.email.lower() == line.email.lower()) or served & set(line.codes):
                return account
        return None


def plan_accounts(session: Session, person: Person, table: Table, language: str = "vi") -> tuple[Planned, ...]:
    """Every person of the table, in its order. Raises Faults with everything that is wrong."""
    reader = LineReader(table)
    lines, known = reader.lines(), _Known.read(session)
    _check_bodies(reader, lines, known)
    people = _gather(lines, known)
    for rows, account in people:
        _check_person(reader, rows, account, person)
    _check_repeated(reader, lines)
    if reader.faults:
        raise Faults(reader.faults)
    taken = set(known.by_login) | {line.login for line in lines}
    planned = []
    for rows, account in people:
        login = account.login if account else next((line.login for line in rows if line.login), "")
        if not login:
            code = next((line.codes[0] for line in rows if line.codes), "")
            name = known.bodies[code].name if code else ""
            login = propose_login(rows[0].name, (code, name), known.bodies, taken)
            taken.add(login)
        planned.append(_plan(rows, account, login, known, language))
    return tuple(planned)


def _gather(lines: Sequence[AccountLine], known: _Known) -> list[tuple[list[AccountLine], Account | None]]:
    """Rows of one person together: of one login, of one account, or of one name with one address."""
    logins = {(fold(line.name), line.email.lower()): line.login for line in lines if line.login and line.email}
    people: dict[object, tuple[list[AccountLine], Account | None]] = {}
    for line in lines:
        reached = (fold(line.name), line.email.lower())
        login = line.login or (logins.get(reached, "") if line.email else "")
        account = known.by_login.get(login) if login else known.meant(line)
        key: object = account.id if account else login or (reached if line.email else line.row)
        people.setdefault(key, ([], account))[0].append(line)
    return list(people.values())


def _check_bodies(reader: LineReader, lines: Sequence[AccountLine], known: _Known) -> None:
    for line in lines:
        for code in line.codes:
            agency = known.bodies.get(code)
            if agency is None:
                reader.add(line.row, "bodies", "accounts.body_unknown", typed=code[:60])
            elif agency.closed_at is not None:
                reader.add(line.row, "bodies", "accounts.agency_closed", agency=agency.name)


def _check_person(reader: LineReader, rows: Sequence[AccountLine], account: Account | None, person: Person) -> None:
    first = rows[0]
    for line in rows:
        if account is not None and line.name and fold(line.name) != fold(account.name):
            reader.add(line.row, "login", "accounts.login_of_another", login=account.login, name=account.name)
        elif line.name and first.name and fold(line.name) != fold(first.name):
            reader.add(line.row, "name", "accounts.rows_differ", login=line.login, first=first.row)
        for column in ("email", "phone"):
            told = next((getattr(one, column) for one in rows if getattr(one, column)), "")
            if getattr(line, column) and getattr(line, column) != told:
                reader.add(line.row, column, "accounts.rows_differ", login=line.login or line.name, first=first.row)
        if account is not None and account.id == person.account_id and _more(line, account):
            reader.add(line.row, "roles", "accounts.own_rights")


def _more(line: AccountLine, account: Account) -> bool:
    """Whether the row gives what the account does not have."""
    held = {(one.agency.code, one.role) for one in account.memberships}
    asked = {(code, role) for code in line.codes for role in line.body_roles}
    contact = ((line.email, account.email), (line.phone, account.phone))
    more = bool(asked - held) or bool({role.value for role in line.instance_roles} - set(account.roles))
    return more or _new_kinds(line, account) or any(told and told != known for told, known in contact)


def _new_kinds(line: AccountLine, account: Account) -> bool:
    return bool(line.kinds) and _kept_kinds(line.kinds) != set(account.kinds.split())


def _kept_kinds(asked: Sequence[str]) -> set[str]:
    """Khối as an account keeps them."""
    return set() if tuple(asked) == (TOTALS,) else set(asked)


def _check_repeated(reader: LineReader, lines: Sequence[AccountLine]) -> None:
    """The same person, body and role in two rows."""
    told: dict[object, int] = {}
    for line in lines:
        who = line.login or (fold(line.name), line.email.lower())
        places: list[object] = [(code, role) for code in line.codes for role in line.body_roles] or [line.roles]
        again = next((told[who, place] for place in places if (who, place) in told), 0)
        if again and line.name:
            reader.add(line.row, "name", "accounts.repeated", first=again)
        told.update({(who, place): line.row for place in places if (who, place) not in told})


def _plan(rows: Sequence[AccountLine], account: Account | None, login: str, known: _Known, language: str) -> Planned:
    email = next((line.email for line in rows if line.email), account.email if account else "")
    phone = next((line.phone for line in rows if line.phone), account.phone if account else "")
    held = {Role(role) for role in account.roles} if account else set()
    roles = tuple(sorted(held.union(*(line.instance_roles for line in rows))))
    asked = next((line.kinds for line in rows if line.kinds), None)
    before = set(account.kinds.split()) if account else set()
    if asked is not None and account is not None and Role.COORDINATOR in held and _kept_kinds(asked) == before:
        asked = None
    serves = _given(rows, account)
    name = account.name if account else rows[0].name
    found = Planned(
        rows[0].row, account.id if account else None, login, name, email, phone, roles,
        asked if asked != (EVERY_KIND,) else (), serves, (),
    )  # fmt: skip
    differences = tuple(_differences(found, account, asked, known, language))
    return Planned(found.row, found.account_id, login, name, email, phone, roles, found.kinds, serves, differences)


def _given(rows: Sequence[AccountLine], account: Account | None) -> Served:
    """Bodies and roles that the rows add, and those with another chức vụ."""
    held = {(one.agency.code, one.role): one.title for one in account.memberships} if account else {}
    asked = {(code, role): line.title for line in rows for code in line.codes for role in line.body_roles}
    return {
        place: title or held.get(place, "")
        for place, title in asked.items()
        if place not in held or (title and title != held[place])
    }


def _differences(
    found: Planned, account: Account | None, asked: tuple[str, ...] | None, known: _Known, language: str
) -> Iterator[Difference]:
    if account is None:
        yield Difference(heading("login", language), "", found.login)
    for column in ("email", "phone"):
        old, new = getattr(account, column) if account else "", getattr(found, column)
        if old != new:
            yield Difference(heading(column, language), old, new)
    held = {(one.agency.code, one.role): one for one in account.memberships} if account else {}
    for (code, role), title in found.serves.items():
        there = held.get((code, role))
        does = f"{known.bodies[code].name}: {role_word(role, language)}"
        old = f"{does}{_titled(there.title)}" if there else ""
        yield Difference(heading("bodies", language), old, does + _titled(title))
    before = [role for role in found.roles if account and role.value in account.roles]
    if before != list(found.roles):
        words = ["; ".join(role_word(role, language) for role in roles) for roles in (before, found.roles)]
        yield Difference(heading("roles", language), *words)
    if asked is not None:
        old = _seen(account, language) if account and Role.COORDINATOR in before else ""
        yield Difference(heading("kinds", language), old, kind_words(asked, language))


def _titled(title: str) -> str:
    return f" ({title})" if title else ""


def _seen(account: Account, language: str) -> str:
    return kind_words(sorted(account.kinds.split()) or [TOTALS], language)
