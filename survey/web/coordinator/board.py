"""The board: where every body stands, by cohort, and the list of bodies with search and filters."""

from __future__ import annotations

from fractions import Fraction

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.core.numbers_vi import format_percent
from survey.core.workflow import SubmissionState
from survey.services.follow_progress import Progress, ProgressFilter, follow_progress
from survey.services.open_round import find_round, list_rounds
from survey.services.request_kad import list_kad
from survey.services.round_scope import FEWEST
from survey.web.coordinator.scope import scope_note
from survey.web.language import t, words
from survey.web.paging import Page
from survey.web.session import person
from survey.web.work import reading

coordinator = Blueprint("coordinator", __name__)

STATES = tuple(SubmissionState)
PER_PAGE = 50
ENOUGH_BODIES = 5  # a cohort of fewer is no finding: one body of two is half of it


@coordinator.get("/tong-hop", defaults={"room": "board"})
@coordinator.get("/tong-hop/<any(bodies, requests, ranking, charts, chase):room>")
def now(room: str) -> str | Response:
    """A page of the newest round, or the page of an instance without rounds."""
    with reading() as session:
        rounds = list_rounds(session)
    if rounds:
        return redirect(url_for(f"coordinator.{room}", code=rounds[0].code))
    return render_template("coordinator/no_round.html")


@coordinator.get("/dot/<code>")
def board(code: str) -> str:
    """Counts by state, progress by cohort, requests that wait."""
    with reading() as session:
        found = find_round(session, code)
        progress = follow_progress(session, person(), found.id, ProgressFilter(per_page=1))
        waiting = len(list_kad(session, person(), found.id))
    return render_template(
        "coordinator/board.html", progress=progress, waiting=waiting, states=STATES, finding=_finding(progress),
        scope=scope_note(person()), fewest=FEWEST,
    )  # fmt: skip


def _finding(progress: Progress) -> str:
    """What the table of cohorts shows, as its title."""
    sent = progress.counts[SubmissionState.SENT]
    if not sent:
        return t("web_board.finding_none")
    large = [cohort for cohort in progress.cohorts if cohort.total >= ENOUGH_BODIES and cohort.sent]
    if not large:
        return t("web_board.finding_few", sent=sent, total=progress.total)
    best = max(large, key=lambda one: one.sent / one.total)
    share = format_percent(Fraction(best.sent, best.total), 0)
    return t("web_board.finding", sent=sent, total=progress.total, cohort=words(best.name), share=share)


@coordinator.get("/dot/<code>/don-vi")
def bodies(code: str) -> str:
    """The list of bodies: state, last activity; search without dấu."""
    narrow = _asked_filter()
    with reading() as session:
        progress = follow_progress(session, person(), find_round(session, code).id, narrow)
    args = {key: value for key, value in request.args.items() if key not in ("trang", "lang") and value}
    return render_template(
        "coordinator/bodies.html",
        progress=progress,
        narrow=narrow,
        page=_page(progress),
        args=args,
        cohort_options=[(cohort.code, words(cohort.name)) for cohort in progress.cohorts if cohort.listed],
        state_options=[(state.value, t(f"web.state_{state.value}")) for state in STATES],
    )


def _asked_filter() -> ProgressFilter:
    """The filter that the address names; what it cannot mean is left out."""
    state = request.args.get("tinh-trang", "")
    number = request.args.get("trang", "1")
    return ProgressFilter(
        search=request.args.get("tim", "")[:200].strip(),
        cohort=request.args.get("nhom", ""),
        state=SubmissionState(state) if state in set(STATES) else None,
        questionnaire=request.args.get("bo-chi-so", ""),
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
        per_page=PER_PAGE,
    )


def _page(progress: Progress) -> Page[object]:
    first = (progress.page - 1) * PER_PAGE + 1 if progress.rows else 0
    return Page(progress.rows, progress.page, progress.pages, progress.found, first)
