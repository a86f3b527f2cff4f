"""Signing in: the same answer and time for unknown names, lock-out, sessions that end."""

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from survey.services.create_account import disable_account, enable_account, set_password
from survey.services.errors import NotFound
from survey.services.instance import Clock
from survey.services.lock_out import LOCK_OUT
from survey.services.sign_in import (
    IDLE,
    IDLE_PRIVILEGED,
    LONGEST,
    TOUCH_AFTER,
    SignInResult,
    check_password,
    find_signed_in,
    keep_alive,
    open_session,
    sign_out,
    switch_body,
)
from survey.storage.accounts import Account, WebSession
from tests.services.world import NOW, PASSWORD, World, at


def sign_in(world: World, login: str, password: str = PASSWORD, clock: Clock | None = None) -> SignInResult:
    clock = clock or at()
    with world.database.reading() as session:
        checked = check_password(session, login, password, clock=clock)
    with world.database.writing() as session:
        return open_session(session, checked, clock=clock)


def is_signed_in(world: World, token: str | None, clock: Clock | None = None) -> bool:
    with world.database.reading() as session:
        return find_signed_in(session, token or "", clock=clock or at()) is not None


def test_the_right_password_opens_a_session(world: World) -> None:
    result = sign_in(world, "  Clerk ")
    assert result.opened
    assert result.signed_in is not None
    assert result.signed_in.person == world["clerk"]
    assert is_signed_in(world, result.token)


def test_a_password_typed_with_decomposed_letters_is_the_same(world: World) -> None:
    assert sign_in(world, "clerk", "ma\u0323\u0302t kha\u0302\u0309u tha\u0323\u0302t da\u0300i").opened


@pytest.mark.parametrize("login", ["clerk", "khong.co.ai", "", "a" * 10_000, "\x00"])
def test_a_wrong_password_and_an_unknown_name_are_one_answer(world: World, login: str) -> None:
    assert sign_in(world, login, "sai") == SignInResult(None, None)


@pytest.mark.parametrize("login", ["clerk", "khong.co.ai"])
def test_five_wrong_tries_lock_a_name_known_or_not(world: World, login: str) -> None:
    results = [sign_in(world, login, "sai") for _ in range(5)]
    assert [result.locked_until for result in results] == [None] * 4 + [NOW + LOCK_OUT]
    locked = sign_in(world, login)
    assert (locked.opened, locked.locked_until) == (False, NOW + LOCK_OUT)


def test_the_lock_ends_after_its_time(world: World) -> None:
    for _ in range(5):
        sign_in(world, "clerk", "sai")
    assert not sign_in(world, "clerk", clock=at(minutes=14, seconds=59)).opened
    assert sign_in(world, "clerk", clock=at(minutes=15)).opened


def test_signing_in_forgets_the_wrong_tries(world: World) -> None:
    for _ in range(4):
        sign_in(world, "clerk", "sai")
    assert sign_in(world, "clerk").opened
    assert sign_in(world, "clerk", "sai").locked_until is None


def test_tries_that_run_at_once_are_all_counted(world: World) -> None:
    with world.database.reading() as session:
        checked = [check_password(session, "clerk", "sai", clock=at()) for _ in range(6)]
        right = check_password(session, "clerk", PASSWORD, clock=at())
    for one in checked:
        with world.database.writing() as session:
            open_session(session, one, clock=at())
    with world.database.writing() as session:
        assert not open_session(session, right, clock=at()).opened


def test_an_unknown_name_takes_as_long_as_a_wrong_password(world: World) -> None:
    with world.database.writing() as session:
        disable_account(session, world["admin"], world["third"].account_id, clock=at())
        session.execute(sa.update(Account).where(Account.login == "other").values(password_hash=""))
    best = {"clerk": 9.0, "khong.co.ai": 9.0, "third": 9.0, "other": 9.0}
    for _ in range(8):
        for login in best:
            with world.database.reading() as session:
                start = time.perf_counter()
                check_password(session, login, "sai", clock=at())
                best[login] = min(best[login], time.perf_counter() - start)
    assert 0.5 < best["khong.co.ai"] / best["clerk"] < 2
    assert 0.5 < best["third"] / best["clerk"] < 2
    assert 0.5 < best["other"] / best["clerk"] < 2  # invited, and no password set yet


@pytest.mark.parametrize(
    ("login", "idle"), [("clerk", IDLE), ("leader", IDLE), ("coordinator", IDLE_PRIVILEGED), ("admin", IDLE_PRIVILEGED)]
)
def test_an_idle_session_ends(world: World, login: str, idle: timedelta) -> None:
    token = sign_in(world, login).token
    assert is_signed_in(world, token, lambda: NOW + idle)
    assert not is_signed_in(world, token, lambda: NOW + idle + timedelta(seconds=1))


def test_a_session_that_is_used_goes_on_until_its_longest(world: World) -> None:
    token = sign_in(world, "clerk").token or ""
    moment = NOW
    while moment + IDLE <= NOW + LONGEST:
        moment += IDLE
        with world.database.writing() as session:
            found = find_signed_in(session, token, clock=lambda moment=moment: moment)
            assert found is not None
            assert found.stale
            keep_alive(session, found, clock=lambda moment=moment: moment)
    assert not is_signed_in(world, token, lambda: NOW + LONGEST + timedelta(seconds=1))


def test_a_session_just_seen_is_not_written_again(world: World) -> None:
    token = sign_in(world, "clerk").token or ""
    with world.database.reading() as session:
        found = find_signed_in(session, token, clock=lambda: NOW + TOUCH_AFTER)
    assert found is not None
    assert not found.stale


def test_signing_out_ends_this_session_alone(world: World) -> None:
    first, second = sign_in(world, "clerk"), sign_in(world, "clerk")
    assert first.signed_in is not None
    with world.database.writing() as session:
        sign_out(session, first.signed_in, clock=at())
    assert (is_signed_in(world, first.token), is_signed_in(world, second.token)) == (False, True)


def test_disabling_an_account_ends_its_sessions_at_once(world: World) -> None:
    token = sign_in(world, "clerk").token
    with world.database.writing() as session:
        disable_account(session, world["admin"], world["clerk"].account_id, clock=at())
    assert not is_signed_in(world, token)
    assert not sign_in(world, "clerk").opened
    with world.database.writing() as session:
        enable_account(session, world["admin"], world["clerk"].account_id, clock=at())
    assert not is_signed_in(world, token)
    assert sign_in(world, "clerk").opened


def test_a_new_password_ends_the_sessions_opened_with_the_old(world: World) -> None:
    token = sign_in(world, "clerk").token
    with world.database.writing() as session:
        set_password(session, world["clerk"], world["clerk"].account_id, "một mật khẩu khác", clock=at())
    assert not is_signed_in(world, token)
    assert not sign_in(world, "clerk").opened
    assert sign_in(world, "clerk", "một mật khẩu khác").opened


def test_a_person_switches_between_the_bodies_they_serve(world: World) -> None:
    result = sign_in(world, "clerk")
    assert result.signed_in is not None
    bodies = result.signed_in.person.bodies
    assert [body.code for body in bodies] == ["SO-1", "P-1"]
    assert result.signed_in.current == bodies[0]
    with world.database.writing() as session:
        assert switch_body(session, result.signed_in, bodies[1].agency_id).current == bodies[1]
    with world.database.reading() as session:
        found = find_signed_in(session, result.token or "", clock=at())
    assert found is not None
    assert found.current == bodies[1]
    foreign = world["other"].bodies[0].agency_id
    with pytest.raises(NotFound), world.database.writing() as session:
        switch_body(session, result.signed_in, foreign)


def test_tokens_are_kept_as_hashes(world: World) -> None:
    token = sign_in(world, "clerk").token
    with world.database.reading() as session:
        kept = session.scalars(sa.select(WebSession.token_hash)).all()
    assert token not in kept
    assert len(set(kept)) == len(kept)


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 100_000, "' OR 1=1 --"])
def test_a_made_up_token_is_nobody(world: World, token: str) -> None:
    assert not is_signed_in(world, token)
