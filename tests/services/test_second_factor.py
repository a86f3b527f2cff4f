"""The second factor: required of those with rights over others, taken once, locked out after wrong tries."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.instance import mark_demonstration, secret_key
from survey.services.invitations import Channel, Purpose, accept_link, invite
from survey.services.lock_out import LOCK_OUT
from survey.services.passwords import hashed
from survey.services.second_factor import (
    Confirmed,
    confirm_enrolment,
    renew_codes,
    take_away,
    turn_off,
    view_second_factor,
)
from survey.services.sign_in import HALFWAY, find_session, find_signed_in
from survey.storage.accounts import Account, Stage
from survey.storage.invitations import RecoveryCode
from survey.storage.settings import Setting
from tests.services.second_steps import (
    KEY,
    browser,
    digits,
    enrol,
    is_in,
    kinds_of_events,
    secret_of,
    sign_in,
    try_code,
    turn_on,
)
from tests.services.world import NOW, World, at


def test_a_code_of_the_app_lets_in_under_a_new_token(world: World) -> None:
    secret, _ = enrol(world, "clerk")
    halfway = sign_in(world, "clerk")
    assert browser(halfway).stage is Stage.CODE
    assert not is_in(world, halfway.token)
    done = try_code(world, halfway, digits(secret))
    assert done.signed_in is not None
    assert done.signed_in.person == world["clerk"]
    assert done.token != halfway.token
    assert done.signed_in.csrf_secret != browser(halfway).csrf_secret
    assert (is_in(world, done.token), is_in(world, halfway.token)) == (True, False)


def test_a_code_may_be_typed_with_a_blank(world: World) -> None:
    secret, _ = enrol(world, "clerk")
    code = digits(secret)
    assert try_code(world, sign_in(world, "clerk"), f" {code[:3]} {code[3:]} ").opened


@pytest.mark.parametrize(("seconds", "opens"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_off_by_one_step(world: World, seconds: int, opens: bool) -> None:
    secret, _ = enrol(world, "clerk")
    assert try_code(world, sign_in(world, "clerk"), digits(secret, seconds=seconds)).opened is opens


def test_a_code_is_taken_once_and_so_are_those_before_it(world: World) -> None:
    secret, _ = enrol(world, "clerk")
    assert try_code(world, sign_in(world, "clerk"), digits(secret)).opened
    assert not try_code(world, sign_in(world, "clerk"), digits(secret)).opened
    assert not try_code(world, sign_in(world, "clerk"), digits(secret, seconds=-30)).opened
    assert try_code(world, sign_in(world, "clerk"), digits(secret, seconds=30)).opened


def test_the_code_that_confirmed_the_app_opens_nothing_more(world: World) -> None:
    secret, _ = enrol(world, "clerk")
    halfway = sign_in(world, "clerk", hours=-1)
    assert not try_code(world, halfway, digits(secret, hours=-1), hours=-1).opened


@pytest.mark.parametrize("typed", ["", "000000", "12345", "١٢٣٤٥٦", "x" * 10_000, "\ud800", "AAAA-BBBB-CCCC"])
def test_five_wrong_codes_lock_the_name(world: World, typed: str) -> None:
    secret, _ = enrol(world, "clerk")
    halfway = sign_in(world, "clerk")
    results = [try_code(world, halfway, typed) for _ in range(5)]
    assert [result.locked_until for result in results] == [None] * 4 + [NOW + LOCK_OUT]
    assert not any(result.opened for result in results)
    assert try_code(world, halfway, digits(secret)).locked_until == NOW + LOCK_OUT
    assert sign_in(world, "clerk").locked_until == NOW + LOCK_OUT
    assert try_code(world, halfway, digits(secret, minutes=15), minutes=15).opened


def test_the_password_again_does_not_forget_wrong_codes(world: World) -> None:
    enrol(world, "clerk")
    for _ in range(4):
        try_code(world, sign_in(world, "clerk"), "000000")
    assert try_code(world, sign_in(world, "clerk"), "000000").locked_until == NOW + LOCK_OUT


def test_ten_recovery_codes_open_once_each(world: World) -> None:
    _, codes = enrol(world, "clerk")
    assert len(set(codes)) == 10
    assert try_code(world, sign_in(world, "clerk"), codes[0].lower().replace("-", " ")).opened
    assert not try_code(world, sign_in(world, "clerk"), codes[0]).opened
    assert try_code(world, sign_in(world, "clerk"), codes[9]).opened
    with world.database.reading() as session:
        assert view_second_factor(session, world["clerk"]).codes_left == 8
    assert kinds_of_events(world).count("recovery_code_used") == 2


def test_another_persons_recovery_code_opens_nothing(world: World) -> None:
    enrol(world, "clerk")
    _, codes = enrol(world, "other")
    assert not try_code(world, sign_in(world, "clerk"), codes[0]).opened


def test_new_recovery_codes_end_the_older(world: World) -> None:
    _, codes = enrol(world, "clerk")
    with world.database.writing() as session:
        new = renew_codes(session, world["clerk"], clock=at())
    assert not set(new) & set(codes)
    assert not try_code(world, sign_in(world, "clerk"), codes[0]).opened
    assert try_code(world, sign_in(world, "clerk"), new[0]).opened
    with pytest.raises(Refused), world.database.writing() as session:
        renew_codes(session, world["leader"], clock=at())


def test_nothing_readable_is_kept(world: World, tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    secret = secret_of(world, "clerk", key)
    _, codes = enrol(world, "other")
    with world.database.reading() as session:
        kept = session.scalar(sa.select(Account.totp_secret).where(Account.login == "clerk")) or ""
        hashes = session.scalars(sa.select(RecoveryCode.code_hash)).all()
    assert kept
    assert secret not in kept
    assert not [code for code in codes if any(code.replace("-", "") in one for one in hashes)]


def test_the_secret_opens_with_the_key_of_this_instance_and_for_its_own_account_alone(world: World) -> None:
    secret, codes = enrol(world, "clerk")
    enrol(world, "other")
    halfway = sign_in(world, "clerk")
    assert not try_code(world, halfway, digits(secret), key=b"x" * 32).opened
    with world.database.writing() as session:
        kept = sa.select(Account.totp_secret).where(Account.login == "clerk").scalar_subquery()
        session.execute(sa.update(Account).where(Account.login == "other").values(totp_secret=kept))
    assert not try_code(world, sign_in(world, "other"), digits(secret)).opened
    assert try_code(world, halfway, codes[0], key=b"x" * 32).opened


def test_the_offered_secret_stays_the_same_until_it_is_confirmed(world: World) -> None:
    first = secret_of(world, "clerk")
    assert secret_of(world, "clerk") == first
    assert not try_enrolment(world, "clerk", "000000")
    assert secret_of(world, "clerk") == first
    assert sign_in(world, "clerk").opened
    assert browser(sign_in(world, "clerk")).stage is Stage.OPEN
    enrol(world, "clerk")
    with pytest.raises(Refused):
        secret_of(world, "clerk")


def try_enrolment(world: World, login: str, typed: str) -> bool:
    with world.database.writing() as session:
        found = find_signed_in(session, world.known.tokens[login], clock=at())
        assert found is not None
        return isinstance(confirm_enrolment(session, found, typed, KEY, clock=at()), Confirmed)


def test_wrong_first_codes_are_counted_too(world: World) -> None:
    secret = secret_of(world, "clerk")
    assert not any(try_enrolment(world, "clerk", "000000") for _ in range(5))
    assert not try_enrolment(world, "clerk", digits(secret))
    assert sign_in(world, "clerk").locked_until == NOW + LOCK_OUT


@pytest.mark.parametrize(
    ("login", "stage"),
    [("clerk", Stage.OPEN), ("leader", Stage.OPEN), ("coordinator", Stage.ENROL), ("admin", Stage.ENROL)],
)
def test_those_with_rights_over_others_must_set_one_up(world: World, login: str, stage: Stage) -> None:
    turn_on(world)
    halfway = sign_in(world, login)
    assert browser(halfway).stage is stage
    assert is_in(world, halfway.token) is (stage is Stage.OPEN)


def test_setting_one_up_lets_in_under_a_new_token(world: World) -> None:
    turn_on(world)
    halfway = sign_in(world, "admin")
    secret = secret_of(world, "admin")
    with world.database.writing() as session:
        done = confirm_enrolment(session, browser(halfway), digits(secret), KEY, clock=at())
    assert isinstance(done, Confirmed)
    assert done.result is not None
    assert done.result.token != halfway.token
    assert (is_in(world, done.result.token), is_in(world, halfway.token)) == (True, False)
    assert kinds_of_events(world)[-2:] == ["second_factor_set", "signed_in"]


def test_a_demonstration_asks_for_none_unless_it_is_switched_on(world: World) -> None:
    with world.database.writing() as session:
        session.execute(sa.delete(Setting).where(Setting.name == "second_factor"))
        mark_demonstration(session)
    assert browser(sign_in(world, "admin")).stage is Stage.OPEN
    turn_on(world)
    assert browser(sign_in(world, "admin")).stage is Stage.ENROL


def test_one_halfway_is_not_noted_as_signed_in(world: World) -> None:
    enrol(world, "clerk")
    before = kinds_of_events(world)
    with world.database.reading() as session:
        seen = session.scalar(sa.select(Account.last_sign_in).where(Account.login == "clerk"))
    sign_in(world, "clerk", minutes=5)
    assert kinds_of_events(world) == before
    with world.database.reading() as session:
        assert session.scalar(sa.select(Account.last_sign_in).where(Account.login == "clerk")) == seen


def test_one_halfway_must_begin_again_after_half_an_hour(world: World) -> None:
    enrol(world, "clerk")
    token = sign_in(world, "clerk").token or ""

    def is_known(moment: datetime) -> bool:
        with world.database.reading() as session:
            return find_session(session, token, clock=lambda: moment) is not None

    assert is_known(NOW + HALFWAY)
    assert not is_known(NOW + HALFWAY + timedelta(seconds=1))


def test_a_new_password_by_link_does_not_go_round_the_second_factor(world: World) -> None:
    enrol(world, "clerk")
    clerk = world["clerk"].account_id
    with world.database.writing() as session:
        token = invite(session, clerk, by=None, channel=Channel.MAIL, purpose=Purpose.RESET, clock=at())
        result = accept_link(session, token, hashed("một câu mới thật dài"), clock=at())
    assert result is not None
    assert browser(result).stage is Stage.CODE
    assert not is_in(world, result.token)


def test_it_can_be_turned_off_where_it_is_not_required(world: World) -> None:
    enrol(world, "clerk")
    enrol(world, "admin")
    turn_on(world)
    with world.database.writing() as session:
        turn_off(session, world["clerk"], clock=at())
    assert browser(sign_in(world, "clerk")).stage is Stage.OPEN
    with pytest.raises(Refused), world.database.writing() as session:
        turn_off(session, world["admin"], clock=at())
    with world.database.reading() as session:
        assert view_second_factor(session, world["admin"]).required
        assert view_second_factor(session, world["clerk"]).since is None


def test_an_administrator_takes_it_away_from_one_who_lost_the_phone(world: World) -> None:
    enrol(world, "clerk")
    with world.database.writing() as session:
        assert take_away(session, world["admin"], world["clerk"].account_id, clock=at())
        assert not take_away(session, world["admin"], world["clerk"].account_id, clock=at())
        assert session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode)) == 0
        with pytest.raises(NotAllowed):
            take_away(session, world["coordinator"], world["clerk"].account_id)
        with pytest.raises(NotFound):
            take_away(session, world["admin"], 10_000)
    assert browser(sign_in(world, "clerk")).stage is Stage.OPEN
    assert kinds_of_events(world).count("second_factor_removed") == 1
