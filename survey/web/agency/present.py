"""Còn thiếu gì, and trình duyệt: what keeps a phiếu from being sent, what stays missing, the step to the leader."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey.core.workflow import Step
from survey.services.check_submission import check_submission
from survey.services.errors import StillFaulty, StillMissing
from survey.services.next_steps import read_next_steps
from survey.services.review_views import CheckView, Finding, FindingKind
from survey.services.send_for_approval import recall, send_for_approval
from survey.web.agency.pages import agency, days_left
from survey.web.language import current_language, t
from survey.web.notices import with_notice
from survey.web.session import person, working_on
from survey.web.work import reading, writing


@agency.get("/<int:number>/kiem-tra")
def check(number: int) -> Response:
    """What is still to be mended, what is missing, and the button that puts the phiếu before the leader."""
    return _check(number, "", 200)


def _check(number: int, error: str, status: int) -> Response:
    with reading() as session:
        view = check_submission(session, person(), number, language=current_language())
        steps = read_next_steps(session, person(), number, language=current_language())
    working_on(view.head)
    by_kind = {kind: [one for one in view.findings if one.kind is kind] for kind in FindingKind}
    blocking = [one for one in view.findings if one.blocks]
    html = render_template(
        "agency/check.html", view=view, head=view.head, by_kind=by_kind, blocking=blocking, error=error,
        steps=steps, left=days_left(view.head.deadline),
        place=_place_of(view), may_present=Step.PRESENT in view.head.steps, may_recall=Step.RECALL in view.head.steps,
    )  # fmt: skip
    return Response(html, status)


def _place_of(view: CheckView) -> Callable[[Finding], str]:
    """The address at which each finding is mended: the very field where it can be typed in now, else its indicator."""
    number, editable = view.head.id, view.head.editable

    def place(one: Finding) -> str:
        if editable and one.kind is FindingKind.EVIDENCE:
            return url_for("agency.group", number=number, code=one.page, them=one.code, _anchor=f"them-{one.code}")
        anchor = f"f-{one.field}" if editable and one.field else f"cs-{one.code}"
        return url_for("agency.group", number=number, code=one.page, _anchor=anchor)

    return place


@agency.post("/<int:number>/trinh-duyet")
def present(number: int) -> AnyResponse:
    """Put the phiếu before the leader; what is missing has to be confirmed."""
    confirmed = request.form.get("missing_confirmed") == "1"
    try:
        with writing() as session:
            send_for_approval(session, person(), number, missing_confirmed=confirmed)
    except StillFaulty as refused:
        return _check(number, refused.sentence(current_language()), 422)
    except StillMissing:
        return _check(number, t("web_check.confirm_missing"), 422)
    return with_notice(redirect(url_for("agency.hub", number=number)), "presented")


@agency.post("/<int:number>/lay-lai")
def take_back(number: int) -> AnyResponse:
    """Take the phiếu back from the leader to go on filling in."""
    with writing() as session:
        recall(session, person(), number)
    return with_notice(redirect(url_for("agency.hub", number=number)), "recalled")
