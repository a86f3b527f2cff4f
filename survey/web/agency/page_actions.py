"""What the buttons inside a page of questions do once what was typed is saved: documents, requests, confirmations."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from werkzeug.exceptions import NotFound

from survey.services.attach_evidence import (
    EvidenceForm,
    add_evidence,
    attach_evidence,
    check_evidence,
    detach_evidence,
)
from survey.services.confirm_answer import confirm_answer, reopen_answer
from survey.services.errors import Refused
from survey.services.evidence_files import MARKS, TICK
from survey.services.request_kad import cancel_kad, request_kad
from survey.web.agency.files import CONFIRMED, DOCUMENT_FIELDS, handed_upload, save_key_of, take_in
from survey.web.language import current_language, t
from survey.web.session import person
from survey.web.work import writing


def act(number: int, verb: str, about: str) -> dict[str, str]:
    """Carry out `do=<verb>:<about>`; sentences by field where a new document cannot be taken, else nothing.

    Raises what the services raise: Refused for a reason that is too short, NotFound, Blocked.
    """
    match verb:
        case "add":
            return _add(number, about)
        case "attach":
            with writing() as session:
                attach_evidence(session, person(), number, _number(request.form.get("pick", "")), about)
        case "detach":
            code, _, document = about.partition(":")
            with writing() as session:
                detach_evidence(session, person(), number, _number(document), code)
        case "kad":
            with writing() as session:
                request_kad(session, person(), number, about, request.form.get(f"k.{about}", ""))
        case "right":
            with writing() as session:
                confirm_answer(session, person(), number, about, request.form.get(f"r.{about}", ""))
        case "unright":
            with writing() as session:
                reopen_answer(session, person(), number, about)
        case "unkad":
            with writing() as session:
                cancel_kad(session, person(), number, about)
    return {}


def document_of(posted: Mapping[str, str]) -> dict[str, str]:
    """The fields of a document as posted."""
    return {name: posted.get(f"e.{name}", "") for name in (*DOCUMENT_FIELDS, *CONFIRMED)}


def document_form(typed: Mapping[str, str]) -> EvidenceForm:
    """A document as the service takes it."""
    number, issued, issuer, summary, link = (typed[name] for name in DOCUMENT_FIELDS)
    return EvidenceForm(number, issued, issuer, summary, link, bool(typed[TICK]), bool(typed[MARKS]))


def faults_of(refused: Refused, sentence: str) -> dict[str, str]:
    """A refused document's one sentence at its field."""
    return {refused.field or DOCUMENT_FIELDS[0]: sentence}


def check_document(form: EvidenceForm) -> dict[str, str]:
    """Sentences by field, the first one each; empty where the document can be taken."""
    found: dict[str, str] = {}
    for fault in check_evidence(form, current_language()):
        found.setdefault(fault.field, fault.sentence)
        if fault.key == "services.evidence_secret":
            found[MARKS] = t("web_doc.confirm_not_secret")
    return found


def _add(number: int, code: str) -> dict[str, str]:
    """A new document, with its file where one was chosen: both are taken, or neither."""
    form, upload = document_form(document_of(request.form)), handed_upload()
    faults, file, save_key = check_document(form), None, ""
    if not faults and upload is not None:
        save_key = save_key_of(upload, code, *(document_of(request.form).values()))
        try:
            file = take_in(number, upload, save_key)
        except Refused as refused:
            faults = {refused.field: refused.sentence(current_language())}
    if not faults:
        with writing() as session:
            add_evidence(session, person(), number, form, [code], file=file, save_key=save_key)
    return faults


def _number(text: str) -> int:
    """An id as posted. Raises NotFound for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise NotFound
    return int(text)
