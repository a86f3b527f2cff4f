"""The documents of a phiếu: each kept once, where it is used, changed and taken away here."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey.services.attach_evidence import edit_evidence, remove_evidence
from survey.services.errors import ContentChanged, Refused
from survey.services.page_views import EvidenceView
from survey.services.read_submission import read_evidence, read_submission
from survey.services.submission_views import SubmissionView
from survey.web.agency.files import show_document
from survey.web.agency.page_actions import check_document, document_form, document_of, faults_of
from survey.web.agency.pages import agency
from survey.web.language import current_language, t
from survey.web.notices import with_notice
from survey.web.session import person, working_on
from survey.web.work import reading, writing


def _read(number: int) -> tuple[SubmissionView, tuple[EvidenceView, ...]]:
    with reading() as session:
        view = read_submission(session, person(), number)
        documents = read_evidence(session, person(), number)
    working_on(view.head)
    return view, documents


@agency.get("/<int:number>/tai-lieu")
def documents(number: int) -> str:
    """All documents, with the indicators that each one proves."""
    view, found = _read(number)
    return render_template("agency/documents.html", head=view.head, documents=found)


@agency.get("/<int:number>/tai-lieu/<int:document>")
def document(number: int, document: int) -> str:
    """One document, to change it, its file, or take it away."""
    return show_document(number, document)


@agency.post("/<int:number>/tai-lieu/<int:document>")
def change_document(number: int, document: int) -> AnyResponse:
    """Change a document everywhere it is used."""
    typed, seen = document_of(request.form), request.form.get("seen", "")
    form = document_form(typed)
    try:
        with writing() as session:  # asked also where something is wrong: a locked phiếu comes before that
            edit_evidence(session, person(), number, document, form, int(seen) if seen.isdecimal() else 0)
        return with_notice(redirect(url_for("agency.documents", number=number)), "saved")
    except ContentChanged:
        faults = {"number": t("web_doc.changed_meanwhile")}
    except Refused as refused:
        faults = check_document(form) or faults_of(refused, refused.sentence(current_language()))
    return Response(show_document(number, document, typed, faults), 422)


@agency.post("/<int:number>/tai-lieu/<int:document>/xoa")
def remove_document(number: int, document: int) -> AnyResponse:
    """Take a document away, from every indicator."""
    with writing() as session:
        remove_evidence(session, person(), number, document)
    return with_notice(redirect(url_for("agency.documents", number=number)), "document_removed")
