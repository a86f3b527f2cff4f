"""Duyệt và gửi or trả lại: the leader sees every answer; approval is bound to the hash of what was seen."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.core.workflow import Step, SubmissionState
from survey.services.announce import read_feed
from survey.services.errors import Blocked, ContentChanged, Refused, StillFaulty
from survey.services.last_look import look_again
from survey.services.next_steps import read_next_steps
from survey.services.read_submission import read_submission
from survey.services.review_submission import review_submission
from survey.services.sign_off import approve, read_receipt, return_to_clerk, withdraw
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.session import person, working_on
from survey.web.work import reading, writing

leader = Blueprint("leader", __name__, url_prefix="/phieu/<int:number>")


@leader.get("/duyet")
def review(number: int) -> str:
    """The whole phiếu, with what to look at first."""
    return _review(number)


def _review(number: int, reason: str = "", error: str = "", warning: str = "") -> str:
    with writing() as session:  # how far the leader has read is kept
        since = look_again(session, person(), number, language=current_language())
    with reading() as session:
        view = review_submission(session, person(), number, language=current_language())
        feed = read_feed(session, person(), number)
        gaps = read_next_steps(session, person(), number, language=current_language()).largest
    working_on(view.head)
    return render_template(
        "leader/review.html", view=view, feed=feed, gaps=gaps, reason=reason, error=error, warning=warning,
        steps=Step, since=since, deputy=person().deputises(view.head.agency.id),
    )  # fmt: skip


@leader.post("/duyet")
def send(number: int) -> Response | tuple[str, int]:
    """Approve what was seen and send it; twice is once."""
    try:
        with writing() as session:
            approve(session, person(), number, request.form.get("seen", ""))
    except (ContentChanged, Blocked, StillFaulty) as refused:
        status = 422 if isinstance(refused, StillFaulty) else 409
        return _review(number, warning=refused.sentence(current_language())), status
    return redirect(url_for("leader.receipt", number=number))


@leader.post("/tra-lai")
def give_back(number: int) -> Response | tuple[str, int]:
    """Give it back to the clerk with a reason."""
    reason = request.form.get("reason", "")
    try:
        with writing() as session:
            return_to_clerk(session, person(), number, reason)
    except Refused as refused:
        return _review(number, reason, refused.sentence(current_language())), 422
    except Blocked as refused:
        return _review(number, reason, warning=refused.sentence(current_language())), 409
    return with_notice(redirect(url_for("agency.hub", number=number)), "returned_to_clerk")


@leader.get("/bien-nhan")
def receipt(number: int) -> str:
    """Proof of having sent: number, time, hash."""
    with reading() as session:
        view = read_submission(session, person(), number)
        proof = read_receipt(session, person(), number)
    working_on(view.head)
    return render_template(
        "leader/receipt.html", view=view, receipt=proof, may_withdraw=Step.WITHDRAW in view.head.steps
    )


@leader.get("/rut-lai")
def confirm_withdrawal(number: int) -> str:
    """What withdrawing does, before it is done."""
    return _withdrawal(number, "")


def _withdrawal(number: int, warning: str) -> str:
    with reading() as session:
        view = read_submission(session, person(), number)
    working_on(view.head)
    if view.head.state is not SubmissionState.SENT and not warning:
        abort(404)
    return render_template("leader/withdraw.html", view=view, warning=warning, steps=Step)


@leader.post("/rut-lai")
def take_back(number: int) -> Response | tuple[str, int]:
    """Withdraw what was sent, before the deadline."""
    try:
        with writing() as session:
            withdraw(session, person(), number)
    except Blocked as refused:
        return _withdrawal(number, refused.sentence(current_language())), 409
    return with_notice(redirect(url_for("agency.hub", number=number)), "withdrawn")
