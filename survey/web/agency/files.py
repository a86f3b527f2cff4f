"""The file of a document: handed in by a form or by the script with progress, replaced, taken away, downloaded."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from survey.core.numbers_vi import format_date
from survey.core.workflow import Step
from survey.services.change_settings import LARGEST_FILE
from survey.services.errors import ContentChanged, Refused
from survey.services.evidence_files import (
    FILE,
    MARKS,
    MEGABYTE,
    TICK,
    Upload,
    admit_file,
    attach_file,
    find_file,
    keep_bytes,
    key_of,
    remove_file,
)
from survey.services.instance import read_settings
from survey.services.page_views import EvidenceView
from survey.services.read_submission import read_evidence, read_submission
from survey.services.stored_files import HandedIn, file_store
from survey.web.agency.pages import agency
from survey.web.attachment import attachment
from survey.web.errors import wants_json
from survey.web.language import current_language, t
from survey.web.notices import with_notice
from survey.web.session import person, working_on
from survey.web.work import instance, reading, writing

DOCUMENT_FIELDS = ("number", "issued", "issuer", "summary", "link")
CONFIRMED = (TICK, MARKS)
LONGEST_KEY = 64  # characters of the key that a form carries


def file_limit() -> int:
    """Megabytes that a file may have, 0 where none is taken; asked of the database once a page."""
    if "file_limit" not in g:
        with reading() as session:
            settings = read_settings(session)
        g.file_limit = settings.file_megabytes if settings.uploads else 0
    return int(g.file_limit)


def handed_upload() -> Upload | None:
    """The file of the form with what is ticked; None where none was chosen."""
    handed = request.files.get(f"e.{FILE}")
    if handed is None or not handed.filename:
        return None
    content = handed.stream.read(LARGEST_FILE * MEGABYTE + 1)
    ticked = {name: bool(request.form.get(f"e.{name}")) for name in (TICK, MARKS)}
    return Upload(content, handed.filename, **ticked)


def take_in(number: int, upload: Upload, save_key: str) -> HandedIn:
    """Look through a file and put its bytes on disk, before any unit of work that writes. Raises Refused."""
    with reading() as session:
        handed = admit_file(session, person(), number, upload, save_key=save_key)
    keep_bytes(instance().folder, handed, upload)
    return handed


def save_key_of(upload: Upload, *more: str) -> str:
    """The key of this very file of the form that was sent; the form itself carries one for as long as it is open."""
    return key_of(request.form.get("e.key", "")[:LONGEST_KEY], upload, *more)


@agency.post("/<int:number>/tai-lieu/<int:document>/tep")
def attach_evidence_file(number: int, document: int) -> AnyResponse:
    """Give a document its file, or another in its place; sent again, it is done once."""
    upload = handed_upload() or Upload(b"", "")
    seen, save_key = request.form.get("seen", ""), save_key_of(upload, str(document))
    try:
        handed = take_in(number, upload, save_key)
        with writing() as session:
            attach_file(
                session, person(), number, document, handed, int(seen[:9]) if seen.isdecimal() else 0,
                save_key=save_key,
            )  # fmt: skip
    except ContentChanged:
        return _refused(number, document, {FILE: t("web_doc.changed_meanwhile")})
    except Refused as refused:
        faults = {refused.field or FILE: refused.sentence(current_language())}
        return _refused(number, document, faults)
    onward = url_for("agency.document", number=number, document=document)
    answer = jsonify(next=onward) if wants_json() else redirect(onward)
    return with_notice(answer, "file_attached")


def _refused(number: int, document: int, faults: dict[str, str]) -> AnyResponse:
    if wants_json():
        return make_response(jsonify(faults=faults), 422)
    return Response(show_document(number, document, file_faults=faults), 422)


def show_document(
    number: int,
    document: int,
    typed: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
    file_faults: dict[str, str] | None = None,
) -> str:
    """The page of one document, to change it, its file or take it away; `typed` is what could not be taken.

    Raises NotFound where it is not there, or not this person's to change.
    """
    with reading() as session:
        view = read_submission(session, person(), number)
        found = read_evidence(session, person(), number)
    working_on(view.head)
    one = next((one for one in found if one.id == document), None)
    if one is None or Step.FILL not in view.head.steps:
        raise NotFound
    return render_template(
        "agency/document.html", head=view.head, one=one, typed=typed or typed_of(one), faults=faults or {},
        file_faults=file_faults or {},
    )  # fmt: skip


def typed_of(one: EvidenceView) -> dict[str, str]:
    """A document as its fields show it; the confirmations are asked anew."""
    issued = format_date(one.issued) if one.issued else ""
    texts = (one.number, issued, one.issuer, one.summary, one.link)
    return dict(zip(DOCUMENT_FIELDS, texts, strict=True)) | dict.fromkeys(CONFIRMED, "")


@agency.post("/<int:number>/tai-lieu/<int:document>/tep/go")
def remove_evidence_file(number: int, document: int) -> AnyResponse:
    """Take the file away from a document; the document stays."""
    with writing() as session:
        remove_file(session, person(), number, document)
    return with_notice(redirect(url_for("agency.document", number=number, document=document)), "file_removed")


@agency.get("/<int:number>/tai-lieu/<int:document>/tep/<int:file>")
def evidence_file(number: int, document: int, file: int) -> Response:
    """The file, to be kept and never opened as a page; for everybody who may read the phiếu."""
    with writing() as session:
        found, digest = find_file(session, person(), number, document, file)
    return attachment(file_store(instance().folder).read(digest), found.media_type, found.name)


def form_key() -> str:
    """A key for one form, by which what it sends is known when it is sent again."""
    return secrets.token_hex(16)


def init_app(app: Flask) -> None:
    """Offer to templates what forms with a file need."""
    app.jinja_env.globals.update(file_limit=file_limit, form_key=form_key)
