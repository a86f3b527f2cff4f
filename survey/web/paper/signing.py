"""Ghi nhận bản giấy đã ký: number, date, signatory and the code on the sheet; the scan at once or later."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.core.paper import Capacity, layout_of
from survey.core.workflow import Step, SubmissionState
from survey.services.check_submission import check_submission
from survey.services.errors import Blocked, NotFound, Refused, StillFaulty
from survey.services.instance import read_settings
from survey.services.read_submission import read_submission
from survey.services.review_views import FindingKind
from survey.services.sign_off import read_receipt
from survey.services.sign_on_paper import NotRecorded, PaperForm, Scan, add_scan, sign_on_paper, take_scan
from survey.services.stored_files import FIELD, LARGEST
from survey.web.attachment import attachment
from survey.web.language import current_language, t
from survey.web.notices import with_notice
from survey.web.paper.blueprint import paper
from survey.web.session import person, working_on
from survey.web.work import instance, reading, writing

TEXTS = ("paper_number", "signed_on", "signer", "title", "capacity", "code")


@paper.get("/phieu/<int:number>/ky-giay")
def recording(number: int) -> str:
    """The form; only while a paper can be recorded."""
    return _recording(number, PaperForm(), {}, must=True)


def _recording(number: int, form: PaperForm, faults: dict[str, str], warning: str = "", *, must: bool = False) -> str:
    with reading() as session:
        view = check_submission(session, person(), number, language=current_language())
        uploads = read_settings(session).uploads
    if must and Step.APPROVE_ON_PAPER not in view.head.steps:
        raise NotFound
    working_on(view.head)
    if not uploads:  # there is no field that the sentence could stand at
        warning = faults.pop(FIELD, warning)
    straight = view.head.state is not SubmissionState.AWAITING_APPROVAL
    return render_template(
        "paper/record.html", view=view, head=view.head, form=form, faults=faults, warning=warning, uploads=uploads,
        missing=view.counts[FindingKind.MISSING] if straight else 0, capacities=_capacities(view.head.kind),
        largest=LARGEST // 2**20,
    )  # fmt: skip


def _capacities(kind: str) -> list[tuple[str, str]]:
    """(value, words) of the ways to sign, as the body's documents write them."""
    layout = layout_of(kind)
    return [(one.value, t(f"web_paper.capacity_{one.name.lower()}", mark=one.written(layout))) for one in Capacity]


@paper.post("/phieu/<int:number>/ky-giay")
def record(number: int) -> Response | tuple[str, int]:
    """Record the paper and send; twice is once."""
    typed = {name: request.form.get(name, "") for name in TEXTS}
    form = PaperForm(**typed, missing_confirmed=request.form.get("missing_confirmed") == "1")
    try:
        with writing() as session:
            sign_on_paper(session, instance().folder, person(), number, form, _scan())
    except NotRecorded as refused:
        faults = {fault.field: fault.sentence(current_language()) for fault in reversed(refused.faults)}
        return _recording(number, form, faults), 422
    except (StillFaulty, Blocked) as refused:
        status = 422 if isinstance(refused, StillFaulty) else 409
        return _recording(number, form, {}, refused.sentence(current_language())), status
    return with_notice(redirect(url_for("leader.receipt", number=number)), "paper_recorded")


def _scan() -> Scan | None:
    """The file of the form; None where none was chosen."""
    handed = request.files.get(FIELD)
    if handed is None or not handed.filename:
        return None
    return Scan(handed.stream.read(LARGEST + 1), handed.filename)


@paper.post("/phieu/<int:number>/ban-quet")
def keep_scan(number: int) -> Response | tuple[str, int]:
    """Keep the scan of a recorded paper, or put another in its place."""
    try:
        with writing() as session:
            add_scan(session, instance().folder, person(), number, _scan() or Scan(b"", ""))
    except Refused as refused:
        return _receipt(number, refused.sentence(current_language())), 422
    return with_notice(redirect(url_for("leader.receipt", number=number)), "scan_kept")


def _receipt(number: int, error: str) -> str:
    """The receipt again, with what is wrong at its form."""
    with reading() as session:
        view = read_submission(session, person(), number)
        proof = read_receipt(session, person(), number)
    working_on(view.head)
    return render_template(
        "leader/receipt.html", view=view, receipt=proof, may_withdraw=Step.WITHDRAW in view.head.steps, error=error
    )


@paper.get("/phieu/<int:number>/ban-quet/<int:file>")
def scan(number: int, file: int) -> Response:
    """The scan, to be kept as a file."""
    with writing() as session:
        found = take_scan(session, instance().folder, person(), number, file)
    return attachment(found.content, found.media_type, found.name)
