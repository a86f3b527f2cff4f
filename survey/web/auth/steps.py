"""What the pages of signing in share: where one goes on to, why not, and a password typed twice."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from survey.core.numbers_vi import format_time
from survey.services import passwords
from survey.services.errors import Refused
from survey.services.people import SignedIn, Stage
from survey.services.sign_in import SignInResult, check_password, confirm_password
from survey.web.auth.browsers import describe
from survey.web.language import current_language, t
from survey.web.notices import with_notice
from survey.web.session import person, start_session
from survey.web.work import reading, writing

auth = Blueprint("auth", __name__)

LONGEST_LOGIN, LONGEST_PASSWORD = 200, 1000  # characters; longer ones are not looked at
LONGEST_CODE = 100


def safe_path(asked: str) -> str:
    """A path of this site to go on to; the start page for anything else."""
    plain = asked.isprintable() and "\\" not in asked
    return asked if plain and asked.startswith("/") and not asked.startswith("//") else url_for("public.start")


def browser() -> str:
    """The family and system of the browser asking."""
    return describe(request.user_agent.string)


def go_on(result: SignInResult, onward: str, notice: str = "") -> Response:
    """Hand over the new session, and lead to its second step or to where the person was going."""
    response: Response = redirect(_next_page(result.signed_in, onward))
    if notice and (result.signed_in is None or result.signed_in.stage is Stage.OPEN):
        response = with_notice(response, notice)
    return start_session(response, result.token or "")


def _next_page(signed_in: SignedIn | None, onward: str) -> str:
    """Who serves several bodies and was going nowhere picks one first."""
    kept = onward if safe_path(onward) == onward else ""
    if signed_in is not None and signed_in.stage is not Stage.OPEN:
        step = "auth.code" if signed_in.stage is Stage.CODE else "auth.enrol"
        return url_for(step, tiep=kept or None)
    several = signed_in is not None and len(signed_in.person.bodies) > 1
    return url_for("auth.bodies") if several and not onward else safe_path(onward)


def why_not(locked_until: datetime | None, wrong: str) -> str:
    """The sentence for a try that failed; `wrong` names that of one that may be repeated."""
    return t(wrong) if locked_until is None else t("web_auth.locked", time=format_time(locked_until))


def status_of(result: SignInResult) -> int:
    """422 for what can be mended now, 429 for a lock-out."""
    return 422 if result.locked_until is None else 429


def typed(name: str, longest: int = LONGEST_PASSWORD) -> str:
    """What a field holds, no longer than is looked at."""
    return request.form.get(name, "")[:longest]


def chosen_password(*known: str) -> tuple[str, dict[str, str]]:
    """The new password of the form, hashed, and no errors; or sentences by field. `known`: login and name."""
    new = typed("new")
    try:
        passwords.check_chosen(new, *known, field="new")
    except Refused as refused:
        return "", {"new": refused.sentence(current_language())}
    if new != typed("again"):
        return "", {"again": t("web_auth.not_the_same")}
    return passwords.hashed(new), {}


def confirm_own_password(name: str = "password") -> str:
    """Empty where the field holds the password of the person signed in; else the sentence, and the try counts."""
    with reading() as session:
        checked = check_password(session, person().login, typed(name))
    with writing() as session:
        refused = confirm_password(session, checked)
    return "" if refused is None else why_not(refused.locked_until, "web_auth.old_wrong")
