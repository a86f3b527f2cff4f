"""The phiếu as a workbook: downloaded, handed in or pasted, shown cell by cell, taken all, some or none."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey.core.errors import Fault, Faults
from survey.services.errors import Refused
from survey.services.instance import Session
from survey.services.offline_preview import preview_offline
from survey.services.offline_upload import apply_offline, take_offline, take_pasted
from survey.services.offline_workbook import make_offline_workbook
from survey.services.read_submission import read_submission
from survey.web.agency.pages import agency
from survey.web.attachment import XLSX, attachment
from survey.web.language import current_language, t
from survey.web.session import person, working_on
from survey.web.work import reading, writing


@agency.get("/<int:number>/excel")
def offline(number: int) -> str:
    """Download, hand in, paste."""
    return _show(number)


def _show(number: int, faults: tuple[Fault | str, ...] = (), about: str = "", pasted: str = "") -> str:
    """The page; `faults` are of a file that was not taken, or (`about`) of a table that was pasted."""
    with reading() as session:
        view = read_submission(session, person(), number)
    working_on(view.head)
    return render_template("agency/offline.html", head=view.head, faults=faults, about=about, pasted=pasted)


@agency.get("/<int:number>/excel/phieu.xlsx")
def offline_file(number: int) -> Response:
    """The workbook, with what stands now."""
    with writing() as session:
        content, code = make_offline_workbook(session, person(), number, language=current_language())
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in code)
    return attachment(content, XLSX, f"phieu-{name}.xlsx")


@agency.post("/<int:number>/excel/tep")
def offline_upload(number: int) -> AnyResponse | tuple[str, int]:
    """Read a file and go on to what it would change."""
    sent = request.files.get("file")
    content = sent.read() if sent is not None else b""
    name = sent.filename or "" if sent is not None else ""
    said = "" if content else t("web_offline.no_file")
    return _take(number, lambda session: take_offline(session, person(), number, content, name), "file", said)


@agency.post("/<int:number>/excel/bang")
def offline_paste(number: int) -> AnyResponse | tuple[str, int]:
    """Read a pasted table and go on to what it would change."""
    text = request.form.get("table", "")
    language = current_language()
    said = "" if text.strip() else t("web_offline.no_table")
    return _take(number, lambda session: take_pasted(session, person(), number, text, language=language), "table", said)


def _take(number: int, take: Callable[[Session], int], about: str, said: str = "") -> AnyResponse | tuple[str, int]:
    """On to the preview of what was taken; else the page with its faults, or with what is `said` in their place."""
    try:
        with writing() as session:
            file = take(session)
    except Faults as refused:
        faults = (said,) if said else refused.faults
        return _show(number, faults, about, request.form.get("table", "")), 422
    return redirect(url_for("agency.offline_preview", number=number, file=file))


@agency.get("/<int:number>/excel/tep/<int:file>")
def offline_preview(number: int, file: int) -> str:
    """What the file would change, and what is wrong with it; once it was taken, what it has changed."""
    return _preview(number, file)


def _preview(number: int, file: int, error: str = "", ticked: frozenset[str] | None = None) -> str:
    with reading() as session:
        found = preview_offline(session, person(), number, file, language=current_language())
    working_on(found.head)
    chosen = ticked if ticked is not None else {one.target for one in found.changes if not one.conflict}
    return render_template("agency/offline_preview.html", preview=found, head=found.head, error=error, chosen=chosen)


@agency.post("/<int:number>/excel/tep/<int:file>")
def offline_take(number: int, file: int) -> AnyResponse | tuple[str, int]:
    """Take the rows that are ticked."""
    ticked = frozenset(request.form.getlist("row"))
    seen = request.form.get("seen", "")
    try:
        with writing() as session:
            apply_offline(session, person(), number, file, seen, ticked, language=current_language())
    except Refused as refused:
        return _preview(number, file, refused.sentence(current_language()), ticked), 422
    return redirect(url_for("agency.offline_preview", number=number, file=file))
