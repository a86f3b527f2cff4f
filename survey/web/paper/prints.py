"""Printed sheets, as pages to print and as Word files: the phiếu blank or filled, the tờ trình; comparing a print."""

from __future__ import annotations

from flask import Response, render_template, request

from reports.phieu_data import PhieuSheet, Statement
from survey.services.compare_print import compare_print
from survey.services.note_access import note_export
from survey.services.print_phieu import CheckUrl, print_phieu
from survey.services.read_submission import read_submission
from survey.services.submission_views import SubmissionHead
from survey.services.write_statement import write_statement
from survey.web.attachment import DOCX, attachment
from survey.web.language import current_language
from survey.web.links import outside_url
from survey.web.paper.blueprint import paper
from survey.web.session import person, working_on
from survey.web.work import reading, writing

BLANK, FILLED = "trong", "da-nhap"


@paper.get("/phieu/<int:number>/ban-giay")
def choose(number: int) -> str:
    """What can be printed, and what to do with it."""
    with reading() as session:
        view = read_submission(session, person(), number)
    working_on(view.head)
    return render_template("paper/choose.html", view=view, head=view.head)


@paper.get("/phieu/<int:number>/in/<any(trong, 'da-nhap'):kind>")
def sheet(number: int, kind: str) -> str:
    """The phiếu to print; `?nhom=` one group of it."""
    head, data = _sheet(number, kind)
    group = request.args.get("nhom", "")
    return render_template("paper/sheet.html", head=head, sheet=data, kind=kind, group=group)


@paper.get("/phieu/<int:number>/in/<any(trong, 'da-nhap'):kind>.docx")
def sheet_file(number: int, kind: str) -> Response:
    """The same as a Word file."""
    from reports.word.phieu import phieu_document

    head, data = _sheet(number, kind)
    _note(head, "phieu")
    group = request.args.get("nhom", "")
    return attachment(phieu_document(data), DOCX, _name("phieu", head, kind, group))


@paper.get("/phieu/<int:number>/to-trinh")
def statement(number: int) -> str:
    """The tờ trình to print."""
    from reports.fitting import BROWSER_ROOM, fit

    head, data = _statement(number)
    fitted, size = fit(data, BROWSER_ROOM)
    return render_template("paper/statement.html", head=head, statement=fitted, size=size)


@paper.get("/phieu/<int:number>/to-trinh.docx")
def statement_file(number: int) -> Response:
    """The same as a Word file."""
    from reports.word.statement import statement_document

    head, data = _statement(number)
    _note(head, "statement")
    return attachment(statement_document(data), DOCX, _name("to-trinh", head))


@paper.get("/doi-chieu/<int:number>")
@paper.get("/doi-chieu/<int:number>/<code>")
def compare(number: int, code: str = "") -> str:
    """Where the QR code leads: whether the phiếu is still as printed; the code can also be typed."""
    typed = (code or request.args.get("ma", ""))[:100]
    with reading() as session:
        found = compare_print(session, person(), number, typed)
    working_on(found.head)
    return render_template("paper/compare.html", found=found, head=found.head, typed=typed)


def _check_url(number: int) -> CheckUrl:
    return lambda code: outside_url("paper.compare", number=number, code=code)


def _sheet(number: int, kind: str) -> tuple[SubmissionHead, PhieuSheet]:
    with reading() as session:
        head = read_submission(session, person(), number).head
        data = print_phieu(
            session, person(), number, _check_url(number),
            blank=kind == BLANK, group_code=request.args.get("nhom", ""), language=current_language(),
        )  # fmt: skip
    return working_on(head), data


def _statement(number: int) -> tuple[SubmissionHead, Statement]:
    with reading() as session:
        head = read_submission(session, person(), number).head
        data = write_statement(session, person(), number, _check_url(number), language=current_language())
    return working_on(head), data


def _note(head: SubmissionHead, what: str) -> None:
    """Tell the log of a file made for somebody who does not work for the body."""
    if all(body.agency_id != head.agency.id for body in person().bodies):
        with writing() as session:
            note_export(session, person(), what, submission=head.id)


def _name(what: str, head: SubmissionHead, *more: str) -> str:
    """A file name of plain letters, so that nobody's mail or memory stick changes it."""
    parts = (what, *(one for one in more if one), head.agency.code, head.round.code)
    return "".join(one if one.isascii() and one.isalnum() else "-" for one in "-".join(parts)).lower() + ".docx"
