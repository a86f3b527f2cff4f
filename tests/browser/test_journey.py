"""The main job from end to end: filled, returned, mended, approved, ranked, downloaded."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.browser.conftest import Site
from tests.browser.filler import WATCH, fill_page, follow, wait_until_saved
from tests.browser.world import FRONT_2, ROUND

REASON = "Chỉ số 1.1: đề nghị xem lại, chưa khớp với quyết định phân công."
HEADER = "Điểm tự đánh giá"
NAME = "Ủy ban Mặt trận Tổ quốc Việt Nam phường Văn Miếu - Quốc Tử Giám"


def test_a_whole_questionnaire_goes_from_the_clerk_to_the_ranking_and_the_workbook(site: Site) -> None:
    clerk = site.page("nhap.mttq2")
    assert "Chưa bắt đầu" in clerk.inner_text("main")
    _fill_every_group(clerk)
    _attach_one_document_to_two_indicators(clerk, site)
    _present(clerk, site)

    leader = site.page("duyet.mttq2")
    leader.goto(f"{site.phieu(FRONT_2)}/duyet")
    assert leader.locator('[data-indicator], [id^="cs-"]').count() >= 28  # every answer is there to be read
    leader.locator(".return-form summary").click()
    leader.fill("#f-reason", REASON)
    follow(leader, leader.get_by_role("button", name="Trả lại"))

    clerk.goto(site.phieu(FRONT_2))
    assert REASON in clerk.inner_text("main")
    _mend(clerk)
    _present(clerk, site)

    leader.goto(f"{site.phieu(FRONT_2)}/duyet")
    follow(leader, leader.get_by_role("button", name="Duyệt và gửi"))
    assert leader.url.endswith("/bien-nhan")
    receipt = leader.inner_text("main")
    assert NAME in receipt
    total = leader.locator(".facts dd", has_text="%").first.inner_text().split(" / ")[0]

    coordinator = site.page("tonghop")
    coordinator.goto(f"/dot/{ROUND}/xep-hang")
    row = coordinator.locator("table.heat tbody tr", has_text=NAME)
    assert row.locator("td").first.inner_text() == "1"
    assert total in row.inner_text()
    follow(coordinator, row.get_by_role("link", name=NAME))
    assert NAME in coordinator.inner_text("h1")
    assert total in coordinator.inner_text("aside .big")
    assert _total_in_workbook(coordinator) == float(total.replace(".", "").replace(",", "."))


def _fill_every_group(clerk: Any) -> None:
    """Group after group by "lưu và sang mục", as the clerk goes."""
    follow(clerk, clerk.locator("table a[href*='/muc/']").first)
    clerk.evaluate(WATCH)
    fill_page(clerk)
    wait_until_saved(clerk)
    said = clerk.evaluate("window.said")
    assert any("Đang lưu" in one for one in said), said
    assert "Đã lưu lúc" in clerk.inner_text("#save-words")
    assert "điểm" in clerk.locator("[data-why]:not([hidden])").first.inner_text()
    answered = 0
    for _ in range(20):
        button = clerk.locator(".save-buttons button.btn-primary")
        last = button.get_attribute("value") == "check"
        follow(clerk, button)
        if last:
            break
        answered += fill_page(clerk)
        wait_until_saved(clerk)
    assert answered > 28
    assert clerk.url.endswith("/kiem-tra")
    assert "Chưa có số liệu" not in clerk.inner_text("main")


def _attach_one_document_to_two_indicators(clerk: Any, site: Site) -> None:
    clerk.goto(site.phieu(FRONT_2))
    follow(clerk, clerk.locator("table a[href*='/muc/']").first)
    opens = clerk.locator("button[value^='open:']")
    first, second = (opens.nth(i).get_attribute("value").split(":")[1] for i in (0, 1))
    card, other = (clerk.locator(f'[data-indicator="{code}"]') for code in (first, second))
    card.locator("button[value^='open:']").click()
    clerk.fill("#e-number", "12/KH-MTTQ")
    clerk.fill("#e-issued", "15/03/2026")
    clerk.fill("#e-issuer", NAME)
    clerk.fill("#e-summary", "Kế hoạch chuyển đổi số năm 2026")
    clerk.check("#e-not_secret")
    card.locator("button[value^='add:']").click()
    card.locator(".document", has_text="12/KH-MTTQ").wait_for()
    other.locator("button[value^='open:']").click()
    picked = other.locator("select")
    picked.select_option(label=picked.locator("option", has_text="12/KH-MTTQ").inner_text())
    other.locator("button[value^='attach:']").click()
    other.locator(".document", has_text="12/KH-MTTQ").wait_for()
    clerk.goto(f"{site.phieu(FRONT_2)}/tai-lieu")
    kept = clerk.locator("main tbody tr", has_text="12/KH-MTTQ")
    assert kept.count() == 1
    words = kept.inner_text()
    assert first in words
    assert second in words


def _present(clerk: Any, site: Site) -> None:
    clerk.goto(f"{site.phieu(FRONT_2)}/kiem-tra")
    follow(clerk, clerk.get_by_role("button", name="Trình duyệt"))
    assert "Chờ duyệt" in clerk.inner_text("main")


def _mend(clerk: Any) -> None:
    follow(clerk, clerk.locator("table a[href*='/muc/']").first)
    clerk.evaluate(WATCH)
    number = clerk.locator("#phieu input[inputmode]").first
    number.fill("6")
    clerk.keyboard.press("Tab")
    clerk.wait_for_function("() => window.said.some((one) => one.includes('Đã lưu lúc'))")


def _total_in_workbook(coordinator: Any) -> float:
    """What the sheet Tổng hợp of the downloaded workbook carries for the body."""
    coordinator.goto(f"/dot/{ROUND}")
    with coordinator.expect_download() as download:
        coordinator.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename == f"tong-hop-{ROUND}.xlsx"
    book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()), data_only=True)
    rows = list(book["Tổng hợp"].iter_rows(values_only=True))
    column = next(row for row in rows if HEADER in row).index(HEADER)
    return float(next(row for row in rows if NAME in row)[column])
