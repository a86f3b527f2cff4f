"""The start page, help, and the answer to "are you there"."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from survey import __version__
from survey.services.instance import read_settings
from survey.web.navigation import home_url
from survey.web.work import reading

public = Blueprint("public", __name__)


@public.get("/")
def start() -> str | AnyResponse:
    """Where everybody begins; those signed in go on to their own first page."""
    if g.person is not None and (home := home_url()):
        return redirect(home)
    return render_template("public/start.html")


@public.get("/huong-dan")
def help_page() -> str:
    """How the work goes, role by role."""
    return render_template("public/help.html")


@public.get("/healthz")
def healthz() -> Response:
    """200 once the database answers, else the 500 or 503 of every page."""
    with reading() as session:
        read_settings(session)
    return jsonify(status="ok", version=__version__)
