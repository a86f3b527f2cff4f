"""Steps of an open round that are asked twice: another deadline, closing, opening again; and deleting a draft."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from survey.core.workflow import SubmissionState
from survey.services.change_round import change_deadline, reopen_round
from survey.services.errors import Refused
from survey.services.extend_submission import list_extensions
from survey.services.open_round import close_round
from survey.services.plan_round import delete_draft
from survey.services.read_plan import count_submissions, read_plan
from survey.services.round_rules import RoundChanged, may_organise
from survey.services.round_views import Phase, RoundPlan
from survey.web.coordinator.board import coordinator
from survey.web.coordinator.round_forms import InstantField, is_ticked, seen_revision, typed
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.session import person
from survey.web.work import reading, writing


def _plan(code: str) -> RoundPlan:
    """The round, for those who may change it."""
    if not may_organise(person()):
        raise NotFound
    with reading() as session:
        return read_plan(session, person(), code)


@coordinator.get("/dot-danh-gia/<code>/han")
def deadline(code: str) -> str:
    """Another deadline for an open round."""
    plan = _plan(code)
    return _deadline(plan, InstantField.of("closes", plan.closes_at), {}, plan.revision)


@coordinator.post("/dot-danh-gia/<code>/han")
def change_the_deadline(code: str) -> Response | tuple[str, int]:
    """Set it."""
    return _move(code, change_deadline, "deadline_changed")


@coordinator.get("/dot-danh-gia/<code>/mo-lai")
def reopening(code: str) -> str:
    """A new deadline for a closed round."""
    plan = _plan(code)
    return _deadline(plan, InstantField("closes", "", "17:00"), {}, plan.revision)


@coordinator.post("/dot-danh-gia/<code>/mo-lai")
def reopen(code: str) -> Response | tuple[str, int]:
    """Open it again."""
    return _move(code, reopen_round, "round_reopened")


def _deadline(plan: RoundPlan, closes: InstantField, faults: dict[str, str], revision: int) -> str:
    return render_template(
        "coordinator/round_deadline.html", plan=plan, closes=closes, faults=faults, revision=revision,
        reason=typed("reason"), overlap_ok=is_ticked("overlap_ok"), again=plan.phase is Phase.CLOSED,
    )  # fmt: skip


def _move(code: str, service: Callable[..., None], said: str) -> Response | tuple[str, int]:
    plan, closes = _plan(code), InstantField.asked("closes")
    wanted, revision, agreed = closes.read(), seen_revision(), is_ticked("overlap_ok")
    try:
        with writing() as session:
            service(session, person(), plan.id, revision, wanted, typed("reason"), overlap_ok=agreed)
    except Refused as refused:
        revision = plan.revision if isinstance(refused, RoundChanged) else revision
        return _deadline(plan, closes, closes.faults_with(refused), revision), 422
    return with_notice(redirect(url_for("coordinator.round_page", code=code)), said)


@coordinator.get("/dot-danh-gia/<code>/dong")
def closing(code: str) -> tuple[str, int]:
    """What closing does, before it is done."""
    return _confirm(code, "close")


@coordinator.post("/dot-danh-gia/<code>/dong")
def close(code: str) -> Response | tuple[str, int]:
    """Lock every submission."""
    plan = _plan(code)
    try:
        with writing() as session:
            close_round(session, person(), plan.id, seen_revision())
    except Refused as refused:
        return _confirm(code, "close", refused)
    return with_notice(redirect(url_for("coordinator.round_page", code=code)), "round_closed")


@coordinator.get("/dot-danh-gia/<code>/xoa")
def deleting(code: str) -> tuple[str, int]:
    """What deleting a draft does; of an opened round, why it is not done."""
    return _confirm(code, "delete")


@coordinator.post("/dot-danh-gia/<code>/xoa")
def delete(code: str) -> Response | tuple[str, int]:
    """Delete the draft."""
    plan = _plan(code)
    try:
        with writing() as session:
            delete_draft(session, person(), plan.id, seen_revision())
    except Refused as refused:
        return _confirm(code, "delete", refused)
    return with_notice(redirect(url_for("coordinator.rounds")), "round_deleted")


def _confirm(code: str, step: str, refused: Refused | None = None) -> tuple[str, int]:
    plan = _plan(code)
    with reading() as session:
        counts = count_submissions(session, person(), plan.id)
        late = sum(not one.past and one.in_force for one in list_extensions(session, person(), plan.id))
    page = render_template(
        f"coordinator/round_{step}.html", plan=plan, counts=counts, states=SubmissionState, late=late, phase=Phase,
        error=refused.sentence(current_language()) if refused else "",
    )  # fmt: skip
    if refused is None:
        return page, 200
    return page, 422
