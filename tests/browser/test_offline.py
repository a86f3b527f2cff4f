"""The preview of a table that was handed in, in a browser: rows are ticked one by one or all at once, then taken."""

from __future__ import annotations

from tests.browser.conftest import Site
from tests.browser.looking import look
from tests.browser.world import PARTY


def test_rows_are_ticked_one_by_one_or_all_at_once_and_taken(site: Site) -> None:
    page = site.page("nhap.danguy")
    page.goto(f"{site.phieu(PARTY)}/excel")
    page.get_by_label("Bảng chép từ Excel hoặc Word").fill("1.2.a\t7\n1.2.b\t9\n3.1.a\t2\n3.1.b\tchín\n")
    page.locator("form[action$='/bang'] button").click()
    page.wait_for_url("**/tep/*")
    boxes, every = page.locator("input[name=row]"), page.get_by_label("Đánh dấu tất cả")

    def ticked() -> list[bool]:
        return [box.is_checked() for box in boxes.all()]

    assert ticked() == [True, True, True]
    every.uncheck()
    assert ticked() == [False, False, False]
    boxes.nth(1).check()
    assert every.evaluate("box => box.indeterminate")
    look(page)
    page.get_by_role("button", name="Nạp các dòng đã đánh dấu").click()
    page.get_by_role("heading", name="Đã nạp vào phiếu").wait_for()
    assert "Đã thay đổi 1 chỉ số" in page.inner_text("main")
    look(page)
