"""Every route × who asks × whose body × state: the table is whole, and it is what the pages do, cell by cell."""

from itertools import product

import pytest
from werkzeug.test import TestResponse

from survey.core.workflow import SubmissionState
from survey.web.access import ROUTES, STATIC, Of
from survey.web.expected import Answer, Target, expected
from tests.faults.disks import ON_DEMAND
from tests.web.access_requests import Ask, asks, rights, send, tokens
from tests.web.access_world import ASKERS, ROUNDS, STATES, Rights
from tests.web.strict_client import check_headers

pytestmark = pytest.mark.long

__all__ = ["rights", "tokens"]

GOOD = {
    Answer.OPEN: {"GET": {200, 302, 303, 304}, "POST": {200, 204, 302, 303, 400, 422}},
    Answer.BLOCKED: {"GET": {409}, "POST": {409}},
    Answer.MISSING: {"GET": {404}, "POST": {404}},
    Answer.SIGN_IN: {"GET": {302}, "POST": {401}},
}
EVERYBODYS = {200, 302, 303, 400, 401, 404, 422}  # of routes without a door: a link or a code may be unknown


def is_as_told(ask: Ask, answer: TestResponse, wanted: frozenset[Answer]) -> bool:
    """Whether the answer is one that the table allows."""
    if ROUTES[ask.endpoint].roles is None:
        return answer.status_code in EVERYBODYS
    good = {status for one in wanted for status in GOOD[one]["GET" if ask.method == "GET" else "POST"]}
    if Answer.OPEN in wanted and not ask.known:
        good |= {404}  # what the address names beside the phiếu is not there
    return answer.status_code in good


def check_cell(ask: Ask, login: str | None, answer: TestResponse, wanted: frozenset[Answer]) -> str:
    """What is wrong with one cell; empty where nothing is."""
    check_headers(answer)
    if login is not None and answer.headers["Cache-Control"] != "no-store":
        return f"{ask.endpoint} {ask.method} for {login} may be kept: {answer.headers['Cache-Control']}"
    if is_as_told(ask, answer, wanted):
        return ""
    return f"{ask.endpoint} {ask.method} {ask.path} for {login}: {answer.status_code}, not {'/'.join(sorted(wanted))}"


def test_every_route_is_in_the_table_and_nothing_else(rights: Rights) -> None:
    assert {rule.endpoint for rule in rights.app.url_map.iter_rules()} == set(ROUTES)


def test_what_changes_something_is_never_done_by_a_link(rights: Rights) -> None:
    steps = {ask.endpoint: ask.method for ask in asks(rights) if ROUTES[ask.endpoint].step is not None}
    assert set(steps.values()) == {"POST"}


@pytest.fixture(scope="module")
def shut(rights: Rights) -> set[tuple[str, str | None]]:
    """(route, login) that the table lets in in no state whatever."""
    targets = [rights.target(*one) for one in product(ROUNDS, STATES)]
    never = {frozenset({Answer.MISSING}), frozenset({Answer.SIGN_IN})}
    return {
        (endpoint, login)
        for endpoint, route in ROUTES.items()
        for login in (None, *ASKERS)
        if {expected(route, rights.people.get(login or ""), target) for target in targets} <= never
    }


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("when", ROUNDS)
def test_every_cell_is_answered_as_the_table_says(
    rights: Rights, tokens: dict[str, str], shut: set[tuple[str, str | None]], when: str, state: SubmissionState
) -> None:
    """Who is shut out in every state is tried once in each round and in each state, with SANSANGSO_FAULTS=1 in all."""
    here = ON_DEMAND or (list(ROUNDS).index(when) - STATES.index(state)) % len(STATES) == 0
    target = rights.put(when, state)
    wrong, cells = [], 0
    for ask in asks(rights):
        if stands_the_same(ask, when, state):
            continue
        for login in (None, *ASKERS):
            if (ask.endpoint, login) in shut and not here:
                continue
            answer = send(rights, login, ask.method, ask.path, **ask.content(tokens.get(login or "", "")))
            wanted = expected(ROUTES[ask.endpoint], rights.people.get(login or ""), target)
            wrong.append(check_cell(ask, login, answer, wanted))
            cells += 1
    assert cells >= 200
    assert [fault for fault in wrong if fault] == []


def stands_the_same(ask: Ask, when: str, state: SubmissionState) -> bool:
    """Pages that are nothing of a round or a phiếu are the same whatever becomes of it: they are asked for once."""
    return ROUTES[ask.endpoint].of is Of.NOTHING and not (when == "open" and state is SubmissionState.SENT)


@pytest.mark.parametrize("login", ASKERS)
def test_a_form_without_the_token_of_its_session_goes_nowhere(rights: Rights, login: str) -> None:
    target = rights.put("open", SubmissionState.FILLING)
    for ask in asks(rights):
        if ask.method == "GET" or ROUTES[ask.endpoint].roles is None:
            continue
        answer = send(rights, login, ask.method, ask.path, **ask.content("0" * 64))
        closed = Answer.MISSING in expected(ROUTES[ask.endpoint], rights.people[login], target)
        assert answer.status_code in ({400, 404} if closed else {400}), ask


def test_the_table_names_no_static_file() -> None:
    assert set(ROUTES) >= STATIC
    assert isinstance(expected(ROUTES["static"], None, Target(0, "")), frozenset)
