"""Before a session ends every tab says so, and one press in any of them goes on; after it, nothing typed is lost."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import Site
from tests.browser.looking import look
from tests.browser.world import FRONT, ROUND


def wait(page: Any, minutes: float) -> None:
    """Let the clock of the browser run on, in all its tabs."""
    page.context.clock.fast_forward(int(minutes * 60_000))
    page.context.clock.run_for(6_000)


def warning(page: Any) -> Any:
    return page.locator("#phien-sap-het")


def test_every_tab_says_before_the_session_ends_and_one_press_in_either_goes_on(site: Site) -> None:
    first = site.page("tonghop")
    first.context.clock.install()
    first.goto(f"/dot/{ROUND}")
    second = first.context.new_page()
    second.goto(f"/dot/{ROUND}/don-vi")
    wait(first, minutes=9)
    assert not warning(first).is_visible()
    wait(first, minutes=2)
    for page in (first, second):
        assert "Lâu không thao tác" in warning(page).inner_text()
    look(first)
    second.get_by_role("button", name="Làm việc tiếp").click()
    warning(second).wait_for(state="hidden")
    warning(first).wait_for(state="hidden")


def test_a_session_that_has_ended_is_said_with_the_way_back(site: Site) -> None:
    page = site.page("tonghop")
    page.context.clock.install()
    page.goto(f"/dot/{ROUND}")
    wait(page, minutes=16)
    assert "đã hết" in warning(page).inner_text()
    link = warning(page).get_by_role("link", name="Đăng nhập ở thẻ mới")
    assert link.get_attribute("href") == "/dang-nhap"
    assert not warning(page).get_by_role("button").is_visible()


def test_saving_an_answer_counts_as_being_there(site: Site) -> None:
    page = site.page("nhap.mttq")
    page.context.clock.install()
    page.goto(f"{site.phieu(FRONT)}/chi-so/1.2")
    wait(page, minutes=231)
    assert warning(page).is_visible()
    page.locator("#phieu input[inputmode]").first.fill("7")
    page.keyboard.press("Tab")
    warning(page).wait_for(state="hidden")


def test_nobody_is_warned_before_signing_in(site: Site) -> None:
    page = site.page()
    page.goto("/dang-nhap")
    assert warning(page).count() == 0
