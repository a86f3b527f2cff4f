"""The second factor: its code at sign-in, setting it up, recovery codes, turning it off."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.services import second_factor as service
from survey.services.errors import Refused
from survey.services.people import Person, SignedIn
from survey.services.second_factor import Confirmed
from survey.services.sign_in import SignInResult
from survey.web.auth.own import account_page
from survey.web.auth.steps import LONGEST_CODE, auth, confirm_own_password, go_on, safe_path, status_of, typed, why_not
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.session import halfway, person, signed_in, start_session, take_up
from survey.web.work import instance, reading, writing

_WRONG = "web_second_factor.wrong"


@auth.route("/dang-nhap/ma", methods=["GET", "POST"])
def code() -> str | Response | tuple[str, int]:
    """The second step of signing in."""
    onward = request.values.get("tiep", "")
    if request.method == "GET":
        return render_template("auth/code.html", error="", onward=onward)
    with writing() as session:
        result = service.check_code(session, halfway(), typed("code", LONGEST_CODE), instance().secret)
    if result.opened:
        return go_on(result, onward)
    error = why_not(result.locked_until, _WRONG)
    return render_template("auth/code.html", error=error, onward=onward), status_of(result)


@auth.route("/dang-nhap/thiet-lap", methods=["GET", "POST"])
def enrol() -> str | Response | tuple[str, int]:
    """Set up the second factor that the account cannot do without, before anything else."""
    if request.method == "GET":
        return _set_up_page(halfway().person, {}, required=True)
    done = _confirm(halfway())
    if isinstance(done, SignInResult):
        return _set_up_page(halfway().person, {"code": why_not(done.locked_until, _WRONG)}, required=True), status_of(
            done
        )
    return _codes_page(done, safe_path(request.form.get("tiep", "")))


@auth.route("/tai-khoan/xac-thuc", methods=["GET", "POST"])
def second_factor() -> str | Response | tuple[str, int]:
    """Set up a second factor of one's own accord; the password is asked for again."""
    with reading() as session:
        if service.view_second_factor(session, person()).since is not None:
            return redirect(url_for("auth.account"))
    if request.method == "GET":
        return _set_up_page(person(), {}, required=False)
    wrong = confirm_own_password()
    if wrong:
        return _set_up_page(person(), {"password": wrong}, required=False), 422
    done = _confirm(signed_in())
    if isinstance(done, SignInResult):
        return _set_up_page(person(), {"code": why_not(done.locked_until, _WRONG)}, required=False), status_of(done)
    return _codes_page(done, url_for("auth.account"))


def _confirm(who: SignedIn) -> Confirmed | SignInResult:
    with writing() as session:
        return service.confirm_enrolment(session, who, typed("code", LONGEST_CODE), instance().secret)


def _set_up_page(who: Person, errors: dict[str, str], *, required: bool) -> str:
    import segno

    with writing() as session:
        offered = service.offer_enrolment(session, who, instance().secret)
    picture = segno.make(offered.uri, error="m").svg_data_uri(scale=5, border=4, light="#fff")
    onward = request.values.get("tiep", "")
    return render_template(
        "auth/set_up.html", offered=offered, picture=picture, errors=errors, required=required, onward=onward
    )


def _codes_page(done: Confirmed, onward: str) -> Response:
    """The recovery codes, once, in the answer itself; a person who waited for this is signed in by it."""
    if done.result is not None and done.result.signed_in is not None:
        take_up(done.result.signed_in)
    page = render_template("auth/codes.html", codes=done.codes, onward=onward, made=datetime.now(UTC), renewed=False)
    response: Response = make_response(page)
    return start_session(response, done.result.token) if done.result and done.result.token else response


@auth.post("/tai-khoan/xac-thuc/ma-du-phong")
def new_codes() -> Response | tuple[str, int]:
    """New recovery codes, shown once; the password is asked for again."""
    wrong = confirm_own_password("factor_password")
    if wrong:
        return account_page({"factor-password": wrong}), 422
    try:
        with writing() as session:
            codes = service.renew_codes(session, person())
    except Refused as refused:
        return account_page({"factor-password": refused.sentence(current_language())}), 422
    page = render_template(
        "auth/codes.html", codes=codes, onward=url_for("auth.account"), made=datetime.now(UTC), renewed=True
    )
    return make_response(page)


@auth.post("/tai-khoan/xac-thuc/tat")
def turn_off() -> Response | tuple[str, int]:
    """Do without a second factor again; the password is asked for."""
    wrong = confirm_own_password("factor_password")
    if wrong:
        return account_page({"factor-password": wrong}), 422
    try:
        with writing() as session:
            service.turn_off(session, person())
    except Refused as refused:
        return account_page({"factor-password": refused.sentence(current_language())}), 422
    return with_notice(redirect(url_for("auth.account")), "second_factor_off")
