"""An address and a well-meant content for every route, also for one that has been added since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse

from survey.web.access import ROUTES, STATIC, Of
from tests.web.access_world import ASKERS, GIVEN, KAD, OWN, Rights, build

REASON = "Chỉ số 1.2 ghi nhầm số người được tập huấn."
CONTENT: dict[str, dict[str, str]] = {  # what makes a form one that could be taken; others are sent empty
    "agency.send_group": {"do": "save", "a.2.3": "9", "s.2.3": "1:4"},
    "agency.take_value": {"key": "note:2.3", "event": "1", "seen": "0"},
    "agency.present": {"missing_confirmed": "1"},
    "agency.change_document": {
        "e.number": "13/QĐ-SYT",
        "e.summary": "Quyết định mới",
        "seen": "1",
        "e.not_secret": "1",
    },
    "leader.give_back": {"reason": REASON},
    "coordinator.give_back": {"reason": REASON},
    "coordinator.decide": {"decision": "approve"},
}
SAVED = {"changes": [{"key": "2.3", "typed": "9", "seen": 1}]}
JSON = {"agency.save": SAVED}
NEVER, NOBODYS = 999_999, "nobody's"  # the number of nothing, and whose it is


@dataclass(frozen=True)
class Ask:
    """One route by one method, as a person would use it."""

    rights: Rights = field(repr=False)

    endpoint: str
    method: str
    path: str
    known: bool  # whether everything that the address names is there

    def content(self, token: str) -> dict[str, Any]:
        """What is sent: with the token of the session, as a form or as the page's script would."""
        if self.method == "GET":
            return {}
        if self.endpoint in JSON:
            return {"json": JSON[self.endpoint], "headers": {"X-CSRF-Token": token, "Accept": "text/html"}}
        seen = {"seen": self.rights.signed} if self.endpoint == "leader.send" else {}
        return {"data": {"csrf_token": token, **CONTENT.get(self.endpoint, {}), **seen}}


def asks(rights: Rights, agency: str = OWN) -> list[Ask]:
    """Every rule of every route by each of its methods, about this body's phiếu as far as it is about one."""
    made = []
    for rule in rights.app.url_map.iter_rules():
        if rule.endpoint in STATIC:
            continue
        for method in sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"}):
            path, known = address(rights, rule, agency)
            made.append(Ask(rights, rule.endpoint, method, path, known))
    return made


def address(rights: Rights, rule: Rule, agency: str = OWN) -> tuple[str, bool]:
    """An address of the rule, and whether it names only things that are there."""
    named = _named(rights, rule.endpoint, agency)
    values: dict[str, object] = {}
    known = True
    for name in rule.arguments:
        words = getattr(rule._converters.get(name), "items", None)
        if words:
            values[name] = sorted(words)[0]
        elif name in named:
            values[name] = named[name]
        elif name in (rule.defaults or {}):
            values[name] = (rule.defaults or {})[name]
        else:
            values[name] = 1 if isinstance(rule._converters.get(name), IntegerConverter) else "x"
            known = False
    with rights.app.test_request_context():
        return rights.app.url_map.bind("localhost").build(rule.endpoint, values), known


def _named(rights: Rights, endpoint: str, agency: str) -> dict[str, object]:
    """What the arguments of an address stand for; by the table, so that a new line of it is enough."""
    access = ROUTES.get(endpoint)
    of = access.of if access is not None else Of.NOTHING
    named: dict[str, object] = {"round": "2026"}
    if of is Of.SUBMISSION:
        named |= {"number": rights.submissions.get(agency, NEVER), "document": rights.document, "indicator": KAD}
        named["figure"] = GIVEN
    if of in (Of.SUBMISSION, Of.ROUND, Of.COHORT):
        cohort = "khong-co" if agency == NOBODYS else "so-nganh"
        named |= {"code": "2026", "cohort": cohort, "name": "levels"}
    if of in (Of.DUTY, Of.GIVEN):
        named |= {"code": "2026", "questionnaire": "mau", "number": rights.submissions.get(agency, NEVER)}
    if of is Of.BODY:
        named |= {"code": agency}
    if endpoint == "method.of_version":
        named |= {"name": "mau", "version": "1"}
    if endpoint == "agency.evidence_file":
        named["file"] = rights.file
    if endpoint in ("agency.group", "agency.send_group"):
        named["code"] = "2.A"
    if endpoint in ("agency.indicator", "agency.answer_history", "agency.take_value"):
        named["code"] = KAD
    if endpoint in ("admin.disable", "admin.enable"):
        named["number"] = rights.accounts["neighbour"]
    return named


@pytest.fixture(scope="module")
def rights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rights]:
    """The instance of all askers; no request changes it."""
    made = build(tmp_path_factory.mktemp("rights"))
    yield made
    made.database.close()
    made.app.extensions["instance"].database.close()


@pytest.fixture(scope="module")
def tokens(rights: Rights) -> dict[str, str]:
    """The form token of everybody's session."""
    return {login: str((send(rights, login, "GET", "/phien").json or {})["csrf"]) for login in ASKERS}


def send(rights: Rights, login: str | None, method: str, path: str, **content: Any) -> TestResponse:
    """One request in this person's session, which no answer can change."""
    client = rights.app.test_client(use_cookies=False)
    headers = dict(content.pop("headers", {}))
    if login is not None:
        headers["Cookie"] = f"phien={rights.cookies[login]}"
    return client.open(path, method=method, headers=headers, buffered=True, **content)
