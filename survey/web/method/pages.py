"""Cách tính điểm: of the questionnaire that a phiếu answers, and of every published version; to read and to print."""

from __future__ import annotations

from flask import Blueprint, render_template

from survey.services.explain_method import explain_of_submission, explain_version
from survey.services.read_submission import read_submission
from survey.web.language import current_language
from survey.web.session import person, working_on
from survey.web.work import reading

method = Blueprint("method", __name__)


@method.get("/phieu/<int:number>/cach-tinh-diem")
def of_phieu(number: int) -> str:
    """How this phiếu is scored."""
    with reading() as session:
        view = explain_of_submission(session, person(), number, current_language())
        head = read_submission(session, person(), number).head
    working_on(head)
    return render_template("method/method.html", view=view, head=head)


@method.get("/bo-chi-so/<name>/<version>")
def of_version(name: str, version: str) -> str:
    """How a published version scores."""
    with reading() as session:
        view = explain_version(session, person(), name, version, current_language())
    return render_template("method/method.html", view=view, head=None)
