"""Inviting people: one account, or many at once; letters are shown only in the answer that makes them."""

from __future__ import annotations

import io

from flask import redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from survey.services.errors import Refused
from survey.services.instance import Session, system_clock
from survey.services.invite_accounts import (
    Invitations,
    Waiting,
    Way,
    newest_invitation,
    reset_password,
    send_invitations,
    waiting_accounts,
)
from survey.services.list_accounts import AccountView, view_account
from survey.services.make_letters import make_letters
from survey.services.write_letters import letter_words
from survey.web.admin.account_page import account_html
from survey.web.admin.accounts import admin, asked_filter, filter_args, filter_choices, mail_offered
from survey.web.language import current_language, t
from survey.web.links import outside_url, public_address, site_address
from survey.web.notices import with_notice
from survey.web.session import person
from survey.web.work import reading, writing

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Answer = Response | tuple[str, int] | str


def _link(token: str) -> str:
    return outside_url("auth.invitation", token=token)


def _way(session: Session) -> Way:
    """The way that was chosen. Raises Refused for mail where none can be sent."""
    asked = request.form.get("way", "")
    way = Way(asked) if asked in set(Way) else Way.LETTER
    if way is not Way.LETTER and not mail_offered(session):
        raise Refused("accounts.mail_off", "way")
    return way


def _seen() -> int:
    """The newest invitation that there was when the form was shown."""
    typed = request.form.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0


@admin.get("/tai-khoan/thu-moi")
def invitations() -> str:
    """Who has not set a password yet, and how to invite them."""
    return _invitations_page({})


def _invitations_page(errors: dict[str, str]) -> str:
    narrow = asked_filter()
    with reading() as session:
        waiting = waiting_accounts(session, person(), narrow)
        newest, mail_on = newest_invitation(session), mail_offered(session)
    return render_template(
        "admin/account_invitations.html", waiting=waiting, narrow=narrow, args=filter_args(narrow), newest=newest,
        mail_on=mail_on, site=site_address(), fixed=public_address() is not None, errors=errors,
        ways=_ways(waiting, mail_on=mail_on), **filter_choices(),
    )  # fmt: skip


def _ways(waiting: Waiting, *, mail_on: bool) -> list[tuple[str, str]]:
    """The ways that reach somebody, each with how many."""
    total, by_mail = len(waiting.never), sum(1 for one in waiting.never if one.email)
    offered = [(Way.LETTER.value, t("web_accounts.way_letter", count=total))]
    if mail_on:
        offered.insert(0, (Way.EITHER.value, t("web_accounts.way_either", mails=by_mail, letters=total - by_mail)))
        offered.append((Way.MAIL.value, t("web_accounts.way_mail", count=by_mail, left=total - by_mail)))
    return offered


@admin.post("/tai-khoan/thu-moi")
def send_many() -> Answer:
    """Invite all those shown; "who" says whether also those who were invited before."""
    narrow, everybody = asked_filter(), request.form.get("who") == "all"

    def work(session: Session) -> Invitations:
        waiting = waiting_accounts(session, person(), narrow)
        wanted: tuple[AccountView, ...] = waiting.never + (waiting.again if everybody else ())
        ids = [one.account_id for one in wanted]
        return send_invitations(session, person(), ids, _way(session), link=_link, seen=_seen())

    try:
        with writing() as session:
            done = work(session)
    except Refused as refused:
        return _invitations_page({"way": refused.sentence(current_language())}), 422
    return _answer(done, url_for("admin.invitations", **filter_args(narrow)))


def _answer(done: Invitations, back: str) -> Answer:
    """The letters as asked for; only mails and nobody left out: back, with a notice."""
    if not done.letters and not done.passed_over:
        return with_notice(redirect(back), "invited_by_mail" if done.mailed else "nobody_invited")
    if done.letters and request.form.get("output") == "word":
        content = make_letters(done.letters, outside_url("auth.first"), clock=system_clock)
        name = f"{t('web_accounts.letters_file')}-{system_clock():%Y%m%d-%H%M}.docx"
        return send_file(io.BytesIO(content), mimetype=WORD, as_attachment=True, download_name=name)
    address = outside_url("auth.first")
    letters = [letter_words(one, address) for one in done.letters]
    return render_template("admin/account_letters.html", done=done, letters=letters, back=back)


@admin.post("/tai-khoan/<int:number>/thu-moi")
def invite_one(number: int) -> Answer:
    """Invite one person anew, by mail or by a letter."""
    try:
        with writing() as session:
            done = send_invitations(session, person(), [number], _way(session), link=_link, seen=_seen())
    except Refused as refused:
        return account_html(number, {refused.field or "way": refused.sentence(current_language())}), 422
    return _answer(done, url_for("admin.account", number=number))


@admin.get("/tai-khoan/<int:number>/dat-lai")
def reset(number: int) -> str:
    """Ask before a password is taken away."""
    return _reset_page(number, {})


def _reset_page(number: int, errors: dict[str, str]) -> str:
    with reading() as session:
        page = view_account(session, person(), number)
        mail_on = mail_offered(session)
    ways = [(Way.LETTER.value, t("web_accounts.by_letter"))]
    if mail_on and page.account.email:
        ways.insert(0, (Way.MAIL.value, t("web_accounts.by_mail", address=page.account.email)))
    return render_template("admin/account_reset.html", page=page, account=page.account, ways=ways, errors=errors)


@admin.post("/tai-khoan/<int:number>/dat-lai")
def reset_now(number: int) -> Answer:
    """Take the password away and invite the person to set another one."""
    try:
        with writing() as session:
            done = reset_password(session, person(), number, _way(session), link=_link)
    except Refused as refused:
        return _reset_page(number, {refused.field or "way": refused.sentence(current_language())}), 422
    return _answer(done, url_for("admin.account", number=number))
