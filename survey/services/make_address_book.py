"""Everybody as a workbook: the address book that the import takes back, and the empty one to be filled in."""

from __future__ import annotations

from collections.abc import Iterator

from reports.accounts_data import AccountsBook, AccountsColumn
from survey.core.kinds import KINDS, kind_name
from survey.core.numbers_vi import format_date
from survey.core.text import say
from survey.core.workflow import Role
from survey.services import audit
from survey.services.account_lines import NAMES, TOLD, heading, kind_words, role_word
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.list_accounts import AccountView, list_accounts
from survey.services.note_access import note_export
from survey.services.people import EVERY_KIND, Body, Person
from survey.services.scope import TOTALS, require_administrator
from survey.services.serve_bodies import bodies_to_serve

__all__ = ["AccountsBook", "gather_address_book", "gather_template", "make_workbook"]

_WIDTHS = {
    "name": 28.0, "login": 24.0, "email": 30.0, "phone": 17.0, "title": 24.0, "bodies": 34.0, "roles": 24.0,
    "kinds": 22.0, "state": 18.0, "last_sign_in": 15.0,
}  # fmt: skip


def gather_address_book(
    session: Session, person: Person, *, language: str = "vi", clock: Clock = system_clock
) -> AccountsBook:
    """Every account with the ways to reach its person; taken in again, it changes nothing. Told in the log."""
    views = list_accounts(session, person, clock=clock)
    rows = tuple(row for view in views for row in _rows(view, language))
    pin = audit.take_pin(session)
    note_export(session, person, "accounts", pin=pin, clock=clock, count=len(views))
    return _book(session, rows, (*NAMES, *TOLD), language, clock, head=pin.head)


def gather_template(
    session: Session, person: Person, *, language: str = "vi", clock: Clock = system_clock
) -> AccountsBook:
    """The bodies there are and no people, to be filled in and taken in."""
    require_administrator(person)
    return _book(session, (), NAMES, language, clock)


def _book(
    session: Session, rows: tuple[tuple[str, ...], ...], names: tuple[str, ...], language: str, clock: Clock,
    head: str = "",
) -> AccountsBook:  # fmt: skip
    settings = read_settings(session)
    columns = tuple(
        AccountsColumn(
            heading(name, language),
            say(f"accounts.help_{name}", language),
            _options(name, language),
            required=name in ("name", "roles"),
            told=name in TOLD,
            width=_WIDTHS[name],
        )
        for name in names
    )
    bodies = tuple((one.code, one.name, kind_name(one.kind, language)) for one in bodies_to_serve(session))
    notice = say("reports.demonstration", language) if settings.demonstration else ""
    return AccountsBook(settings.name, clock(), notice, head, columns, rows, bodies)


def make_workbook(book: AccountsBook, language: str = "vi") -> bytes:
    """The .xlsx file, made outside any unit of work."""
    from reports.excel.accounts_book import accounts_workbook

    return accounts_workbook(book, language)


def _options(name: str, language: str) -> tuple[str, ...]:
    """What a drop-down offers; several may be typed all the same."""
    match name:
        case "roles":
            return tuple(role_word(role, language) for role in Role)
        case "kinds":
            return (*(kind_name(kind, language) for kind in KINDS), kind_words((EVERY_KIND,), language),
                    kind_words((TOTALS,), language))  # fmt: skip
        case _:
            return ()


def _rows(view: AccountView, language: str) -> Iterator[tuple[str, ...]]:
    """One row for all bodies with the same roles and chức vụ; roles of the whole instance stand in the first."""
    groups: dict[tuple[tuple[Role, ...], str], list[Body]] = {}
    for body in view.bodies:
        groups.setdefault((tuple(sorted(body.roles)), body.title), []).append(body)
    instance = tuple(sorted(view.roles))
    kinds = ""
    if Role.COORDINATOR in view.roles:
        kinds = kind_words(sorted(view.kinds) or (TOTALS,), language)
    state = say(f"web_accounts.state_{view.state.value}", language)
    seen = format_date(view.last_sign_in) if view.last_sign_in else ""
    for place, ((roles, title), bodies) in enumerate(groups.items() or [(((), ""), [])]):
        held = (*roles, *instance) if place == 0 else roles
        yield (
            view.name, view.login, view.email, view.phone, title, "; ".join(body.code for body in bodies),
            "; ".join(role_word(role, language) for role in held), kinds if place == 0 else "", state, seen,
        )  # fmt: skip
