"""Every morning in the browser: the list, a reminder written and noted, notices, and what bodies see of it all."""

from datetime import UTC, datetime, timedelta

from survey.core.numbers_vi import format_date
from survey.services.instance import Session
from survey.storage import agencies
from survey.storage.agencies import Agency
from tests.web.conftest import DEPARTMENT, PARTY, WARD, Site
from tests.web.strict_client import Page

TOMORROW = format_date(datetime.now(UTC) + timedelta(days=1))
MAIL = '[mail]\nhost = "127.0.0.1"\nport = 2525\nsender = "noreply@example.org"\n'


def body(session: Session, code: str) -> Agency:
    found = agencies.find(session, code)
    assert found is not None
    return found


def test_the_list_names_state_contact_days_and_what_is_missing(site: Site) -> None:
    with site.database.writing() as session:
        body(session, DEPARTMENT).contact_name = "Bà Lan"
        body(session, DEPARTMENT).contact_phone = "024 3333 4444"
    page = site.client("tonghop").page("/dot/2026/don-doc?tim=noi+vu")
    assert "Sở Nội vụ" in page.text
    assert "chưa bắt đầu" in page.text
    assert "Bà Lan" in page.text
    assert "024 3333 4444" in page.text
    assert "còn 22 ngày" in page.text
    assert "33 chỉ số" in page.text or "34 chỉ số" in page.text
    assert "1 đơn vị trong danh sách" in page.text


def test_filters_that_find_nobody_and_strange_ones_are_answered(site: Site) -> None:
    client = site.client("tonghop")
    assert "Không có đơn vị nào phù hợp" in client.page("/dot/2026/don-doc?tim=khong+co").text
    assert "5 đơn vị trong danh sách" in client.page("/dot/2026/don-doc?tinh-trang=xyz&sap-xep=%27&trang=99").text
    printed = client.page("/dot/2026/don-doc?in=1")
    assert "Soạn đôn đốc" not in printed.text
    assert "Sở Nội vụ" in printed.text


def test_the_text_of_a_cong_van_is_written_changed_and_noted(site: Site) -> None:
    client = site.client("tonghop")
    form = client.page("/dot/2026/don-doc?khoi=nha_nuoc").form("/don-doc/soan")
    page = Page(client.send(form, "Soạn đôn đốc", **{"tat-ca": "1"}))
    assert "Gửi tới 2 đơn vị" in page.text  # of the khối that was filtered
    text = page.form("/don-doc/gui").fields["text"][0]
    assert "1. " in text
    assert "Sở Nội vụ" in text
    zalo = Page(client.send(page.form("/don-doc/soan"), "Nội dung Zalo"))
    assert "còn 2 đơn vị chưa gửi" in zalo.form("/don-doc/gui").fields["text"][0]
    empty = client.send(zalo.form("/don-doc/gui"), "Ghi nhận", text=" ")
    assert (empty.status_code, "Ghi nội dung" in Page(empty).text) == (422, True)
    assert "Đã ghi nhận đôn đốc" in Page(client.send(zalo.form("/don-doc/gui"), "Ghi nhận")).text
    assert "1 lần, gần nhất" in client.page("/dot/2026/don-doc?tim=noi+vu").text
    assert "Đôn đốc qua Zalo" in site.client("nhap.so").page(f"/phieu/{site.submissions[DEPARTMENT]}").text
    other = site.client("nhap").page(f"/phieu/{site.submissions[PARTY]}").text
    assert "Đôn đốc qua Zalo" not in other


def test_without_a_mail_server_mail_is_not_offered(site: Site) -> None:
    client = site.client("tonghop")
    form = client.page("/dot/2026/don-doc").form("/don-doc/soan")
    page = Page(client.send(form, "Soạn đôn đốc", **{"tat-ca": "1"}))
    assert "không gửi e-mail" in page.text
    forged = client.send(page.form("/don-doc/gui"), "Ghi nhận", kenh="mail", subject="x")
    assert (forged.status_code, "không gửi e-mail" in Page(forged).text) == (422, True)


def test_from_the_page_of_a_body_it_is_told_chased_and_extended(site: Site) -> None:
    client = site.client("tonghop")
    number = site.ward.rpartition("/")[2]
    links = client.page(f"/dot/2026/phieu/{number}").links()
    code = links["Gửi thông báo"].partition("don-vi=")[2]
    form = client.page(links["Gửi thông báo"]).form("/thong-bao")
    assert (form.fields["audience"], form.fields["body"]) == (["body:"], [code])
    chased = client.page(links["Đôn đốc hoặc gia hạn"])
    assert "1 đơn vị trong danh sách" in chased.text
    assert f"/dot/2026/phieu/{number}" in chased.html


def test_notices_are_shown_read_and_never_lost(site: Site) -> None:
    client = site.client("tonghop")
    form = client.page("/dot/2026/thong-bao").form("/thong-bao")
    wrong = client.send(form, "Đăng", audience="body:", body="KHONG", text="Xin chào", until_date=TOMORROW)
    assert (wrong.status_code, "Không có đơn vị mang mã này" in Page(wrong).text) == (422, True)
    past = client.send(form, "Đăng", audience="everybody:", text="Xin chào", until_date="01/01/2020")
    assert (past.status_code, "còn ở phía trước" in Page(past).text) == (422, True)
    strange = client.send(form, "Đăng", audience="xyz", text="Xin chào", until_date=TOMORROW)
    assert strange.status_code == 422
    told = "Chỉ số 2.1 <b>đã</b> có hướng dẫn mới"
    done = Page(client.send(form, "Đăng", audience="kind:nha_nuoc", text=told, until_date=TOMORROW))
    assert "Đã đăng thông báo" in done.text
    hub = site.client("nhap").page(site.ward)
    assert told in hub.text
    assert told in site.client("duyet").page(f"{site.ward}/duyet").text
    assert told not in site.client("nhap").page(f"/phieu/{site.submissions[PARTY]}").text
    after = Page(site.client("nhap").send(hub.form("/thong-bao")))
    assert told not in after.text
    assert told in site.client("nhap").page(f"{site.ward}/thong-bao").text
    assert told in site.client("duyet").page(site.ward).text  # read is one's own
    assert "Đã gỡ thông báo" in Page(client.send(done.form("/thong-bao/go"))).text
    gone = client.send(done.form("/thong-bao/go"), notice="99999")
    assert (gone.status_code, "không còn" in Page(gone).text) == (422, True)
    assert told not in site.client("duyet").page(site.ward).text


def test_an_empty_feed_says_what_will_be_there(site: Site) -> None:
    page = site.client("nhap").page(f"{site.ward}/thong-bao")
    assert "Chưa có thông báo nào" in page.text


def test_the_list_is_a_file(site: Site) -> None:
    answer = site.client("tonghop").get("/dot/2026/don-doc.xlsx?tim=noi+vu")
    assert answer.status_code == 200
    assert answer.mimetype.endswith("sheet")
    assert answer.data.startswith(b"PK")
    assert WARD not in answer.get_data(as_text=False).decode("latin-1")


def test_a_wrong_deadline_and_a_blank_reason_of_an_extension_are_told_at_once(site: Site) -> None:
    client = site.client("tonghop")
    form = client.page("/dot/2026/don-doc?khoi=nha_nuoc").form("/don-doc/soan")
    form.action = "/dot/2026/gia-han/chon"
    asked = Page(client.send(form, "Gia hạn", **{"tat-ca": "1"})).form("/gia-han")
    for typed in ("31/02/2027", "01/01/2020"):
        page = Page(client.send(asked, until_date=typed, reason=" "))
        assert page.by_id("f-until_date").get("aria-invalid") == "true", typed
        assert page.by_id("f-reason").get("aria-invalid") == "true", typed


def test_all_that_is_wrong_with_a_notice_is_told_at_once(site: Site) -> None:
    client = site.client("tonghop")
    form = client.page("/dot/2026/thong-bao").form("/thong-bao")
    page = Page(client.send(form, "Đăng", audience="body:", body="KHONG", text=" ", until_date="01/01/2020"))
    for field in ("body", "text", "until_date"):
        assert page.by_id(f"f-{field}").get("aria-invalid") == "true", field
