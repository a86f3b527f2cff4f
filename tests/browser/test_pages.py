"""Every page in every state: nothing that axe objects to, and no scrolling sideways on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from survey.web.access import ROUTES
from survey.web.app import create_app
from tests.browser.conftest import Site
from tests.browser.world import BOARD, DEPARTMENT, FRONT, PARTY, ROUND, WARD

WIDTHS = (375, 1280)
# {…}: the phiếu of a body. Login "" is nobody.
PAGES = [
    ("", "/"), ("", "/dang-nhap"), ("", "/huong-dan"), ("", "/khong-co-trang-nay"), ("", "/?lang=en"),
    ("nhap2", "/don-vi"), ("nhap2", "/mat-khau"), ("nhap2", "/khong-co-trang-nay"),
    ("nhap.phuong", "{ward}"), ("nhap.phuong", "{ward}?lang=en"), ("nhap.phuong", "{ward}/muc/1?lang=vi"),
    ("nhap.phuong", "{ward}/muc/2"), ("nhap.phuong", "{ward}/muc/4.A"), ("nhap.phuong", "{ward}/muc/4.C"),
    ("nhap.phuong", "{ward}/muc/5"), ("nhap.phuong", "{ward}/muc/6"),
    ("nhap.phuong", "{ward}/kiem-tra"), ("nhap.phuong", "{ward}/tai-lieu"), ("nhap.phuong", "{ward}/tai-lieu/1"),
    ("nhap.phuong", "{ward}/xem"), ("nhap.phuong", "{ward}/lich-su"), ("nhap.phuong", "{ward}/duyet"),
    ("nhap.danguy", "{party}"), ("nhap.danguy", "{party}/muc/2"), ("nhap.danguy", "{party}/kiem-tra"),
    ("nhap.danguy", "{party}/tai-lieu"), ("nhap.danguy", "{party}/lich-su"),
    ("nhap.bql", "{board}"), ("nhap.bql", "{board}/muc/1"), ("nhap.bql", "{board}/kiem-tra"),
    ("nhap.so", "{department}"), ("nhap.so", "{department}/muc/3"), ("nhap.so", "{department}/kiem-tra"),
    ("duyet.so", "{department}"), ("duyet.so", "{department}/duyet"),
    ("duyet.mttq", "{front}"), ("duyet.mttq", "{front}/bien-nhan"), ("duyet.mttq", "{front}/rut-lai"),
    ("tonghop", "/dot/{round}"), ("tonghop", "/dot/{round}/don-vi"), ("tonghop", "/dot/{round}/don-vi?tim=van+mieu"),
    ("tonghop", "/dot/{round}/don-vi?tim=khong-co"), ("tonghop", "/dot/{round}/phieu/{front_number}"),
    ("tonghop", "/dot/{round}/khong-ap-dung"), ("tonghop", "/dot/{round}/xep-hang"),
    ("tonghop", "/dot/{round}/xep-hang?nhom=khong-co"), ("tonghop", "/dot/{round}/bieu-do"),
    ("tonghop", "/dot/khong-co"), ("quantri", "/quan-tri/tai-khoan"),
    ("quantri", "/quan-tri/tai-khoan/tao"), ("quantri", "/quan-tri/tai-khoan/1"),
    ("quantri", "/quan-tri/tai-khoan/nhap"),
    ("quantri", "/quan-tri/tai-khoan/1/dat-lai"), ("quantri", "/quan-tri/tai-khoan/1/lop-hai"),
    ("quantri", "/quan-tri/tai-khoan/thu-moi"),
]  # fmt: skip
ELSEWHERE = {
    "static", "bootstrap.static", "public.healthz", "auth.session_state",  # no pages
    "coordinator.chart", "coordinator.workbook",  # files
    "admin.address_book", "admin.account_template",  # files
    "admin.account_preview",  # of a file: tests/web/test_accounts.py
    "coordinator.now", "agency.home", "agency.home_documents", "agency.indicator",  # lead on to pages above
}  # fmt: skip


def _path(site: Site, path: str) -> str:
    return path.format(
        ward=site.phieu(WARD), party=site.phieu(PARTY), board=site.phieu(BOARD), department=site.phieu(DEPARTMENT),
        front=site.phieu(FRONT), front_number=site.submissions[FRONT], round=ROUND,
    )  # fmt: skip


@pytest.mark.parametrize(("login", "path"), PAGES, ids=[f"{login or 'nobody'} {path}" for login, path in PAGES])
def test_a_page_is_accessible_and_fits_a_phone(
    lived: Site, signed_in: Callable[[str], Any], login: str, path: str
) -> None:
    page = signed_in(login)
    page.goto(_path(lived, path))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{wider} px wider than a screen of {width} px"
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        assert not found.response["violations"], f"at {width} px: {found.generate_report()}"


def test_no_page_is_left_out(lived: Site, tmp_path: Any) -> None:
    app = create_app(tmp_path)
    adapter = app.url_map.bind("localhost")
    seen = {adapter.match(_path(lived, path).split("?")[0])[0] for _, path in PAGES if "khong-co" not in path}
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
