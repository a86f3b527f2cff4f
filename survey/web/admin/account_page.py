"""One account: its details, bodies and roles, and what an administrator does to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from survey.core.workflow import BODY_ROLES, Role
from survey.services import manage_accounts as service
from survey.services.errors import Refused
from survey.services.instance import Session
from survey.services.invite_accounts import newest_invitation
from survey.services.list_accounts import AccountPage, view_account
from survey.services.outbox import MessageView, messages_for
from survey.services.second_factor import take_away
from survey.services.serve_bodies import bodies_to_serve
from survey.web.admin.account_words import event_words
from survey.web.admin.accounts import admin, body_options, mail_offered, posted
from survey.web.admin.rights_form import RightsForm, rights_choices
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.session import person
from survey.web.work import reading, writing

Answer = Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows beside the account."""

    page: AccountPage
    messages: tuple[MessageView, ...]
    mail_on: bool
    bodies: list[tuple[str, str]]
    newest: int  # number of the newest invitation
    errors: dict[str, str] = field(default_factory=dict)


@admin.get("/tai-khoan/<int:number>")
def account(number: int) -> str:
    """The page of one account."""
    return account_html(number, {})


def account_html(number: int, errors: dict[str, str], rights: RightsForm | None = None) -> str:
    """The page, with sentences by control; what was typed is kept."""
    with reading() as session:
        shown = _look(session, number, errors)
    found = shown.page.account
    typed = {"name": found.name, "email": found.email, "phone": found.phone, "agency": "", "title": "", "role": ""}
    if errors:
        typed |= {name: posted(name) for name in typed if name in request.form}
    return render_template(
        "admin/account.html", shown=shown, page=shown.page, account=found, typed=typed, errors=errors,
        event_words=event_words,
        rights=rights or RightsForm.of(found.roles, found.kinds), **rights_choices(),
    )  # fmt: skip


def _look(session: Session, number: int, errors: dict[str, str]) -> Shown:
    page = view_account(session, person(), number)
    return Shown(
        page,
        messages_for(session, number, current_language()),
        mail_offered(session),
        body_options(bodies_to_serve(session)),
        newest_invitation(session),
        errors,
    )


def act(number: int, notice: str, work: Callable[[Session], object], rights: RightsForm | None = None) -> Answer:
    """Carry one thing out and come back to the page; what is refused stands at its control."""
    try:
        with writing() as session:
            work(session)
    except Refused as refused:
        errors = {field or "account": said for field, said in refused.by_field(current_language()).items()}
        return account_html(number, errors, rights), 422
    return with_notice(redirect(url_for("admin.account", number=number)), notice)


@admin.post("/tai-khoan/<int:number>/sua")
def change_account(number: int) -> Answer:
    """Change name, e-mail and telephone."""
    values: dict[str, Any] = {name: posted(name) for name in ("name", "email", "phone")}
    return act(number, "account_saved", lambda session: service.change_details(session, person(), number, **values))


@admin.post("/tai-khoan/<int:number>/vai-tro")
def give_role(number: int) -> Answer:
    """Let the account serve a body."""
    role = posted("role")
    if role not in set(BODY_ROLES):
        raise BadRequest
    code, title = posted("agency"), posted("title")
    return act(
        number, "role_given", lambda session: service.give_role(session, person(), number, code, Role(role), title)
    )


@admin.post("/tai-khoan/<int:number>/vai-tro/bo")
def take_role(number: int) -> Answer:
    """The account serves a body no more."""
    agency, _, role = posted("served").partition(":")
    if role not in set(BODY_ROLES) or not agency.isascii() or not agency.isdigit() or len(agency) > 9:
        raise BadRequest
    return act(
        number, "role_taken", lambda session: service.take_role(session, person(), number, int(agency), Role(role))
    )


@admin.post("/tai-khoan/<int:number>/quyen")
def change_rights(number: int) -> Answer:
    """Change the roles of the whole instance."""
    rights = RightsForm.read(request.form)
    if errors := rights.errors():
        return account_html(number, errors, rights), 422

    def work(session: Session) -> None:
        service.change_rights(session, person(), number, rights.roles, rights.asked())

    return act(number, "rights_saved", work, rights)


@admin.post("/tai-khoan/<int:number>/khoa")
def disable(number: int) -> Answer:
    """Shut the account; its sessions end at their next request."""
    return act(number, "account_shut", lambda session: service.disable_account(session, person(), number))


@admin.post("/tai-khoan/<int:number>/mo")
def enable(number: int) -> Answer:
    """Open a shut account again."""
    return act(number, "account_opened", lambda session: service.enable_account(session, person(), number))


@admin.post("/tai-khoan/<int:number>/mo-tam-khoa")
def unlock(number: int) -> Answer:
    """Let one who typed wrong passwords try again."""
    return act(number, "account_unlocked", lambda session: service.unlock_account(session, person(), number))


@admin.post("/tai-khoan/<int:number>/ket-thuc-phien")
def end_sessions(number: int) -> Answer:
    """Sign the account out everywhere."""
    return act(number, "sessions_ended", lambda session: service.end_sessions(session, person(), number))


@admin.get("/tai-khoan/<int:number>/lop-hai")
def second_factor(number: int) -> str:
    """Ask before the second factor is taken away."""
    with reading() as session:
        page = view_account(session, person(), number)
    return render_template("admin/account_second_factor.html", page=page, account=page.account)


@admin.post("/tai-khoan/<int:number>/lop-hai")
def take_second_factor(number: int) -> Answer:
    """Take it away from one who has lost phone and codes."""

    def work(session: Session) -> None:
        service.hold_account(session, person(), number)
        take_away(session, person(), number)
        service.end_sessions(session, person(), number)

    return act(number, "second_factor_taken", work)
