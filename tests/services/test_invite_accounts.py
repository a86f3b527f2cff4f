"""Invitations by mail, by letter or by whichever reaches a person: each secret works once and stands nowhere else."""

import re

import pytest
import sqlalchemy as sa

from survey.core.workflow import Role
from survey.services import passwords
from survey.services.create_account import Serves, create_account
from survey.services.errors import NotAllowed, Refused
from survey.services.instance import change_setting
from survey.services.invitations import accept_letter, accept_link, find_invited
from survey.services.invite_accounts import Invitations, Way, reset_password, send_invitations
from survey.services.manage_accounts import change_details, disable_account
from survey.services.sign_in import check_password, find_signed_in
from survey.storage.events import Event
from survey.storage.outbox import Message
from tests.services.world import PASSWORD, World, at

NEW = "một mật khẩu mới tinh"


def link(token: str) -> str:
    return f"https://khaosat.example/moi/{token}"


def make(world: World, login: str, email: str = "", language: str = "vi") -> int:
    with world.database.writing() as session:
        serves = [Serves("SO-1", Role.CLERK, "Chuyên viên"), Serves("P-1", Role.LEADER)]
        return create_account(
            session, login=login, name=f"Người {login}", password=None, email=email, serves=serves,
            language=language, by=world["admin"], clock=at(),
        )  # fmt: skip


def send(world: World, accounts: list[int], way: Way, by: str = "admin") -> Invitations:
    with world.database.writing() as session:
        return send_invitations(session, world[by], accounts, way, link=link, clock=at())


def mails(world: World) -> list[Message]:
    with world.database.reading() as session:
        return list(session.scalars(sa.select(Message).order_by(Message.id)))


def token_of(message: Message) -> str:
    found = re.findall(r"https://khaosat\.example/moi/(\S+)", message.body)
    assert len(found) == 1
    return str(found[0])


def test_a_mail_carries_a_link_that_works_once(world: World) -> None:
    account = make(world, "moi", "moi@snv.example")
    done = send(world, [account], Way.MAIL)
    assert (done.mailed, done.letters, done.passed_over) == (1, (), ())
    (message,) = mails(world)
    assert (message.address, message.kind, message.account_id) == ("moi@snv.example", "invitation", account)
    assert "Người moi" in message.body
    assert "Tên đăng nhập: moi\n" in message.body
    assert "nhập số liệu" in message.body
    assert "Cần hỏi, xin liên hệ: Người admin" in message.body
    assert "09:00, 07/12/2026" in message.body
    with world.database.writing() as session:
        assert accept_link(session, token_of(message), passwords.hashed(NEW), clock=at()) is not None
        assert find_invited(session, token_of(message), clock=at()) is None
    with world.database.reading() as session:
        assert check_password(session, "moi", NEW, clock=at()).matches


def test_a_letter_carries_a_code_that_works_and_is_kept_nowhere(world: World) -> None:
    account = make(world, "moi")
    (letter,) = send(world, [account], Way.LETTER).letters
    assert (letter.name, letter.login) == ("Người moi", "moi")
    assert any("nhập số liệu" in line for line in letter.bodies)
    with world.database.reading() as session:
        told = " ".join(session.scalars(sa.select(Event.data)))
    assert letter.code not in told
    assert mails(world) == []
    with world.database.writing() as session:
        assert accept_letter(session, "moi", letter.code, passwords.hashed(NEW), clock=at()).opened


def test_either_takes_mail_where_there_is_an_address(world: World) -> None:
    ids = [make(world, "co.thu", "co@snv.example"), make(world, "khong.thu")]
    done = send(world, ids, Way.EITHER)
    assert (done.mailed, [letter.login for letter in done.letters]) == (1, ["khong.thu"])
    done = send(world, ids, Way.MAIL)
    assert (done.mailed, done.passed_over) == (1, ("Người khong.thu",))


def test_a_newer_invitation_ends_the_older_one(world: World) -> None:
    account = make(world, "moi", "moi@snv.example")
    send(world, [account], Way.MAIL)
    (letter,) = send(world, [account], Way.LETTER).letters
    with world.database.reading() as session:
        assert find_invited(session, token_of(mails(world)[0]), clock=at()) is None
    with world.database.writing() as session:
        assert accept_letter(session, "moi", letter.code, passwords.hashed(NEW), clock=at()).opened


def test_a_reset_takes_the_password_and_the_sessions_away_at_once(world: World) -> None:
    with world.database.writing() as session:
        change_details(
            session, world["admin"], world["clerk"].account_id, name="Người clerk", email="c@snv.example", phone="",
            clock=at(),
        )  # fmt: skip
        reset_password(session, world["admin"], world["clerk"].account_id, Way.MAIL, link=link, clock=at())
    with world.database.reading() as session:
        assert not check_password(session, "clerk", PASSWORD, clock=at()).matches
        assert find_signed_in(session, world.known.tokens["clerk"], clock=at()) is None
    (message,) = mails(world)
    assert message.kind == "reset"
    assert "đặt lại mật khẩu" in message.body
    with world.database.writing() as session:
        assert accept_link(session, token_of(message), passwords.hashed(NEW), clock=at()) is not None


def test_what_cannot_be_reset_says_why_and_stays(world: World) -> None:
    with world.database.writing() as session:
        for login, way in (("admin", Way.LETTER), ("clerk", Way.MAIL)):
            with pytest.raises(Refused):
                reset_password(session, world["admin"], world[login].account_id, way, link=link, clock=at())
        disable_account(session, world["admin"], world["clerk"].account_id, clock=at())
        with pytest.raises(Refused):
            reset_password(session, world["admin"], world["clerk"].account_id, Way.LETTER, link=link, clock=at())
        with pytest.raises(NotAllowed):
            send_invitations(session, world["coordinator"], [1], Way.LETTER, link=link, clock=at())
    with world.database.reading() as session:
        assert check_password(session, "admin", PASSWORD, clock=at()).matches


def test_one_shut_out_is_passed_over(world: World) -> None:
    account = make(world, "moi")
    with world.database.writing() as session:
        disable_account(session, world["admin"], account, clock=at())
    assert send(world, [account], Way.EITHER).passed_over == ("Người moi",)


def test_mail_switched_off_is_said_and_nothing_is_done(world: World) -> None:
    account = make(world, "moi", "moi@snv.example")
    with world.database.writing() as session:
        change_setting(session, "mail", "0")
    with pytest.raises(Refused):
        send(world, [account], Way.MAIL)
    with world.database.reading() as session:
        assert "invited" not in list(session.scalars(sa.select(Event.kind)))


def test_a_mail_is_in_the_language_of_its_reader(world: World) -> None:
    send(world, [make(world, "moi", "moi@snv.example", "en")], Way.MAIL)
    (message,) = mails(world)
    assert message.subject == "Please set your password: survey of digital readiness"
    assert "enters figures" in message.body
