"""Every route × who asks: the table is whole, it is what the code does, and foreign is as missing as nothing."""

from typing import Any

import pytest
from werkzeug.routing import Rule

from survey.core.workflow import Role
from survey.web.access import ROUTES, STATIC
from tests.web.conftest import DEPARTMENT, WARD, Site

ASKING = {
    "nobody": (None, frozenset()),
    "clerk": ("nhap", frozenset({Role.CLERK})),
    "leader": ("duyet", frozenset({Role.LEADER})),
    "coordinator": ("tonghop", frozenset({Role.COORDINATOR})),
    "administrator": ("quantri", frozenset({Role.ADMINISTRATOR})),
}
OTHER = {"code": "2", "document": 10**9}


def routes(site: Site) -> list[tuple[Rule, str]]:
    """Every rule with each of its methods."""
    rules = [rule for rule in site.app.url_map.iter_rules() if rule.endpoint not in STATIC]
    return [(rule, method) for rule in rules for method in sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"})]


def address(site: Site, rule: Rule, agency: str) -> str:
    """An address of the rule that is about this agency's phiếu, as far as it is about one."""
    known: dict[str, object] = {**OTHER, "number": site.submissions[agency]}
    if rule.endpoint.startswith(("coordinator.", "admin.")):
        known["code"] = "2026"
    with site.app.test_request_context():
        adapter = site.app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, {name: _value(rule, name, known) for name in rule.arguments})


def _value(rule: Rule, name: str, known: dict[str, object]) -> object:
    """Something that the route takes at `name`: what is known, the first of a list of words, or 1."""
    words = getattr(rule._converters.get(name), "items", None)
    return sorted(words)[0] if words else known.get(name, (rule.defaults or {}).get(name, 1))


def test_every_route_is_in_the_table_and_nothing_else(site: Site) -> None:
    assert {rule.endpoint for rule in site.app.url_map.iter_rules()} == set(ROUTES)


@pytest.mark.parametrize("asking", ASKING)
def test_a_route_answers_those_whom_the_table_names_and_nobody_else(site: Site, asking: str) -> None:
    login, roles = ASKING[asking]
    wrong = []
    for rule, method in routes(site):
        allowed = ROUTES[rule.endpoint].roles
        client = site.client(login) if login else site.anonymous()
        answer = client.open(address(site, rule, WARD), method=method)
        if allowed is None:
            expected = answer.status_code in (200, 302, 400)
        elif login is None:
            sent = answer.status_code == 302 and answer.headers["Location"].startswith("/dang-nhap")
            expected = sent if method == "GET" else answer.status_code == 401
        elif allowed & roles:  # a POST without its token goes no further than 400
            expected = answer.status_code in (200, 302, 404, 500) if method == "GET" else answer.status_code == 400
        else:
            expected = answer.status_code == 404
        if not expected:
            wrong.append((rule.endpoint, method, answer.status_code))
    assert not wrong


def test_a_foreign_phieu_is_as_missing_as_none(site: Site) -> None:
    client = site.client("nhap")
    for rule, method in routes(site):
        if "number" not in rule.arguments or Role.CLERK not in (ROUTES[rule.endpoint].roles or ()):
            continue
        token = client.page(site.ward).form("/dang-xuat").fields["csrf_token"][0]
        theirs = address(site, rule, DEPARTMENT)
        nobodys = theirs.replace(f"/phieu/{site.submissions[DEPARTMENT]}", "/phieu/999999")
        foreign, none = (client.open(path, method=method, **content(rule, token)) for path in (theirs, nobodys))
        assert (foreign.status_code, none.status_code) == (404, 404), rule.endpoint
        assert foreign.text.replace(theirs, "") == none.text.replace(nobodys, ""), rule.endpoint


def content(rule: Rule, token: str) -> dict[str, Any]:
    """What a well-meant request of the route holds."""
    if rule.endpoint == "agency.save":
        changes = {"changes": [{"key": "1.4", "typed": "yes", "seen": 0}]}
        return {"json": changes, "headers": {"X-CSRF-Token": token, "Accept": "text/html"}}
    return {"data": {"csrf_token": token, "do": "save"}}


def test_fields_that_nobody_asked_for_change_nothing(site: Site) -> None:
    client = site.client("nhap")
    form = next(f for f in client.page(f"{site.ward}/muc/2").forms() if f.action.endswith("/muc/2"))
    answer = client.send(form, state="sent", agency_id="1", points="99", **{"a.1.1.a": "5", "s.1.1.a": "0:"})
    assert answer.status_code == 200
    assert "Chưa bắt đầu" in client.page(site.ward).text
    assert client.page(f"{site.ward}/lich-su").text.count("lưu số liệu") == 0
