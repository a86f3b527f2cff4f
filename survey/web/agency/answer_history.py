"""What was ever answered to one indicator, and taking an earlier value back."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from survey.services.answer_history import history_of_indicator, take_value_back
from survey.services.errors import Refused
from survey.web.agency.pages import agency
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.session import person, working_on
from survey.web.work import reading, writing


@agency.get("/<int:number>/chi-so/<code>/lich-su")
def answer_history(number: int, code: str) -> str:
    """Every value of an indicator that was saved, newest first."""
    return _show(number, code)


@agency.post("/<int:number>/chi-so/<code>/lich-su")
def take_value(number: int, code: str) -> Response | tuple[str, int]:
    """Save one of them again."""
    try:
        event, seen = int(request.form.get("event", "")), int(request.form.get("seen", ""))
    except ValueError:
        raise BadRequest from None
    try:
        with writing() as session:
            take_value_back(session, person(), number, code, request.form.get("key", ""), event, seen)
    except Refused as refused:
        return _show(number, code, refused.sentence(current_language())), 422
    return with_notice(redirect(url_for("agency.answer_history", number=number, code=code)), "value_taken_back")


def _show(number: int, code: str, error: str = "") -> str:
    with reading() as session:
        history = history_of_indicator(session, person(), number, code, language=current_language())
    working_on(history.head)
    return render_template("agency/answer_history.html", history=history, head=history.head, error=error)
