"""Accounts: one a person, checked when made, seen and changed by administrators."""

import pytest

from survey.core.workflow import Role
from survey.services.create_account import (
    Serves,
    create_account,
    disable_account,
    enable_account,
    list_accounts,
    set_password,
)
from survey.services.errors import NotAllowed, NotFound, Refused
from tests.services.world import PASSWORD, World, at

GOOD = {"login": "nguyen.van.a", "name": "Nguyễn Văn A", "password": PASSWORD}


def make(world: World, **values: object) -> int:
    with world.database.writing() as session:
        return create_account(session, **(GOOD | values), by=world["admin"], clock=at())  # type: ignore[arg-type]


def test_an_account_is_made_with_its_bodies(world: World) -> None:
    serves = [Serves("SO-1", Role.LEADER, "Phó Giám đốc"), Serves("SO-1", Role.CLERK), Serves("P-1", Role.CLERK)]
    account = make(world, serves=serves)
    with world.database.reading() as session:
        found = next(view for view in list_accounts(session, world["admin"]) if view.account_id == account)
    assert [(body.code, body.title) for body in found.bodies] == [("SO-1", "Phó Giám đốc"), ("P-1", "")]
    assert found.bodies[0].roles == {Role.LEADER, Role.CLERK}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"login": "CLERK"}, "login"),
        ({"login": "a b"}, "login"),
        ({"login": "ấ"}, "login"),
        ({"login": "x"}, "login"),
        ({"name": "  "}, "name"),
        ({"name": "a" * 101}, "name"),
        ({"password": "ngắn"}, "password"),
        ({"password": "a" * 201}, "password"),
        ({"roles": [Role.CLERK]}, "roles"),
        ({"serves": [Serves("SO-99", Role.CLERK)]}, "serves"),
        ({"serves": [Serves("SO-1", Role.ADMINISTRATOR)]}, "serves"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_made(world: World, values: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as caught:
        make(world, **values)
    assert caught.value.field == field
    assert caught.value.sentence("en")
    with world.database.reading() as session:
        assert len(list_accounts(session, world["admin"])) == 7


def test_accounts_are_found_without_dau_by_name_login_and_body(world: World) -> None:
    make(world, name="Đỗ Thị Ánh", serves=[Serves("SO-3", Role.CLERK)])
    with world.database.reading() as session:
        by_name = list_accounts(session, world["admin"], "do thi")
        by_body = list_accounts(session, world["admin"], "tai chinh")
        none = list_accounts(session, world["admin"], "100%")
    assert [view.name for view in by_name] == ["Đỗ Thị Ánh"]
    assert [view.login for view in by_body] == ["nguyen.van.a", "third"]
    assert none == ()


@pytest.mark.parametrize("person", ["clerk", "leader", "coordinator"])
def test_only_administrators_see_and_change_accounts(world: World, person: str) -> None:
    someone = world["other"].account_id
    with world.database.writing() as session:
        with pytest.raises(NotAllowed):
            list_accounts(session, world[person])
        with pytest.raises(NotAllowed):
            create_account(session, **GOOD, by=world[person])
        with pytest.raises(NotAllowed):
            disable_account(session, world[person], someone)
        with pytest.raises(NotAllowed):
            enable_account(session, world[person], someone)
        with pytest.raises(NotAllowed):
            set_password(session, world[person], someone, PASSWORD)


def test_nobody_disables_their_own_account(world: World) -> None:
    with world.database.writing() as session:
        with pytest.raises(Refused):
            disable_account(session, world["admin"], world["admin"].account_id)
        with pytest.raises(NotFound):
            disable_account(session, world["admin"], 10_000)
