"""A forgotten password: a link by mail, told to nobody but its person whether there is such an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from survey.core.addresses import read_address
from survey.core.text import say
from survey.services import passwords
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.invitations import Channel, Purpose, invite
from survey.services.outbox import put_mail
from survey.services.shut_idle import shut_if_idle
from survey.storage import account_pages, accounts, invitations

QUIET = timedelta(minutes=5)  # between two mails to one account


def ask_for_reset(
    session: Session, login: str, make_link: Callable[[str], str], *, clock: Clock = system_clock
) -> None:
    """Leave a mail with a link (`make_link` of its token) where the account is open and has an address; else nothing.

    The caller answers the same, after the same time, whatever came of it.
    """
    now = clock()
    account = accounts.find_login(session, passwords.clean_login(login))
    if account is None or account.disabled_at is not None or not read_settings(session).mail:
        return
    if read_address(account.email) is None or shut_if_idle(session, account, now):
        return
    account_pages.hold(session, [account.id])  # of two presses at once the second finds the mail of the first
    if invitations.asked_for_since(session, account.id, now - QUIET):
        return
    token = invite(session, account.id, by=None, channel=Channel.MAIL, purpose=Purpose.RESET, clock=clock)
    words = {"name": account.name, "login": account.login, "link": make_link(token)}
    subject = say("web_auth.reset_subject", account.language)
    body = say("web_auth.reset_body", account.language, **words).lstrip("\n")
    put_mail(session, "reset", account.email, subject, body, account_id=account.id, clock=clock)
