"""Signing in and out, changing the password, choosing a body."""

import json

import pytest

from survey.services.instance import mark_demonstration
from tests.web.conftest import PARTY, PASSWORD, Site, sign_in, sign_in_form


def test_a_person_lands_on_the_phieu_of_their_first_body(site: Site) -> None:
    page = site.client("duyet").page("/")
    assert page.response.request.path == site.ward
    assert "Ủy ban nhân dân phường Ba Đình" in page.text


def test_one_goes_on_to_the_page_one_asked_for(site: Site) -> None:
    client = site.anonymous()
    sent = client.get(f"{site.ward}/muc/2?lang=vi")
    form = sign_in_form(client, sent.headers["Location"])
    answer = client.send(form, login="nhap", password=PASSWORD, follow=False)
    assert answer.headers["Location"] == f"{site.ward}/muc/2?lang=vi"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.test/", "//example.test/", "/\\example.test", "javascript:alert(1)", "phieu", "/\n/x"],
)
def test_nobody_is_sent_to_another_site(site: Site, elsewhere: str) -> None:
    client = site.anonymous()
    answer = client.send(sign_in_form(client), login="nhap", password=PASSWORD, tiep=elsewhere, follow=False)
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("login", "password"), [("nhap", "sai"), ("không có", PASSWORD), ("", ""), ("a" * 999, "b" * 9999)]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(site: Site, login: str, password: str) -> None:
    client = site.anonymous()
    answer = client.send(sign_in_form(client), login=login, password=password)
    assert answer.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in answer.text
    assert password == "" or f'value="{password}"' not in answer.text


def test_after_five_wrong_tries_a_name_is_locked_known_or_not(site: Site) -> None:
    for login in ("nhap", "không có"):
        client = site.anonymous()
        codes = [sign_in(client, login, "sai").status_code for _ in range(6)]
        assert codes[-1] == 429
        assert sign_in(client, login, PASSWORD).status_code == 429


def test_the_session_changes_at_sign_in(site: Site) -> None:
    client = site.anonymous()
    first = sign_in(client, "nhap").headers["Set-Cookie"]
    client.send(client.page("/mat-khau").form("/dang-xuat"))
    second = sign_in(client, "nhap").headers["Set-Cookie"]
    assert first.split(";")[0] != second.split(";")[0]


def test_a_token_that_was_signed_out_is_worthless(site: Site) -> None:
    client = site.client("nhap", again=True)
    token = client.get_cookie("phien")
    assert token is not None
    page = client.send(client.page(site.ward).form("/dang-xuat"))
    assert "Đã đăng xuất." in page.text
    client.set_cookie("phien", token.value)
    assert client.get(site.ward).status_code == 302


def test_a_made_up_token_signs_nobody_in(site: Site) -> None:
    client = site.anonymous()
    client.set_cookie("phien", "x" * 43)
    assert client.get(site.ward).status_code == 302


def test_a_form_of_before_the_sign_in_elsewhere_goes_on(site: Site) -> None:
    client = site.anonymous()
    old = sign_in_form(client)
    sign_in(client, "nhap")
    answer = client.send(old, login="nhap", password=PASSWORD, follow=False)
    assert answer.status_code == 302


def test_a_sign_in_form_without_its_token_is_asked_again(site: Site) -> None:
    answer = site.anonymous().post("/dang-nhap", data={"login": "nhap", "password": PASSWORD})
    assert answer.status_code == 400
    assert "Đề nghị đăng nhập lại." in answer.text


def test_switching_the_body_is_one_press(site: Site) -> None:
    client = site.client("nhap")
    form = client.page("/").form("/don-vi/chon")
    answer = client.send(form, button="Đảng ủy phường Ba Đình")
    assert answer.request.path == f"/phieu/{site.submissions[PARTY]}"
    back = client.send(client.page("/").form("/don-vi/chon"), button="Ủy ban nhân dân phường Ba Đình")
    assert back.request.path == site.ward


@pytest.mark.parametrize(("agency", "status"), [("999", 404), ("x", 400), ("", 400), ("١", 400)])
def test_only_bodies_that_one_serves_can_be_chosen(site: Site, agency: str, status: int) -> None:
    client = site.client("nhap")
    form = client.page("/").form("/don-vi/chon")
    assert client.open(form.action, method="POST", data={**form.fields, "agency": agency}).status_code == status


def test_bodies_are_listed_with_the_state_of_their_phieu(site: Site) -> None:
    text = site.client("nhap").page("/don-vi").text
    assert text.count("Chưa bắt đầu") == 2


def test_the_password_is_changed_and_the_old_one_no_longer_works(site: Site) -> None:
    client = site.client("nhap2", again=True)
    new = "một câu dễ nhớ"
    form = client.page("/mat-khau").form("/mat-khau")
    assert client.send(form, old="sai", new=new, again=new).status_code == 422
    assert client.send(form, old=PASSWORD, new=new, again="khác").status_code == 422
    assert client.send(form, old=PASSWORD, new="ngắn", again="ngắn").status_code == 422
    page = client.send(form, old=PASSWORD, new=new, again=new)
    assert "Đã đổi mật khẩu." in page.text
    assert sign_in(site.anonymous(), "nhap2").status_code == 422
    assert sign_in(site.anonymous(), "nhap2", new).status_code == 302


def test_a_demonstration_offers_its_accounts_and_a_real_instance_does_not(site: Site) -> None:
    offered = [{"role": "clerk", "agency": "Ủy ban", "login": "nhap", "password": PASSWORD}]
    (site.folder / "demo-accounts.json").write_text(json.dumps(offered), encoding="utf-8")
    assert "Tài khoản minh họa" not in site.anonymous().page("/dang-nhap").text


def test_one_press_signs_in_with_an_offered_account(site: Site) -> None:
    offered = [{"role": "clerk", "agency": "Ủy ban", "login": "nhap", "password": PASSWORD}]
    (site.folder / "demo-accounts.json").write_text(json.dumps(offered), encoding="utf-8")
    with site.database.writing() as session:
        mark_demonstration(session)
    client = site.anonymous()
    page = client.page("/dang-nhap")
    assert "không phải Bộ chỉ số của Thành phố (QĐ 5279)" in page.text
    form = next(f for f in page.forms() if f.fields.get("login") == ["nhap"])
    assert client.send(form, follow=False).status_code == 302


def test_the_secret_of_an_instance_is_its_owners_alone(site: Site) -> None:
    assert (site.folder / "secret.key").stat().st_mode & 0o077 == 0
