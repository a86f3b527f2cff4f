"""The pages of next steps and of what verifiers may look at first."""

from __future__ import annotations

import pytest

from tests.web.served import Served
from tests.web.test_coordinator import built, fill_in, number_of, send, system

__all__ = ["built", "system"]


def test_an_empty_phieu_is_told_what_figures_would_bring(system: Served) -> None:
    clerk = system.client("clerk")
    number = number_of(clerk)
    page = clerk.page(f"/phieu/{number}/kiem-tra")
    assert page.by_id("buoc-tiep-theo") is not None
    assert "Trong phiếu này: bổ sung, sửa cho đúng" in page.text
    assert "tối đa +20,00 điểm" in page.text
    assert "Kỳ tới" not in page.text.split("Bước tiếp theo")[-1].split("Tính từ số liệu")[1]


def test_a_full_phieu_is_told_what_work_would_bring_with_the_way_to_its_indicator(system: Served) -> None:
    clerk = system.client("clerk")
    number = fill_in(clerk)
    page = clerk.page(f"/phieu/{number}/kiem-tra")
    assert "Kỳ tới: làm thật, có tài liệu của kỳ đó" in page.text
    assert "thêm 33 người (73 → 106), đạt mục tiêu 100%, có tài liệu kiểm chứng: +6,23 điểm." in page.text
    assert page.links()["1.2 Công chức được tập huấn"] == f"/phieu/{number}/muc/1#cs-1.2"
    assert "không lập tài liệu lùi ngày" in page.text
    hub = clerk.page(f"/phieu/{number}")
    assert hub.links()["Bước tiếp theo"] == f"/phieu/{number}/kiem-tra#buoc-tiep-theo"
    assert "hạng" not in page.text.split("Bước tiếp theo")[-1].lower(), "no rank before verification"


def test_what_is_worth_a_look_leads_from_the_board_to_the_phieu(system: Served) -> None:
    number = send(system)
    coordinator = system.client("coordinator")
    board = coordinator.page("/dot/2026")
    listed = coordinator.page(board.links()["Nên xem trước"])
    assert "1/1 phiếu đã gửi có dấu hiệu nên xem" in listed.text
    assert "30,00" in listed.text
    assert "không phải kết luận" in listed.text
    phieu = coordinator.page(listed.links()["Sở Y tế"])
    assert phieu.response.request.path == f"/dot/2026/phieu/{number}"
    assert "Có điểm, chưa có tài liệu kiểm chứng; nên xem tài liệu." in phieu.text
    assert "vừa đạt bậc từ 4 cuộc trở lên" in phieu.text


def test_the_list_before_anything_is_sent_says_so(system: Served) -> None:
    page = system.client("coordinator").page("/dot/2026/nen-xem")
    assert "Chưa có phiếu nào nên xem trước" in page.text


@pytest.mark.parametrize("query", [{"dau-hieu": "?"}, {"trang": "x"}, {"khoi": "khong-co"}, {"tim": "không có đâu"}])
def test_an_odd_filter_is_no_fault(system: Served, query: dict[str, str]) -> None:
    send(system)
    system.client("coordinator").page("/dot/2026/nen-xem", query_string=query)


def test_the_file_is_a_workbook_and_only_for_those_of_the_list(system: Served) -> None:
    send(system)
    answer = system.client("coordinator").get("/dot/2026/nen-xem.xlsx?dau-hieu=edge")
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
    for who in ("clerk", "leader", "admin"):
        assert system.client(who).get("/dot/2026/nen-xem.xlsx").status_code == 404
        system.client(who).page("/dot/2026/nen-xem", status=404)
