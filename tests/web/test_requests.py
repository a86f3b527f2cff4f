"""The coordinator's answers to requests of "không áp dụng": page by page, a faulty answer kept where it was typed."""

from __future__ import annotations

import pytest

from survey.core.workflow import Role
from survey.services.people import Body, Person
from survey.services.published import published
from survey.services.request_kad import request_kad
from survey.storage.submission_rows import rows_of_round
from tests.web.conftest import Site
from tests.web.strict_client import Form, Page, text_of

PATH = "/dot/2026/khong-ap-dung"
REASON = "Phường không được giao nhiệm vụ này trong năm."


@pytest.fixture
def asked(site: Site) -> list[tuple[int, str]]:
    """The 23 requests of all bodies: phiếu and indicator."""
    made: list[tuple[int, str]] = []
    with site.database.writing() as session:
        for row in rows_of_round(session, 1):
            body = Body(row.agency_id, row.agency_code, row.agency_name, frozenset({Role.CLERK}))
            clerk = Person(1, "nhap", "Cán bộ nhap", bodies=(body,))
            every = published(session, row.version_id, row.sha256).indicators
            codes = [one.code for one in every if one.may_request_kad and one.provided_by is None]
            for code in codes[: 23 - len(made)]:
                request_kad(session, clerk, row.id, code, REASON)
                made.append((row.id, code))
    assert len(made) == 23
    return made


def answers(page: Page) -> list[Form]:
    """The forms that answer a request."""
    return [form for form in page.forms() if "/khong-ap-dung/" in form.action]


def place(form: Form) -> tuple[int, str]:
    """The phiếu and the indicator that a form answers."""
    parts = form.action.split("?")[0].split("/")
    return int(parts[4]), parts[6]


def test_requests_that_wait_come_twenty_to_a_page(site: Site, asked: list[tuple[int, str]]) -> None:
    client = site.client("tonghop")
    first, second = client.page(PATH), client.page(PATH, query_string={"trang": "2"})
    assert len(answers(first)) == 20
    assert len(answers(second)) == 3
    assert {place(form) for form in answers(first) + answers(second)} == set(asked)
    assert "Đang chờ trả lời (23)" in first.text


def test_what_is_answered_stands_in_a_list_of_its_own(site: Site, asked: list[tuple[int, str]]) -> None:
    client = site.client("tonghop")
    form = answers(client.page(PATH, query_string={"trang": "2"}))[0]
    done = Page(client.send(form, decision="approve"))
    assert done.response.request.path == PATH
    assert done.response.request.args["trang"] == "2"
    assert len(answers(done)) == 2
    other = client.page(done.links()["Đã trả lời (1)"])
    assert answers(other) == []
    assert [text_of(title).split()[0] for title in other.all("h2")] == [place(form)[1]]
    assert "Đã chấp nhận" in other.text


def test_a_refusal_without_reason_comes_back_on_its_own_page_with_what_was_typed(
    site: Site, asked: list[tuple[int, str]]
) -> None:
    client = site.client("tonghop")
    form = answers(client.page(PATH, query_string={"trang": "2"}))[1]
    form.action = form.action.split("?")[0]  # as from an address without its page
    answer = client.send(form, decision="refuse", reason="ngắn")
    assert answer.status_code == 422
    page = Page(answer)
    assert len(answers(page)) == 3
    leads_to = next(a.get("href", "") for a in page.by_id("loi").iter("a"))
    field = page.by_id(leads_to[1:])
    assert (field.text or "").strip() == "ngắn"
    assert field.get("aria-invalid") == "true"


def test_a_faulty_answer_to_what_is_answered_already_leads_to_no_field(
    site: Site, asked: list[tuple[int, str]]
) -> None:
    client = site.client("tonghop")
    form = answers(client.page(PATH))[0]
    client.send(form, decision="approve")
    answer = client.send(form, decision="refuse", reason="ngắn")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("query", [{"trang": "99"}, {"trang": "x"}, {"xem": "?"}, {"xem": "da-tra-loi"}])
def test_an_odd_page_is_no_fault(site: Site, asked: list[tuple[int, str]], query: dict[str, str]) -> None:
    site.client("tonghop").page(PATH, query_string=query)
