"""Sign in, sign out, change the password, switch between the bodies one serves."""

from __future__ import annotations

from flask import Response, g, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from survey.services import sign_in as service
from survey.services.create_account import set_password
from survey.services.errors import Refused
from survey.services.read_submission import list_submissions
from survey.web.auth.steps import (
    LONGEST_LOGIN,
    LONGEST_PASSWORD,
    auth,
    browser,
    confirm_own_password,
    go_on,
    safe_path,
    status_of,
    typed,
    why_not,
)
from survey.web.config import DemoAccount
from survey.web.csrf import StaleForm, check_form, csrf_token
from survey.web.language import current_language, t
from survey.web.notices import with_notice
from survey.web.session import end_session, person, signed_in
from survey.web.work import instance, reading, writing

__all__ = ["auth"]


@auth.get("/dang-nhap")
def sign_in() -> str | AnyResponse:
    """The sign-in page; those already signed in go on."""
    if g.person is not None:
        return redirect(safe_path(request.args.get("tiep", "")))
    return _page("", request.args.get("tiep", ""))


@auth.post("/dang-nhap")
def send_sign_in() -> AnyResponse | tuple[str, int]:
    """Sign in: a new session begins, whatever there was before. Same answer for unknown names and wrong passwords."""
    onward = request.form.get("tiep", "")
    try:
        check_form()
    except StaleForm:
        if g.person is not None:  # signed in meanwhile in another tab
            return redirect(safe_path(onward))
        return _page(t("web_auth.try_again"), onward), 400
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    if not login or not password or len(login) > LONGEST_LOGIN or len(password) > LONGEST_PASSWORD:
        return _page(t("web_auth.wrong"), onward, login[:LONGEST_LOGIN]), 422
    with reading() as session:
        checked = service.check_password(session, login, password)
    with writing() as session:
        result = service.open_session(session, checked, browser=browser())
    if not result.opened:
        return _page(why_not(result.locked_until, "web_auth.wrong"), onward, login), status_of(result)
    return go_on(result, onward)


def _page(error: str, onward: str, login: str = "") -> str:
    accounts = instance().demo_accounts()
    by_agency: dict[str, list[DemoAccount]] = {}
    for account in accounts:
        by_agency.setdefault(account.agency, []).append(account)
    passwords = {account.password for account in accounts}
    return render_template(
        "auth/sign_in.html", error=error, onward=onward, login=login, by_agency=by_agency,
        password=passwords.pop() if len(passwords) == 1 else "",
    )  # fmt: skip


@auth.post("/dang-xuat")
def sign_out() -> AnyResponse:
    """End the session, here and on the server; also one that waits for its second factor."""
    with writing() as session:
        service.sign_out(session, g.halfway or signed_in())
    return end_session(with_notice(redirect(url_for("auth.sign_in")), "signed_out"))


@auth.get("/phien")
def session_state() -> Response:
    """For the autosaving script: whether somebody is signed in, and the token for forms of this session."""
    who = g.person
    if who is None:
        return jsonify(signed_in=False)
    return jsonify(signed_in=True, account=who.account_id, csrf=csrf_token())


@auth.get("/don-vi")
def bodies() -> str:
    """The bodies one serves, each with the state of its phiếu."""
    who = person()
    with reading() as session:
        served = [(body, list_submissions(session, who, body.agency_id)) for body in who.bodies]
    return render_template("auth/bodies.html", served=served)


@auth.post("/don-vi/chon")
def choose_body() -> AnyResponse:
    """Work for another of the bodies one serves."""
    chosen = request.form.get("agency", "")
    if not chosen.isascii() or not chosen.isdigit() or len(chosen) > 9:
        raise BadRequest
    with writing() as session:
        service.switch_body(session, signed_in(), int(chosen))
    return redirect(url_for("public.start"))


@auth.route("/mat-khau", methods=["GET", "POST"])
def password() -> str | AnyResponse | tuple[str, int]:
    """Change one's own password: the present one is asked for; all sessions end, one signs in anew."""
    if request.method == "GET":
        return render_template("auth/password.html", errors={})
    errors = _change_password()
    if errors:
        return render_template("auth/password.html", errors=errors), 422
    return end_session(with_notice(redirect(url_for("auth.sign_in")), "password_changed"))


def _change_password() -> dict[str, str]:
    """Sentences by field; empty where the password was changed."""
    who, new = person(), typed("new")
    wrong = confirm_own_password("old")
    if wrong:
        return {"old": wrong}
    if new != typed("again"):
        return {"again": t("web_auth.not_the_same")}
    try:
        with writing() as session:
            set_password(session, who, who.account_id, new)
    except Refused as refusal:
        return {"new": refusal.sentence(current_language())}
    return {}
