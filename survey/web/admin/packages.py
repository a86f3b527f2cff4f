"""One-way packages: made from a round, taken into one, and the instances whose packages are trusted."""

from __future__ import annotations

import io

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from survey.services.audit import take_pin
from survey.services.errors import NotFound, Refused
from survey.services.make_package import make_package
from survey.services.note_access import note_export
from survey.services.open_round import find_round
from survey.services.package_format import fingerprint_of
from survey.services.package_key import public_key
from survey.services.take_package import list_packages, preview_package, remove_package, take_package
from survey.services.trust_source import UnknownSource, distrust_source, list_sources, source_of, trust_source
from survey.services.waiting_packages import fetch_package, keep_package, mark_taken
from survey.web.language import current_language, t
from survey.web.notices import with_notice
from survey.web.session import person
from survey.web.work import instance, reading, writing

packages = Blueprint("packages", __name__)

Answer = str | Response | tuple[str, int]
NO_ROUND = ""  # where a package waits that only shows its source


@packages.get("/dot/<code>/goi-du-lieu")
def show(code: str) -> str:
    """What has been taken into the round, and the ways in and out."""
    return _show(code)


def _show(code: str, error: str = "") -> str:
    with reading() as session:
        found = find_round(session, code)
        taken = list_packages(session, found.id)
    return render_template("coordinator/packages.html", round=found, taken=taken, error=error)


@packages.post("/dot/<code>/goi-du-lieu/xuat")
def make(code: str) -> Answer:
    """A package of the round as it stands; the log tells that it was taken away."""
    figures = request.form.get("kind") == "figures"
    try:
        with reading() as session:
            found = find_round(session, code)
            made = make_package(session, person(), found.id, instance().folder, figures=figures)
            pin = take_pin(session)
    except Refused as refused:
        return _show(code, refused.sentence(current_language())), 422
    with writing() as session:
        note_export(session, person(), "package", pin=pin, round=code, name=made.name, bodies=made.bodies)
    content = io.BytesIO(made.content)
    return send_file(content, mimetype="application/json", as_attachment=True, download_name=made.name, etag=False)


@packages.post("/dot/<code>/goi-du-lieu")
def upload(code: str) -> Answer:
    """Hand a package in, and go on to what it would change."""
    with reading() as session:
        find_round(session, code)
    number, error = _keep(code)
    if number is None:
        return _show(code, error), 422
    return redirect(url_for("packages.preview", code=code, number=number))


def _keep(place: str) -> tuple[int | None, str]:
    """The number under which a package that was handed in waits, or what is wrong with it."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None, t("web_package.needed")
    try:
        with writing() as session:
            return keep_package(session, person(), sent.read(), place), ""
    except Refused as refused:
        return None, refused.sentence(current_language())


@packages.get("/dot/<code>/goi-du-lieu/<int:number>")
def preview(code: str, number: int) -> Answer:
    """Body by body what taking it would do."""
    return _preview(code, number)


def _preview(code: str, number: int) -> Answer:
    try:
        with reading() as session:
            found = find_round(session, code)
            view = preview_package(session, person(), found.id, fetch_package(session, person(), number, code))
    except UnknownSource as unknown:
        return render_template("coordinator/package_unknown.html", round=found, source=unknown.source)
    except Refused as refused:
        return _show(code, refused.sentence(current_language())), 422
    return render_template("coordinator/package.html", round=found, view=view, number=number)


@packages.post("/dot/<code>/goi-du-lieu/<int:number>")
def take(code: str, number: int) -> Answer:
    """Take it; an older one of its source counts no longer."""
    try:
        with writing() as session:
            found = find_round(session, code)
            data = fetch_package(session, person(), number, code)
            take_package(session, person(), found.id, data)
            mark_taken(session, person(), number)
    except Refused as refused:
        return _show(code, refused.sentence(current_language())), 422
    return with_notice(redirect(url_for("packages.show", code=code)), "package_taken")


@packages.post("/dot/<code>/goi-du-lieu/<int:number>/bo")
def remove(code: str, number: int) -> Answer:
    """Let a package count no longer."""
    try:
        with writing() as session:
            remove_package(session, person(), find_round(session, code).id, number)
    except Refused as refused:
        return _show(code, refused.sentence(current_language())), 422
    return with_notice(redirect(url_for("packages.show", code=code)), "package_removed")


@packages.get("/quan-tri/nguon-du-lieu")
def sources() -> str:
    """The instances that are trusted, and this one's own key."""
    return _sources()


def _sources(error: str = "") -> str:
    with reading() as session:
        found = list_sources(session, person())
    try:
        own = fingerprint_of(public_key(instance().folder))
    except Refused as refused:
        own, error = "", error or refused.sentence(current_language())
    return render_template("admin/sources.html", sources=found, own=own, error=error)


@packages.post("/quan-tri/nguon-du-lieu")
def read_source() -> Answer:
    """Hand a package in to see whose it is."""
    number, error = _keep(NO_ROUND)
    if number is None:
        return _sources(error), 422
    return redirect(url_for("packages.compare", number=number))


@packages.post("/quan-tri/nguon-du-lieu/thoi")
def distrust() -> Answer:
    """Take no more packages of a source."""
    try:
        with writing() as session:
            distrust_source(session, person(), request.form.get("source", "")[:100])
    except NotFound:  # pressed twice, or by two at once
        return _sources(t("web_package.not_trusted")), 422
    return with_notice(redirect(url_for("packages.sources")), "source_distrusted")


@packages.get("/quan-tri/nguon-du-lieu/<int:number>")
def compare(number: int) -> Answer:
    """The name and the key of a source, to be compared by telephone."""
    return _compare(number)


def _compare(number: int, error: str = "") -> Answer:
    try:
        with reading() as session:
            list_sources(session, person())  # administrators only
            source = source_of(session, fetch_package(session, person(), number, NO_ROUND))
    except Refused as refused:
        return _sources(refused.sentence(current_language())), 422
    return render_template("admin/source.html", source=source, number=number, error=error)


@packages.post("/quan-tri/nguon-du-lieu/<int:number>")
def trust(number: int) -> Answer:
    """Trust a source, what the sender read out having been typed in."""
    try:
        with writing() as session:
            data = fetch_package(session, person(), number, NO_ROUND)
            trust_source(session, person(), data, request.form.get("fingerprint", "")[:200])
            mark_taken(session, person(), number)
    except Refused as refused:
        page = _compare(number, refused.sentence(current_language()))
        return (page, 422) if isinstance(page, str) else page
    return with_notice(redirect(url_for("packages.sources")), "source_trusted")
