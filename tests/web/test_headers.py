"""Headers and cookies: the strict client checks every answer of every test; here are the rest of the promises."""

import pytest

from tests.web.conftest import PASSWORD, Site, sign_in
from tests.web.strict_client import Page


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
