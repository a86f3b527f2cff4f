"""Pages of rounds: a draft kept and opened, faults at their fields with what was typed, steps that are asked twice."""

from datetime import UTC, datetime, timedelta

import pytest

from survey.core.numbers_vi import format_date
from tests.web.conftest import DEPARTMENT, Site
from tests.web.strict_client import Form, Page, StrictClient

WHY = "Theo công văn số 12 ngày 20/11/2026"


def day(days: float) -> str:
    """A day from today as people type it."""
    return format_date(datetime.now(UTC) + timedelta(days=days))


def later(**changes: str) -> dict[str, str]:
    """Times after those of the round that is open."""
    dates = {"opens_date": day(30), "closes_date": day(60), "closes_time": "17h30"}
    return {"code": "2027", **dates, **changes}


def new_form(client: StrictClient, path: str = "/dot-danh-gia/moi") -> Form:
    return next(
        form for form in client.page(path).forms() if form.action == "/dot-danh-gia/moi" and form.method == "post"
    )


def make(client: StrictClient, **changes: str) -> Page:
    answer = client.send(new_form(client), **later(**changes))
    assert answer.status_code == 200
    return Page(answer)


def test_everything_that_is_wrong_with_a_new_round_is_told_at_once(site: Site) -> None:
    client = site.client("tonghop")
    wrong = later(code="2026", title=" ", period="", opens_time="25:00", figures_from="hôm nay", closes_date=day(-2))
    page = Page(client.send(new_form(client), **wrong))
    for field in ("code", "title", "period", "opens_time", "figures_from", "closes_date"):
        assert page.by_id(f"f-{field}").get("aria-invalid") == "true", field
    assert page.by_id("f-figures_to").get("aria-invalid") is None
    assert client.get("/dot-danh-gia/2027").status_code == 404


def test_unreadable_days_of_figures_keep_nothing_even_where_all_else_is_right(site: Site) -> None:
    client = site.client("tonghop")
    answer = client.send(new_form(client), **later(figures_from="hôm nay", figures_to="ngày mai"))
    assert answer.status_code == 422
    assert client.get("/dot-danh-gia/2027").status_code == 404


def test_a_wrong_deadline_and_a_blank_reason_are_told_at_once(site: Site) -> None:
    client = site.client("tonghop")
    for typed in ({"closes_date": "31/02/2027"}, {"closes_date": day(-3)}):
        page = Page(client.send(client.page("/dot-danh-gia/2026/han").form("/han"), reason=" ", **typed))
        assert page.by_id("f-closes_date").get("aria-invalid") == "true"
        assert page.by_id("f-reason").get("aria-invalid") == "true"


def test_a_draft_is_kept_looked_at_and_opened(site: Site) -> None:
    client = site.client("tonghop")
    page = make(client)
    assert page.response.request.path == "/dot-danh-gia/2027"
    assert "bản nháp" in page.text
    assert f"17:30, {weekday(60)} {day(60)}" in page.text
    assert "phiếu sẽ được tạo" in page.text
    opened = Page(client.send(page.form("/mo"), "Mở đợt"))
    assert "Đã mở đợt" in opened.text
    assert "5 phiếu, 0 đã gửi, 5 chưa gửi" in opened.text
    assert "sắp mở" in client.page("/dot-danh-gia").text


def weekday(days: float) -> str:
    words = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
    return words[(datetime.now(UTC) + timedelta(days=days, hours=7)).weekday()]


@pytest.mark.parametrize(
    ("typed", "sentence", "field"),
    [
        ({"closes_date": "31/02/2027"}, "Ghi ngày có thật", "closes_date"),
        ({"opens_time": "25:00"}, "Ghi giờ theo dạng", "opens_time"),
        ({"figures_from": "hôm nay"}, "Ghi ngày có thật", "figures_from"),
        ({"code": "2026"}, "Đã có đợt đánh giá mang mã 2026", "code"),
        ({"title": " "}, "Ghi tên đợt", "title"),
        ({"closes_date": "01/01/2020", "opens_date": "01/12/2019"}, "đã qua", "closes_date"),
        ({"closes_date": "01/01/2020"}, "phải sau lúc mở đợt", "closes_date"),
        ({"version-so-nganh": "99999"}, "phiên bản đã ban hành", "version-so-nganh"),
    ],
)
def test_a_fault_stands_at_its_field_and_what_was_typed_stays(
    site: Site, typed: dict[str, str], sentence: str, field: str
) -> None:
    client = site.client("tonghop")
    wanted = later(period="Kỳ của tôi", **typed) if "code" not in typed else later(**{"period": "Kỳ của tôi", **typed})
    answer = client.send(new_form(client), **wanted)
    page = Page(answer)
    assert answer.status_code == 422
    assert sentence in page.text
    assert page.by_id(f"f-{field}").get("aria-invalid") == "true" or field.startswith("version")
    assert page.by_id("f-period").get("value") == "Kỳ của tôi"
    assert client.get("/dot-danh-gia/2027").status_code == 404


def test_two_days_that_are_none_are_told_apart(site: Site) -> None:
    client = site.client("tonghop")
    page = Page(client.send(new_form(client), **later(opens_date="", closes_date="31/02/2026"))).text
    assert "Ngày mở: Ghi ngày có thật" in page
    assert "Ngày hết hạn gửi: Ghi ngày có thật" in page


def test_an_overlap_is_said_and_needs_a_tick(site: Site) -> None:
    client = site.client("tonghop")
    page = make(client, opens_date=day(1), closes_date=day(10))
    assert "cũng lấy số liệu của 5 đơn vị này" in page.text
    refused = client.send(page.form("/mo"), "Mở đợt")
    assert refused.status_code == 422
    assert "đánh dấu đồng ý" in Page(refused).text
    assert "Đã mở đợt" in Page(client.send(page.form("/mo"), "Mở đợt", overlap_ok="1")).text


def test_two_windows_on_one_draft_do_not_overwrite_each_other(site: Site) -> None:
    client = site.client("tonghop")
    make(client)
    first, second = (client.page("/dot-danh-gia/2027/sua").form("/sua") for _ in range(2))
    assert "Đã lưu" in Page(client.send(first, title="Đợt một")).text
    clash = client.send(second, title="Đợt hai")
    page = Page(clash)
    assert clash.status_code == 422
    assert "người khác thay đổi" in page.text
    assert "Đợt một" in page.text
    assert page.by_id("f-title").get("value") == "Đợt hai"
    assert "Đã lưu" in Page(client.send(page.form("/sua"))).text  # now that it has been seen
    assert "Đợt hai" in client.page("/dot-danh-gia").text


def test_a_copy_proposes_the_next_year(site: Site) -> None:
    form = new_form(site.client("tonghop"), "/dot-danh-gia/moi?tu=2026")
    assert form.fields["code"] == ["2027"]
    assert form.fields["title"] == ["Đợt đánh giá năm 2027"]
    assert form.fields["tu"] == ["2026"]
    assert site.client("tonghop").get("/dot-danh-gia/moi?tu=khong").status_code == 404


def test_closing_is_asked_twice_and_opening_again_needs_a_reason(site: Site) -> None:
    client = site.client("tonghop")
    asked = client.page("/dot-danh-gia/2026/dong")
    assert "5 đơn vị chưa gửi: 5 chưa bắt đầu" in asked.text
    assert "mọi phiếu đã khóa" in Page(client.send(asked.form("/dong"), "Đóng đợt")).text
    assert "Đợt đánh giá đã đóng" in site.client("nhap").page(site.ward).text
    form = client.page("/dot-danh-gia/2026/mo-lai").form("/mo-lai")
    refused = client.send(form, closes_date=day(10), reason="gấp")
    assert refused.status_code == 422
    assert "Nêu lý do cụ thể" in Page(refused).text
    again = Page(client.send(Page(refused).form("/mo-lai"), reason=WHY))
    assert "Đã mở lại đợt" in again.text
    assert "đang mở" in again.text


def test_an_opened_round_is_never_deleted_and_says_what_to_do(site: Site) -> None:
    client = site.client("tonghop")
    page = client.page("/dot-danh-gia/2026/xoa")
    assert "không xóa được" in page.text
    assert "Đóng đợt" in page.links()
    forged = Form("/dot-danh-gia/2026/xoa", "post", {"csrf_token": new_form(client).fields["csrf_token"]})
    assert client.send(forged, revision="2").status_code == 422
    assert client.get("/dot-danh-gia/2026").status_code == 200


def test_a_draft_is_deleted_once_confirmed(site: Site) -> None:
    client = site.client("tonghop")
    make(client)
    assert "Đã xóa bản nháp" in Page(client.send(client.page("/dot-danh-gia/2027/xoa").form("/xoa"))).text
    assert client.get("/dot-danh-gia/2027").status_code == 404


def test_a_body_is_extended_from_the_chase_list_and_sees_why(site: Site) -> None:
    client = site.client("tonghop")
    number = str(site.submissions[DEPARTMENT])
    chosen = client.page("/dot/2026/don-doc").form("/don-doc/soan")
    page = Page(client.send(chosen, "Gia hạn", phieu=[number]))
    assert page.h1 == "Gia hạn cho 1 đơn vị"
    refused = client.send(page.form("/gia-han"), until_date="30/02/2027", reason=WHY)
    assert (refused.status_code, "Ghi ngày có thật" in Page(refused).text) == (422, True)
    early = client.send(page.form("/gia-han"), until_date=day(2), reason=WHY)
    assert "phải sau hạn chung của đợt" in Page(early).text
    done = Page(client.send(page.form("/gia-han"), until_date=day(40), reason=WHY))
    assert f"17:00, {weekday(40)} {day(40)}" in done.text
    hub = site.client("nhap.so").page(f"/phieu/{number}")
    assert f"Được gia hạn đến 17:00, {day(40)}" in hub.text
    assert WHY in hub.text
    assert day(40) in client.page("/dot/2026/don-doc?tim=noi+vu").text
    ended = client.send(done.form("/thu-hoi-gia-han"), reason="Đơn vị đã kịp hoàn thành số liệu")
    assert "Chưa đơn vị nào được gia hạn" in Page(ended).text


def test_nobody_chosen_is_said(site: Site) -> None:
    client = site.client("tonghop")
    form = client.page("/dot/2026/don-doc").form("/don-doc/soan")
    for button in ("Soạn đôn đốc", "Gia hạn"):
        answer = client.send(form, button)
        assert answer.status_code == 422
        assert "Chọn ít nhất một đơn vị" in Page(answer).text


def test_the_versions_of_questionnaires_are_listed_with_their_rounds(site: Site) -> None:
    for login in ("tonghop", "quantri"):
        page = site.client(login).page("/bo-chi-so")
        assert "so-nganh" in page.text
        assert "2026: 1 phiếu, 0 đã bắt đầu" in page.text
