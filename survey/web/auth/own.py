"""One's own account: how one is reached, the second factor, and the browsers that are signed in."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.services import sessions as service
from survey.services.errors import Refused
from survey.services.second_factor import view_second_factor
from survey.web.auth.steps import auth, confirm_own_password, typed
from survey.web.language import current_language
from survey.web.notices import with_notice
from survey.web.session import person, signed_in
from survey.web.work import reading, writing

LONGEST_CONTACT = 300  # characters; longer ones are not looked at


@auth.get("/tai-khoan")
def account() -> str:
    """The page of one's own account."""
    return account_page({})


def account_page(errors: dict[str, str]) -> str:
    """The page with sentences by control; what was typed as contact is kept."""
    with reading() as session:
        own = service.view_own_account(session, signed_in())
        factor = view_second_factor(session, person())
    contact = {"email": own.email, "phone": own.phone}
    if errors:
        contact |= {name: request.form[name][:LONGEST_CONTACT] for name in contact if name in request.form}
    return render_template("auth/account.html", own=own, factor=factor, contact=contact, errors=errors)


@auth.post("/tai-khoan/lien-he")
def change_contact() -> Response | tuple[str, int]:
    """Change e-mail and telephone; the password is asked for again, since links to reset it go there."""
    wrong = confirm_own_password("contact_password")
    if wrong:
        return account_page({"contact-password": wrong}), 422
    email, phone = typed("email", LONGEST_CONTACT), typed("phone", LONGEST_CONTACT)
    try:
        with writing() as session:
            service.change_contact(session, person(), email=email, phone=phone)
    except Refused as refused:
        return account_page({refused.field: refused.sentence(current_language())}), 422
    return with_notice(redirect(url_for("auth.account")), "contact_saved")


@auth.post("/tai-khoan/phien/<int:session_id>/ket-thuc")
def end_session(session_id: int) -> Response:
    """End one of one's own sessions."""
    with writing() as session:
        service.end_session(session, signed_in(), session_id)
    return with_notice(redirect(url_for("auth.account")), "session_ended")


@auth.post("/tai-khoan/phien/ket-thuc-khac")
def end_others() -> Response:
    """End every other session of one's own."""
    with writing() as session:
        service.end_other_sessions(session, signed_in())
    return with_notice(redirect(url_for("auth.account")), "other_sessions_ended")
