"""Duyệt thay: who approves in the leader's place, the form that names somebody, and ending it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.core.numbers_vi import format_date
from survey.core.paper import layout_of
from survey.services.deputise import CAPACITIES, DeputyForm, end_deputy, name_deputy, read_deputies
from survey.services.errors import Refused
from survey.web.language import current_language, t
from survey.web.leader.pages import leader
from survey.web.notices import with_notice
from survey.web.session import person, working_on
from survey.web.work import reading, writing

TYPED = ("account", "from_day", "until_day", "capacity")


@leader.get("/duyet-thay")
def deputies(number: int) -> str:
    """Who deputises and who did, and the form."""
    return _page(number, {}, {})


def _page(number: int, typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    with reading() as session:
        page = read_deputies(session, person(), number)
    working_on(page.head)
    layout = layout_of(page.head.kind)
    ways = [(one.value, t(f"deputise.capacity_{one.name.lower()}", mark=one.written(layout))) for one in CAPACITIES]
    return render_template(
        "leader/deputies.html", page=page, head=page.head, ways=ways, faults=faults,
        typed={"from_day": format_date(page.today), **typed},
    )  # fmt: skip


@leader.post("/duyet-thay")
def name(number: int) -> Response | tuple[str, int]:
    """Name somebody."""
    typed = {field: request.form.get(field, "") for field in TYPED}
    chosen = typed["account"]
    account = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 16 else None
    form = DeputyForm(account, typed["from_day"], typed["until_day"], typed["capacity"])
    try:
        with writing() as session:
            name_deputy(session, person(), number, form)
    except Refused as refused:
        faults = {one.field: one.sentence(current_language()) for one in refused.each}
        return _page(number, typed, faults), 422
    return with_notice(redirect(url_for("leader.deputies", number=number)), "deputy_named")


@leader.post("/duyet-thay/<int:deputy>/ket-thuc")
def end(number: int, deputy: int) -> Response | tuple[str, int]:
    """End it now."""
    try:
        with writing() as session:
            end_deputy(session, person(), number, deputy)
    except Refused as refused:
        return _page(number, {}, {"account": refused.sentence(current_language())}), 422
    return with_notice(redirect(url_for("leader.deputies", number=number)), "deputy_ended")
