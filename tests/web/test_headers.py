"""Headers and cookies: the strict client checks every answer of every test; here are the rest of the promises."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from survey.services.instance import DatabaseBusy
from tests.web.conftest import PASSWORD, Site, sign_in
from tests.web.strict_client import Page, check_headers


@pytest.mark.parametrize(
    "path", ["/", "/dang-nhap", "/huong-dan", "/healthz", "/khong-co", "/static/app.css", "/static/none.css", "/phien"]
)
def test_every_answer_has_its_headers(site: Site, path: str) -> None:
    site.anonymous().get(path)  # checked by the client


def test_signed_in_pages_are_never_kept(site: Site) -> None:
    answer = site.client("nhap").get(site.ward)
    assert answer.headers["Cache-Control"] == "no-store"


def test_files_whose_address_carries_their_hash_may_be_kept(site: Site) -> None:
    page = site.anonymous().page("/")
    style = next(e.get("href", "") for e in page.all("link") if "app.css" in e.get("href", ""))
    assert "immutable" in site.anonymous().get(style).headers["Cache-Control"]
    assert site.anonymous().get("/static/app.css").headers["Cache-Control"] == "no-cache"


def test_every_file_that_a_page_names_is_there(site: Site) -> None:
    client = site.client("nhap")
    page = client.page(f"{site.ward}/muc/2")
    named = [e.get("href", "") for e in page.all("link")] + [e.get("src", "") for e in page.all("script")]
    assert len(named) >= 5
    assert [path for path in named if client.get(path).status_code != 200] == []


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    answer = sign_in(site.anonymous(), "nhap")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("phien="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_https_cookies_never_travel_in_the_clear(site: Site) -> None:
    client, secure = site.anonymous(), "https://localhost"
    form = Page(client.get("/dang-nhap", base_url=secure)).form("/dang-nhap")
    data = {**form.fields, "login": "nhap", "password": PASSWORD}
    answer = client.post("/dang-nhap?lang=en", base_url=secure, data=data)
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2  # session and language
    assert all("Secure" in cookie for cookie in cookies)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_healthz_says_ok_and_the_version(site: Site) -> None:
    answer = site.anonymous().get("/healthz")
    assert answer.json is not None
    assert answer.json["status"] == "ok"


def failing(error: Exception) -> Callable[..., None]:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    return fail


def test_every_error_has_its_headers_and_is_never_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client, anonymous = site.client("nhap"), site.anonymous()
    bare = FlaskClient(site.app, site.app.response_class)  # its page is too plain for the strict one
    phieu = site.ward
    token = client.page(phieu).form("/dang-xuat").fields["csrf_token"]
    answers = [
        client.post(f"{phieu}/trinh-duyet", data={}),
        anonymous.post(f"{phieu}/trinh-duyet", data={}),
        client.get("/khong-co"),
        client.get("/dot/2026"),
        client.put(phieu),
        client.post(f"{phieu}/lay-lai", data={"csrf_token": token}),
        client.post(f"{phieu}/muc/2", data={"n.2.1": "x" * (13 * 2**20)}),
        client.post(f"{phieu}/trinh-duyet", data={"csrf_token": token}),
        *(sign_in(anonymous, "nhap2", "sai") for _ in range(6)),
    ]
    with monkeypatch.context() as patched:
        patched.setattr("survey.web.agency.pages.read_submission", failing(ZeroDivisionError()))
        answers.append(client.get(phieu))
    with monkeypatch.context() as patched:
        patched.setattr("survey.web.session.reading", failing(DatabaseBusy()))
        answers.append(client.get(phieu))
    with monkeypatch.context() as patched:  # the page of the error cannot be made either
        patched.setattr("survey.web.errors.render_template", failing(ZeroDivisionError()))
        answers.append(bare.get("/khong-co"))
    for answer in answers:
        check_headers(answer)
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) >= {400, 401, 404, 405, 409, 413, 422, 429, 500, 503}
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert "Allow" in answers[4].headers


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("path", ["/phieu", "/phieu/", "/phieu/1", "/", "/tong-hop", "/dang-nhap", "/khong-co"])
@pytest.mark.parametrize("login", [None, "nhap", "tonghop"])
def test_redirects_and_bare_answers_have_their_headers(site: Site, login: str | None, path: str, method: str) -> None:
    cookie = site.client(login).get_cookie("phien") if login else None
    client = FlaskClient(site.app, site.app.response_class, use_cookies=False)
    sent = {"Cookie": f"phien={cookie.value}"} if cookie else {}
    answer = client.open(path, method=method, headers=sent)
    check_headers(answer)
    assert answer.status_code in ({200, 302, 308, 404} | ({401} if method == "OPTIONS" else set()))
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/dot/2026/tong-hop.xlsx", "/dot/2026/ket-qua.result.json", "/nhat-ky.csv"])
def test_a_download_has_its_headers_and_is_never_kept(site: Site, path: str) -> None:
    client = site.client("tonghop")
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_file_that_has_not_changed_is_answered_with_its_headers(site: Site) -> None:
    client = site.anonymous()
    first = client.get("/static/app.css")
    again = client.get("/static/app.css", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304  # checked by the client
