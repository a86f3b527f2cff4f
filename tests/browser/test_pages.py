"""Every page in every state: nothing that axe objects to, and no scrolling sideways on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from survey.web.access import ROUTES
from survey.web.app import create_app
from tests.browser.conftest import Site
from tests.browser.looking import look
from tests.browser.page_list import ADMIN_PAGES, BODY_PAGES, ELSEWHERE, OFFICE_PAGES, address, known
from tests.browser.world import BOARD, DEPARTMENT, ROUND, WARD

pytestmark = pytest.mark.long

PAGES = [*BODY_PAGES, *OFFICE_PAGES, *ADMIN_PAGES]
MISSING = ("/khong-co-trang-nay", "/dot/khong-co", "/dot/{round}/xep-hang?nhom=khong-co")


@pytest.mark.parametrize(("login", "path"), PAGES, ids=[f"{login or 'nobody'} {path}" for login, path in PAGES])
def test_a_page_is_accessible_and_fits_a_phone(
    lived: Site, signed_in: Callable[[str], Any], login: str, path: str
) -> None:
    page = signed_in(login)
    there = address(lived, path)
    answer = page.goto(there)
    assert answer.status == (404 if path in MISSING else 400 if path == "/moi/khong-co" else 200)
    assert answer.url == lived.address + there
    look(page)


def test_no_page_is_left_out(lived: Site, tmp_path: Any) -> None:
    app = create_app(tmp_path)
    adapter = app.url_map.bind("localhost")
    seen = {adapter.match(address(lived, path).split("?")[0])[0] for _, path in known(PAGES)}
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    assert pages & set(ROUTES) - ELSEWHERE - seen == set()


def test_a_group_can_be_printed(lived: Site, signed_in: Callable[[str], Any]) -> None:
    page = signed_in("nhap.so")
    page.goto(f"{lived.phieu(DEPARTMENT)}/xem")
    page.emulate_media(media="print")
    try:
        assert not page.locator(".nav-wide").is_visible()
        assert not page.locator("[data-print]").is_visible()
        assert page.locator("h1").is_visible()
        assert page.pdf(format="A4").startswith(b"%PDF")
    finally:
        page.emulate_media(media="screen")


def test_a_chart_can_be_read_on_a_phone_by_scrolling_its_own_box(lived: Site, signed_in: Callable[[str], Any]) -> None:
    page = signed_in("tonghop")
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"/dot/{ROUND}/bieu-do")
    box = page.locator(".chart").first
    box.locator("img").scroll_into_view_if_needed()
    assert box.locator("img").bounding_box()["width"] >= 700
    box.focus()
    assert box.evaluate("box => document.activeElement === box")
    assert box.evaluate("box => { box.scrollLeft = 100; return box.scrollLeft; }") == 100


def test_the_hub_and_a_group_can_be_read_at_twice_the_size(lived: Site, signed_in: Callable[[str], Any]) -> None:
    page = signed_in("nhap.phuong")
    page.set_viewport_size({"width": 640, "height": 450})  # 1280 px at 200 %
    for path in ("", "/muc/4.C", "/kiem-tra"):
        page.goto(lived.phieu(WARD) + path)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


LISTS = (
    ("tonghop", "/dot/{round}/don-doc", "tinh-trang", "filling"),
    ("tonghop", "/dot/{round}/don-vi", "tinh-trang", "sent"),
    ("quantri", "/quan-tri/don-vi", "khoi", "dang"), ("quantri", "/quan-tri/tai-khoan", "vai-tro", "clerk"),
    ("quantri", "/quan-tri/tai-khoan/thu-moi", "vai-tro", "clerk"), ("quantri", "/nhat-ky", "loai", "rounds"),
)  # fmt: skip


@pytest.mark.parametrize(("login", "path", "name", "value"), LISTS, ids=[one[1] for one in LISTS])
def test_filters_are_folded_on_a_phone_where_none_is_set(
    lived: Site, signed_in: Callable[[str], Any], login: str, path: str, name: str, value: str
) -> None:
    page, there = signed_in(login), address(lived, path)
    control = page.locator(f".filters [name='{name}']")
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(there)
    assert not control.is_visible()
    page.locator(".more-filters summary").press("Enter")
    assert control.is_visible()
    page.goto(f"{there}?{name}={value}")
    assert control.is_visible(), "a filter that is set stands open"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(there)
    assert control.is_visible(), "a wide screen shows every filter"


def test_presenting_is_in_sight_wherever_the_check_page_is_read(lived: Site, signed_in: Callable[[str], Any]) -> None:
    page = signed_in("nhap.bql")
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{lived.phieu(BOARD)}/kiem-tra")
    link = page.locator(".save-bar a")
    box = link.bounding_box()
    assert box["y"] + box["height"] <= 800
    link.click()
    assert page.url.endswith(("#trinh-duyet", "#phai-sua"))
