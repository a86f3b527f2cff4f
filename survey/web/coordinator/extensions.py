"""Extensions: the bodies with a deadline of their own, giving one to some at once, taking one back."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.core.workflow import Role
from survey.services.chase import ChaseRow, read_chased
from survey.services.errors import Refused
from survey.services.extend_submission import extend_submissions, list_extensions, take_back_extension
from survey.services.open_round import find_round
from survey.services.submission_views import RoundRef
from survey.web.coordinator.board import coordinator
from survey.web.coordinator.picked import picked
from survey.web.coordinator.round_forms import InstantField, typed
from survey.web.language import current_language, t
from survey.web.notices import with_notice
from survey.web.session import person
from survey.web.work import reading, writing


@coordinator.get("/dot/<code>/gia-han")
def extensions(code: str) -> str:
    """Every body of the round with a deadline of its own."""
    return _list(code, {}, 0)


def _list(code: str, faults: dict[str, str], faulty: int) -> str:
    with reading() as session:
        found = find_round(session, code)
        listed = list_extensions(session, person(), found.id)
    return render_template(
        "coordinator/extensions.html", round=found, extensions=listed, faults=faults, faulty=faulty,
        reason=typed("reason"), may=person().has(Role.COORDINATOR),
    )  # fmt: skip


@coordinator.post("/dot/<code>/gia-han/chon")
def choose_extension(code: str) -> str | tuple[str, int]:
    """The form for the bodies that were chosen in the chase list."""
    with reading() as session:
        found = find_round(session, code)
        rows = read_chased(session, person(), found.id, picked(session, found.id))
    faults = {} if rows else {"bodies": t("extend.none_chosen")}
    page = _form(found, rows, InstantField("until", "", "17:00"), faults)
    return (page, 422) if faults else page


def _form(found: RoundRef, rows: tuple[ChaseRow, ...], until: InstantField, faults: dict[str, str]) -> str:
    return render_template(
        "coordinator/extend.html", round=found, rows=rows, until=until, faults=faults, reason=typed("reason")
    )


@coordinator.post("/dot/<code>/gia-han")
def extend(code: str) -> Response | tuple[str, int]:
    """Give them a later deadline, all or none."""
    until = InstantField.asked("until")
    wanted = until.read()
    with reading() as session:
        found = find_round(session, code)
        rows = read_chased(session, person(), found.id, picked(session, found.id))
    try:
        with writing() as session:
            ids = [row.submission_id for row in rows]
            extend_submissions(session, person(), found.id, ids, wanted, typed("reason"))
    except Refused as refused:
        return _form(found, rows, until, until.faults_with(refused)), 422
    return with_notice(redirect(url_for("coordinator.extensions", code=code)), "extended")


@coordinator.post("/dot/<code>/phieu/<int:number>/thu-hoi-gia-han")
def end_extension(code: str, number: int) -> Response | tuple[str, int]:
    """Take one back."""
    try:
        with writing() as session:
            take_back_extension(session, person(), number, request.form.get("reason", ""))
    except Refused as refused:
        return _list(code, {"reason": refused.sentence(current_language())}, number), 422
    return with_notice(redirect(url_for("coordinator.extensions", code=code)), "extension_ended")
