"""Figures of city bodies by pages: who gives them, the workbook there and back, single bodies, requests to correct."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from tests.services.figures_world import cell_of, saved
from tests.web.served import Served, build, opened
from tests.web.strict_client import Page

DUTIES, OWNERS = "/cung-cap/2026", "/dot/2026/cung-cap"
REASON = "Số hộ trên địa bàn theo báo cáo tháng 10 là 12 hộ."


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance that every test takes a copy of: SO-2 gives indicator 2.4, its clerk is `other`."""
    folder = tmp_path_factory.mktemp("provide")
    build(folder)
    with opened(folder) as made:
        form = next(form for form in made.client("coordinator").page(OWNERS).forms() if form.action == OWNERS)
        place = next(name for name in form.fields if name.startswith("b."))
        assert made.client("coordinator").send(form, **{place: "SO-2"}).status_code == 200
    return folder


@pytest.fixture
def system(built: Path, tmp_path: Path) -> Iterator[Served]:
    """A fresh copy."""
    shutil.copytree(built, tmp_path / "instance")
    with opened(tmp_path / "instance") as made:
        yield made


def submission(system: Served, agency: str = "SO-1") -> int:
    """The number of an agency's phiếu, from the giver's list."""
    page = system.client("other").page(f"{DUTIES}/mau/don-vi")
    row = next(row for row in page.all("tr") if any(agency == (e.text or "") for e in row.iter("span")))
    return int(next(a.get("href", "") for a in row.iter("a")).rpartition("/")[2])


def book(system: Served) -> openpyxl.Workbook:
    """The workbook as downloaded."""
    answer = system.client("other").get(f"{DUTIES}/mau/so-lieu.xlsx")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def hand_in(system: Served, content: bytes, name: str = "so-lieu.xlsx") -> TestResponse:
    """Send the form with a file."""
    client = system.client("other")
    form = client.page(DUTIES).form("/tep")
    data = {**form.fields, "file": FileStorage(io.BytesIO(content), name)}
    return client.open(form.action, method="POST", data=data, follow_redirects=True)


def give(system: Served, a: str = "6", b: str = "10", **letter: str) -> TestResponse:
    """Save the figures of SO-1 on its page."""
    path = f"{DUTIES}/phieu/{submission(system)}"
    form = system.client("other").page(path).form(path)
    return system.client("other").send(form, **{"a.2.4.a": a, "a.2.4.b": b}, **letter)


def test_the_menu_leads_only_those_who_give_figures_to_their_page(system: Served) -> None:
    for login, there in (("other", True), ("clerk", False), ("leader", False), ("third", False)):
        links = system.client(login).page("/").links()
        assert ("Cung cấp số liệu" in links) is there, login
    assert system.client("third").page("/cung-cap").text.count("không phải cung cấp số liệu") == 1
    assert system.client("other").page("/cung-cap").h1 == "Cung cấp số liệu"
    assert "Nguồn số liệu" in system.client("coordinator").page("/").links()


def test_the_coordinator_sees_the_body_chosen_and_what_has_figures(system: Served) -> None:
    give(system)
    page = system.client("coordinator").page(OWNERS)
    assert "Mọi chỉ số đã có cơ quan cung cấp" in page.text
    assert "1 / 4" in page.text
    assert page.form(OWNERS).fields[next(n for n in page.form(OWNERS).fields if n.startswith("b."))] == ["SO-2"]


def test_a_workbook_goes_out_comes_back_is_shown_and_taken(system: Served) -> None:
    made = book(system)
    cell_of(made, "SO-1", "2.4.a").value, cell_of(made, "SO-1", "2.4.b").value = 6, 10
    preview = Page(hand_in(system, saved(made)))
    assert preview.h1 == "Xem trước số liệu trong tệp"
    assert "2 số liệu của 1 đơn vị sẽ thay đổi" in preview.text
    assert "Sở Y tế (SO-1)" in preview.text
    form = next(form for form in preview.forms() if "/tep/" in form.action)
    done = Page(system.client("other").send(form, number="12/SDTTG", dated="1/1/2026"))
    assert "Đã ghi số liệu trong tệp." in done.text
    assert "1 / 4" in done.text
    again = Page(hand_in(system, saved(made)))
    assert "Tệp không thay đổi gì" in again.text
    agency = system.client("clerk").page(f"/phieu/{submission(system)}/muc/2.B")
    assert "cung cấp, ngày 01/01/2026, theo văn bản số 12/SDTTG." in agency.text


def test_a_letter_that_cannot_be_comes_back_with_what_was_typed(system: Served) -> None:
    made = book(system)
    cell_of(made, "SO-1", "2.4.a").value = 6
    form = next(form for form in Page(hand_in(system, saved(made))).forms() if "/tep/" in form.action)
    answer = system.client("other").send(form, number="12/SDTTG", dated="hôm qua")
    assert answer.status_code == 422
    page = Page(answer)
    assert page.by_id("f-dated").get("value") == "hôm qua"
    assert page.by_id("f-number").get("value") == "12/SDTTG"
    assert page.by_id("f-dated").get("aria-invalid") == "true"


def test_a_faulty_file_is_told_by_cell_and_nothing_is_taken(system: Served) -> None:
    made = book(system)
    cell_of(made, "SO-1", "2.4.a").value = "sáu"
    preview = Page(hand_in(system, saved(made)))
    assert "trang “Số liệu”, ô D9" in preview.text or "ô D9" in preview.text
    assert not [form for form in preview.forms() if "/tep/" in form.action]
    assert "không thay đổi gì" not in preview.text  # it would, once it is mended


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "so-lieu.xlsx", "Chưa chọn tệp"),
        (b"PK\x03\x04 hong", "so-lieu.xlsx", "so-lieu.xlsx"),
        ("Mã đơn vị;Ghi chú\nSO-1;x\n".encode(), "so-lieu.csv", "Ghi chú"),
    ],
)
def test_what_is_no_table_of_figures_is_refused_with_a_sentence(
    system: Served, content: bytes, name: str, told: str
) -> None:
    answer = hand_in(system, content, name)
    assert answer.status_code == 422
    assert told in Page(answer).text


def test_one_agency_is_found_by_name_and_its_figures_saved(system: Served) -> None:
    client = system.client("other")
    found = client.page(f"{DUTIES}/mau/don-vi", query_string={"tim": "so y te"})
    assert "SO-1" in found.text
    assert "SO-3" not in found.text
    nobody = client.page(f"{DUTIES}/mau/don-vi", query_string={"tim": "không có"})
    assert "Không có đơn vị nào khớp" in nobody.text
    page = Page(give(system, number="12/SDTTG", dated="1/1/2026"))
    assert "Đã lưu số liệu." in page.text
    assert page.by_id("f-2.4.a").get("value") == "6"
    lacking = client.page(f"{DUTIES}/mau/don-vi", query_string={"con-thieu": "1"})
    assert "SO-1" not in lacking.text
    assert "SO-3" in lacking.text


@pytest.mark.parametrize(("a", "b", "field"), [("sáu", "10", "f-2.4.a"), ("11", "10", "f-2.4.a")])
def test_a_figure_that_cannot_be_stays_where_it_was_typed(system: Served, a: str, b: str, field: str) -> None:
    answer = give(system, a, b)
    assert answer.status_code == 422
    page = Page(answer)
    assert page.by_id(field).get("value") == a
    assert page.by_id(field).get("aria-invalid") == "true"


def ask(system: Served, reason: str = REASON) -> TestResponse:
    """SO-1 asks that b be 12."""
    path = f"/phieu/{submission(system)}/dieu-chinh/2.4"
    form = system.client("clerk").page(path).form(path)
    return system.client("clerk").send(form, **{"a.2.4.b": "12"}, reason=reason)


def test_an_agency_asks_the_owner_refuses_and_the_agency_reads_why(system: Served) -> None:
    give(system)
    group = f"/phieu/{submission(system)}/muc/2.B"
    assert any(text.startswith("Đề nghị điều chỉnh") for text in system.client("clerk").page(group).links())
    assert "Đã gửi đề nghị điều chỉnh." in Page(ask(system)).text
    assert "đang chờ trả lời" in system.client("clerk").page(group).text
    owner = system.client("other")
    assert "1 đề nghị điều chỉnh đang chờ trả lời" in owner.page(DUTIES).text
    page = owner.page(f"{DUTIES}/dieu-chinh")
    assert "10 → 12" in page.text
    form = next(form for form in page.forms() if "/dieu-chinh/" in form.action)
    short = owner.send(form, "Không chấp nhận", reason="không")
    assert short.status_code == 422
    assert (Page(short).all("textarea")[0].text or "").strip() == "không"
    done = Page(owner.send(form, "Không chấp nhận", reason="Số hộ lấy theo niên giám thống kê."))
    assert "Không có đề nghị nào đang chờ" in done.text
    assert "Số hộ lấy theo niên giám thống kê." in owner.page(f"{DUTIES}/dieu-chinh?xem=da-tra-loi").text
    assert "không được chấp nhận: Số hộ lấy theo niên giám thống kê." in system.client("clerk").page(group).text


def test_accepting_writes_the_figure_and_says_so_to_the_agency(system: Served) -> None:
    give(system)
    ask(system)
    owner = system.client("other")
    form = next(form for form in owner.page(f"{DUTIES}/dieu-chinh").forms() if "/dieu-chinh/" in form.action)
    assert "Đã chấp nhận và ghi số mới." in Page(owner.send(form, "Chấp nhận")).text
    group = system.client("clerk").page(f"/phieu/{submission(system)}/muc/2.B").text
    assert "Đã điều chỉnh theo đề nghị của đơn vị." in group
    assert "Đề nghị điều chỉnh đã được chấp nhận." in group


def test_a_request_is_taken_back_and_a_faulty_one_keeps_what_was_typed(system: Served) -> None:
    give(system)
    faulty = ask(system, "sai")
    assert faulty.status_code == 422
    assert Page(faulty).by_id("f-2.4.b").get("value") == "12"
    waiting = Page(ask(system))
    done = Page(system.client("clerk").send(waiting.form("/rut")))
    assert "Đã rút đề nghị điều chỉnh." in done.text
    assert "Không có đề nghị nào đang chờ" in system.client("other").page(f"{DUTIES}/dieu-chinh").text


def test_groups_are_given_shown_and_filtered(system: Served) -> None:
    number = submission(system)
    path = f"/phieu/{number}/phan-cong"
    client = system.client("clerk")
    form = client.page(path).form(path)
    options = dict(colleagues(client.page(path)))
    done = Page(client.send(form, **{"g.1": options["Người clerk2"], "g.2.A": options["Người clerk"]}))
    assert "Đã lưu phân công." in done.text
    hub = client.page(f"/phieu/{number}")
    assert "Phụ trách: Người clerk2" in hub.text
    assert "Tôi phụ trách" in hub.text
    mine = client.page(hub.links()["Việc của tôi (1)"])
    assert "2.A. Dịch vụ" in mine.links()
    assert "1. Nhận thức số" not in mine.links()
    assert "Phụ trách: Người clerk2" in client.page(f"/phieu/{number}/muc/1").text
    empty = system.client("leader").page(f"/phieu/{number}", query_string={"viec": "toi"})
    assert "Chưa được giao chỉ số chính nào" in empty.text


def colleagues(page: Page) -> list[tuple[str, str]]:
    """Those offered for the first group."""
    return [(option.text or "", option.get("value", "")) for option in page.by_id("f-g-1").iter("option")]


def test_a_body_with_one_clerk_is_told_so(system: Served) -> None:
    page = system.client("third").page(f"/phieu/{submission(system, 'SO-3')}/phan-cong")
    assert "Đơn vị chỉ có một người nhập số liệu" in page.text


def test_a_figure_given_after_sending_is_told_on_the_hub(system: Served) -> None:
    give(system)
    number = submission(system)
    client = system.client("clerk")
    check = client.page(f"/phieu/{number}/kiem-tra")
    client.send(check.form("/trinh-duyet"), missing_confirmed="1")
    assert "đã thay đổi" not in client.page(f"/phieu/{number}").text
    give(system, "7")
    assert "Chỉ số 2.4 có số liệu mới sau khi phiếu đã trình duyệt hoặc gửi" in client.page(f"/phieu/{number}").text
    assert "Số liệu được cung cấp sau khi phiếu" in system.client("leader").page(f"/phieu/{number}/duyet").text


@pytest.mark.parametrize("login", ["clerk", "third", "leader", "admin"])
@pytest.mark.parametrize("path", ["", "/mau/don-vi", "/mau/so-lieu.xlsx", "/dieu-chinh", "/phieu/1", "/tep/1"])
def test_who_gives_nothing_finds_nothing(system: Served, login: str, path: str) -> None:
    system.client(login).page(f"{DUTIES}{path}", status=404)
