"""The second factor on its pages: nothing else is seen before it, and the session changes with it."""

import re
import time

import pyotp
import pytest
from werkzeug.routing import Rule

from survey.services.instance import change_setting
from survey.web.access import ROUTES, STATIC
from survey.web.auth.browsers import describe
from tests.web.conftest import PASSWORD, Site, sign_in
from tests.web.strict_client import Page, StrictClient

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"
OPEN_TO_ALL = {"auth.session_state", "public.healthz", "metrics.show"}  # asked by programs, where one is nobody


def require(site: Site) -> None:
    with site.database.writing() as session:
        change_setting(session, "second_factor", "1")


def app_of(page: Page) -> pyotp.TOTP:
    """The authenticator app after the key was typed by hand."""
    key = re.search(r'class="secret">([A-Z2-7 ]+)<', page.html)
    assert key is not None
    return pyotp.TOTP(key[1].replace(" ", ""))


def enrolled(site: Site, login: str = "tonghop") -> tuple[StrictClient, pyotp.TOTP, list[str]]:
    """A browser that has just set up the second factor it cannot do without, the app and the recovery codes."""
    require(site)
    client = site.anonymous()
    answer = sign_in(client, login)
    assert answer.headers["Location"].startswith("/dang-nhap/thiet-lap")
    page = client.page("/dang-nhap/thiet-lap")
    app = app_of(page)
    done = Page(client.send(page.form("/dang-nhap/thiet-lap"), code=app.at(time.time() - 30)))
    return client, app, re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", done.html)


def halfway(site: Site, login: str = "tonghop") -> StrictClient:
    client = site.anonymous()
    answer = sign_in(client, login)
    assert answer.headers["Location"] == "/dang-nhap/ma"
    return client


def cookie(client: StrictClient) -> str:
    found = client.get_cookie("phien")
    assert found is not None
    return str(found.value)


def test_a_coordinator_sets_it_up_at_the_first_sign_in_and_is_in(site: Site) -> None:
    client, _, codes = enrolled(site)
    assert len(set(codes)) == 10
    assert client.get("/tong-hop").status_code in (200, 302)
    assert "Đang bật" in client.page("/tai-khoan").text


def test_recovery_codes_are_shown_once(site: Site) -> None:
    client, _, codes = enrolled(site)
    assert codes[0] not in client.page("/tai-khoan").html
    assert client.get("/dang-nhap/thiet-lap").status_code == 404


def test_the_session_changes_at_sign_in_and_again_with_the_code(site: Site) -> None:
    _, app, _ = enrolled(site)
    client = halfway(site)
    before = cookie(client)
    answer = client.send(client.page("/dang-nhap/ma").form("/dang-nhap/ma"), code=app.now(), follow=False)
    assert answer.status_code == 302
    assert cookie(client) != before
    old = site.anonymous()
    old.set_cookie("phien", before)
    assert old.get("/tai-khoan").headers["Location"].startswith("/dang-nhap?")


def test_a_form_of_before_the_code_is_of_no_use_after_it(site: Site) -> None:
    _, app, _ = enrolled(site)
    client = halfway(site)
    form = client.page("/dang-nhap/ma").form("/dang-xuat")
    client.send(client.page("/dang-nhap/ma").form("/dang-nhap/ma"), code=app.now(), follow=False)
    assert client.send(form).status_code == 400
    assert client.page("/tai-khoan").h1 == "Tài khoản của tôi"


def test_a_code_works_once_and_one_goes_on_to_the_page_one_asked_for(site: Site) -> None:
    _, app, _ = enrolled(site)
    code = app.now()
    one, two = site.anonymous(), halfway(site)
    asked = one.get("/tai-khoan?lang=vi").headers["Location"]
    sent = one.send(one.page(asked).form("/dang-nhap"), login="tonghop", password=PASSWORD, follow=False)
    answer = one.send(one.page(sent.headers["Location"]).form("/dang-nhap/ma"), code=code, follow=False)
    assert answer.headers["Location"] == "/tai-khoan?lang=vi"
    again = two.send(two.page("/dang-nhap/ma").form("/dang-nhap/ma"), code=code)
    assert again.status_code == 422
    assert "Mã không đúng hoặc đã dùng" in again.text


@pytest.mark.parametrize("elsewhere", ["https://example.test/", "//example.test/", "/\\example.test"])
def test_nobody_is_sent_to_another_site(site: Site, elsewhere: str) -> None:
    _, app, _ = enrolled(site)
    client = halfway(site)
    form = client.page("/dang-nhap/ma").form("/dang-nhap/ma")
    assert client.send(form, code=app.now(), tiep=elsewhere, follow=False).headers["Location"] == "/"


def test_a_recovery_code_opens_and_the_page_counts_those_left(site: Site) -> None:
    _, _, codes = enrolled(site)
    client = halfway(site)
    client.send(client.page("/dang-nhap/ma").form("/dang-nhap/ma"), code=codes[0].lower())
    assert "Còn 9 mã dự phòng dùng được." in client.page("/tai-khoan").text


def test_five_wrong_codes_lock_the_name(site: Site) -> None:
    enrolled(site)
    client = halfway(site)
    form = client.page("/dang-nhap/ma").form("/dang-nhap/ma")
    assert [client.send(form, code="000000").status_code for _ in range(6)] == [422] * 4 + [429] * 2
    assert sign_in(site.anonymous(), "tonghop").status_code == 429


@pytest.mark.parametrize("stage", ["code", "enrol"])
def test_one_halfway_sees_nothing_but_the_own_step_and_the_way_out(site: Site, stage: str) -> None:
    if stage == "code":
        enrolled(site)
    require(site)
    client = site.anonymous()
    sign_in(client, "tonghop")
    step = {"code": "/dang-nhap/ma", "enrol": "/dang-nhap/thiet-lap"}[stage]
    token = client.page(step).form("/dang-xuat").fields["csrf_token"][0]
    seen = []
    for rule in site.app.url_map.iter_rules():
        if rule.endpoint in STATIC | OPEN_TO_ALL | {"auth.sign_out", f"auth.{stage}"}:
            continue
        with site.app.test_request_context():
            values = {name: _value(rule, name) for name in rule.arguments}
            path = site.app.url_map.bind("localhost").build(rule.endpoint, values)
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"}):
            answer = client.open(path, method=method, data={"csrf_token": token})
            to_step = answer.status_code == 302 and answer.headers["Location"] == step
            refused = method != "GET" and answer.status_code == 401
            if not (to_step or refused):
                seen.append((rule.endpoint, method, answer.status_code))
    assert seen == []
    assert client.get("/phien").json == {"signed_in": False}
    assert len(ROUTES) > 50


def _value(rule: Rule, name: str) -> object:
    """Something that the route takes at `name`."""
    words = getattr(rule._converters.get(name), "items", None)
    return sorted(words)[0] if words else (rule.defaults or {}).get(name, 1)


def test_the_way_out_ends_the_waiting_session(site: Site) -> None:
    enrolled(site)
    client = halfway(site)
    page = client.page("/dang-nhap/ma")
    assert "Trợ giúp" not in [words for words in page.links() if "/tro-giup" not in page.links()[words]]
    value = cookie(client)
    assert client.send(page.form("/dang-xuat"), follow=False).headers["Location"] == "/dang-nhap"
    client.set_cookie("phien", value)
    assert client.get("/dang-nhap/ma").headers["Location"].startswith("/dang-nhap?")


def test_a_clerk_turns_it_on_and_off_with_the_password(site: Site) -> None:
    client = site.client("nhap2", again=True)
    page = client.page("/tai-khoan/xac-thuc")
    app, form = app_of(page), page.form("/tai-khoan/xac-thuc")
    assert client.send(form, code=app.now(), password="sai").status_code == 422
    assert client.send(form, code="000000", password=PASSWORD).status_code == 422
    assert "Mã dự phòng" in client.send(form, code=app.now(), password=PASSWORD).text
    assert client.page("/tai-khoan/xac-thuc").h1 == "Tài khoản của tôi"
    off = client.page("/tai-khoan").form("/ma-du-phong")
    assert client.send(off, "Tắt xác thực hai lớp", factor_password="sai").status_code == 422
    done = client.send(off, "Tắt xác thực hai lớp", factor_password=PASSWORD)
    assert "Đã tắt xác thực hai lớp." in done.text
    assert sign_in(site.anonymous(), "nhap2").headers["Location"] != "/dang-nhap/ma"


def test_where_it_is_required_it_cannot_be_turned_off(site: Site) -> None:
    client, _, _ = enrolled(site)
    page = client.page("/tai-khoan")
    assert "Tắt xác thực hai lớp" not in page.text
    form = page.form("/ma-du-phong")
    data = {**form.fields, "factor_password": PASSWORD}
    answer = client.post("/tai-khoan/xac-thuc/tat", data=data)
    assert answer.status_code == 422
    assert "bắt buộc" in answer.text


def test_new_recovery_codes_are_made_with_the_password(site: Site) -> None:
    client, _, codes = enrolled(site)
    form = client.page("/tai-khoan").form("/ma-du-phong")
    assert client.send(form, factor_password="sai").status_code == 422
    page = client.send(form, factor_password=PASSWORD)
    new = set(re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", page.text))
    assert len(new) == 10
    assert not new & set(codes)


def test_the_picture_holds_what_the_app_needs_and_nothing_is_inline(site: Site) -> None:
    require(site)
    client = site.anonymous()
    sign_in(client, "quantri")
    page = client.page("/dang-nhap/thiet-lap")  # the strict client refuses styles and scripts in the page
    assert [e.get("src", "")[:19] for e in page.all("img")] == ["data:image/svg+xml;"]


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        (f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36", "Chrome, Windows"),
        (f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
        (f"{WINDOWS} coc_coc_browser/131.0 Chrome/125.0 Safari/537.36", "Cốc Cốc, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari, iOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox, Linux"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_of_a_browser_its_family_and_system_are_kept(user_agent: str, told: str) -> None:
    assert describe(user_agent) == told
