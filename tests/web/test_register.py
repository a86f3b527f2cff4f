"""The pages of the register: list, one body, its form with the effect, steps with reasons, a file taken in."""

import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from survey.services import audit
from survey.storage import agencies, events
from tests.services.gate_files import with_parts, workbook
from tests.web.conftest import DEPARTMENT, PARTY, WARD, Site, sign_in
from tests.web.strict_client import Form, Page, StrictClient

BODY = f"/quan-tri/don-vi/{DEPARTMENT}"
UPLOAD = "/quan-tri/nhap-don-vi"
HEADINGS = ["Mã đơn vị", "Tên đơn vị", "Khối", "Loại đơn vị", "Cấp", "Được đánh giá", "Điện thoại"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def row(phone: str = "024 3825 3536", name: str = "Sở Nội vụ") -> list[object]:
    return [DEPARTMENT, name, "Nhà nước", "so", "Thành phố", "có", phone]


def form_of(page: Page, ending: str) -> Form:
    return next(form for form in page.forms() if form.action.endswith(ending) and form.method == "post")


def read(answer: TestResponse) -> Page:
    return Page(answer)


def hand_in(client: StrictClient, content: bytes, name: str = "ds.xlsx") -> TestResponse:
    form = form_of(client.page(UPLOAD), UPLOAD)
    data: dict[str, Any] = {"csrf_token": form.fields["csrf_token"][0], "file": (io.BytesIO(content), name)}
    return client.post(UPLOAD, data=data, content_type="multipart/form-data")


def stands(site: Site, code: str = DEPARTMENT) -> agencies.Agency:
    with site.database.reading() as session:
        found = agencies.find(session, code)
        assert found is not None
        return found


def events_of(site: Site, stream: str) -> list[str]:
    with site.database.reading() as session:
        return [event.kind for event in reversed(events.history(session, stream, 50))]


def test_the_list_is_searched_filtered_and_leads_to_each_body(site: Site) -> None:
    client = site.client("quantri")
    assert "7 đơn vị" in client.page("/quan-tri/don-vi").text
    found = client.page("/quan-tri/don-vi?tim=noi+vu&khoi=nha_nuoc")
    assert [href for href in found.links().values() if href.startswith("/quan-tri/don-vi/")] == [BODY]
    assert "Không có đơn vị nào phù hợp" in client.page("/quan-tri/don-vi?tim=khong-co").text
    assert "Không có đơn vị nào phù hợp" in client.page("/quan-tri/don-vi?loai=%00%ff&trang=99999999").text


def test_coordinators_see_the_register_and_change_nothing_in_it(site: Site) -> None:
    client = site.client("tonghop")
    page = client.page(BODY)
    assert page.h1 == "Sở Nội vụ"
    assert not [href for href in page.links().values() if href.startswith(f"{BODY}/")]
    assert client.get(f"{BODY}/sua").status_code == 404
    assert "Nhập từ tệp" not in client.page("/quan-tri/don-vi").text


def test_a_coordinator_of_one_khoi_finds_no_other(site: Site) -> None:
    with site.database.writing() as session:
        from survey.storage.accounts import find_login

        account = find_login(session, "tonghop")
        assert account is not None
        account.kinds = "dang"
    client = site.anonymous()
    sign_in(client, "tonghop")
    assert client.page(f"/quan-tri/don-vi/{PARTY}").h1
    foreign, none = client.get(f"/quan-tri/don-vi/{WARD}"), client.get("/quan-tri/don-vi/KHONG-CO")
    assert (foreign.status_code, none.status_code) == (404, 404)
    assert foreign.text.replace(WARD, "") == none.text.replace("KHONG-CO", "")
    csv = client.get("/quan-tri/danh-muc-don-vi.csv").get_data(as_text=True)
    assert PARTY in csv
    assert WARD not in csv


def test_an_attribute_shows_what_it_does_to_the_maximum_and_is_saved_after(site: Site) -> None:
    client = site.client("quantri")
    form = form_of(client.page(f"{BODY}/sua"), "/sua")
    shown = read(client.send(form, **{"attr.has_tthc": "không"}))
    assert "Điểm tối đa" in shown.text
    assert "Đợt đánh giá năm 2026, phiếu chưa bắt đầu" in shown.text
    assert "Các đợt mở sau này" in shown.text
    assert stands(site).revision == 1
    back = read(client.send(form_of(shown, "/sua"), do="back"))
    assert form_of(back, "/sua").fields["attr.has_tthc"] == ["không"]
    saved = client.send(form_of(shown, "/sua"), do="save", follow=False)
    assert saved.headers["Location"].endswith(BODY)
    assert stands(site).attributes["has_tthc"] is False
    page = client.page(BODY)
    assert "Đã lưu thông tin đơn vị." in page.text
    assert "Có giải quyết thủ tục hành chính: có → không" in page.text
    assert events_of(site, audit.AGENCIES) == ["agencies_imported", "agency_changed"]


def test_faults_stand_at_their_fields_and_what_was_typed_stays(site: Site) -> None:
    client = site.client("quantri")
    form = form_of(client.page(f"{BODY}/sua"), "/sua")
    answer = client.send(form, contact_phone="gọi sau", contact_name="Lê Văn <b>")
    assert answer.status_code == 422
    page = read(answer)
    assert "“gọi sau” không phải là số điện thoại" in page.text
    assert form_of(page, "/sua").fields["contact_name"] == ["Lê Văn <b>"]
    assert page.by_id("f-contact_phone").get("aria-invalid") == "true"
    assert "Điện thoại: “gọi sau” không phải" in page.text  # the summary names the field


def test_a_conflict_shows_both_and_is_settled_by_saving_again(site: Site) -> None:
    client = site.client("quantri")
    old = form_of(client.page(f"{BODY}/sua"), "/sua")
    first = read(client.send(old, note="của người khác", contact_name="Lê Văn Bình"))
    client.send(form_of(first, "/sua"), do="save")
    answer = client.send(old, note="của tôi")
    assert answer.status_code == 409
    page = read(answer)
    assert "người khác đã thay đổi đơn vị này" in page.text
    assert "của người khác" in page.text
    again = read(client.send(form_of(page, "/sua")))
    assert client.send(form_of(again, "/sua"), do="save", follow=False).status_code == 302
    assert (stands(site).note, stands(site).contact_name) == ("của tôi", "Lê Văn Bình")


def test_saving_nothing_says_so(site: Site) -> None:
    client = site.client("quantri")
    answer = client.send(form_of(client.page(f"{BODY}/sua"), "/sua"))
    assert "Không có gì thay đổi." in read(answer).text


def test_a_body_is_renamed_closed_and_reopened_with_reasons(site: Site) -> None:
    client = site.client("quantri")
    client.send(form_of(client.page(f"{BODY}/doi-ten"), "/doi-ten"), name="Sở Nội vụ Hà Nội", reason="Quyết định 1")
    assert "Sở Nội vụ (đến" in client.page(BODY).text
    assert "còn phiếu chưa gửi ở: Đợt đánh giá năm 2026" in client.page(f"{BODY}/dong").text
    refused = client.send(form_of(client.page(f"{BODY}/dong"), "/dong"), day="01/01/2026", reason="Giải thể")
    assert refused.status_code == 422
    assert "còn phiếu chưa gửi ở: Đợt đánh giá năm 2026" in read(refused).text
    above = "/quan-tri/don-vi/HN-UBND"
    refused = client.send(form_of(client.page(f"{above}/dong"), "/dong"), day="01/01/2026", reason="x")
    assert "đơn vị trực thuộc" in read(refused).text
    refused = client.send(form_of(client.page(f"{BODY}/mo-lai"), "/mo-lai"), reason="x")
    assert "đang hoạt động" in read(refused).text
    assert "Hãy đóng đơn vị" in client.page(f"{BODY}/xoa").text
    refused = client.send(form_of(client.page(f"{BODY}/xoa"), "/xoa"))
    assert refused.status_code == 422
    assert "Hãy đóng đơn vị" in read(refused).text


def test_a_new_body_is_added_closed_reopened_and_removed(site: Site) -> None:
    client = site.client("quantri")
    form = form_of(client.page("/quan-tri/don-vi-moi"), "/don-vi-moi")
    typed = {"code": "X-1", "name": "Đơn vị mới", "kind": "Nhà nước", "type": "Trung tâm", "level": "Thành phố"}
    refused = client.send(form, **typed)
    assert refused.status_code == 422
    assert form_of(read(refused), "/don-vi-moi").fields["name"] == ["Đơn vị mới"]
    client.send(form_of(read(refused), "/don-vi-moi"), assessed="không")
    own = "/quan-tri/don-vi/X-1"
    client.send(form_of(client.page(f"{own}/dong"), "/dong"), day="01/01/2026", reason="Nhầm")
    assert "Đã đóng từ 01/01/2026" in client.page("/quan-tri/don-vi?tinh-trang=closed").text
    client.send(form_of(client.page(f"{own}/mo-lai"), "/mo-lai"), reason="Không nhầm")
    client.send(form_of(client.page(f"{own}/xoa"), "/xoa"))
    assert client.get(own).status_code == 404
    assert events_of(site, audit.AGENCIES)[1:] == ["agency_added", "agency_closed", "agency_reopened", "agency_removed"]


def test_a_workbook_is_looked_at_and_then_applied_as_a_whole(site: Site) -> None:
    client = site.client("quantri")
    answer = hand_in(client, workbook(HEADINGS, row()))
    assert answer.status_code == 302
    preview = client.page(answer.headers["Location"])
    assert "ô A2" in preview.text
    assert "Điện thoại: (trống) → 024 3825 3536" in preview.text
    assert stands(site).contact_phone == ""
    apply = form_of(preview, answer.headers["Location"].rpartition("/")[2])
    assert "Đã áp dụng mọi thay đổi" in read(client.send(apply)).text
    assert stands(site).contact_phone == "024 3825 3536"
    assert client.send(apply, follow=False).status_code == 302
    assert events_of(site, audit.AGENCIES) == ["agencies_imported", "agencies_imported"]


def test_a_stale_preview_is_shown_anew(site: Site) -> None:
    client = site.client("quantri")
    address = hand_in(client, workbook(HEADINGS, row())).headers["Location"]
    apply = form_of(client.page(address), address.rpartition("/")[2])
    changed = read(client.send(form_of(client.page(f"{BODY}/sua"), "/sua"), note="khác"))
    client.send(form_of(changed, "/sua"), do="save")
    answer = client.send(apply)
    assert answer.status_code == 409
    assert "Danh mục đã thay đổi từ lúc xem trước" in read(answer).text
    assert stands(site).contact_phone == ""
    client.send(form_of(read(answer), address.rpartition("/")[2]))
    assert stands(site).contact_phone == "024 3825 3536"


def test_a_file_can_be_left(site: Site) -> None:
    client = site.client("quantri")
    address = hand_in(client, workbook(HEADINGS, row())).headers["Location"]
    assert "Đã bỏ tệp" in read(client.send(form_of(client.page(address), "/bo"))).text
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (workbook(HEADINGS, row(phone="gọi sau")), "ds.xlsx", "ds.xlsx, trang “Đơn vị”, ô G2"),
        (workbook(["Họ tên"], ["An"]), "ds.xlsx", "Không tìm thấy dòng tiêu đề"),
        (with_parts(workbook(HEADINGS, row()), ("xl/vbaProject.bin", b"x")), "ds.xlsm", "có macro"),
        (b"%PDF-1.7", "ds.xlsx", "tệp PDF"),
        ("Mã đơn vị;Tên đơn vị\nA;S\n".encode("utf-16"), "ds.csv", "UTF-16"),
        (b"", "ds.xlsx", "Tệp không có nội dung"),
        (b"x", "", "Chọn tệp trước khi gửi"),
    ],
    ids=["cell", "headings", "macros", "pdf", "utf-16", "empty", "no name"],
)
def test_a_bad_file_gets_its_sentences_and_changes_nothing(
    site: Site, content: bytes, name: str, sentence: str
) -> None:
    answer = hand_in(site.client("quantri"), content, name)
    assert answer.status_code == 422
    assert sentence in read(answer).text
    assert stands(site).revision == 1


@pytest.mark.parametrize(("form", "kind"), [("xlsx", XLSX), ("csv", "text/csv; charset=utf-8")])
def test_the_register_is_taken_out_and_told_in_the_log(site: Site, form: str, kind: str) -> None:
    client = site.client("quantri")
    answer = client.get(f"/quan-tri/danh-muc-don-vi.{form}?tim=noi+vu")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert answer.headers["Cache-Control"] == "no-store"
    assert events_of(site, audit.ACCESS)[-1] == "exported"
    location = hand_in(client, answer.data, f"ds.{form}").headers["Location"]
    assert "Tệp không thay đổi gì" in client.page(location).text


def test_all_that_is_wrong_with_closing_and_renaming_a_body_is_told_at_once(site: Site) -> None:
    client = site.client("quantri")
    for step, fields in (("dong", {"day": "31/02/2026"}), ("doi-ten", {"name": " "})):
        address = f"/quan-tri/don-vi/{DEPARTMENT}/{step}"
        page = Page(client.send(client.page(address).form(f"/{step}"), **fields, reason=" "))
        for field in (*fields, "reason"):
            assert page.by_id(f"f-{field}").get("aria-invalid") == "true", (step, field)
