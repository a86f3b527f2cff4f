"""Pages answered where somebody else was first (409): as accessible as every other page, and what was typed stays."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from survey.services import instance
from survey.services.edit_agency import rename_agency
from survey.services.instance import Session
from survey.services.open_round import close_round, find_round
from survey.services.read_register import read_agency
from survey.services.review_submission import review_submission
from survey.services.sign_off import approve, return_to_clerk
from tests.browser.conftest import Lived, Site, serving
from tests.browser.looking import look
from tests.browser.page_list import address
from tests.browser.test_answers_to_forms import READY, SEND
from tests.browser.world import DEPARTMENT, ROUND, WARD, person_of

REASON = "Đề nghị rà lại số liệu của mục 2 theo công văn số 12."


@dataclass(frozen=True)
class Meanwhile:
    """A form that somebody has open, and what somebody else does before it is sent."""

    login: str
    path: str
    action: str  # the end of the form's
    by: str  # who is first
    does: Callable[[Session, Any, dict[str, int]], object]
    says: str  # in the answer


def _rename(session: Session, admin: Any, _numbers: dict[str, int]) -> None:
    seen = read_agency(session, admin, WARD).agency.revision
    rename_agency(session, admin, WARD, "Ủy ban nhân dân phường Hoàn Kiếm mới", "Nghị quyết số 1", seen)


def _approve(session: Session, leader: Any, numbers: dict[str, int]) -> None:
    seen = review_submission(session, leader, numbers[DEPARTMENT]).content_hash
    approve(session, leader, numbers[DEPARTMENT], seen)


def _give_back(session: Session, leader: Any, numbers: dict[str, int]) -> None:
    return_to_clerk(session, leader, numbers[DEPARTMENT], REASON)


def _close(session: Session, coordinator: Any, _numbers: dict[str, int]) -> None:
    close_round(session, coordinator, find_round(session, ROUND).id)


FIRST = [
    Meanwhile("quantri", "/quan-tri/don-vi/{ward_code}/sua", "/sua", "quantri", _rename, "người khác đã thay đổi"),
    Meanwhile("quantri", "/quan-tri/don-vi/{ward_code}/dong", "/dong", "quantri", _rename, "đã thay đổi"),
    Meanwhile("quantri", "/quan-tri/nhap-don-vi/{register_import}", "/{register_import}", "quantri", _rename, "đổi"),
    Meanwhile("duyet.so", "{department}/duyet", "/duyet", "duyet.so", _give_back, "bước khác"),
    Meanwhile("duyet.so", "{department}/duyet", "/tra-lai", "duyet.so", _approve, "bước khác"),
    Meanwhile("duyet.mttq", "{front}/rut-lai", "/rut-lai", "tonghop", _close, "đóng"),
    Meanwhile("nhap.so", "{department}/ky-giay", "/ky-giay", "tonghop", _close, "đóng"),
    Meanwhile("nhap.danguy", "{party}/kiem-tra", "/trinh-duyet", "tonghop", _close, "đóng"),
    Meanwhile("nhap.phuong", "{ward}/phan-cong", "/phan-cong", "tonghop", _close, "đóng"),
    Meanwhile("nhap.so", "/cung-cap/{round}/phieu/{ward_number}", "/{ward_number}", "tonghop", _close, "đóng"),
    Meanwhile("nhap.phuong", "{ward}/dieu-chinh/1.3", "/1.3", "tonghop", _close, "đóng"),
]  # fmt: skip


@pytest.fixture
def own(lived_folder: Lived, tmp_path: Path, browser: Any, on_files: None) -> Iterator[tuple[Site, Path]]:
    """A copy of the instance in which everything has happened, to do something in."""
    folder, submissions, places = lived_folder
    shutil.copytree(folder, tmp_path / "instance")
    with serving(tmp_path / "instance", browser, submissions, places) as served:
        yield served, tmp_path / "instance"


@pytest.mark.parametrize("one", FIRST, ids=[f"{one.login} {one.path} {one.action}" for one in FIRST])
def test_who_comes_second_is_told_on_an_accessible_page(own: tuple[Site, Path], one: Meanwhile) -> None:
    site, folder = own
    page = site.page(one.login)
    page.goto(address(site, one.path))
    page.evaluate(READY, address(site, one.action))
    for area in page.locator("form[data-looked] textarea").all():
        area.fill(REASON)
    database = instance.open_database(folder)
    by = person_of(database, one.by)
    with database.writing() as session:
        one.does(session, by, site.submissions)
    database.close()
    with page.expect_navigation() as answered:
        page.locator("form[data-looked]").evaluate(SEND)
    assert answered.value.status == 409, page.inner_text("main")[:500]
    assert one.says in page.inner_text("main")
    look(page)


def test_two_values_of_one_answer_stand_beside_each_other_on_an_accessible_page(own: tuple[Site, Path]) -> None:
    site, _ = own
    first, second = site.page("nhap.phuong"), site.page("nhap2")
    for page in (first, second):
        page.route("**/*.js", lambda route: route.abort())  # the forms as they are without scripts
        page.goto(f"{site.phieu(WARD)}/muc/6")
    field = "#phieu input[inputmode]"
    for page, text in ((second, "7"), (first, "8")):
        page.locator(field).first.fill(text)
        with page.expect_navigation() as answered:
            page.locator(".save-buttons button[value=save]").click()
    assert answered.value.status == 409
    assert "7" in first.inner_text("main")
    assert first.locator(field).first.input_value() in ("7", "8")
    look(first)
