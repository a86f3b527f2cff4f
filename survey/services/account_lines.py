"""The lines of a file of accounts: its columns, and what each cell says, faulted by sheet and cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from survey.core.errors import Fault
from survey.core.handed_in import Row, Table
from survey.core.kinds import KINDS, kind_name
from survey.core.sorting_vi import fold
from survey.core.text import LANGUAGES, say
from survey.core.workflow import BODY_ROLES, Role
from survey.services.account_fields import checked_email, checked_login, checked_name, checked_phone, checked_title
from survey.services.errors import Refused
from survey.services.people import EVERY_KIND
from survey.services.scope import TOTALS
from survey.services.upload_gate import Column

NAMES = ("name", "login", "email", "phone", "title", "bodies", "roles", "kinds")
TOLD = ("state", "last_sign_in")  # of the address book: looked at by people only
_REQUIRED = ("name", "roles")
_PHONE_DIGITS = (9, 10)  # of a number whose first 0 a spreadsheet has eaten
_ROLE_WORDS: dict[Role, tuple[str, ...]] = {
    Role.CLERK: ("nhập số liệu", "người nhập số liệu", "nhập liệu"),
    Role.LEADER: ("lãnh đạo duyệt", "lãnh đạo", "duyệt"),
    Role.COORDINATOR: ("tổng hợp", "cán bộ tổng hợp"),
    Role.ADMINISTRATOR: ("quản trị", "quản trị hệ thống", "quản trị viên"),
    Role.AUDITOR: ("kiểm tra", "giám sát", "kiểm tra, giám sát"),
}


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One row as it was meant; a blank cell says nothing."""

    row: int
    name: str
    login: str = ""
    email: str = ""
    phone: str = ""
    title: str = ""
    codes: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    kinds: tuple[str, ...] = ()  # as asked for: EVERY_KIND, TOTALS or khối

    @property
    def body_roles(self) -> tuple[Role, ...]:
        """Roles at the bodies of this row."""
        return tuple(role for role in self.roles if role in BODY_ROLES)

    @property
    def instance_roles(self) -> tuple[Role, ...]:
        """Roles of the whole instance."""
        return tuple(role for role in self.roles if role not in BODY_ROLES)


def heading(name: str, language: str = "vi") -> str:
    """The heading of a column."""
    return say(f"accounts.col_{name}", language)


def account_columns() -> tuple[Column, ...]:
    """What is looked for in a file, by either language's heading."""
    return tuple(
        Column(name, tuple(dict.fromkeys(heading(name, language) for language in LANGUAGES)), name in _REQUIRED)
        for name in (*NAMES, *TOLD)
    )


def role_word(role: Role, language: str = "vi") -> str:
    """A role as files say it."""
    return say(f"accounts.does_{role.value}", language) if language != "vi" else _ROLE_WORDS[role][0]


def kind_words(kinds: Iterable[str], language: str = "vi") -> str:
    """Khối as files say them; "" for none."""
    named = {EVERY_KIND: say("accounts.file_every", language), TOTALS: say("accounts.file_totals", language)}
    return "; ".join(named.get(kind) or kind_name(kind, language) for kind in kinds)


def _roles_by_word() -> dict[str, Role]:
    found = {fold(word): role for role, words in _ROLE_WORDS.items() for word in words}
    for role in Role:
        found[role.value] = role
        found[fold(say(f"accounts.does_{role.value}", "en"))] = role
        found.update({fold(say(f"web.role_{role.value}", language)): role for language in LANGUAGES})
    return found


def _kinds_by_word() -> dict[str, str]:
    found = {EVERY_KIND: EVERY_KIND, TOTALS: TOTALS}
    for language in LANGUAGES:
        found[fold(say("accounts.file_every", language))] = EVERY_KIND
        found[fold(say("accounts.file_totals", language))] = TOTALS
        found.update({fold(kind_name(kind, language)): kind for kind in KINDS})
    return found | {kind: kind for kind in KINDS}


@dataclass
class LineReader:
    """Reads the rows of one table, noting every fault."""

    table: Table
    faults: list[Fault] = field(default_factory=list)
    _roles: dict[str, Role] = field(default_factory=_roles_by_word)
    _kinds: dict[str, str] = field(default_factory=_kinds_by_word)

    def add(self, row: int, column: str, key: str, **data: object) -> None:
        """Note a fault of a cell."""
        self.faults.append(self.table.fault(row, key, column, **data))

    def lines(self) -> list[AccountLine]:
        """Every row, in the order of the file."""
        return [self._line(row) for row in self.table.rows]

    def _line(self, row: Row) -> AccountLine:
        roles = self._several(row, "roles", self._roles)
        line = AccountLine(
            row.number,
            self._field(row, "name", checked_name, needed=True),
            self._field(row, "login", checked_login),
            self._field(row, "email", checked_email),
            self._phone(row),
            self._field(row, "title", checked_title),
            tuple(dict.fromkeys(_pieces(row.text("bodies"), ";\n"))),
            tuple(Role(role) for role in roles),
            self._several(row, "kinds", self._kinds),
        )
        self._check(line, typed_roles=bool(row.text("roles")))
        return line

    def _field(self, row: Row, column: str, check: Callable[[str], str], *, needed: bool = False) -> str:
        typed = row.text(column)
        if not typed and not needed:
            return ""
        try:
            return check(typed)
        except Refused as refused:
            self.add(row.number, column, refused.key, **refused.values)
            return ""

    def _phone(self, row: Row) -> str:
        cell = row.cell("phone")
        if cell.kind == "number" and len(cell.text) in _PHONE_DIGITS and not cell.text.startswith("0"):
            self.add(row.number, "phone", "accounts.phone_as_number", typed=cell.text)
            return ""
        return self._field(row, "phone", checked_phone)

    def _several(self, row: Row, column: str, known: dict[str, Role] | dict[str, str]) -> tuple[str, ...]:
        """The codes meant by the words of a cell, which stand between semicolons."""
        typed = row.text(column)
        whole = known.get(fold(typed))
        if whole is not None:
            return (str(whole),)
        found: list[str] = []
        for piece in _pieces(typed, ";\n"):
            meant = known.get(fold(piece))
            if meant is None:
                self.add(row.number, column, f"accounts.{column}_unknown", typed=piece[:60])
            else:
                found.append(str(meant))
        return tuple(dict.fromkeys(found))

    def _check(self, line: AccountLine, *, typed_roles: bool) -> None:
        """What does not go together in one row."""
        if not typed_roles:
            self.add(line.row, "roles", "accounts.roles_needed")
        elif line.body_roles and not line.codes:
            self.add(line.row, "bodies", "accounts.bodies_needed")
        elif line.codes and line.roles and not line.body_roles:
            self.add(line.row, "roles", "accounts.body_role_needed")
        if line.kinds and line.roles and Role.COORDINATOR not in line.roles:
            self.add(line.row, "kinds", "accounts.kinds_not_needed")
        if Role.COORDINATOR in line.roles and not line.kinds:
            self.add(line.row, "kinds", "accounts.kinds_missing")
        if len(line.kinds) > 1 and {EVERY_KIND, TOTALS} & set(line.kinds):
            self.add(line.row, "kinds", "accounts.kinds_mixed")


def _pieces(text: str, marks: str) -> list[str]:
    for mark in marks:
        text = text.replace(mark, marks[0])
    return [" ".join(piece.split()) for piece in text.split(marks[0]) if piece.strip()]
