"""The register from a file: handed in, looked at change by change, applied as a whole or left."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.core.errors import Fault, Faults
from survey.services.errors import Refused
from survey.services.import_agencies import apply_import, leave_import, preview_import, show_import
from survey.web.admin.agencies import registry
from survey.web.language import current_language, t
from survey.web.notices import with_notice
from survey.web.session import person
from survey.web.work import reading, writing

Answer = str | Response | tuple[str, int]


@registry.get("/nhap-don-vi")
def upload() -> str:
    """Where a file is chosen."""
    return _upload()


def _upload(faults: Sequence[Fault] = (), error: str = "") -> str:
    return render_template("admin/agencies_upload.html", faults=faults, error=error)


@registry.post("/nhap-don-vi")
def read_file() -> Answer:
    """Read it, and go on to what it would change."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _upload(error=t("registry.import_needed")), 422
    content = sent.read()
    try:
        with writing() as session:
            number = preview_import(session, person(), content, sent.filename)
    except Faults as refused:
        return _upload(refused.faults), 422
    return redirect(url_for("register.preview", file=number))


@registry.get("/nhap-don-vi/<int:file>")
def preview(file: int) -> Answer:
    """Every change that the file would make now."""
    return _preview(file)


def _preview(file: int, refusal: str = "") -> Answer:
    try:
        with reading() as session:
            name, changes, applied = show_import(session, person(), file)
    except Faults as refused:  # the register has changed so that the file no longer fits
        return _upload(refused.faults), 422
    if applied:
        return with_notice(redirect(url_for("register.agencies")), "register_imported")
    return render_template("admin/agencies_preview.html", name=name, changes=changes, file=file, refusal=refusal)


@registry.post("/nhap-don-vi/<int:file>")
def apply(file: int) -> Answer:
    """Apply all of it, or nothing."""
    try:
        with writing() as session:
            apply_import(session, person(), file, request.form.get("basis", ""))
    except Refused as refused:
        shown = _preview(file, refused.sentence(current_language()))
        return (shown, 409) if isinstance(shown, str) else shown
    except Faults as refused:
        return _upload(refused.faults), 422
    return with_notice(redirect(url_for("register.agencies")), "register_imported")


@registry.post("/nhap-don-vi/<int:file>/bo")
def leave(file: int) -> Response:
    """Leave the file; nothing has changed."""
    with writing() as session:
        leave_import(session, person(), file)
    return with_notice(redirect(url_for("register.agencies")), "register_left")
