"""One body's phiếu read-only, giving it back with a reason, and the answers to requests of "không áp dụng"."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.core.workflow import Step
from survey.services.audit import history_of
from survey.services.errors import Refused
from survey.services.open_round import find_round
from survey.services.request_kad import decide_kad, list_kad
from survey.services.review_submission import review_submission
from survey.services.sign_off import send_back
from survey.web.coordinator.board import coordinator
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.session import person
from survey.web.work import reading, writing


@coordinator.get("/dot/<code>/phieu/<int:number>")
def phieu(code: str, number: int) -> str:
    """Every answer of one body, as it stands."""
    return _phieu(code, number, "", "")


def _phieu(code: str, number: int, reason: str, error: str) -> str:
    with reading() as session:
        found = find_round(session, code)
        view = review_submission(session, person(), number, language=current_language())
        events = history_of(session, person(), number, limit=20)
    may_return = Step.SEND_BACK in view.head.steps
    return render_template(
        "coordinator/phieu.html",
        round=found, view=view, events=events, may_return=may_return, reason=reason, error=error,
    )  # fmt: skip


@coordinator.post("/dot/<code>/phieu/<int:number>/tra-lai")
def give_back(code: str, number: int) -> Response | tuple[str, int]:
    """Return a phiếu to be mended, with the reason that its clerk will read."""
    reason = request.form.get("reason", "")
    try:
        with writing() as session:
            send_back(session, person(), number, reason)
    except Refused as refused:
        return _phieu(code, number, reason, refused.sentence(current_language())), 422
    return with_notice(redirect(url_for("coordinator.phieu", code=code, number=number)), "given_back")


@coordinator.get("/dot/<code>/khong-ap-dung")
def requests(code: str) -> str:
    """Requests that wait for an answer, and those answered."""
    return _requests(code, {})


def _requests(code: str, faulty: dict[str, str]) -> str:
    with reading() as session:
        found = find_round(session, code)
        every = list_kad(session, person(), found.id, pending_only=False)
    waiting = [entry for entry in every if entry.kad.decision is None]
    answered = [entry for entry in every if entry.kad.decision is not None]
    return render_template("coordinator/requests.html", round=found, waiting=waiting, answered=answered, faulty=faulty)


@coordinator.post("/dot/<code>/phieu/<int:number>/khong-ap-dung/<indicator>")
def decide(code: str, number: int, indicator: str) -> Response | tuple[str, int]:
    """Approve or refuse one request."""
    approve = request.form.get("decision") == "approve"
    reason = request.form.get("reason", "")
    try:
        with writing() as session:
            decide_kad(session, person(), number, indicator, approve=approve, reason=reason)
    except Refused as refused:
        place = f"{number}-{indicator}"
        faulty = {"place": place, "reason": reason, "error": refused.sentence(current_language())}
        return _requests(code, faulty), 422
    return with_notice(redirect(url_for("coordinator.requests", code=code)), "decided")
