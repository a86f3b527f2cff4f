"""The application: settings in, a guarded Flask application out."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, request
from flask_bootstrap import Bootstrap5
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from survey import __version__
from survey.services.change_settings import LARGEST_FILE
from survey.services.instance import Database
from survey.web import assets, csrf, errors, filters, guard, headers, language, logs, metrics, navigation, notices
from survey.web.admin import registry
from survey.web.admin import settings as instance_settings
from survey.web.admin.accounts import admin
from survey.web.admin.packages import packages
from survey.web.admin.settings import settings
from survey.web.agency import agency
from survey.web.agency import files as agency_files
from survey.web.agency import words as agency_words
from survey.web.audit import viewing
from survey.web.audit.pages import log
from survey.web.auth.pages import auth
from survey.web.config import Instance
from survey.web.coordinator import coordinator
from survey.web.coordinator import scope as coordinator_scope
from survey.web.leader import leader
from survey.web.method import method
from survey.web.paper import paper
from survey.web.provider import provider
from survey.web.public.pages import public
from survey.web.session import time_left

ROOMS = (
    public,
    metrics.metrics,
    auth,
    agency,
    leader,
    paper,
    method,
    coordinator,
    provider,
    admin,
    registry,
    log,
    packages,
    settings,
)

MOST_FORM_PARTS = 10_000
MOST_FORM_BYTES = 8 * 2**20
MOST_REQUEST_BYTES = 12 * 2**20  # a scan of 10 MB and what goes with it
MOST_EVIDENCE_BYTES = (LARGEST_FILE + 8) * 2**20  # the largest file of a document that may be set
WITH_EVIDENCE = frozenset({"agency.send_group", "agency.attach_evidence_file"})
MOST_NUMBER = 2**31 - 1  # of a row, in both databases


class RowNumber(IntegerConverter):
    """The number of a row in an address; where it is larger than any can be, the address is not there."""

    def __init__(self, addresses: Map) -> None:
        super().__init__(addresses, max=MOST_NUMBER)


def create_app(folder: Path | None = None, database: Database | None = None) -> Flask:
    """An application over one instance folder ($SANSANGSO_INSTANCE or ./instance where none is named)."""
    instance = Instance(folder, database)
    app = Flask("survey.web", instance_path=str(instance.folder))
    app.config.update(
        SECRET_KEY=instance.secret,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        MAX_FORM_MEMORY_SIZE=MOST_FORM_BYTES,
        MAX_CONTENT_LENGTH=MOST_REQUEST_BYTES,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.url_map.converters["int"] = RowNumber
    app.extensions["instance"] = instance
    if hops := instance.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, hops)  # type: ignore[method-assign]
    Bootstrap5(app)
    _prepare_templates(app, instance)
    for part in (
        logs,
        metrics,
        instance_settings,
        csrf,
        errors,
        filters,
        agency_words,
        agency_files,
        coordinator_scope,
    ):
        part.init_app(app)
    app.before_request(limit_form)
    app.before_request(guard.guard)
    for step in (language.keep_language, notices.forget_notice, viewing.note_look, headers.add_headers):
        app.after_request(step)
    for room in ROOMS:
        app.register_blueprint(room)
    return app


def limit_form() -> None:
    """Called before every request: only what may hold a file may be as large as one."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = MOST_FORM_BYTES
    elif request.endpoint in WITH_EVIDENCE:
        request.max_content_length = MOST_EVIDENCE_BYTES


def field_link(fault: tuple[str, str]) -> tuple[str, str]:
    """(field, sentence) as the error summary wants it: (id of the control, sentence)."""
    return f"f-{fault[0]}", fault[1]


def _prepare_templates(app: Flask, instance: Instance) -> None:
    """What every template may call without passing it on."""
    app.add_template_filter(field_link)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        t=language.t,
        words=language.words,
        asset=assets.asset,
        notice=notices.notice,
        navigation=navigation.items,
        language=language.current_language,
        other_language_url=navigation.other_language_url,
        version=__version__,
        instance=instance,
        time_left=time_left,
    )
