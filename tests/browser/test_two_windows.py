"""Two people, or two tabs of one, at the same field: both figures are seen, and nothing that was kept is lost."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import Site
from tests.browser.filler import NUMBER, first_group_with_numbers, wait_until_saved


def test_two_people_at_one_field_see_both_figures_and_choose(site: Site) -> None:
    mine, theirs = site.page("nhap.mttq"), site.page("nhap2")
    path = first_group_with_numbers(mine, site)
    for page in (mine, theirs):
        page.goto(path)
    theirs.locator(NUMBER).first.fill("73")
    theirs.keyboard.press("Tab")
    wait_until_saved(theirs)
    mine.locator(NUMBER).first.fill("85")
    mine.keyboard.press("Tab")
    box = mine.locator("[data-conflict]:not([hidden])")
    box.wait_for()
    assert "Cán bộ nhập 2" in box.inner_text()
    assert "73" in box.inner_text()
    assert "85" in box.inner_text()
    assert "Đã lưu" not in mine.inner_text("#save-words")
    mine.get_by_role("link", name="Xem hai số liệu").click()
    mine.keyboard.press("Tab")
    assert mine.evaluate("document.activeElement.dataset.keep") == "mine"
    mine.keyboard.press("Enter")
    wait_until_saved(mine)
    theirs.reload()
    assert theirs.locator(NUMBER).first.input_value() == "85"


def test_what_one_tab_has_saved_takes_nothing_away_that_another_has_kept(site: Site) -> None:
    first = site.page("nhap.mttq")
    path = first_group_with_numbers(first, site)
    second = first.context.new_page()
    second.goto(path)
    asked: list[Any] = []
    first.route("**/luu", lambda route: asked.append(route))
    first.locator(NUMBER).first.fill("53")
    first.keyboard.press("Tab")
    first.wait_for_function("() => document.querySelector('[data-dot]').dataset.dot === 'saving'")
    second.route("**/luu", lambda route: route.abort())
    second.locator(NUMBER).nth(1).fill("7")
    second.keyboard.press("Tab")
    second.locator("#save-words button").wait_for()
    second.locator(NUMBER).first.fill("54")  # waits behind what was not answered
    second.keyboard.press("Tab")
    asked[0].continue_()
    wait_until_saved(first)
    second.close()
    first.unroute("**/luu")
    first.reload()
    box = first.locator("[data-conflict]:not([hidden])")
    box.wait_for()
    assert "53" in box.inner_text()
    assert "54" in box.inner_text()


def test_of_two_tabs_of_one_person_the_text_typed_last_is_kept(site: Site) -> None:
    first = site.page("nhap.mttq")
    path = first_group_with_numbers(first, site)
    second = first.context.new_page()
    second.goto(path)
    for tab in (first, second):
        tab.route("**/luu", lambda route: route.abort())
    clock = first.context.clock
    clock.install()
    clock.pause_at(first.evaluate("Date.now() / 1000 + 1"))
    first.locator(NUMBER).first.press_sequentially("55")
    clock.run_for(500)
    second.locator(NUMBER).first.fill("56")
    second.keyboard.press("Tab")
    clock.run_for(600)  # the first one's pause after typing ends: what was typed earlier goes on its way
    first.locator("#save-words button").wait_for()
    kept = first.evaluate("Object.entries(localStorage).filter(([name]) => !name.includes('#')).map((one) => one[1])")
    assert any('"56"' in one for one in kept)
    assert not any('"55"' in one for one in kept)
