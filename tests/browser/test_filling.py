"""Filling in without scripts, by keyboard, by two people at once, with faulty text, and after the session has ended."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import Site, sign_in
from tests.browser.filler import NUMBER, fill_page, first_group_with_numbers, follow, wait_until_saved
from tests.browser.world import FRONT, WARD

KEPT = "Object.keys(localStorage).filter((name) => !name.startsWith('sansangso:phien:')).length"


def test_without_scripts_a_group_is_filled_and_sent_by_its_buttons(site: Site) -> None:
    page = site.page("nhap.mttq", java_script_enabled=False)
    follow(page, page.locator("table a[href*='/muc/']").first)
    _fill_without_scripts(page)
    follow(page, page.locator("button[value^='open:']").first)
    page.fill("#e-number", "12/KH-MTTQ")
    page.fill("#e-issued", "15/03/2026")
    page.fill("#e-summary", "Kế hoạch chuyển đổi số")
    page.check("#e-not_secret")
    follow(page, page.locator("button[value^='add:']"))
    assert "12/KH-MTTQ" in page.inner_text(".documents")
    follow(page, page.locator(".save-buttons button.btn-primary"))
    _fill_without_scripts(page)
    follow(page, page.locator(".save-buttons button[value=save]"))
    assert "Đã lưu" in page.inner_text("body")
    page.goto(f"{site.phieu(FRONT)}/kiem-tra")
    page.check("input[name=missing_confirmed]")
    follow(page, page.get_by_role("button", name="Trình duyệt"))
    assert "Chờ duyệt" in page.inner_text("main")

    leader = site.page("duyet.mttq", java_script_enabled=False)
    leader.goto(f"{site.phieu(FRONT)}/duyet")
    follow(leader, leader.get_by_role("button", name="Duyệt và gửi"))
    assert leader.url.endswith("/bien-nhan")
    leader.goto(f"{site.phieu(FRONT)}/rut-lai")
    follow(leader, leader.locator("main form button"))
    leader.goto(site.phieu(FRONT))
    assert "Đang nhập" in leader.inner_text("main")


def _fill_without_scripts(page: Any) -> None:
    """Answer each control that stands there; scripts of the page do not run, so controls are found one by one."""
    seen: set[str] = set()
    for control in page.locator("#phieu [data-key]:not([data-key*=':'])").all():
        key, kind = control.get_attribute("data-key"), control.get_attribute("type")
        if key in seen or not control.is_visible():
            continue
        seen.add(key)
        if kind in ("radio", "checkbox"):
            control.check()
        else:
            control.fill("9" if key.endswith(".b") or key.startswith("so_") else "7")
    assert seen


def test_signing_in_and_filling_a_field_needs_no_mouse(site: Site) -> None:
    page = site.page()
    page.goto("/dang-nhap")
    _tab_to(page, "#f-login")
    page.keyboard.type("nhap.mttq")
    _tab_to(page, "#f-password")
    page.keyboard.type("mật khẩu thật dài")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    _tab_to(page, "table a[href*='/muc/']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    _tab_to(page, NUMBER)
    ring = page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement); return s.boxShadow + s.outline; })()"
    )
    assert "rgb" in ring.replace("rgb(0, 0, 0) none", "")
    page.keyboard.type("7")
    _tab_to(page, ".save-buttons button[value=save]")
    page.keyboard.press("Enter")
    wait_until_saved(page)
    page.reload()
    assert page.locator(NUMBER).first.input_value() == "7"


def _tab_to(page: Any, selector: str) -> None:
    for _ in range(120):
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached")


def test_saved_is_not_said_while_a_text_is_being_typed(site: Site) -> None:
    page = site.page("nhap.mttq")
    first_group_with_numbers(page, site)
    asked: list[Any] = []
    page.route("**/luu", lambda route: asked.append(route))
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 60"))  # no pause in typing ends
    page.locator(NUMBER).nth(0).fill("51")
    page.keyboard.press("Tab")
    page.wait_for_function("() => document.querySelector('[data-dot]').dataset.dot === 'saving'")
    page.locator(NUMBER).nth(1).press_sequentially("52")
    with page.expect_response("**/luu"):
        asked[0].continue_()
    page.locator("[data-saved]:not([hidden])").first.wait_for()
    assert page.evaluate("document.querySelector('[data-dot]').dataset.dot") == "typing"
    assert "Đã lưu" not in page.inner_text("#save-words")


def test_saved_is_not_said_while_two_values_wait_for_a_choice(site: Site) -> None:
    mine, theirs = site.page("nhap.mttq"), site.page("nhap2")
    path = first_group_with_numbers(mine, site)
    for page in (mine, theirs):
        page.goto(path)
    theirs.locator(NUMBER).nth(0).fill("73")
    theirs.keyboard.press("Tab")
    wait_until_saved(theirs)
    mine.locator(NUMBER).nth(0).fill("85")
    mine.keyboard.press("Tab")
    mine.locator("[data-conflict]:not([hidden])").wait_for()
    mine.locator(NUMBER).nth(1).fill("9")
    with mine.expect_response("**/luu"):
        mine.keyboard.press("Tab")
    mine.wait_for_function("() => document.querySelector('[data-dot]').dataset.dot === 'conflict'")
    assert "Đã lưu" not in mine.inner_text("#save-words")


def test_faulty_text_stays_in_its_field_with_a_sentence(site: Site) -> None:
    page = site.page("nhap.mttq")
    page.goto(first_group_with_numbers(page, site))
    field = page.locator(NUMBER).first
    field.fill("rất nhiều")
    page.keyboard.press("Tab")
    fault = page.locator(".field-error[data-error]:not([hidden])")
    fault.wait_for()
    assert len(fault.inner_text()) > 20
    assert field.get_attribute("aria-invalid") == "true"
    page.reload()
    assert page.locator(NUMBER).first.input_value() == "rất nhiều"
    assert page.locator(".field-error[data-error]:not([hidden])").inner_text()


def test_markup_typed_into_a_text_is_shown_as_it_was_typed(site: Site) -> None:
    page = site.page("nhap.mttq")
    page.goto(first_group_with_numbers(page, site))
    page.locator("details.more", has_text="Ghi chú").first.locator("summary").click()
    note = page.locator("textarea[data-key^='note:']").first
    note.fill("<img src=x onerror=alert(1)> =1+1")
    page.keyboard.press("Tab")
    wait_until_saved(page)
    page.goto(f"{site.phieu(FRONT)}/xem")
    assert "<img src=x onerror=alert(1)> =1+1" in page.inner_text("main")


def test_an_ended_session_loses_nothing_that_was_typed(site: Site) -> None:
    page = site.page("nhap.mttq")
    path = first_group_with_numbers(page, site)
    page.context.clear_cookies()
    page.locator(NUMBER).first.fill("42")
    page.keyboard.press("Tab")
    link = page.locator("#save-words a")
    link.wait_for()
    assert "hưa lưu" in page.inner_text("#save-words")
    assert page.locator(NUMBER).first.input_value() == "42"
    with page.context.expect_page() as opened:
        link.click()
    sign_in(opened.value, "nhap.mttq")
    opened.value.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    wait_until_saved(page)
    page.goto(path)
    assert page.locator(NUMBER).first.input_value() == "42"


def test_text_typed_while_the_server_is_gone_is_brought_back(site: Site) -> None:
    page = site.page("nhap.mttq")
    path = first_group_with_numbers(page, site)
    page.route("**/luu", lambda route: route.abort())
    page.locator(NUMBER).first.fill("43")
    page.keyboard.press("Tab")
    page.locator("#save-words button").wait_for()
    page.unroute("**/luu")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(path)
    wait_until_saved(page)
    page.reload()
    assert page.locator(NUMBER).first.input_value() == "43"


def _lose_answers(page: Any) -> list[str]:
    """Let saves reach the server and their answers be lost; the bodies that were sent."""
    sent: list[str] = []

    def lose(route: Any) -> None:
        sent.append(route.request.post_data)
        route.fetch()
        route.abort()

    page.route("**/luu", lose)
    return sent


def test_typing_on_after_a_lost_answer_is_no_conflict_with_oneself(site: Site) -> None:
    page = site.page("nhap.mttq")
    path = first_group_with_numbers(page, site)
    sent = _lose_answers(page)
    field = page.locator(NUMBER).first
    field.fill("44")
    page.keyboard.press("Tab")
    page.locator("#save-words button").wait_for()
    field.fill("45")
    page.keyboard.press("Tab")
    page.unroute("**/luu")
    page.locator("#save-words button").click()
    wait_until_saved(page)
    assert page.locator("[data-conflict]:not([hidden])").count() == 0
    assert len(set(sent)) == 1, "what may have been saved is sent again as it was"
    page.goto(path)
    assert page.locator(NUMBER).first.input_value() == "45"
    page.goto(f"{site.phieu(FRONT)}/lich-su")
    assert page.inner_text("main").count("lưu số liệu") == 2


def test_leaving_the_page_after_a_lost_answer_brings_back_what_was_typed_last(site: Site) -> None:
    page = site.page("nhap.mttq")
    path = first_group_with_numbers(page, site)
    _lose_answers(page)
    field = page.locator(NUMBER).first
    field.fill("46")
    page.keyboard.press("Tab")
    page.locator("#save-words button").wait_for()
    field.fill("47")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    page.unroute("**/luu")
    page.goto(path)
    wait_until_saved(page)
    assert page.locator("[data-conflict]:not([hidden])").count() == 0
    page.goto(path)
    assert page.locator(NUMBER).first.input_value() == "47"
    assert page.evaluate(KEPT) == 0, "nothing is kept that is acknowledged"


def test_what_a_colleague_wrote_over_a_save_whose_answer_was_lost_stays(site: Site) -> None:
    mine, theirs = site.page("nhap.mttq"), site.page("nhap2")
    path = first_group_with_numbers(mine, site)
    _lose_answers(mine)
    mine.locator(NUMBER).first.fill("48")
    mine.keyboard.press("Tab")
    mine.locator("#save-words button").wait_for()
    theirs.goto(path)
    assert theirs.locator(NUMBER).first.input_value() == "48"
    theirs.locator(NUMBER).first.fill("49")
    theirs.keyboard.press("Tab")
    wait_until_saved(theirs)
    mine.on("dialog", lambda dialog: dialog.accept())
    mine.goto("about:blank")
    mine.unroute("**/luu")
    mine.goto(path)
    wait_until_saved(mine)
    assert mine.locator(NUMBER).first.input_value() == "49"
    assert mine.locator("[data-conflict]:not([hidden])").count() == 0


def test_answers_of_every_kind_of_a_ward_are_saved_and_there_after_reloading(site: Site) -> None:
    page = site.page("nhap.phuong")
    for group in ("1", "2"):
        page.goto(f"{site.phieu(WARD)}/muc/{group}")
        assert fill_page(page) > 0
        wait_until_saved(page)
        page.reload()
        assert fill_page(page) == 0
