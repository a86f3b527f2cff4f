"""The deeds around accounts: made, changed, shut, invited, signed in to, with a second factor, one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from survey.core.workflow import Role
from survey.services import import_accounts, passwords
from survey.services.create_account import create_account, set_password
from survey.services.forgotten_password import ask_for_reset
from survey.services.invitations import Channel, Purpose, accept_letter, accept_link, invite
from survey.services.invite_accounts import Way, newest_invitation, reset_password, send_invitations
from survey.services.make_address_book import gather_address_book
from survey.services.manage_accounts import (
    change_details,
    change_rights,
    disable_account,
    enable_account,
    end_sessions,
    give_role,
    take_role,
    unlock_account,
)
from survey.services.rescue_account import hand_out_code, unlock
from survey.services.second_factor import check_code, confirm_enrolment, renew_codes, take_away, turn_off
from survey.services.sessions import change_contact, end_other_sessions, end_session
from survey.services.shut_idle import shut_idle_accounts
from survey.services.sign_in import (
    CheckedPassword,
    confirm_password,
    find_signed_in,
    open_session,
    sign_out,
)
from survey.storage.accounts import Account
from tests.services.deeds import REFUSED, Deed, Scene, ready
from tests.services.second_steps import KEY, digits, enrol, secret_of
from tests.services.second_steps import sign_in as halfway
from tests.services.test_import_accounts import AN, csv, keep, look
from tests.services.world import NOW

NEW = passwords.hashed("một câu mới thật dài")
MAILED = "hoa.nt@donvi.example"  # a login that is an address


def number(s: Scene, login: str = "clerk") -> int:
    return s.world[login].account_id


def link(s: Scene) -> Any:
    def made(token: str) -> str:
        s.secrets.add(token)
        return f"https://khaosat.example/moi/{token}"

    return made


def invited(channel: Channel) -> Any:
    def press(s: Scene, db: Any, who: Any, now: Any) -> None:
        found = invite(db, number(s), by=who, channel=channel, purpose=Purpose.RESET, clock=now)
        s.kept["secret"] = found
        s.secrets |= {found, found.replace("-", "")}

    return press


def wrong_tries(count: int, login: str = "clerk") -> Any:
    def press(s: Scene) -> None:
        for _ in range(count):
            s.do(lambda s, db, who, now: open_session(db, CheckedPassword(login, None, matches=False), clock=now))

    return press


def try_once(login: str) -> Any:
    return lambda s, db, who, now: open_session(db, CheckedPassword(login, None, matches=False), clock=now)


def sign_in(s: Scene, db: Any, who: Any, now: Any) -> Any:
    found = open_session(db, CheckedPassword(who.login, who.account_id, matches=True), clock=now)
    s.secrets |= {found.token} if found.token else set()
    return found


def signed_in(s: Scene) -> None:
    s.kept["browser"] = s.do(sign_in, "clerk").signed_in


def enrolled(s: Scene) -> None:
    s.kept["secret"], s.kept["codes"] = enrol(s.world, "clerk")
    s.secrets |= {s.kept["secret"], *s.kept["codes"], *(code.replace("-", "") for code in s.kept["codes"])}


def asked_for_a_code(s: Scene) -> None:
    enrolled(s)
    s.kept["browser"] = halfway(s.world, "clerk").signed_in


def offered(s: Scene) -> None:
    s.kept["secret"] = secret_of(s.world, "clerk")
    s.secrets.add(s.kept["secret"])
    s.kept["browser"] = s.do(lambda s, db, who, now: find_signed_in(db, s.world.known.tokens["clerk"], clock=now))


def confirm(s: Scene, db: Any, who: Any, now: Any) -> Any:
    found = confirm_enrolment(db, s.kept["browser"], code(s, now), KEY, clock=now)
    s.secrets |= set(getattr(found, "codes", ()))
    return found


def code(s: Scene, now: Any) -> str:
    return digits(s.kept["secret"], seconds=(now() - NOW).total_seconds())


def shut(s: Scene) -> None:
    s.do(lambda s, db, who, now: disable_account(db, who, number(s), clock=now))


def idle(s: Scene) -> None:
    """Two accounts that nobody has used for 50 days."""
    old = NOW - timedelta(days=50)
    with s.world.database.writing() as session:
        two = sa.update(Account).where(Account.login.in_(["clerk", "third"]))
        session.execute(two.values(created_at=old, last_sign_in=old))


def uploaded(s: Scene) -> None:
    clerk = ("Người clerk", "clerk", "moi@snv.example", "", "", "SO-3", "nhập số liệu", "")
    s.kept["file"] = keep(s.world, csv(AN, clerk))
    s.kept["basis"] = look(s.world, s.kept["file"]).basis


def counted(s: Scene) -> None:
    s.kept["seen"] = s.do(lambda s, db, who, now: newest_invitation(db))


def of_accounts(name: str, tells: str, press: Any, **more: Any) -> Deed:
    """`tells` are kinds in the chain of accounts, with blanks between."""
    again = more.get("again", "")
    kinds = tuple(f"{kind}@accounts" for kind in tells.split())
    told = None if again is None else tuple(f"{kind}@accounts" for kind in again.split())
    return Deed(name, kinds, press, **(more | {"again": told}))


def managed(name: str, tells: str, press: Any, **more: Any) -> Deed:
    return of_accounts(name, tells, press, **({"stranger": "clerk2"} | more))


def own(name: str, tells: str, press: Any, **more: Any) -> Deed:
    return of_accounts(name, tells, press, **({"by": "clerk"} | more))


def made(s: Scene, db: Any, who: Any, now: Any) -> int:
    return create_account(db, login=MAILED, name="Nguyễn Thị Hoa", password="một câu thật là dài", email=MAILED,
                          phone="024 3825 3536", by=who, clock=now)  # fmt: skip


def details(db: Any, who: Any, account: int, now: Any, email: str = "khac@donvi.example") -> None:
    change_details(db, who, account, name="Người clerk", email=email, phone="0987 654 321", clock=now)


ACCOUNTS = (
    managed("create_account.create_account", "account_created", made, again=REFUSED),
    managed("create_account.set_password", "password_set", again="password_set", stranger="third",
            press=lambda s, db, who, now: set_password(db, who, number(s), "mật khẩu khác hẳn", clock=now),
            wrong=lambda s, db, who, now: set_password(db, who, number(s), "ngắn", clock=now)),
    managed("manage_accounts.change_details", "account_changed",
            lambda s, db, who, now: details(db, who, number(s), now),
            wrong=lambda s, db, who, now: details(db, who, number(s), now, "sai")),
    managed("manage_accounts.give_role", "role_given", again=REFUSED,
            press=lambda s, db, who, now: give_role(db, who, number(s), "SO-3", Role.CLERK, clock=now),
            wrong=lambda s, db, who, now: give_role(db, who, number(s), "KHÔNG", Role.CLERK, clock=now)),
    managed("manage_accounts.take_role", "role_taken", again=REFUSED,
            press=lambda s, db, who, now: take_role(db, who, number(s), s.world["clerk2"].bodies[0].agency_id,
                                                    Role.CLERK, clock=now)),
    managed("manage_accounts.change_rights", "rights_changed",
            lambda s, db, who, now: change_rights(db, who, number(s), [Role.AUDITOR], (), clock=now),
            wrong=lambda s, db, who, now: change_rights(db, who, number(s), [Role.CLERK], (), clock=now)),
    managed("manage_accounts.disable_account", "account_disabled",
            lambda s, db, who, now: disable_account(db, who, number(s), clock=now),
            wrong=lambda s, db, who, now: disable_account(db, who, who.account_id, clock=now)),
    managed("manage_accounts.enable_account", "account_enabled", given=shut,
            press=lambda s, db, who, now: enable_account(db, who, number(s), clock=now)),
    managed("manage_accounts.unlock_account", "account_unlocked", given=wrong_tries(5),
            press=lambda s, db, who, now: unlock_account(db, who, number(s), clock=now)),
    managed("manage_accounts.end_sessions", "sessions_ended",
            lambda s, db, who, now: end_sessions(db, who, number(s), clock=now)),
    managed("invitations.invite", "invited", invited(Channel.MAIL), again="invited"),
    managed("invite_accounts.send_invitations", "invited invited", given=counted, again=REFUSED,  # one a person
            press=lambda s, db, who, now: send_invitations(db, who, [number(s), number(s, "third")], Way.EITHER,
                                                           link=link(s), seen=s.kept["seen"], clock=now)),
    # Two changes: the password is gone at once, and a way to another is open; the second press has none to take.
    managed("invite_accounts.reset_password", "password_taken invited", again="invited",
            press=lambda s, db, who, now: reset_password(db, who, number(s), Way.MAIL, link=link(s), clock=now),
            wrong=lambda s, db, who, now: reset_password(db, who, who.account_id, Way.MAIL, link=link(s))),
    # One a change: an account made, another reached otherwise, and given a body.
    managed("import_accounts.apply_import", "account_created account_changed role_given", given=uploaded,
            again=REFUSED,
            press=lambda s, db, who, now: import_accounts.apply_import(db, who, s.kept["file"], s.kept["basis"],
                                                                       clock=now),
            wrong=lambda s, db, who, now: import_accounts.apply_import(db, who, s.kept["file"], "khác", clock=now)),
    Deed("make_address_book.gather_address_book", ("exported@access",), stranger="clerk",
         press=lambda s, db, who, now: gather_address_book(db, who, clock=now), again=("exported@access",)),
    managed("second_factor.take_away", "second_factor_removed", given=enrolled,
            press=lambda s, db, who, now: take_away(db, who, number(s), clock=now)),
    of_accounts("rescue_account.hand_out_code", "-invited", again="-invited",
                press=lambda s, db, who, now: s.secrets.add(hand_out_code(db, "clerk", clock=now).code),
                wrong=lambda s, db, who, now: hand_out_code(db, "không có", clock=now)),
    of_accounts("rescue_account.hand_out_code", "-invited -second_factor_removed", again="-invited", given=enrolled,
                press=lambda s, db, who, now: s.secrets.add(
                    hand_out_code(db, "clerk", without_second_factor=True, clock=now).code)),
    of_accounts("rescue_account.unlock", "-account_unlocked", given=wrong_tries(5),
                press=lambda s, db, who, now: unlock(db, "clerk", clock=now)),
    of_accounts("shut_idle.shut_idle_accounts", "-account_shut_idle -account_shut_idle", given=idle,
                press=lambda s, db, who, now: shut_idle_accounts(db, clock=now)),
)  # fmt: skip

SIGNING_IN = (
    own("sign_in.open_session", "signed_in", sign_in, again="signed_in"),
    own("sign_in.open_session", "-locked_out", try_once("clerk"), given=wrong_tries(4)),
    own("sign_in.open_session", "-locked_out", try_once("0912345678"), given=wrong_tries(4, "0912345678")),
    own("sign_in.open_session", "-locked_out", try_once("mật khẩu thật dài"),
        given=wrong_tries(4, "mật khẩu thật dài")),
    own("sign_in.open_session", "-account_shut_idle", sign_in, given=idle),
    own("sign_in.confirm_password", "-locked_out", given=wrong_tries(4),
        press=lambda s, db, who, now: confirm_password(db, CheckedPassword("clerk", 1, matches=False), clock=now)),
    own("sign_in.sign_out", "signed_out", given=signed_in,
        press=lambda s, db, who, now: sign_out(db, s.kept["browser"], clock=now)),
    own("invitations.accept_link", "-invitation_accepted signed_in", given=ready(invited(Channel.MAIL), "admin"),
        press=lambda s, db, who, now: accept_link(db, s.kept["secret"], NEW, clock=now),
        wrong=lambda s, db, who, now: accept_link(db, "khác", NEW, clock=now)),
    own("invitations.accept_letter", "-invitation_accepted signed_in", given=ready(invited(Channel.LETTER), "admin"),
        press=lambda s, db, who, now: accept_letter(db, "clerk", s.kept["secret"], NEW, clock=now),
        wrong=lambda s, db, who, now: accept_letter(db, "clerk", "ABCD-EFGH-JKMN", NEW, clock=now)),
    own("forgotten_password.ask_for_reset", "-invited",
        lambda s, db, who, now: ask_for_reset(db, "clerk", link(s), clock=now),
        wrong=lambda s, db, who, now: ask_for_reset(db, "khong.co", link(s), clock=now)),
    own("second_factor.check_code", "signed_in", given=asked_for_a_code,
        press=lambda s, db, who, now: check_code(db, s.kept["browser"], code(s, lambda: NOW), KEY,
                                                 clock=lambda: NOW),
        wrong=lambda s, db, who, now: check_code(db, s.kept["browser"], "000000", KEY, clock=now)),
    own("second_factor.check_code", "recovery_code_used signed_in", given=asked_for_a_code,
        press=lambda s, db, who, now: check_code(db, s.kept["browser"], s.kept["codes"][0], KEY, clock=now)),
)  # fmt: skip

OWN = (
    own("second_factor.confirm_enrolment", "second_factor_set", confirm, given=offered, again=REFUSED,
        wrong=lambda s, db, who, now: confirm_enrolment(db, s.kept["browser"], "000000", KEY, clock=now)),
    own("second_factor.renew_codes", "recovery_codes_renewed", given=enrolled, again="recovery_codes_renewed",
        press=lambda s, db, who, now: s.secrets.update(renew_codes(db, who, clock=now)), stranger="third"),
    own("second_factor.turn_off", "second_factor_removed", given=enrolled,
        press=lambda s, db, who, now: turn_off(db, who, clock=now)),
    own("sessions.change_contact", "contact_changed",
        lambda s, db, who, now: change_contact(db, who, email="moi@donvi.example", phone="0987 654 321", clock=now),
        wrong=lambda s, db, who, now: change_contact(db, who, email="sai", phone="", clock=now)),
    own("sessions.end_session", "session_ended", given=signed_in, again=REFUSED,
        press=lambda s, db, who, now: end_session(db, s.kept["browser"], s.kept["browser"].session_id, clock=now),
        wrong=lambda s, db, who, now: end_session(db, s.kept["browser"], 999, clock=now)),
    own("sessions.end_other_sessions", "other_sessions_ended", given=signed_in,
        press=lambda s, db, who, now: end_other_sessions(db, s.kept["browser"], clock=now)),
)  # fmt: skip
