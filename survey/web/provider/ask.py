"""Đề nghị điều chỉnh: the form in which an agency asks that a figure given to it be corrected."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.services.errors import Refused
from survey.services.request_adjustment import read_ask, request_adjustment, withdraw_adjustment
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.provider.pages import posted, provider
from survey.web.session import person, working_on
from survey.web.work import reading, writing


@provider.get("/phieu/<int:number>/dieu-chinh/<figure>")
def ask(number: int, figure: str) -> str:
    """What stands, what waits, what was answered, and the form."""
    return _ask(number, figure, {}, {})


def _ask(number: int, figure: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with reading() as session:
        page = read_ask(session, person(), number, figure, language=current_language())
    working_on(page.head)
    return render_template("provider/ask.html", page=page, head=page.head, typed=typed, errors=errors)


@provider.post("/phieu/<int:number>/dieu-chinh/<figure>")
def send_ask(number: int, figure: str) -> Response | tuple[str, int]:
    """Send the request to the owner of the figure."""
    with reading() as session:
        page = read_ask(session, person(), number, figure, language=current_language())
    figures = {field.input.key: posted(field.input) for field in page.fields}
    reason = request.form.get("reason", "")
    try:
        with writing() as session:
            request_adjustment(session, person(), number, figure, figures, reason)
    except Refused as refused:
        return _ask(number, figure, {**figures, "reason": reason}, refused.by_field(current_language())), 422
    return with_notice(redirect(url_for("provider.ask", number=number, figure=figure)), "adjustment_sent")


@provider.post("/phieu/<int:number>/dieu-chinh/<figure>/rut")
def take_back(number: int, figure: str) -> Response:
    """Take the waiting request back."""
    with writing() as session:
        withdraw_adjustment(session, person(), number, figure)
    return with_notice(redirect(url_for("provider.ask", number=number, figure=figure)), "adjustment_withdrawn")
