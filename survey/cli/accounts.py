"""Commands on accounts: making one, a one-time code for one who cannot get in, opening a locked name."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace

from survey.cli.instance import ready_database
from survey.cli.say import inform
from survey.core.instants_vi import plain_instant
from survey.core.text import say
from survey.core.workflow import Role
from survey.services.instance import Session


def create(asked: Namespace) -> None:
    """Make an account; the password is asked for at a terminal and read from stdin elsewhere, or left to its person."""
    from survey.services.create_account import Serves, create_account
    from survey.services.scope import checked_kinds

    serves = [Serves(code, Role.CLERK, asked.title) for code in asked.clerk]
    serves += [Serves(code, Role.LEADER, asked.title) for code in asked.leader]
    password = None if asked.invite else _password(asked.language)
    with ready_database().writing() as session:
        create_account(
            session,
            login=asked.login,
            name=asked.name,
            password=password,
            roles=[Role(role) for role in asked.role],
            serves=serves,
            kinds=checked_kinds(session, asked.khoi),
            language=asked.language,
        )
        told = _code(session, asked, without_second_factor=False) if asked.invite else {}
    inform("cli.account_created", asked.language, login=asked.login)
    if told:
        inform("cli.account_code", asked.language, **told)


def reset(asked: Namespace) -> None:
    """Print a one-time code for one who cannot get in; the present password holds until it is used."""
    with ready_database().writing() as session:
        told = _code(session, asked, without_second_factor=asked.second_factor)
    inform("cli.account_code", asked.language, **told)


def _code(session: Session, asked: Namespace, *, without_second_factor: bool) -> dict[str, str]:
    from survey.services.rescue_account import hand_out_code

    made = hand_out_code(session, asked.login, without_second_factor=without_second_factor)
    return {"login": asked.login, "code": made.code, "until": plain_instant(made.expires_at)}


def unlock(asked: Namespace) -> None:
    """Let one who typed wrong passwords try again at once."""
    from survey.services.rescue_account import unlock as forget

    with ready_database().writing() as session:
        was_locked = forget(session, asked.login)
    inform("cli.account_unlocked" if was_locked else "cli.account_not_locked", asked.language, login=asked.login)


def shut_idle(asked: Namespace) -> None:
    """Shut the accounts that nobody has signed in to for long: for a nightly job, sign-in does it one by one."""
    from survey.services.shut_idle import shut_idle_accounts

    with ready_database().writing() as session:
        count = shut_idle_accounts(session)
    inform("cli.accounts_shut", asked.language, count=count)


def _password(language: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    while True:
        first = getpass.getpass(say("cli.ask_password", language))
        if getpass.getpass(say("cli.ask_password_again", language)) == first:
            return first
        inform("cli.passwords_differ", language)
