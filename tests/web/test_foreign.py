"""Another body's phiếu is as missing as none: the same 404, letter by letter, for the same number of statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from survey.core.workflow import SubmissionState
from survey.web.access import ROUTES, Of, may_open
from survey.web.expected import reaches
from tests.web.access_requests import NEVER, NOBODYS, Ask, asks, rights, send, tokens
from tests.web.access_world import ASKERS, OWN, Rights
from tests.web.conftest import Site

__all__ = ["rights", "tokens"]

OF_THE_MOMENT = ("Date", "Content-Length", "X-Request-Id")


@contextmanager
def counted(rights: Rights) -> Iterator[list[str]]:
    """The statements that the application sends meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    engine = rights.app.extensions["instance"].database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def answered(rights: Rights, login: str, ask: Ask, token: str) -> tuple[int, str, list[tuple[str, str]], list[str]]:
    """Status, page and headers without the address that was asked for, and the statements it took."""
    with counted(rights) as statements:
        answer = send(rights, login, ask.method, ask.path, **ask.content(token))
    page = answer.get_data(as_text=True).replace(ask.path, "")
    headers = [(name, value) for name, value in answer.headers if name not in OF_THE_MOMENT]
    return answer.status_code, page, headers, statements


@pytest.mark.parametrize("state", [SubmissionState.FILLING, SubmissionState.SENT])
@pytest.mark.parametrize("login", ASKERS)
def test_foreign_is_missing_by_every_letter_and_every_statement(
    rights: Rights, tokens: dict[str, str], login: str, state: SubmissionState
) -> None:
    target, person = rights.put("open", state), rights.people[login]
    send(rights, login, "GET", "/huong-dan")  # what is read once for all has been read
    pairs = zip(asks(rights, OWN), asks(rights, NOBODYS), strict=True)
    compared = 0
    for foreign, none in pairs:
        access = ROUTES[foreign.endpoint]
        if access.of not in (Of.SUBMISSION, Of.COHORT) or access.roles is None or reaches(access.of, person, target):
            continue
        here, there = (answered(rights, login, one, tokens[login]) for one in (foreign, none))
        assert here[0] == there[0] == 404, foreign
        assert here[1:3] == there[1:3], foreign
        assert here[3] == there[3], foreign
        compared += may_open(access.roles, person)
    if login in ("neighbour", "party"):
        assert compared >= 20
    elif login == "coordinator_of_another_khoi":
        assert compared >= 3


@pytest.mark.parametrize("login", ["coordinator_of_another_khoi", "coordinator_of_totals"])
@pytest.mark.parametrize("room", ["xep-hang", "bieu-do"])
def test_the_results_of_a_foreign_cohort_are_as_missing_as_those_of_none(rights: Rights, login: str, room: str) -> None:
    rights.put("open", SubmissionState.SENT)
    foreign, none = (send(rights, login, "GET", f"/dot/2026/{room}?nhom={code}") for code in ("so-nganh", "khong-co"))
    assert (foreign.status_code, none.status_code) == (404, 404)
    assert foreign.text.replace("so-nganh", "") == none.text.replace("khong-co", "")


def test_a_phieu_of_another_round_is_not_shown_under_this_one(rights: Rights) -> None:
    rights.put("open", SubmissionState.SENT)
    known = send(rights, "coordinator", "GET", f"/dot/2026/phieu/{rights.submissions[OWN]}")
    assert known.status_code == 200
    for path in (f"/dot/2031/phieu/{rights.submissions[OWN]}", f"/dot/2026/phieu/{NEVER}"):
        assert send(rights, "coordinator", "GET", path).status_code == 404


def test_fields_that_nobody_asked_for_change_nothing(site: Site) -> None:
    client = site.client("nhap")
    form = next(f for f in client.page(f"{site.ward}/muc/2").forms() if f.action.endswith("/muc/2"))
    answer = client.send(form, state="sent", agency_id="1", points="99", **{"a.1.1.a": "5", "s.1.1.a": "0:"})
    assert answer.status_code == 200
    assert "Chưa bắt đầu" in client.page(site.ward).text
    assert client.page(f"{site.ward}/lich-su").text.count("lưu số liệu") == 0
