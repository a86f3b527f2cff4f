"""Refusals: each has its page, nothing typed is lost, nothing of the inside is shown."""

import pytest

from survey.services.instance import DatabaseBusy
from tests.web.conftest import Site, group_form, sign_in
from tests.web.strict_client import Page


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/khong-co", 404),
        ("GET", "/phieu/1/luu", 405),
        ("PUT", "/", 405),
        ("GET", "/phieu/x", 404),
        ("GET", "/%00", 404),
    ],
)
def test_an_address_that_is_not_there_has_a_page(site: Site, method: str, path: str, status: int) -> None:
    answer = site.anonymous().open(path, method=method)
    assert answer.status_code == status
    assert Page(answer).links()["Về trang đầu"] == "/"


def test_a_script_gets_the_same_as_json(site: Site) -> None:
    answer = site.anonymous().get("/khong-co", headers={"Accept": "application/json"})
    assert answer.json is not None
    assert (answer.json["error"], answer.json["title"]) == ("404", "Không tìm thấy trang")


def test_a_fault_of_ours_is_a_page_without_its_inside(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("secret detail")

    client = site.client("nhap")
    monkeypatch.setattr("survey.web.agency.pages.read_submission", broken)
    answer = client.get(site.ward)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "vẫn còn nguyên" in answer.text


def test_a_busy_database_keeps_what_was_typed_on_the_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*args: object, **kwargs: object) -> None:
        raise DatabaseBusy

    client, path = site.client("nhap"), f"{site.ward}/muc/2"
    form = group_form(client, path)
    with monkeypatch.context() as patch:
        patch.setattr("survey.web.agency.fill.save_answers", busy)
        data = {**form.fields, "a.2.3.a": "73"}
        answer = client.post(path, data=data, headers={"Origin": "http://localhost"})
    assert answer.status_code == 503
    again = Page(answer).form(path)
    assert again.fields["a.2.3.a"] == ["73"]
    assert client.send(again).status_code == 200
    assert group_form(client, path).fields["a.2.3.a"] == ["73"]


def test_a_session_that_ended_loses_nothing(site: Site) -> None:
    client, path = site.client("nhap", again=True), f"{site.ward}/muc/2"
    form = group_form(client, path)
    client.send(client.page(site.ward).form("/dang-xuat"))
    data = {**form.fields, "a.2.3.a": "73"}
    ended = client.post(path, data=data, headers={"Origin": "http://localhost"})
    assert ended.status_code == 401
    assert "Đăng nhập ở thẻ mới" in ended.text
    sign_in(client, "nhap")
    stale = client.post(path, data=Page(ended).form(path).fields, headers={"Origin": "http://localhost"})
    assert stale.status_code == 400
    saved = client.send(Page(stale).form(path))
    assert saved.status_code == 200
    assert group_form(client, path).fields["a.2.3.a"] == ["73"]


def test_a_form_of_another_site_is_not_offered_again(site: Site) -> None:
    client = site.client("nhap")
    answer = client.post(f"{site.ward}/trinh-duyet", data={"x": "1"}, headers={"Origin": "https://evil.test"})
    assert answer.status_code == 400
    assert "Gửi lại nội dung vừa nhập" not in answer.text


def test_a_password_is_never_written_back_into_a_page(site: Site) -> None:
    client = site.client("nhap")
    data = {"old": "mật khẩu cũ xưa", "new": "mật khẩu mới tinh", "again": "mật khẩu mới tinh"}
    answer = client.post("/mat-khau", data=data, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    assert "xưa" not in answer.text
    assert "mới tinh" not in answer.text


def test_a_form_that_is_far_too_large_is_refused(site: Site) -> None:
    client = site.client("nhap")
    answer = client.post(f"{site.ward}/muc/2", data={"n.2.1": "x" * (9 * 2**20)})
    assert answer.status_code == 413
    assert "quá lớn" in answer.text


def test_a_form_of_many_parts_is_taken(site: Site) -> None:
    client, path = site.client("nhap"), f"{site.ward}/muc/2"
    form = group_form(client, path)
    many = {f"x{number}": "1" for number in range(3000)}
    answer = client.post(path, data={**form.fields, **many}, content_type="multipart/form-data")
    assert answer.status_code == 302
