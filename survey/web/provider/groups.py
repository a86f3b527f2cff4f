"""Phân công: groups of a phiếu given to colleagues of the same body."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from survey.services.assign_groups import assign_groups, read_assignments
from survey.services.errors import Refused
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.provider.pages import provider
from survey.web.session import person, working_on
from survey.web.work import reading, writing

FIELD = "g."


@provider.get("/phieu/<int:number>/phan-cong")
def groups(number: int) -> str:
    """Who holds which group, and the form to change it."""
    return _groups(number, "", "")


def _groups(number: int, field: str, error: str) -> str:
    with reading() as session:
        page = read_assignments(session, person(), number)
    working_on(page.head)
    return render_template("provider/groups.html", page=page, head=page.head, field=field, error=error)


@provider.post("/phieu/<int:number>/phan-cong")
def assign(number: int) -> Response | tuple[str, int]:
    """Give groups to colleagues; nobody chosen takes one back."""
    posted = {name.removeprefix(FIELD): value for name, value in request.form.items() if name.startswith(FIELD)}
    chosen = {code: _account(value) for code, value in posted.items()}
    try:
        with writing() as session:
            assign_groups(session, person(), number, chosen)
    except Refused as refused:
        return _groups(number, refused.field, refused.sentence(current_language())), 422
    return with_notice(redirect(url_for("provider.groups", number=number)), "groups_assigned")


def _account(value: str) -> int | None:
    """The colleague chosen; None for nobody. Raises NotFound for what the form does not offer."""
    if value and not (value.isascii() and value.isdigit() and len(value) < 16):
        raise NotFound
    return int(value) if value else None
