"""Who gets past the door: asked before every request, by the route table (access.py)."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.exceptions import NotFound, Unauthorized
from werkzeug.wrappers import Response

from survey.services.people import Stage
from survey.web.access import EVERYBODY, ROUTES, STATIC, Access, may_open
from survey.web.csrf import check_form
from survey.web.session import load_signed_in

ASKED_BY_PROGRAMS = frozenset({"public.healthz", "auth.session_state"})  # who is halfway is nobody there
OWN_FORM_CHECK = frozenset({"auth.send_sign_in"})  # answers a stale form with its own page


def guard() -> Response | None:
    """Called before every request: who is asking, may they, and does the form come from this session."""
    if request.endpoint in STATIC:
        return None
    load_signed_in()
    if request.endpoint is None:
        return None  # 404 and 405 are Flask's to answer
    access = ROUTES.get(request.endpoint)
    if g.halfway is not None and request.endpoint not in ASKED_BY_PROGRAMS:
        return _keep_to_second_step(access)
    allowed = access.roles if access is not None else frozenset()
    if allowed is not None:
        if g.person is None:
            return _ask_to_sign_in()
        if not may_open(allowed, g.person):
            raise NotFound
    if request.endpoint not in OWN_FORM_CHECK:
        check_form()
    return None


def _keep_to_second_step(access: Access | None) -> Response | None:
    """Whose second factor is still to come sees that page and the way out, and nothing else."""
    stage: Stage = g.halfway.stage
    if request.endpoint == "auth.sign_out" or (access is not None and access.stage is stage):
        check_form()
        return None
    if request.method != "GET" and (access is None or access.roles is not EVERYBODY):
        raise Unauthorized
    return redirect(url_for("auth.code" if stage is Stage.CODE else "auth.enrol"))


def _ask_to_sign_in() -> Response:
    """Send a reader to the sign-in page and back; a form is answered 401, so that what was typed is not lost."""
    if request.method not in ("GET", "HEAD"):
        raise Unauthorized
    return redirect(url_for("auth.sign_in", tiep=request.full_path.rstrip("?")))
