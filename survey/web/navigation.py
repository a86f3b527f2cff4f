"""The menu: which entries a person sees, and the address of this page in the other language."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request, url_for

from survey.web.access import EVERYBODY, Allowed


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu; `section` is what a page calls itself by `{% set section = "…" %}`."""

    section: str
    endpoint: str
    label: str  # key of the catalogue
    roles: Allowed | None


ENTRIES: tuple[Entry, ...] = (Entry("help", "public.help_page", "web.nav_help", EVERYBODY),)


def entries() -> list[tuple[Entry, str]]:
    """The entries for the person asking, each with its address."""
    who = g.get("person")
    return [
        (entry, url_for(entry.endpoint))
        for entry in ENTRIES
        if entry.roles is None or (who and any(who.has(role) for role in entry.roles))
    ]


def home_url() -> str | None:
    """Where a person's work begins: their first entry of the menu; None where they have none."""
    return next((address for entry, address in entries() if entry.roles is not EVERYBODY), None)


def other_language_url(code: str) -> str:
    """This page in the language `code`; the start page where this address only takes forms."""
    if request.url_rule is None or "GET" not in (request.url_rule.methods or ()):
        return url_for("public.start", lang=code)
    kept = {key: value for key, value in request.args.items() if key != "lang"}
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **kept, "lang": code})
