"""Cung cấp số liệu: what a body gives in a round, agency by agency, with how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.core.numbers_vi import HANOI
from survey.core.workflow import Role
from survey.services.decide_adjustment import list_adjustments
from survey.services.errors import Refused
from survey.services.figures_views import FigureInput, list_agencies, read_duties, read_entry
from survey.services.instance import system_clock
from survey.services.open_round import list_rounds
from survey.services.provide_duty import rounds_to_provide
from survey.services.provide_figures import provide_figures, read_source
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.paging import paginate
from survey.web.session import person
from survey.web.work import reading, writing

provider = Blueprint("provider", __name__)

PER_PAGE = 50


@provider.get("/cung-cap")
def home() -> str | Response:
    """The newest round in which a body of the person gives figures; for coordinators the newest of all."""
    with reading() as session:
        codes = rounds_to_provide(session, person())
        if not codes and Role.COORDINATOR in person().roles:
            codes = tuple(found.code for found in list_rounds(session))
    if codes:
        return redirect(url_for("provider.duties", code=codes[0]))
    return render_template("provider/none.html")


@provider.get("/cung-cap/<code>")
def duties(code: str) -> str:
    """The indicators with how many agencies have a figure; the workbook, and its way back."""
    return show_duties(code)


def show_duties(code: str, faults: tuple[Any, ...] = (), questionnaire: str = "") -> str:
    """The page; `faults` are of a file that was not taken."""
    with reading() as session:
        found = read_duties(session, person(), code, language=current_language())
        waiting = sum(not one.decision for one in list_adjustments(session, person(), code))
        codes = rounds_to_provide(session, person())
    return render_template(
        "provider/duties.html", duties=found, round=found.round, waiting=waiting, faults=faults,
        faulty=questionnaire, others=[other for other in codes if other != code],
    )  # fmt: skip


@provider.get("/cung-cap/<code>/<questionnaire>/don-vi")
def agencies(code: str, questionnaire: str) -> str:
    """The agencies, found by name, each with a page of its own."""
    search = request.args.get("tim", "")[:200].strip()
    lacking = request.args.get("con-thieu") == "1"
    with reading() as session:
        found = read_duties(session, person(), code, language=current_language())
        rows = list_agencies(session, person(), code, questionnaire, search, lacking=lacking)
    task = next(one for one in found.tasks if one.questionnaire_id == questionnaire)
    args = {"code": code, "questionnaire": questionnaire}
    args |= {"tim": search} if search else {}
    args |= {"con-thieu": "1"} if lacking else {}
    return render_template(
        "provider/agencies.html", round=found.round, task=task, search=search, lacking=lacking, args=args,
        page=paginate(rows, request.args.get("trang"), PER_PAGE),
    )  # fmt: skip


@provider.get("/cung-cap/<code>/phieu/<int:number>")
def entry(code: str, number: int) -> str:
    """The figures of one agency."""
    return _entry(code, number, {}, {})


def _entry(code: str, number: int, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with reading() as session:
        found = read_entry(session, person(), code, number, language=current_language())
    return render_template("provider/entry.html", entry=found, round=found.round, typed=typed, errors=errors)


@provider.post("/cung-cap/<code>/phieu/<int:number>")
def enter(code: str, number: int) -> Response | tuple[str, int]:
    """Save the figures of one agency; a blank clears."""
    with reading() as session:
        found = read_entry(session, person(), code, number, language=current_language())
    inputs = [field.input for line in found.lines for field in line.fields]
    figures = {one.key: posted(one) for one in inputs if f"a.{one.key}" in request.form or one.kind == "checks"}
    number_typed, dated = request.form.get("number", ""), request.form.get("dated", "")
    try:
        with writing() as session:
            source = read_source(number_typed, dated, system_clock().astimezone(HANOI).date())
            provide_figures(session, person(), number, figures, source=source)
    except Refused as refused:
        typed = {**figures, "number": number_typed, "dated": dated}
        return _entry(code, number, typed, {refused.field: refused.sentence(current_language())}), 422
    return with_notice(redirect(url_for("provider.entry", code=code, number=number)), "figures_saved")


def posted(one: FigureInput) -> str:
    """What a form says of an input; ticks are joined as files write them."""
    values = request.form.getlist(f"a.{one.key}")
    return ";".join(sorted(set(values))) if one.kind == "checks" else "".join(values[:1])
