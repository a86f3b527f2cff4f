"""Invitations: used once, ended by a newer one, too old after their time, and as hard to guess as a password."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from survey.services import passwords
from survey.services.create_account import disable_account
from survey.services.errors import NotAllowed, NotFound
from survey.services.invitations import Channel, Invited, Purpose, accept_letter, accept_link, find_invited, invite
from survey.services.lock_out import LOCK_OUT
from survey.services.one_time_codes import ALPHABET
from survey.services.sign_in import SignInResult, check_password, find_signed_in, open_session
from survey.storage.invitations import Invitation
from tests.services.world import NOW, PASSWORD, World, at

NEW = passwords.hashed("một câu mới thật dài")


def make(world: World, channel: Channel, purpose: Purpose = Purpose.FIRST, login: str = "clerk") -> str:
    with world.database.writing() as session:
        account_id = world[login].account_id
        return invite(session, account_id, by=world["admin"], channel=channel, purpose=purpose, clock=at())


def by_link(world: World, token: str, **later: float) -> SignInResult | None:
    with world.database.writing() as session:
        return accept_link(session, token, NEW, clock=at(**later))


def by_letter(world: World, login: str, code: str, **later: float) -> SignInResult:
    with world.database.writing() as session:
        return accept_letter(session, login, code, NEW, clock=at(**later))


def look(world: World, token: str, **later: float) -> Invited | None:
    with world.database.reading() as session:
        return find_invited(session, token, clock=at(**later))


def signs_in(world: World, login: str, password: str) -> bool:
    with world.database.reading() as session:
        checked = check_password(session, login, password, clock=at())
    with world.database.writing() as session:
        return open_session(session, checked, clock=at()).opened


def test_a_link_sets_the_password_and_signs_in(world: World) -> None:
    token = make(world, Channel.MAIL)
    assert look(world, token) == Invited("clerk", "Người clerk", Purpose.FIRST, NOW + timedelta(days=14))
    result = by_link(world, token)
    assert result is not None
    assert result.signed_in is not None
    assert result.signed_in.person == world["clerk"]
    assert not signs_in(world, "clerk", PASSWORD)
    assert signs_in(world, "clerk", "một câu mới thật dài")


def test_a_letter_sets_the_password_however_its_code_is_typed(world: World) -> None:
    code = make(world, Channel.LETTER)
    assert by_letter(world, " CLERK ", f"  {code.lower().replace('-', ' ')} ").opened


def test_sessions_of_before_end(world: World) -> None:
    old = world.known.tokens["clerk"]
    by_link(world, make(world, Channel.MAIL))
    with world.database.reading() as session:
        assert find_signed_in(session, old, clock=at()) is None


def test_an_invitation_is_used_once(world: World) -> None:
    token = make(world, Channel.MAIL)
    assert by_link(world, token) is not None
    assert by_link(world, token) is None
    assert look(world, token) is None
    code = make(world, Channel.LETTER)
    assert by_letter(world, "clerk", code).opened
    assert not by_letter(world, "clerk", code).opened


@pytest.mark.parametrize("older", Channel)
@pytest.mark.parametrize("newer", Channel)
def test_a_newer_one_ends_the_older(world: World, older: Channel, newer: Channel) -> None:
    first, second = make(world, older), make(world, newer)
    kept = {Channel.MAIL: lambda secret: bool(by_link(world, secret))}
    kept[Channel.LETTER] = lambda secret: by_letter(world, "clerk", secret).opened
    assert not kept[older](first)
    assert kept[newer](second)


@pytest.mark.parametrize(
    ("channel", "purpose", "lasts"),
    [
        (Channel.MAIL, Purpose.FIRST, timedelta(days=14)),
        (Channel.MAIL, Purpose.RESET, timedelta(hours=24)),
        (Channel.LETTER, Purpose.FIRST, timedelta(days=14)),
        (Channel.LETTER, Purpose.RESET, timedelta(days=14)),
    ],
)
def test_an_invitation_lasts_its_time_and_no_longer(
    world: World, channel: Channel, purpose: Purpose, lasts: timedelta
) -> None:
    secret = make(world, channel, purpose)
    seconds = lasts.total_seconds()

    def works(after: float) -> bool:
        if channel is Channel.MAIL:
            return look(world, secret, seconds=after) is not None and bool(by_link(world, secret, seconds=after))
        return by_letter(world, "clerk", secret, seconds=after).opened

    assert not works(seconds)
    assert works(seconds - 1)


def test_a_secret_works_for_its_own_channel_and_its_own_account_alone(world: World) -> None:
    token, code = make(world, Channel.MAIL, login="clerk"), make(world, Channel.LETTER, login="leader")
    assert by_link(world, code) is None
    assert not by_letter(world, "clerk", token).opened
    assert not by_letter(world, "other", code).opened
    assert by_letter(world, "leader", code).opened


@pytest.mark.parametrize("login", ["clerk", "khong.co.ai"])
def test_five_wrong_codes_lock_a_name_known_or_not(world: World, login: str) -> None:
    code = make(world, Channel.LETTER)
    results = [by_letter(world, login, "AAAA-BBBB-CCCC") for _ in range(5)]
    assert [result.locked_until for result in results] == [None] * 4 + [NOW + LOCK_OUT]
    assert by_letter(world, login, code).locked_until == NOW + LOCK_OUT


def test_wrong_codes_and_wrong_passwords_are_counted_together(world: World) -> None:
    for _ in range(4):
        assert not signs_in(world, "clerk", "sai")
    assert by_letter(world, "clerk", "sai").locked_until == NOW + LOCK_OUT
    assert not signs_in(world, "clerk", PASSWORD)


def test_a_shut_account_has_no_use_of_an_invitation(world: World) -> None:
    token = make(world, Channel.MAIL)
    with world.database.writing() as session:
        disable_account(session, world["admin"], world["clerk"].account_id, clock=at())
    assert look(world, token) is None
    assert by_link(world, token) is None


@pytest.mark.parametrize("typed", ["", "-", "x" * 100_000, "\ud800", "' OR 1=1 --", "\x00"])
def test_made_up_secrets_are_of_no_use(world: World, typed: str) -> None:
    make(world, Channel.MAIL)
    make(world, Channel.LETTER)
    assert look(world, typed) is None
    assert by_link(world, typed) is None
    assert not by_letter(world, "clerk", typed).opened


def test_only_administrators_invite_and_only_accounts_that_are_there(world: World) -> None:
    with world.database.writing() as session:
        with pytest.raises(NotAllowed):
            invite(session, 1, by=world["coordinator"], channel=Channel.MAIL, purpose=Purpose.FIRST)
        with pytest.raises(NotFound):
            invite(session, 10_000, by=None, channel=Channel.MAIL, purpose=Purpose.FIRST)


def test_secrets_are_long_random_and_kept_as_hashes(world: World) -> None:
    tokens = [make(world, Channel.MAIL) for _ in range(3)]
    codes = [make(world, Channel.LETTER) for _ in range(3)]
    assert len({*tokens, *codes}) == 6
    assert all(len(token) >= 43 for token in tokens)  # 256 bits
    assert all(len(group) == 4 and set(group) <= set(ALPHABET) for code in codes for group in code.split("-"))
    with world.database.reading() as session:
        kept = " ".join(session.scalars(sa.select(Invitation.secret_hash)))
    assert not [secret for secret in (*tokens, *codes) if secret.replace("-", "") in kept.replace("-", "")]
