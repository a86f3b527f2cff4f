"""The administrator's pages of accounts, as a browser without scripts uses them."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from survey.services.create_account import create_account
from survey.storage.accounts import Account, WebSession
from survey.storage.outbox import Message
from tests.web.conftest import DEPARTMENT, WARD, Site, sign_in
from tests.web.strict_client import Page, StrictClient, text_of

LIST = "/quan-tri/tai-khoan"


@pytest.fixture
def admin(site: Site) -> StrictClient:
    """The administrator's browser."""
    return site.client("quantri")


def number_of(site: Site, login: str) -> int:
    with site.database.reading() as session:
        return session.scalars(sa.select(Account.id).where(Account.login == login)).one()


def mail_server(site: Site) -> None:
    """Let config.toml name one; nothing listens there, and nothing needs to."""
    site.app.extensions["instance"].config["address"] = "https://khaosat.example"
    site.app.extensions["instance"].config["mail"] = {
        "host": "127.0.0.1", "sender": "khao.sat@donvi.example", "security": "none",
    }  # fmt: skip


def make(site: Site, client: StrictClient, name: str, **typed: object) -> str:
    """Make an account through the page; the address of its page."""
    form = client.page(f"{LIST}/tao").forms()[-1]
    fields = {"name": name, "agency": WARD, "does": ["clerk"]} | typed
    answer = client.send(form, follow=False, **fields)
    assert answer.status_code == 302, Page(answer).text
    return answer.headers["Location"]


def codes(answer: TestResponse) -> list[str]:
    return re.findall(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", answer.get_data(as_text=True))


def test_an_account_is_made_invited_by_letter_and_used(site: Site, admin: StrictClient) -> None:
    place = make(site, admin, "Nguyễn Văn An", phone="024 3825 3536", title="Chuyên viên")
    page = admin.page(place)
    assert "Đã tạo tài khoản" in page.text
    assert "Chuyên viên" in page.text
    assert "chưa gửi thư mời" in page.text
    answer = admin.send(page.form("/thu-moi"), "In thư", way="letter")
    (code,) = codes(answer)
    letter = next(e for e in Page(answer).all("section") if e.get("class") == "letter")
    assert "Kính gửi ông/bà Nguyễn Văn An" in text_of(letter)
    assert "/dang-nhap/lan-dau" in text_of(letter)
    login = re.search(r"an\.nv\.[a-z0-9-]+", text_of(letter))
    assert login is not None
    person = site.anonymous()
    first = person.page("/dang-nhap/lan-dau").form("/lan-dau")
    new = "con đường xa tít tắp"
    done = person.send(first, login=login[0], code=code, new=new, again=new)
    assert done.status_code == 200, Page(done).text
    assert sign_in(site.anonymous(), login[0], new).status_code == 302
    assert codes(admin.get(place)) == []


def test_what_was_typed_wrong_stays_and_says_why(site: Site, admin: StrictClient) -> None:
    form = admin.page(f"{LIST}/tao").forms()[-1]
    answer = admin.send(form, name="Nguyễn Văn An", email="khong@phai@thu", agency=WARD, does=["clerk"])
    assert answer.status_code == 422
    page = Page(answer)
    assert "khong@phai@thu" in page.text
    assert page.by_id("f-name").get("value") == "Nguyễn Văn An"
    for typed in ({"agency": WARD}, {"does": ["clerk"]}, {}, {"roles": ["coordinator"], "reach": "some"}):
        assert admin.send(form, name="Nguyễn Văn An", **typed).status_code == 422
    assert admin.send(form, name="Nguyễn Văn An", login="nhap", agency=WARD, does=["clerk"]).status_code == 422
    for hostile in ({"agency": "'; DROP TABLE"}, {"agency": "\x00"}, {"does": ["administrator"]}, {"roles": ["root"]}):
        assert admin.send(form, name="A", **({"agency": WARD, "does": ["clerk"]} | hostile)).status_code in (200, 422)


def test_nobody_is_given_a_second_account_by_oversight(site: Site, admin: StrictClient) -> None:
    make(site, admin, "Trần Thị Cúc", email="cuc@phuong.example")
    form = admin.page(f"{LIST}/tao").forms()[-1]
    again = admin.send(form, name="trần thị cúc", email="Cuc@phuong.example", agency=DEPARTMENT, does=["clerk"])
    assert again.status_code == 422
    assert "đã có tài khoản cuc.tt." in Page(again).text


def test_a_role_is_given_and_taken_and_holds_at_once(site: Site, admin: StrictClient) -> None:
    clerk, place = site.client("nhap2"), f"{LIST}/{number_of(site, 'nhap2')}"
    assert clerk.get(f"/phieu/{site.submissions[DEPARTMENT]}").status_code == 404
    admin.send(admin.page(place).form("/vai-tro"), agency=DEPARTMENT, role="clerk", title="Chuyên viên")
    assert clerk.get(f"/phieu/{site.submissions[DEPARTMENT]}").status_code == 200
    page = admin.page(place)
    taking = next(f for f in page.forms() if f.action.endswith("/bo") and "Nội vụ" in f.buttons[0][0])
    assert "Đã bỏ" in Page(admin.send(taking)).text
    assert clerk.get(f"/phieu/{site.submissions[DEPARTMENT]}").status_code == 404
    history = admin.page(place).text
    assert f"Giao Người nhập số liệu ở {DEPARTMENT} (Chuyên viên)" in history
    assert f"Bỏ Người nhập số liệu ở {DEPARTMENT}" in history


def test_rights_of_the_whole_system_change_and_show_khoi(site: Site, admin: StrictClient) -> None:
    place = f"{LIST}/{number_of(site, 'nhap2')}"
    answer = admin.send(admin.page(place).form("/quyen"), roles=["coordinator"], reach="some", kinds=["dang"])
    assert "Cán bộ tổng hợp (Đảng)" in Page(answer).text
    assert site.client("nhap2").get("/tien-do").status_code in (200, 302, 404)
    refused = admin.send(admin.page(place).form("/quyen"), roles=["coordinator"], reach="some", kinds=[])
    assert refused.status_code == 422
    assert "Cán bộ tổng hợp phải có khối" in Page(refused).text


def test_an_administrator_cannot_touch_their_own_rights(site: Site, admin: StrictClient) -> None:
    own = number_of(site, "quantri")
    page = admin.page(f"{LIST}/{own}")
    assert not [f for f in page.forms() if f.action.endswith(("/khoa", "/quyen", "/vai-tro", "/thu-moi"))]
    token = page.forms()[-1].fields["csrf_token"]
    for end, more in (("khoa", {}), ("quyen", {}), ("vai-tro", {"agency": WARD, "role": "clerk"}), ("dat-lai", {})):
        answer = admin.post(f"{LIST}/{own}/{end}", data={"csrf_token": token, **more})
        assert answer.status_code == 422, end
    assert admin.get(LIST).status_code == 200


def test_shutting_ends_the_sessions_at_their_next_request(site: Site, admin: StrictClient) -> None:
    clerk = site.client("nhap2", again=True)
    place = f"{LIST}/{number_of(site, 'nhap2')}"
    assert clerk.get(site.ward).status_code == 200
    page = Page(admin.send(admin.page(place).form("/khoa")))
    assert "do quản trị viên khóa" in page.text
    assert clerk.get(site.ward).status_code == 302
    assert sign_in(site.anonymous(), "nhap2").status_code == 422
    admin.send(admin.page(place).form("/mo"))
    assert sign_in(site.anonymous(), "nhap2").status_code == 302


def test_a_reset_asks_first_then_takes_the_password_away(site: Site, admin: StrictClient) -> None:
    place = f"{LIST}/{number_of(site, 'nhap2')}"
    assert sign_in(site.anonymous(), "nhap2").status_code == 302
    answer = admin.send(admin.page(f"{place}/dat-lai").form("/dat-lai"), way="letter")
    assert len(codes(answer)) == 1
    assert sign_in(site.anonymous(), "nhap2").status_code == 422


def test_an_invitation_by_mail_waits_in_the_outbox_with_its_link(site: Site, admin: StrictClient) -> None:
    mail_server(site)
    place = make(site, admin, "Trần Thị Cúc", email="cuc@phuong.example")
    page = admin.page(place)
    after = Page(admin.send(page.form("/thu-moi"), "Gửi thư mời", way="mail"))
    assert "Đang chờ gửi" in after.text
    with site.database.reading() as session:
        (message,) = session.scalars(sa.select(Message)).all()
    (link,) = re.findall(r"https://khaosat\.example(/\S+)", message.body)
    assert "Trần Thị Cúc" in site.anonymous().page(link).text
    again = admin.send(page.form("/thu-moi"), "Gửi thư mời", way="mail")  # the same form once more
    assert again.status_code == 422
    assert "thư mời mới" in Page(again).text


def test_without_an_address_of_its_own_nothing_is_mailed_and_letters_say_where_they_lead(
    site: Site, admin: StrictClient
) -> None:
    mail_server(site)
    del site.app.extensions["instance"].config["address"]
    place = make(site, admin, "Trần Thị Cúc", email="cuc@phuong.example")
    assert "Gửi thư mời" not in [button[0] for form in admin.page(place).forms() for button in form.buttons]
    assert "Thư sẽ ghi địa chỉ http://localhost" in admin.page(f"{LIST}/thu-moi").text
    refused = admin.send(admin.page(place).form("/thu-moi"), way="mail")
    assert refused.status_code == 422
    with site.database.reading() as session:
        assert session.scalars(sa.select(Message)).all() == []


def test_many_are_invited_at_once_by_the_way_that_reaches_them(site: Site, admin: StrictClient) -> None:
    mail_server(site)
    with site.database.writing() as session:
        for number in range(30):
            email = f"n{number}@xa.example" if number % 3 == 0 else ""
            create_account(session, login=f"nguoi{number}", name=f"Người {number}", password=None, email=email)
    page = admin.page(f"{LIST}/thu-moi")
    assert "30 chưa gửi thư mời" in page.text
    answer = admin.send(next(f for f in page.forms() if "seen" in f.fields), way="either")
    assert len(set(codes(answer))) == 20
    assert "20 thư giấy, 10 thư điện tử" in Page(answer).text
    with site.database.reading() as session:
        assert len(session.scalars(sa.select(Message)).all()) == 10
    after = admin.page(f"{LIST}/thu-moi")
    assert "30 đã mời, chưa kích hoạt" in after.text
    again = next(f for f in after.forms() if "seen" in f.fields)
    word = admin.send(again, way="letter", who="all", output="word")
    assert word.mimetype.endswith("wordprocessingml.document")
    assert "attachment" in word.headers["Content-Disposition"]


def test_the_list_is_searched_and_narrowed(site: Site, admin: StrictClient) -> None:
    assert "nhap.so" in admin.page(f"{LIST}?tim=noi+vu").text
    assert "nhap2" not in admin.page(f"{LIST}?tim=noi+vu").text
    assert "duyet.so" in admin.page(f"{LIST}?vai-tro=leader&khoi=nha_nuoc").text
    assert "Không có tài khoản nào phù hợp" in admin.page(f"{LIST}?tinh-trang=shut").text
    for strange in ("vai-tro=root", "khoi=%00", "tinh-trang=x", "trang=-1", "tim=" + "x" * 3000):
        assert admin.get(f"{LIST}?{strange}").status_code == 200


def test_nothing_that_does_not_exist_is_shown_or_changed(site: Site, admin: StrictClient) -> None:
    token = admin.page(LIST).form("/dang-xuat").fields["csrf_token"]
    for end in ("", "/dat-lai", "/lop-hai"):
        assert admin.get(f"{LIST}/999999{end}").status_code == 404
    for end in (
        "/khoa",
        "/mo",
        "/sua",
        "/quyen",
        "/thu-moi",
        "/ket-thuc-phien",
        "/mo-tam-khoa",
        "/lop-hai",
        "/dat-lai",
    ):
        answer = admin.post(f"{LIST}/999999{end}", data={"csrf_token": token, "name": "A", "way": "letter"})
        assert answer.status_code in (302, 404), end
    for bad in ("x", "1:root", "-1:clerk", "9" * 30 + ":clerk"):
        answer = admin.post(f"{LIST}/{number_of(site, 'nhap')}/vai-tro/bo", data={"csrf_token": token, "served": bad})
        assert answer.status_code in (400, 404), bad


def test_pages_read_in_english(site: Site, admin: StrictClient) -> None:
    number = number_of(site, "nhap")
    for end in ("", "/tao", "/thu-moi", "/nhap", f"/{number}", f"/{number}/dat-lai", f"/{number}/lop-hai"):
        page = admin.page(f"{LIST}{end}?lang=en")
        assert page.root.get("lang") == "en"


def test_a_session_that_ends_is_ended_on_the_server(site: Site, admin: StrictClient) -> None:
    site.client("nhap2", again=True)
    number = number_of(site, "nhap2")
    admin.send(admin.page(f"{LIST}/{number}").form("/ket-thuc-phien"))
    with site.database.reading() as session:
        running = sa.select(WebSession).where(WebSession.account_id == number, WebSession.ended_at.is_(None))
        assert session.scalars(running).all() == []


def test_files_of_pages_hold_nothing_that_is_loaded_from_elsewhere(repository: Path) -> None:
    sheet = (repository / "survey" / "web" / "static" / "letters.css").read_text(encoding="utf-8")
    assert "url(" not in sheet
    assert "break-after: page" in sheet


def test_all_that_is_wrong_with_a_new_account_is_told_at_once(site: Site) -> None:
    client = site.client("quantri")
    form = client.page("/quan-tri/tai-khoan/tao").form("/tao")
    wrong = {"name": " ", "login": "Ô!", "email": "sai", "phone": "sai", "agency": DEPARTMENT, "does": "clerk"}
    page = Page(client.send(form, **wrong))
    for field in ("name", "login", "email", "phone"):
        assert page.by_id(f"f-{field}").get("aria-invalid") == "true", field
