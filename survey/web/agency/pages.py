"""The hub of a phiếu, the whole of it to read and print, and its history."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from survey.core.numbers_vi import HANOI
from survey.core.workflow import Role
from survey.services.announce import read_feed
from survey.services.assign_groups import holders_of
from survey.services.audit import history_of
from survey.services.instance import system_clock
from survey.services.open_round import coming_rounds
from survey.services.read_submission import list_submissions, read_submission
from survey.services.review_submission import review_submission, voided_approval
from survey.services.submission_views import GroupLine, LineStatus
from survey.web.history import tell
from survey.web.language import current_language
from survey.web.session import body, person, working_on
from survey.web.work import reading

agency = Blueprint("agency", __name__, url_prefix="/phieu")

MOST_TASKS = 4  # in "Việc nên làm trước"


def days_left(deadline: datetime) -> int:
    """Whole days by the calendar of Hà Nội until the deadline; negative after it."""
    return (deadline.astimezone(HANOI).date() - system_clock().astimezone(HANOI).date()).days


@agency.get("/")
def home() -> str | Response:
    """The phiếu of the body one works for: the newest one, or word that there is none yet."""
    return _newest("agency.hub")


@agency.get("/tai-lieu")
def home_documents() -> str | Response:
    """The documents of that phiếu."""
    return _newest("agency.documents")


def _newest(endpoint: str) -> str | Response:
    chosen = body()
    if chosen is None:
        return redirect(url_for("auth.bodies"))
    with reading() as session:
        heads = list_submissions(session, person(), chosen.agency_id)
        coming = () if heads else coming_rounds(session, person(), chosen.agency_id)
    if heads:
        return redirect(url_for(endpoint, number=heads[0].id))
    return render_template("agency/none.html", coming=coming)


@agency.get("/<int:number>")
def hub(number: int) -> str:
    """Where the phiếu stands, group by group, and what to do next."""
    with reading() as session:
        view = read_submission(session, person(), number)
        others = list_submissions(session, person(), view.head.agency.id)
        feed = read_feed(session, person(), number)
        holders = holders_of(session, view.head)
        void = voided_approval(session, person(), number)
    working_on(view.head)
    leads = Role.LEADER in person().roles_for(view.head.agency.id, view.head.kind)
    own = [line for line in view.groups if line.code in holders and holders[line.code].is_of(person())]
    only_own = request.args.get("viec") == "toi"
    lines = own if only_own else view.groups
    return render_template(
        "agency/hub.html", view=view, holders=holders, own=own, lines=lines, only_own=only_own, void=void, leads=leads,
        head=view.head, tasks=first_tasks(view.groups),
        left=days_left(view.head.deadline), feed=feed, others=[head for head in others if head.id != number],
    )  # fmt: skip


def first_tasks(lines: tuple[GroupLine, ...]) -> list[tuple[str, GroupLine, int]]:
    """What to do first: (kind, page, count): faults, then blanks where most points lie, then missing documents."""
    pages = [line for line in lines if line.is_page]
    faults = [("faults", line, line.faults) for line in pages if line.faults]
    blanks = [("missing", line, line.total - line.answered) for line in pages if line.answered < line.total]
    blanks.sort(key=lambda task: -task[1].missing_points)
    papers = [
        ("evidence", line, line.missing_evidence)
        for line in pages
        if line.missing_evidence and line.status is not LineStatus.NONE
    ]
    return [*faults, *blanks, *papers][:MOST_TASKS]


@agency.get("/<int:number>/chi-so/<code>")
def indicator(number: int, code: str) -> Response:
    """On to the page and the place of one indicator."""
    with reading() as session:
        view = review_submission(session, person(), number)
    for one in view.answers:
        if any(asked.code == code for asked in one.indicators):
            return redirect(url_for("agency.group", number=number, code=one.line.code, _anchor=f"cs-{code}"))
    raise NotFound


@agency.get("/<int:number>/xem")
def whole(number: int) -> str:
    """Every answer with its points and reason, to read and to print."""
    with reading() as session:
        view = review_submission(session, person(), number, language=current_language())
    working_on(view.head)
    return render_template("agency/whole.html", view=view, head=view.head)


@agency.get("/<int:number>/lich-su")
def history(number: int) -> str:
    """What happened to the phiếu, newest first, in words."""
    with reading() as session:
        view = read_submission(session, person(), number)
        events = history_of(session, person(), number)
    working_on(view.head)
    return render_template("agency/history.html", head=view.head, events=[(event, tell(event)) for event in events])
