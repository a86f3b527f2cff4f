"""Form tokens: every POST proves that its form came from this site and this session; no token dies of age.

The token is an HMAC over the session's own secret (over a random cookie before sign-in), so it lives as long as the
session: a form left open over lunch saves.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

from survey.services.people import SignedIn
from survey.web.work import instance

FIELD, HEADER = "csrf_token", "X-CSRF-Token"
COOKIE = "truoc_dang_nhap"  # before sign-in
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class StaleForm(BadRequest):
    """A form whose token is not of this session: another session has begun since, or the form is not ours."""


def _token(seed: str) -> str:
    return hmac.new(instance().secret, b"form:" + seed.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _known_browser() -> SignedIn | None:
    """The browser whose session makes the tokens: signed in, or waiting for its second factor."""
    found = g.get("signed_in") or g.get("halfway")
    return found if isinstance(found, SignedIn) else None


def csrf_token() -> str:
    """The token for forms of this response."""
    if known := _known_browser():
        return _token(known.csrf_secret)
    if "anonymous_seed" not in g:
        g.anonymous_seed = request.cookies.get(COOKIE) or secrets.token_urlsafe(24)
    return _token(g.anonymous_seed)


def csrf_field() -> Markup:
    """The hidden field of a form."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token())


def is_same_origin() -> bool:
    """Whether the browser says that the form came from this site."""
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.host


def check_form() -> None:
    """Raise StaleForm where a changing request has no token of this session."""
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    sent = request.headers.get(HEADER) or request.form.get(FIELD, "")
    known = _known_browser()
    seed = known.csrf_secret if known else request.cookies.get(COOKIE, "")
    if not seed or not hmac.compare_digest(sent.encode("utf-8", "replace"), _token(seed).encode()):
        raise StaleForm


def keep_anonymous_seed(response: Response) -> Response:
    """Set the cookie that forms before sign-in are tied to."""
    seed = g.get("anonymous_seed")
    if seed and request.cookies.get(COOKIE) != seed:
        response.set_cookie(COOKIE, seed, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def init_app(app: Flask) -> None:
    """Offer the token to templates; the check itself is called by the guard of access.py, after sign-in is known."""
    app.jinja_env.globals.update(csrf_token=csrf_token, csrf_field=csrf_field)
    app.after_request(keep_anonymous_seed)
