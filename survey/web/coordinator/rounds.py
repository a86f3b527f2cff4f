"""Rounds: the list, making a draft, changing it, the page of one round with what opening it makes."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.services.change_round import change_open_round
from survey.services.errors import Refused
from survey.services.instance import Session
from survey.services.list_versions import list_versions
from survey.services.open_round import add_joined, start_round
from survey.services.plan_round import change_draft, create_draft, list_plans
from survey.services.read_plan import propose_round, read_choices, read_plan
from survey.services.round_rules import RoundChanged, may_organise
from survey.services.round_views import CohortChoice, Phase, QuestionnaireChoice, RoundPlan
from survey.web.coordinator.board import coordinator
from survey.web.coordinator.round_forms import (
    RoundForm,
    cohort_options,
    is_ticked,
    seen_revision,
    version_options,
)
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.session import person
from survey.web.work import reading, writing

Choices = tuple[tuple[CohortChoice, ...], tuple[QuestionnaireChoice, ...]]


@coordinator.get("/dot-danh-gia")
def rounds() -> str:
    """Every round, newest first."""
    with reading() as session:
        found = list_plans(session, person())
    return render_template("coordinator/round_list.html", rounds=found, may=may_organise(person()))


@coordinator.get("/dot-danh-gia/moi")
def new_round() -> str:
    """A new round, proposed from nothing or from the round that the address names."""
    earlier = request.args.get("tu", "")
    with reading() as session:
        draft = propose_round(session, person(), earlier)
        choices = read_choices(session, person())
        known = list_plans(session, person())
    form = RoundForm.of(draft, choices[1])
    return _new(form, choices, earlier, [(one.code, one.title) for one in known])


def _new(form: RoundForm, choices: Choices, earlier: str, known: list[tuple[str, str]]) -> str:
    return render_template(
        "coordinator/round_new.html",
        form=form, questionnaires=choices[1], cohorts=cohort_options(choices[0]), versions=version_options,
        earlier=earlier, known=known,
    )  # fmt: skip


@coordinator.post("/dot-danh-gia/moi")
def make_round() -> Response | tuple[str, int]:
    """Keep the draft."""
    earlier = request.form.get("tu", "")
    with reading() as session:
        choices = read_choices(session, person())
        known = list_plans(session, person())
    form = RoundForm.asked(*choices)
    draft = form.read()
    try:
        with writing() as session:
            code = create_draft(session, person(), draft, copied_from=earlier)
            form.settle()
        return with_notice(redirect(url_for("coordinator.round_page", code=code)), "round_made")
    except Refused as refused:
        form.refuse(refused)
    return _new(form, choices, earlier, [(one.code, one.title) for one in known]), 422


@coordinator.get("/dot-danh-gia/<code>")
def round_page(code: str) -> str:
    """One round: what it is, what opening it makes, what is missing, what can be done."""
    return _page(code, {})


def _page(code: str, faults: dict[str, str]) -> str:
    with reading() as session:
        plan = read_plan(session, person(), code)
    return render_template(
        "coordinator/round_page.html", plan=plan, may=may_organise(person()), faults=faults, phase=Phase,
        agreed={name: is_ticked(name) for name in ("overlap_ok", "lacking_ok")},
    )  # fmt: skip


@coordinator.post("/dot-danh-gia/<code>/mo")
def begin_round(code: str) -> Response | tuple[str, int]:
    """Open a draft."""
    try:
        with writing() as session:
            plan = read_plan(session, person(), code)
            overlap_ok, lacking_ok = is_ticked("overlap_ok"), is_ticked("lacking_ok")
            start_round(session, person(), plan.id, seen_revision(), overlap_ok=overlap_ok, lacking_ok=lacking_ok)
    except Refused as refused:
        return _refused(code, refused)
    return with_notice(redirect(url_for("coordinator.round_page", code=code)), "round_opened")


@coordinator.post("/dot-danh-gia/<code>/bo-sung")
def join_round(code: str) -> Response | tuple[str, int]:
    """Add the bodies that have joined."""
    try:
        with writing() as session:
            add_joined(session, person(), read_plan(session, person(), code).id)
    except Refused as refused:
        return _refused(code, refused)
    return with_notice(redirect(url_for("coordinator.round_page", code=code)), "round_joined")


def _refused(code: str, refused: Refused) -> tuple[str, int]:
    """The round's page with a refusal on top."""
    named = refused.field if refused.field in ("overlap_ok", "lacking_ok") else ""
    return _page(code, {named: refused.sentence(current_language())}), 422


@coordinator.get("/dot-danh-gia/<code>/sua")
def edit_round(code: str) -> str:
    """The form of a round: all of a draft, the words and what nobody has begun of an open one."""
    with reading() as session:
        plan = read_plan(session, person(), code)
    return _edit(plan, RoundForm.of_plan(plan))


def _edit(plan: RoundPlan, form: RoundForm) -> str:
    return render_template(
        "coordinator/round_edit.html",
        plan=plan, form=form, questionnaires=plan.questionnaires, cohorts=cohort_options(plan.cohorts),
        versions=version_options, phase=Phase,
    )  # fmt: skip


@coordinator.post("/dot-danh-gia/<code>/sua")
def change_round(code: str) -> Response | tuple[str, int]:
    """Change a round; what was typed stays where it cannot be taken."""
    with reading() as session:
        plan = read_plan(session, person(), code)
    form = RoundForm.asked(plan.cohorts, plan.questionnaires)
    try:
        with writing() as session:
            changed = _change(session, plan, form)
        return with_notice(redirect(url_for("coordinator.round_page", code=changed)), "round_saved")
    except RoundChanged as refused:
        form.current, form.revision = plan, plan.revision
        form.refuse(refused)
    except Refused as refused:
        form.refuse(refused)
    return _edit(plan, form), 422


def _change(session: Session, plan: RoundPlan, form: RoundForm) -> str:
    """Keep what the form holds; the round's code. Raises Refused with every field that is wrong."""
    if plan.phase is Phase.DRAFT:
        code = change_draft(session, person(), plan.id, form.revision, form.read())
        form.settle()
        return code
    figures = form.figures()
    change_open_round(
        session, person(), plan.id, form.revision, title=form.texts["title"], period=form.texts["period"],
        figures=figures, versions=form.chosen_versions(),
    )  # fmt: skip
    form.settle()
    return plan.code


@coordinator.get("/bo-chi-so")
def questionnaires() -> str:
    """Published versions of questionnaires, and the rounds that use each."""
    with reading() as session:
        versions = list_versions(session, person())
    return render_template("coordinator/questionnaires.html", versions=versions)
