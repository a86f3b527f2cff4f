"""The settings of the instance: its name, what may be handed in and sent, the second factor, idle accounts."""

from __future__ import annotations

from flask import Blueprint, Flask, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.services.change_settings import (
    RANGES,
    SettingsForm,
    change_settings,
    show_settings,
)
from survey.services.errors import Refused
from survey.services.instance import SWITCHES, read_settings
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.session import person
from survey.web.work import reading, writing

settings = Blueprint("settings", __name__, url_prefix="/quan-tri/cai-dat")


@settings.get("")
def show() -> str:
    """The settings as they stand."""
    with reading() as session:
        now = show_settings(session, person())
    form = SettingsForm(
        now.name, str(now.idle_days), now.uploads, now.abstracts, now.mail, now.second_factor,
        str(now.file_megabytes), str(now.phieu_megabytes),
    )  # fmt: skip
    return _page(form, {})


def _page(form: SettingsForm, faults: dict[str, str]) -> str:
    return render_template("admin/settings.html", form=form, faults=faults, switches=SWITCHES, ranges=RANGES)


@settings.post("")
def change() -> Response | tuple[str, int]:
    """Write them; the second factor goes off only once that is confirmed."""
    ticked = {name: name in request.form for name in (*SWITCHES, "confirmed")}
    name, days, file, phieu = (request.form.get(field, "") for field in ("name", *RANGES))
    form = SettingsForm(name, days, **ticked, file_megabytes=file, phieu_megabytes=phieu)
    try:
        with writing() as session:
            change_settings(session, person(), form)
    except Refused as refused:
        return _page(form, {refused.field: refused.sentence(current_language())}), 422
    return with_notice(redirect(url_for("settings.show")), "settings_saved")


def keeps_abstracts() -> bool:
    """Whether trích yếu may be written down here; asked of the database once a page."""
    if "keeps_abstracts" not in g:
        with reading() as session:
            g.keeps_abstracts = read_settings(session).abstracts
    return bool(g.keeps_abstracts)


def init_app(app: Flask) -> None:
    """Let templates leave out what the settings forbid."""
    app.jinja_env.globals["keeps_abstracts"] = keeps_abstracts
