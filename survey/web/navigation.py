"""The menu: which entries a person sees, and the address of this page in the other language."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request, url_for

from survey.services.instance import DatabaseTrouble
from survey.services.people import Person
from survey.services.provide_duty import rounds_to_provide
from survey.web.access import ADMINISTRATOR, AGENCY, CLERK, EVERYBODY, OVERVIEW, REGISTER, Allowed
from survey.web.work import reading


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu; `section` is what a page calls itself by `{% set section = "…" %}`."""

    section: str
    endpoint: str
    label: str  # key of the catalogue
    roles: Allowed | None
    room: str = ""  # of the newest round, where the entry is one of its pages
    of_phieu: str = ""  # endpoint while a phiếu is open: its own page, whichever body was chosen last
    duty: bool = False  # only for those whose body gives figures in an open round
    menu: str = ""  # key of the menu that holds it for those who see many entries


@dataclass(frozen=True, slots=True)
class Item:
    """What stands in the bar: one entry, or a menu of several."""

    label: str  # key of the catalogue
    links: tuple[tuple[Entry, str], ...]  # each with its address; more than one in a menu


MOST_FLAT = 6  # entries that stand side by side; with more, those of one menu are folded into it
_AT_THE_FOOT = "help"  # left out of a full bar: it is at the foot of every page


ENTRIES: tuple[Entry, ...] = (
    Entry("phieu", "agency.home", "web.nav_phieu", AGENCY, of_phieu="agency.hub"),
    Entry("documents", "agency.home_documents", "web.nav_documents", AGENCY, of_phieu="agency.documents"),
    Entry("figures", "provider.home", "web_provide.nav", CLERK, duty=True),
    Entry("progress", "coordinator.now", "web_board.title", OVERVIEW, "board"),
    Entry("bodies", "coordinator.now", "web_bodies.title", OVERVIEW, "bodies"),
    Entry("requests", "coordinator.now", "web_requests.short", OVERVIEW, "requests"),
    Entry("results", "coordinator.now", "web_board.ranking", OVERVIEW, "ranking", menu="web.menu_results"),
    Entry("charts", "coordinator.now", "web_charts.title", OVERVIEW, "charts", menu="web.menu_results"),
    Entry("chase", "coordinator.now", "web_chase.title", OVERVIEW, "chase"),
    Entry("figures", "provider.owners_now", "web_provide.owners_short", OVERVIEW, menu="web.menu_rounds"),
    Entry("rounds", "coordinator.rounds", "web_rounds.title", OVERVIEW, menu="web.menu_rounds"),
    Entry("register", "register.agencies", "registry.title", REGISTER, menu="web.menu_office"),
    Entry("accounts", "admin.accounts", "web_admin.accounts", ADMINISTRATOR, menu="web.menu_office"),
    Entry("log", "log.search", "web_log.title", REGISTER, menu="web.menu_office"),
    Entry("sources", "packages.sources", "web_package.sources", ADMINISTRATOR, menu="web.menu_office"),
    Entry("settings", "settings.show", "settings.title", ADMINISTRATOR, menu="web.menu_office"),
    Entry("help", "public.help_page", "web.nav_help", EVERYBODY),
)


def entries() -> list[tuple[Entry, str]]:
    """The entries for the person asking, each with its address; none before the second factor has come."""
    who = g.get("person")
    if g.get("halfway"):
        return []
    return [
        (entry, _address(entry))
        for entry in ENTRIES
        if entry.roles is None or (who and any(who.has(role) for role in entry.roles) and _on_duty(entry, who))
    ]


def items() -> list[Item]:
    """The bar for the person asking: entries, and menus where there are many."""
    seen = entries()
    folded: dict[str, list[tuple[Entry, str]]] = {}
    for entry, address in seen:
        if entry.section == _AT_THE_FOOT and len(seen) >= MOST_FLAT:
            continue
        name = entry.menu if entry.menu and len(seen) > MOST_FLAT else entry.label
        folded.setdefault(name, []).append((entry, address))
    return [Item(name if len(links) > 1 else links[0][0].label, tuple(links)) for name, links in folded.items()]


def _on_duty(entry: Entry, who: Person) -> bool:
    """Whether an entry that needs a duty is this person's; asked of the database once a page."""
    if not entry.duty:
        return True
    if "on_duty" not in g:
        try:
            with reading() as session:
                g.on_duty = bool(rounds_to_provide(session, who))
        except DatabaseTrouble:  # the page that says so must still be made
            g.on_duty = False
    return bool(g.on_duty)


def _address(entry: Entry) -> str:
    if entry.of_phieu and g.get("submission"):
        return url_for(entry.of_phieu, number=g.submission.id)
    return url_for(entry.endpoint, room=entry.room) if entry.room else url_for(entry.endpoint)


def home_url() -> str | None:
    """Where a person's work begins: their first entry of the menu; None where they have none."""
    return next((address for entry, address in entries() if entry.roles is not EVERYBODY), None)


def other_language_url(code: str) -> str:
    """This page in the language `code`; the start page where this address only takes forms."""
    if request.url_rule is None or "GET" not in (request.url_rule.methods or ()):
        return url_for("public.start", lang=code)
    kept = {key: value for key, value in request.args.items() if key != "lang"}
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **kept, "lang": code})
