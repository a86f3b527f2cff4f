"""Pages that a person sees once: the second factor on the way in, and every room of an instance that holds nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest

from survey.core.workflow import Role
from survey.services import instance
from survey.services.create_account import create_account
from tests.browser.conftest import Site, serving, sign_in
from tests.browser.looking import look
from tests.browser.world import OFFICE, PASSWORD

EMPTY_ROOMS = {
    "tonghop": (
        "/tong-hop", "/tong-hop/cung-cap", "/cung-cap", "/dot-danh-gia", "/dot-danh-gia/moi", "/bo-chi-so",
        "/quan-tri/don-vi", "/nhat-ky",
    ),
    "quantri": (
        "/quan-tri/tai-khoan", "/quan-tri/tai-khoan/tao", "/quan-tri/tai-khoan/thu-moi", "/quan-tri/don-vi-moi",
        "/quan-tri/nguon-du-lieu", "/quan-tri/cai-dat", "/nhat-ky",
    ),
    "": ("/quen-mat-khau",),  # where no mail goes out
}  # fmt: skip


def test_the_second_factor_is_set_up_on_accessible_pages(site: Site, tmp_path: Path) -> None:
    database = instance.open_database(tmp_path / "instance")
    with database.writing() as session:
        instance.change_setting(session, "second_factor", "1")
    database.close()
    page = site.page("quantri")
    assert "/dang-nhap/thiet-lap" in page.url
    look(page)
    app = pyotp.TOTP(page.inner_text("code.secret").replace(" ", ""))
    now = int(time.time())
    _send(page, "#f-code", "000000")
    assert "/dang-nhap/thiet-lap" in page.url
    look(page)
    _send(page, "#f-code", app.at(now))
    assert page.locator(".one-time-codes li").count() == 10
    look(page)
    page.goto("/tai-khoan")
    look(page)
    page.locator("details").evaluate_all("boxes => boxes.forEach((box) => { box.open = true; })")
    _send(page, "#f-factor-password", PASSWORD)
    assert page.locator(".one-time-codes li").count() == 10
    page.context.clear_cookies()
    page.goto("/dang-nhap")
    sign_in(page, "quantri")
    assert "/dang-nhap/ma" in page.url
    _send(page, "#f-code", app.at(now + 30))
    assert "/dang-nhap" not in page.url


def _send(page: Any, field: str, text: str) -> None:
    page.fill(field, text)
    with page.expect_navigation():
        page.press(field, "Enter")


@pytest.fixture
def bare(tmp_path: Path, browser: Any, on_files: None) -> Iterator[Site]:
    """An instance with its office, and nothing else."""
    database = instance.open_database(tmp_path)
    instance.upgrade(database)
    with database.writing() as session:
        instance.change_setting(session, "second_factor", "0")
        for login, role in OFFICE.items():
            create_account(session, login=login, name=f"Cán bộ {login}", password=PASSWORD, roles=[Role(role)])
    database.close()
    with serving(tmp_path, browser, {}) as site:
        yield site


def test_rooms_in_which_nothing_is_yet_are_accessible(bare: Site) -> None:
    for login, rooms in EMPTY_ROOMS.items():
        page = bare.page(login)
        for room in rooms:
            answer = page.goto(room)
            assert answer.status == 200, room
            assert answer.url == bare.address + room
            look(page)
