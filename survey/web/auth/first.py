"""First sign-in by a link or by a letter's code, and the forgotten password."""

from __future__ import annotations

import time

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.services.forgotten_password import ask_for_reset
from survey.services.invitations import accept_letter, accept_link, find_invited
from survey.services.outbox import mail_is_on
from survey.web.auth.steps import (
    LONGEST_CODE,
    LONGEST_LOGIN,
    auth,
    browser,
    chosen_password,
    go_on,
    status_of,
    typed,
    why_not,
)
from survey.web.links import mailed_link, public_address
from survey.web.work import instance, reading, writing

FORGOTTEN_TAKES = 0.4  # seconds: the answer comes after as long, whether there is such an account or not


@auth.route("/moi/<token>", methods=["GET", "POST"])
def invitation(token: str) -> str | Response | tuple[str, int]:
    """Set the password by the link of a mail; one page for links of no use, whatever the reason."""
    with reading() as session:
        invited = find_invited(session, token)
    if invited is None:
        return render_template("auth/no_invitation.html"), 400
    errors: dict[str, str] = {}
    if request.method == "POST":
        secret, errors = chosen_password(invited.login, invited.name)
        if not errors:
            with writing() as session:
                result = accept_link(session, token, secret, browser=browser())
            if result is None:
                return render_template("auth/no_invitation.html"), 400
            return go_on(result, "", "password_ready")
    page = render_template("auth/invitation.html", invited=invited, errors=errors)
    return (page, 422) if errors else page


@auth.route("/dang-nhap/lan-dau", methods=["GET", "POST"])
def first() -> str | Response | tuple[str, int]:
    """Set the password by a letter's code. What is wrong with the password is said before the code is looked at."""
    if request.method == "GET":
        return render_template("auth/first.html", errors={}, login="", code="")
    login, code = typed("login", LONGEST_LOGIN).strip(), typed("code", LONGEST_CODE)
    status = 422
    secret, errors = chosen_password(login)
    if not errors:
        with writing() as session:
            result = accept_letter(session, login, code, secret, browser=browser())
        if result.opened:
            return go_on(result, "", "password_ready")
        errors, status = {"code": why_not(result.locked_until, "web_auth.code_wrong")}, status_of(result)
    return render_template("auth/first.html", errors=errors, login=login, code=code), status


@auth.route("/quen-mat-khau", methods=["GET", "POST"])
def forgotten() -> str | Response:
    """Ask for a link by mail; where there is no mail, the page says whom to ask. One answer for every name.

    Anybody may ask for anybody's link: so there is none without the `address` of config.toml.
    """
    config = instance().config
    with reading() as session:
        by_mail = public_address() is not None and mail_is_on(session, config)
    if request.method == "GET" or not by_mail:
        return render_template("auth/forgotten.html", by_mail=by_mail)
    begun = time.monotonic()
    with writing() as session:
        ask_for_reset(session, typed("login", LONGEST_LOGIN), _link)
    time.sleep(max(0.0, FORGOTTEN_TAKES - (time.monotonic() - begun)))
    return redirect(url_for("auth.forgotten_sent"))


def _link(token: str) -> str:
    return mailed_link("auth.invitation", token=token) or ""


@auth.get("/quen-mat-khau/da-nhan")
def forgotten_sent() -> str:
    """What happens now, for known and unknown names alike."""
    return render_template("auth/forgotten_sent.html")
