"""What an administrator does to accounts: rights that hold at once, and an administrator who always remains."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from survey.core.workflow import Role
from survey.services import audit, passwords
from survey.services.create_account import create_account
from survey.services.errors import NotAllowed, NotFound, Refused
from survey.services.instance import change_setting
from survey.services.list_accounts import AccountFilter, AccountPage, AccountState, list_accounts, view_account
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
from survey.services.people import Person
from survey.services.sign_in import check_password, find_signed_in, open_session
from survey.storage.accounts import IDLE_ACCOUNT, Account
from tests.services.world import NOW, PASSWORD, World, at


def page(world: World, login: str, **later: float) -> AccountPage:
    with world.database.reading() as session:
        return view_account(session, world["admin"], world[login].account_id, clock=at(**later))


def change(world: World, service: object, login: str, *values: object, by: str = "admin", **named: object) -> None:
    with world.database.writing() as session:
        service(session, world[by], world[login].account_id, *values, clock=at(minutes=1), **named)  # type: ignore[operator]


def rights(world: World, login: str) -> set[tuple[str, Role]]:
    """What a browser that was signed in before finds at its next request."""
    with world.database.reading() as session:
        found = find_signed_in(session, world.known.tokens[login], clock=at(minutes=2))
    assert found is not None
    own = {("", role) for role in found.person.roles}
    return own | {(body.code, role) for body in found.person.bodies for role in body.roles}


def second_administrator(world: World) -> int:
    with world.database.writing() as session:
        return create_account(
            session, login="admin2", name="Quản trị hai", password=PASSWORD, roles=[Role.ADMINISTRATOR], clock=at()
        )


def events(world: World, kind: str) -> list[dict[str, object]]:
    return [dict(event.data) for event in page(world, "clerk").history if event.kind == kind]


def test_a_role_given_or_taken_holds_at_the_next_request(world: World) -> None:
    change(world, give_role, "clerk", "SO-2", Role.LEADER, "Trưởng phòng")
    assert rights(world, "clerk") == {("SO-1", Role.CLERK), ("P-1", Role.CLERK), ("SO-2", Role.LEADER)}
    body = next(one for one in page(world, "clerk").account.bodies if one.code == "SO-2")
    change(world, take_role, "clerk", body.agency_id, Role.LEADER)
    assert rights(world, "clerk") == {("SO-1", Role.CLERK), ("P-1", Role.CLERK)}
    assert events(world, "role_given") == [
        {"account": world["clerk"].account_id, "agency": "SO-2", "role": "leader", "title": "Trưởng phòng"}
    ]
    assert events(world, "role_taken") == [
        {"account": world["clerk"].account_id, "agency": "SO-2", "role": "leader"}
    ]  # fmt: skip


def test_giving_a_role_again_changes_the_position_and_nothing_else(world: World) -> None:
    change(world, give_role, "clerk", "SO-1", Role.CLERK, "Chuyên viên")
    assert page(world, "clerk").account.bodies[0].title == "Chuyên viên"
    with pytest.raises(Refused):
        change(world, give_role, "clerk", "SO-1", Role.CLERK, "Chuyên viên")
    with pytest.raises(Refused) as unknown:
        change(world, give_role, "clerk", "SO-99", Role.CLERK)
    assert unknown.value.field == "agency"
    with pytest.raises(Refused):
        change(world, give_role, "clerk", "SO-1", Role.AUDITOR)


def test_rights_of_the_instance_and_khoi_change_at_the_next_request(world: World) -> None:
    change(world, change_rights, "clerk", [Role.COORDINATOR], ["dang"])
    assert ("", Role.COORDINATOR) in rights(world, "clerk")
    assert page(world, "clerk").account.kinds == {"dang"}
    change(world, change_rights, "clerk", [], [])
    assert ("", Role.COORDINATOR) not in rights(world, "clerk")
    assert page(world, "clerk").account.kinds == set()
    with pytest.raises(Refused):
        change(world, change_rights, "clerk", [Role.COORDINATOR], ["không có"])
    with pytest.raises(Refused):
        change(world, change_rights, "clerk", [Role.LEADER], [])


def test_one_given_more_than_a_password_may_open_signs_in_anew(world: World) -> None:
    with world.database.writing() as session:
        change_setting(session, "second_factor", "1")
    change(world, change_rights, "clerk", [Role.AUDITOR], [])
    with world.database.reading() as session:
        assert find_signed_in(session, world.known.tokens["clerk"], clock=at(minutes=2)) is None


def test_nobody_touches_their_own_rights_and_so_an_administrator_remains(world: World) -> None:
    for service, values in (
        (disable_account, ()),
        (change_rights, ([], [])),
        (give_role, ("SO-1", Role.CLERK)),
        (take_role, (1, Role.CLERK)),
        (end_sessions, ()),
    ):
        with pytest.raises(Refused):
            change(world, service, "admin", *values)
    assert rights(world, "admin") == {("", Role.ADMINISTRATOR)}


def test_one_who_was_an_administrator_a_moment_ago_changes_nothing_any_more(world: World) -> None:
    other = second_administrator(world)
    acting = replace(world["admin"], account_id=other, login="admin2")
    with world.database.writing() as session:
        disable_account(session, acting, world["admin"].account_id, clock=at(minutes=1))
    with pytest.raises(NotAllowed):  # the one just shut, with the rights its request began with
        change_by_id(world, other)
    with world.database.writing() as session:
        enable_account(session, acting, world["admin"].account_id, clock=at(minutes=2))
        change_rights(session, acting, world["admin"].account_id, [], [], clock=at(minutes=2))
    with pytest.raises(NotAllowed):
        change_by_id(world, other)


def test_of_two_administrators_who_shut_each_other_at_once_one_remains(world: World) -> None:
    other = second_administrator(world)
    both = [(world["admin"], other), (replace(world["admin"], account_id=other), world["admin"].account_id)]
    start, refused = threading.Barrier(2), []

    def work(person: Person, account_id: int) -> None:
        start.wait()
        try:
            with world.database.writing() as session:
                disable_account(session, person, account_id, clock=at(minutes=1))
        except NotAllowed:
            refused.append(account_id)

    threads = [threading.Thread(target=work, args=pair) for pair in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    with world.database.reading() as session:
        rows = [session.get_one(Account, number) for _, number in both]
        assert [row.disabled_at is None for row in rows].count(True) == 1


def change_by_id(world: World, account_id: int) -> None:
    with world.database.writing() as session:
        disable_account(session, world["admin"], account_id, clock=at(minutes=1))


def test_a_shut_account_is_out_at_once_and_says_why(world: World) -> None:
    change(world, disable_account, "clerk")
    with world.database.reading() as session:
        assert find_signed_in(session, world.known.tokens["clerk"], clock=at(minutes=2)) is None
    shut = page(world, "clerk").account
    assert (shut.state, shut.why_shut) == (AccountState.SHUT, "administrator")
    change(world, enable_account, "clerk")
    opened = page(world, "clerk").account
    assert (opened.state, opened.why_shut) == (AccountState.ACTIVE, "")
    with world.database.reading() as session:
        row = session.get(Account, world["clerk"].account_id)
        assert row is not None
        assert row.enabled_at == NOW + timedelta(minutes=1)


def test_details_are_changed_and_the_log_keeps_no_address(world: World) -> None:
    change(world, change_details, "clerk", name=" Đỗ  Thị Ánh ", email="Anh.dt@SNV.example", phone="024 3825 3536")
    found = page(world, "clerk")
    assert (found.account.name, found.account.email, found.account.phone) == (
        "Đỗ Thị Ánh", "Anh.dt@snv.example", "024 3825 3536",
    )  # fmt: skip
    (told,) = events(world, "account_changed")
    assert told["changed"] == ["name", "email", "phone"]
    assert "snv.example" not in str(told)
    assert "3825" not in str(told)
    with world.database.reading() as session:
        assert [one.name for one in list_accounts(session, world["admin"], "do thi anh")] == ["Đỗ Thị Ánh"]
    for field, values in (
        ("name", {"name": "", "email": "", "phone": ""}),
        ("email", {"name": "A", "email": "a@b@c", "phone": ""}),
        ("phone", {"name": "A", "email": "", "phone": "gọi tôi"}),
    ):
        with pytest.raises(Refused) as caught:
            change(world, change_details, "clerk", **values)
        assert caught.value.field == field


def test_ones_own_address_is_not_changed_here_where_no_password_is_asked(world: World) -> None:
    change(world, change_details, "admin", name="Trần Quản Trị", email="", phone="")
    with pytest.raises(Refused) as caught:
        change(world, change_details, "admin", name="Trần Quản Trị", email="a@snv.example", phone="")
    assert caught.value.field == "email"
    assert page(world, "admin").account.email == ""


def listed_as_locked(world: World) -> list[tuple[str, datetime | None]]:
    with world.database.reading() as session:
        found = list_accounts(session, world["admin"], "", AccountFilter(locked=True), clock=at())
    return [(one.login, one.locked_until) for one in found]


def test_a_name_locked_by_wrong_tries_is_listed_as_locked_and_opened_again(world: World) -> None:
    for _ in range(5):
        with world.database.reading() as session:
            checked = check_password(session, "clerk", "sai rồi, sai nữa", clock=at())
        with world.database.writing() as session:
            open_session(session, checked, clock=at())
    assert page(world, "clerk").account.locked_until == NOW + timedelta(minutes=15)
    assert listed_as_locked(world) == [("clerk", NOW + timedelta(minutes=15))]
    assert any(event.kind == "locked_out" for event in page(world, "clerk").history)
    change(world, unlock_account, "clerk")
    assert page(world, "clerk").account.locked_until is None
    assert listed_as_locked(world) == []


def test_sessions_are_seen_and_ended(world: World) -> None:
    assert len(page(world, "clerk").sessions) == 1
    change(world, end_sessions, "clerk")
    assert page(world, "clerk").sessions == ()
    with world.database.reading() as session:
        assert find_signed_in(session, world.known.tokens["clerk"], clock=at(minutes=2)) is None


def test_the_list_is_narrowed_by_role_khoi_and_state(world: World) -> None:
    with world.database.writing() as session:
        create_account(session, login="moi", name="Người mới", password=None, by=world["admin"], clock=at())
        idle = session.get_one(Account, world["third"].account_id)
        idle.disabled_at, idle.disabled_why = NOW, IDLE_ACCOUNT

    def listed(narrow: AccountFilter, **later: float) -> set[str]:
        with world.database.reading() as session:
            return {one.login for one in list_accounts(session, world["admin"], "", narrow, clock=at(**later))}

    assert listed(AccountFilter(role=Role.LEADER)) == {"leader", "other", "third"}
    assert listed(AccountFilter(role=Role.ADMINISTRATOR)) == {"admin"}
    assert listed(AccountFilter(state=AccountState.NEW)) == {"moi"}
    assert listed(AccountFilter(state=AccountState.SHUT)) == {"third"}
    assert listed(AccountFilter(state=AccountState.UNUSED)) == set()
    seen = {"clerk", "clerk2", "leader", "other", "coordinator", "admin"}
    assert listed(AccountFilter(state=AccountState.UNUSED), days=31) == seen
    assert listed(AccountFilter(state=AccountState.ACTIVE), days=31) == seen
    change(world, change_rights, "leader", [Role.COORDINATOR], ["dang"])
    assert listed(AccountFilter(kind="dang")) == {"leader", "coordinator"}  # one of this khối, one of all
    assert listed(AccountFilter(kind="nha_nuoc")) == seen - {"admin"} | {"third"}
    assert listed(AccountFilter(search="nguoi clerk", role=Role.CLERK)) == {"clerk", "clerk2"}


def test_an_account_without_a_password_lets_nobody_in(world: World) -> None:
    with world.database.writing() as session:
        create_account(session, login="moi", name="Người mới", password=None, by=world["admin"], clock=at())
    for tried in ("", " ", PASSWORD, passwords.hashed("")):
        with world.database.reading() as session:
            assert not check_password(session, "moi", tried, clock=at()).matches


def test_every_change_is_one_event_of_an_unbroken_log(world: World) -> None:
    before = len(page(world, "clerk").history)
    change(world, give_role, "clerk", "SO-2", Role.CLERK)
    change(world, change_rights, "clerk", [Role.AUDITOR], [])
    change(world, change_rights, "clerk", [Role.AUDITOR], [])  # nothing changes, nothing is told
    change(world, disable_account, "clerk")
    change(world, disable_account, "clerk")
    change(world, enable_account, "clerk")
    assert len(page(world, "clerk").history) == before + 4
    with world.database.reading() as session:
        assert audit.check_events(session) == ()


@pytest.mark.parametrize("person", ["clerk", "leader", "coordinator"])
def test_only_administrators_see_a_page_of_an_account(world: World, person: str) -> None:
    with world.database.reading() as session:
        with pytest.raises(NotAllowed):
            view_account(session, world[person], world["other"].account_id, clock=at())
        with pytest.raises(NotFound):
            view_account(session, world["admin"], 10**6, clock=at())
