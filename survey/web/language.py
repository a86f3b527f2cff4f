"""Which language a page speaks, and the short way to its sentences: `?lang=en`, kept in a cookie."""

from __future__ import annotations

from flask import Response, g, request

from survey.core.asks import Text
from survey.core.text import LANGUAGES, say

COOKIE = "ngon_ngu"
YEAR = 365 * 24 * 3600  # seconds


def current_language() -> str:
    """ "vi" or "en": asked for in the address, kept in the cookie, of the account, else Vietnamese."""
    if "language" not in g:
        own = g.person.language if g.get("person") else ""
        wishes = (request.args.get("lang"), request.cookies.get(COOKIE), own)
        g.language = next((wish for wish in wishes if wish in LANGUAGES), "vi")
    return str(g.language)


def t(key: str, **values: object) -> str:
    """The sentence `key` of the catalogue in the language of the page. Raises KeyError for an unknown key."""
    return say(key, current_language(), **values)


def words(text: Text | str) -> str:
    """A text of a questionnaire in the language of the page."""
    return text.in_language(current_language()) if isinstance(text, Text) else text


def keep_language(response: Response) -> Response:
    """Remember the language that the address asked for."""
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, current_language(), max_age=YEAR, samesite="Lax", secure=request.is_secure)
    return response
