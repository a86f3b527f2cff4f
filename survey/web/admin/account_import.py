"""Taking accounts in from a workbook: hand it in, look at every change, apply all of it or leave it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.core.errors import Fault, Faults
from survey.services.errors import Refused
from survey.services.import_accounts import apply_import, leave_import, preview_import, read_accounts, show_import
from survey.services.make_address_book import gather_template
from survey.services.upload_gate import LARGEST_FILE
from survey.web.admin.accounts import admin, workbook
from survey.web.language import current_language, t
from survey.web.notices import with_notice
from survey.web.session import person
from survey.web.work import reading, writing

Answer = str | Response | tuple[str, int]


@admin.get("/tai-khoan/nhap/mau.xlsx")
def account_template() -> Response:
    """The workbook to be filled in, with the bodies there are."""
    with reading() as session:
        book = gather_template(session, person(), language=current_language())
    return workbook(book, t("web_accounts.template_file"))


@admin.route("/tai-khoan/nhap", methods=["GET", "POST"])
def import_accounts() -> Answer:
    """Hand a file in; what it would do is shown before anything is done."""
    if request.method == "GET":
        return render_template("admin/account_import.html", faults=(), error="")
    handed = request.files.get("file")
    if handed is None or not handed.filename:
        return render_template("admin/account_import.html", faults=(), error=t("web_accounts.no_file")), 422
    try:
        table = read_accounts(person(), handed.stream.read(LARGEST_FILE + 1), handed.filename)
        with writing() as session:
            number = preview_import(session, person(), table)
    except Faults as found:
        return render_template("admin/account_import.html", faults=found.faults, error=""), 422
    return redirect(url_for("admin.account_preview", number=number))


@admin.get("/tai-khoan/nhap/<int:number>")
def account_preview(number: int) -> Answer:
    """Every change that the file would make."""
    return _preview(number, "")


def _preview(number: int, error: str) -> Answer:
    faults: tuple[Fault, ...] = ()
    name, preview, applied = "", None, False
    with reading() as session:
        try:
            name, preview, applied = show_import(session, person(), number)
        except Faults as found:  # what was right when it was handed in has changed since
            faults = found.faults
    page = render_template(
        "admin/account_preview.html", number=number, name=name, preview=preview, applied=applied, faults=faults,
        error=error,
    )  # fmt: skip
    return (page, 422) if error or faults else page


@admin.post("/tai-khoan/nhap/<int:number>")
def apply_account_import(number: int) -> Answer:
    """Make all the changes that were shown, or none."""
    try:
        with writing() as session:
            apply_import(session, person(), number, request.form.get("basis", "")[:100])
    except Faults:
        return _preview(number, "")
    except Refused as refused:
        return _preview(number, refused.sentence(current_language()))
    return with_notice(redirect(url_for("admin.invitations")), "accounts_imported")


@admin.post("/tai-khoan/nhap/<int:number>/bo")
def leave_account_import(number: int) -> Response:
    """Leave the file unapplied."""
    with writing() as session:
        leave_import(session, person(), number)
    return with_notice(redirect(url_for("admin.import_accounts")), "import_left")
