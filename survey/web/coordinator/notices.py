"""Notices of a round: writing one for all, a khối, a cohort or one body, with its end; taking one away."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.core.kinds import kind_name
from survey.core.workflow import Role
from survey.services.announce import Audience, Audiences, NoticeView, list_audiences, list_notices, write_notice
from survey.services.announce import remove_notice as take_away
from survey.services.errors import NotFound, Refused
from survey.services.open_round import find_round
from survey.web.coordinator.board import coordinator
from survey.web.coordinator.round_forms import InstantField, typed
from survey.web.language import current_language, t, words
from survey.web.notices import with_notice
from survey.web.session import person
from survey.web.work import reading, writing


@coordinator.get("/dot/<code>/thong-bao")
def notices(code: str) -> str:
    """Every notice of the round, and the form of a new one."""
    return _page(code, InstantField("until", "", "17:00"), {})


def _page(code: str, until: InstantField, faults: dict[str, str]) -> str:
    with reading() as session:
        found = find_round(session, code)
        listed = list_notices(session, person(), found.id)
        audiences = list_audiences(session, person())
    names = {code: words(name) for code, name in audiences.cohorts}
    shown = {name: typed(name) for name in ("audience", "body", "text")}
    if request.method == "GET" and (body := request.args.get("don-vi", "")[:64]):  # from the page of this body
        shown |= {"audience": "body:", "body": body}
    return render_template(
        "coordinator/notices.html",
        round=found, notices=[(one, _about(one, names)) for one in listed], audiences=_options(audiences),
        until=until, faults=faults, may=person().has(Role.COORDINATOR),
        typed=shown,
    )  # fmt: skip


def _options(audiences: Audiences) -> list[tuple[str, str]]:
    """Whom to write to: (value of the form, words)."""
    language = current_language()
    offered = [("everybody:", t("web_notices.everybody"))] if audiences.everybody else []
    offered += [(f"kind:{one}", t("web_notices.kind", name=kind_name(one, language))) for one in audiences.kinds]
    offered += [(f"cohort:{one}", t("web_notices.cohort", name=words(name))) for one, name in audiences.cohorts]
    return [*offered, ("body:", t("web_notices.one_body"))]


def _about(one: NoticeView, names: dict[str, str]) -> str:
    """Whom a notice is for, in words."""
    match one.audience:
        case Audience.KIND:
            return t("web_notices.kind", name=kind_name(one.about, current_language()))
        case Audience.COHORT:
            return t("web_notices.cohort", name=names.get(one.about, one.about))
        case Audience.BODY:
            return one.about
        case Audience.EVERYBODY:
            return t("web_notices.everybody")


@coordinator.post("/dot/<code>/thong-bao")
def publish_notice(code: str) -> Response | tuple[str, int]:
    """Publish one."""
    until = InstantField.asked("until")
    wanted = until.read()
    kind, _, about = typed("audience").partition(":")
    try:
        if kind not in set(Audience):
            raise Refused("notices.not_yours", "audience")
        audience = Audience(kind)
        with writing() as session:
            found = find_round(session, code)
            to = typed("body") if audience is Audience.BODY else about
            write_notice(session, person(), found.id, audience, to, typed("text"), wanted)
    except Refused as refused:
        return _page(code, until, until.faults_with(refused)), 422
    return with_notice(redirect(url_for("coordinator.notices", code=code)), "notice_written")


@coordinator.post("/dot/<code>/thong-bao/go")
def end_notice(code: str) -> Response | tuple[str, int]:
    """Take one away; it stays in the bodies' history."""
    text = request.form.get("notice", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    try:
        with writing() as session:
            take_away(session, person(), find_round(session, code).id, number)
    except NotFound:
        return _page(code, InstantField("until", "", "17:00"), {"": t("web_notices.gone")}), 422
    return with_notice(redirect(url_for("coordinator.notices", code=code)), "notice_removed")
