"""One body's phiếu read-only, giving it back with a reason, and the answers to requests of "không áp dụng"."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.core.workflow import Step
from survey.services.audit import history_of
from survey.services.errors import NotFound, Refused
from survey.services.flag_submission import flag_submission
from survey.services.foreign_results import read_foreign
from survey.services.open_round import find_round
from survey.services.request_kad import decide_kad, list_kad
from survey.services.review_submission import review_submission
from survey.services.sign_off import send_back
from survey.web.audit.viewing import looking_at
from survey.web.coordinator.board import coordinator
from survey.web.coordinator.round_forms import CONTROL, InstantField
from survey.web.history import tell
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.paging import paginate
from survey.web.session import person
from survey.web.work import reading, writing

REQUESTS_PER_PAGE = 20
ANSWERED = "da-tra-loi"


@coordinator.get("/dot/<code>/phieu/<int:number>")
def phieu(code: str, number: int) -> str:
    """Every answer of one body, as it stands."""
    return _phieu(code, number, InstantField("until", "", "17:00"), {})


def _phieu(code: str, number: int, until: InstantField, faults: dict[str, str]) -> str:
    with reading() as session:
        found = find_round(session, code)
        view = review_submission(session, person(), number, in_cohort=True, language=current_language())
        events = history_of(session, person(), number, limit=20)
        foreign = read_foreign(session, person(), number)
        signs = flag_submission(session, person(), number, language=current_language())
    if view.head.round.code != found.code:
        raise NotFound
    looking_at(view.head)
    may_return = Step.SEND_BACK in view.head.steps
    return render_template(
        "coordinator/phieu.html",
        round=found, view=view, events=[(event, tell(event)) for event in events], foreign=foreign,
        may_act=Step.EXTEND in view.head.steps, may_return=may_return,
        reason=request.form.get("reason", ""), until=until, faults=faults, signs=signs,
    )  # fmt: skip


@coordinator.post("/dot/<code>/phieu/<int:number>/tra-lai")
def give_back(code: str, number: int) -> Response | tuple[str, int]:
    """Return a phiếu to be mended, with the reason that its clerk will read and, where it is needed, a new deadline."""
    until = InstantField.asked("until")
    wanted = until.read() if until.day else None
    if until.faults:
        return _phieu(code, number, until, until.faults), 422
    try:
        with writing() as session:
            send_back(session, person(), number, request.form.get("reason", ""), until=wanted)
    except Refused as refused:
        field = CONTROL.get(refused.field, refused.field)
        return _phieu(code, number, until, {field: refused.sentence(current_language())}), 422
    return with_notice(redirect(url_for("coordinator.phieu", code=code, number=number)), "given_back")


@coordinator.get("/dot/<code>/khong-ap-dung")
def requests(code: str) -> str:
    """Requests that wait for an answer, page by page; those answered where the address asks for them."""
    return _requests(code, {}, answered=request.args.get("xem") == ANSWERED)


def _requests(code: str, faulty: dict[str, str], *, answered: bool = False) -> str:
    """One page of requests; a faulty form's own page, where it still waits."""
    with reading() as session:
        found = find_round(session, code)
        every = list_kad(session, person(), found.id, pending_only=False)
    waiting = [entry for entry in every if entry.kad.decision is None]
    decided = [entry for entry in every if entry.kad.decision is not None]
    places = [_place(entry.submission_id, entry.code) for entry in waiting]
    asked = request.args.get("trang")
    if faulty and faulty["place"] in places:
        asked = str(places.index(faulty["place"]) // REQUESTS_PER_PAGE + 1)
    elif faulty:  # somebody else has answered it meanwhile: there is no field left to lead to
        faulty = {**faulty, "place": ""}
    return render_template(
        "coordinator/requests.html",
        round=found, page=paginate(decided if answered else waiting, asked, REQUESTS_PER_PAGE), answered=answered,
        tabs=((None, len(waiting), "waiting"), (ANSWERED, len(decided), "answered")), faulty=faulty,
    )  # fmt: skip


def _place(number: int, indicator: str) -> str:
    """What tells one request's form from the others of the page."""
    return f"{number}-{indicator}"


@coordinator.post("/dot/<code>/phieu/<int:number>/khong-ap-dung/<indicator>")
def decide(code: str, number: int, indicator: str) -> Response | tuple[str, int]:
    """Approve or refuse one request."""
    approve = request.form.get("decision") == "approve"
    reason = request.form.get("reason", "")
    try:
        with writing() as session:
            decide_kad(session, person(), number, indicator, approve=approve, reason=reason)
    except Refused as refused:
        faulty = {"place": _place(number, indicator), "reason": reason, "error": refused.sentence(current_language())}
        return _requests(code, faulty), 422
    return with_notice(redirect(url_for("coordinator.requests", code=code, trang=request.args.get("trang"))), "decided")
