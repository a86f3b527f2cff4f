"""The workbook of figures: downloaded, handed in, shown change by change, taken all or not at all."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey.core.errors import Fault, Faults
from survey.services.errors import Refused
from survey.services.figures_upload import apply_figures, preview_figures, take_figures
from survey.services.figures_workbook import make_figures_workbook
from survey.web.attachment import XLSX
from survey.web.language import current_language, t
from survey.web.notices import with_notice
from survey.web.provider.pages import provider, show_duties
from survey.web.session import person
from survey.web.work import reading, writing


@provider.get("/cung-cap/<code>/<questionnaire>/so-lieu.xlsx")
def workbook(code: str, questionnaire: str) -> Response:
    """One row an agency, with what stands now."""
    with writing() as session:
        content = make_figures_workbook(session, person(), code, questionnaire, language=current_language())
    answer = Response(content, mimetype=XLSX)
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in f"{questionnaire}-{code}")
    answer.headers["Content-Disposition"] = f'attachment; filename="so-lieu-cung-cap-{name}.xlsx"'
    return answer


@provider.post("/cung-cap/<code>/<questionnaire>/tep")
def upload(code: str, questionnaire: str) -> AnyResponse | tuple[str, int]:
    """Read a file and go on to what it would change."""
    sent = request.files.get("file")
    content = sent.read() if sent is not None else b""
    try:
        with writing() as session:
            name = sent.filename or "" if sent is not None else ""
            number = take_figures(session, person(), code, questionnaire, content, name)
    except Faults as refused:
        return show_duties(code, refused.faults if content else (t("web_provide.no_file"),), questionnaire), 422
    return redirect(url_for("provider.preview", code=code, file=number))


@provider.get("/cung-cap/<code>/tep/<int:file>")
def preview(code: str, file: int) -> str | AnyResponse:
    """What the file would change, row by row, and what is wrong with it."""
    return _preview(code, file, {}, {})


def _preview(
    code: str, file: int, typed: Mapping[str, str], errors: Mapping[str, str], faults: tuple[Fault, ...] = ()
) -> str | AnyResponse:
    with reading() as session:
        found = preview_figures(session, person(), code, file, language=current_language())
    if found.applied:
        return redirect(url_for("provider.duties", code=code))
    return render_template(
        "provider/preview.html", preview=found, round=found.round, faults=faults or found.faults, typed=typed,
        errors=errors,
    )  # fmt: skip


@provider.post("/cung-cap/<code>/tep/<int:file>")
def apply(code: str, file: int) -> AnyResponse | tuple[str | AnyResponse, int]:
    """Take all of it, with the letter it came with."""
    typed = {name: request.form.get(name, "") for name in ("number", "dated")}
    seen = request.form.get("seen", "")
    try:
        with writing() as session:
            apply_figures(session, person(), code, file, seen, number=typed["number"], dated=typed["dated"])
    except Refused as refused:
        return _preview(code, file, typed, refused.by_field(current_language())), 422
    except Faults as refused:
        return _preview(code, file, typed, {}, refused.faults), 422
    return with_notice(redirect(url_for("provider.duties", code=code)), "figures_taken")
