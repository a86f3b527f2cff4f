"""One's own account: contact details, and sessions that end at their next request."""

import pytest

from tests.web.conftest import PASSWORD, Site, sign_in
from tests.web.strict_client import StrictClient

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36"


def is_in(client: StrictClient) -> bool:
    return client.get("/tai-khoan").status_code == 200


def in_chrome(site: Site, login: str) -> StrictClient:
    client = site.anonymous()
    client.environ_base["HTTP_USER_AGENT"] = WINDOWS
    assert sign_in(client, login).status_code == 302
    return client


def test_the_page_names_the_person_and_their_browsers(site: Site) -> None:
    in_chrome(site, "nhap2")
    text = site.client("nhap2", again=True).page("/tai-khoan").text
    assert "Cán bộ nhap2" in text
    assert "Chrome, Windows" in text
    assert "Phiên này" in text


def test_ending_a_session_holds_at_its_next_request(site: Site) -> None:
    lost, mine = in_chrome(site, "nhap2"), site.client("nhap2", again=True)
    assert is_in(lost)
    done = mine.send(mine.page("/tai-khoan").form("/ket-thuc"))
    assert "Đã kết thúc phiên" in done.text
    assert (is_in(lost), is_in(mine)) == (False, True)


def test_ending_all_others_leaves_this_one(site: Site) -> None:
    others = [in_chrome(site, "nhap2") for _ in range(3)]
    mine, someone = site.client("nhap2", again=True), site.client("duyet")
    mine.send(mine.page("/tai-khoan").form("/phien/ket-thuc-khac"))
    assert [is_in(client) for client in (*others, mine, someone)] == [False, False, False, True, True]


def test_a_session_of_another_is_as_missing_as_none(site: Site) -> None:
    theirs, mine = in_chrome(site, "duyet"), site.client("nhap2", again=True)
    in_chrome(site, "duyet")
    action = theirs.page("/tai-khoan").form("/ket-thuc").action
    token = mine.page("/tai-khoan").form("/lien-he").fields["csrf_token"][0]
    foreign = mine.post(action, data={"csrf_token": token})
    none = mine.post("/tai-khoan/phien/999999/ket-thuc", data={"csrf_token": token})
    assert (foreign.status_code, none.status_code) == (404, 404)
    assert foreign.text == none.text
    assert is_in(theirs)


def test_the_contact_is_changed_with_the_password(site: Site) -> None:
    client = site.client("nhap2", again=True)
    form = client.page("/tai-khoan").form("/lien-he")
    typed = {"email": "An@Donvi.gov.vn", "phone": "0912 345 678"}
    wrong = client.send(form, contact_password="sai", **typed)
    assert wrong.status_code == 422
    assert 'value="An@Donvi.gov.vn"' in wrong.text
    done = client.send(form, contact_password=PASSWORD, **typed)
    assert "Đã lưu thông tin liên hệ." in done.text
    assert 'value="An@donvi.gov.vn"' in done.text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("email", "không phải địa chỉ", "không phải một địa chỉ thư điện tử"),
        ("phone", "gọi buổi sáng", "Số điện thoại"),
        ("email", "x" * 100_000, "không phải một địa chỉ thư điện tử"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(site: Site, field: str, typed: str, sentence: str) -> None:
    client = site.client("nhap2", again=True)
    answer = client.send(client.page("/tai-khoan").form("/lien-he"), contact_password=PASSWORD, **{field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_wrong_passwords_asked_for_again_are_counted_like_those_at_sign_in(site: Site) -> None:
    client = site.client("nhap2", again=True)
    form = client.page("/mat-khau").form("/mat-khau")
    for _ in range(5):
        assert client.send(form, old="sai", new="một câu mới thật dài", again="một câu mới thật dài").status_code == 422
    locked = client.send(form, old=PASSWORD, new="một câu mới thật dài", again="một câu mới thật dài")
    assert locked.status_code == 422
    assert "tạm khóa" in locked.text
    assert sign_in(site.anonymous(), "nhap2").status_code == 429


def test_the_cookie_is_for_this_site_alone_and_scripts_do_not_see_it(site: Site) -> None:
    cookie = sign_in(site.anonymous(), "nhap2").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # plain http on one's own machine
    client = site.anonymous()
    form = client.page("/dang-nhap", base_url="https://localhost").form("/dang-nhap")
    data = {**form.fields, "login": "nhap2", "password": PASSWORD}
    secure = client.post("/dang-nhap", data=data, base_url="https://localhost").headers["Set-Cookie"]
    assert "Secure" in secure
