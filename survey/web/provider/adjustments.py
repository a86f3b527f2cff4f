"""Requests to correct figures as their owner answers them: those that wait, those answered, page by page."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.services.decide_adjustment import decide_adjustment, list_adjustments
from survey.services.errors import Refused
from survey.services.figures_views import read_duties
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.paging import paginate
from survey.web.provider.pages import provider
from survey.web.session import person
from survey.web.work import reading, writing

PER_PAGE = 20
ANSWERED = "da-tra-loi"


@provider.get("/cung-cap/<code>/dieu-chinh")
def adjustments(code: str) -> str:
    """Requests that wait; those answered where the address asks for them."""
    return _adjustments(code, {}, answered=request.args.get("xem") == ANSWERED)


def _adjustments(code: str, faulty: dict[str, str], *, answered: bool = False) -> str:
    with reading() as session:
        found = read_duties(session, person(), code, language=current_language())
        every = list_adjustments(session, person(), code, language=current_language())
    waiting = [one for one in every if not one.decision]
    decided = [one for one in every if one.decision][::-1]
    asked = request.args.get("trang")
    places = [str(one.id) for one in waiting]
    if faulty and faulty["place"] in places:
        asked = str(places.index(faulty["place"]) // PER_PAGE + 1)
    elif faulty:  # answered or taken back meanwhile: there is no field left to lead to
        faulty = {**faulty, "place": ""}
    return render_template(
        "provider/adjustments.html",
        round=found.round, page=paginate(decided if answered else waiting, asked, PER_PAGE), answered=answered,
        open=any(task.open for task in found.tasks), faulty=faulty,
        tabs=((None, len(waiting), "waiting"), (ANSWERED, len(decided), "answered")),
    )  # fmt: skip


@provider.post("/cung-cap/<code>/dieu-chinh/<int:wish>")
def decide(code: str, wish: int) -> Response | tuple[str, int]:
    """Accept or refuse one request."""
    accept = request.form.get("decision") == "accept"
    reason, number, dated = (request.form.get(name, "") for name in ("reason", "number", "dated"))
    try:
        with writing() as session:
            decide_adjustment(session, person(), code, wish, accept=accept, reason=reason, number=number, dated=dated)
    except Refused as refused:
        sentence = refused.sentence(current_language())
        faulty = {"place": str(wish), "field": refused.field, "error": sentence}
        faulty |= {"reason": reason, "number": number, "dated": dated}
        return _adjustments(code, faulty), 422
    back = url_for("provider.adjustments", code=code, trang=request.args.get("trang"))
    return with_notice(redirect(back), "adjustment_accepted" if accept else "adjustment_refused")
