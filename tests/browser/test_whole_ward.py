"""A ward's whole phiếu, from signing in to the receipt, by keyboard alone, on a phone's width and (faults) a desk's."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Any

import pytest

from tests.browser.conftest import Site
from tests.browser.looking import look
from tests.browser.world import PASSWORD
from tests.faults.disks import ON_DEMAND

SEEN = """() => { const box = document.activeElement.getBoundingClientRect();
  return box.bottom > 0 && box.top < window.innerHeight; }"""
FOCUS = """() => { const one = document.activeElement; const pair = one.closest('.pair');
  return {key: one.dataset.key || '', type: one.type || '', value: one.value || '', checked: Boolean(one.checked),
          divisor: Boolean(pair) && Boolean(one.closest('.num-field').previousElementSibling
                   && one.closest('.num-field').previousElementSibling.classList.contains('over')),
          next: one.matches('.save-buttons button.btn-primary'), last: one.value === 'check', seen: (%s)()}; }"""
ASKED = """() => Array.from(document.querySelectorAll('#phieu [data-indicator]'))
  .filter((card) => card.querySelector('[data-key]:not([data-key*=":"])')).map((card) => card.dataset.indicator)"""


@dataclass
class Keyboard:
    """A person without a mouse: every key pressed is counted."""

    page: Any
    keys: int = 0

    def press(self, key: str, *, leads: bool = False) -> None:
        """One key; wait for the next page where it leads to one."""
        self.keys += 1
        if not leads:
            self.page.keyboard.press(key)
            return
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Letter by letter."""
        self.keys += len(text)
        self.page.keyboard.type(text)

    def tab_to(self, selector: str) -> None:
        """To a control that can be reached."""
        for _ in range(600):
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"{selector} cannot be reached on {self.page.url}")

    def sign_in(self, login: str) -> None:
        """From the sign-in page to the phiếu."""
        self.page.goto("/dang-nhap")
        self.tab_to("#f-login")
        self.type(login)
        self.tab_to("#f-password")
        self.type(PASSWORD)
        self.press("Enter", leads=True)

    def _wait_until_seen(self) -> None:
        """A page that scrolls by itself may need a moment."""
        try:
            self.page.wait_for_function(SEEN, timeout=3000)
        except Exception as error:
            where = self.page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
            raise AssertionError(f"reached out of sight on {self.page.url}: {where}") from error

    def answer_page(self) -> bool:
        """Answer all that is asked between here and the button that goes on; whether that was the last page."""
        done: set[str] = set()
        for _ in range(2000):
            self.press("Tab")
            here = self.page.evaluate(FOCUS.replace("%s", SEEN))
            if not here["seen"]:
                self._wait_until_seen()
            if here["next"]:
                self.press("Enter", leads=True)
                return bool(here["last"])
            if not here["key"] or ":" in here["key"] or here["key"] in done or here["checked"]:
                continue
            done.add(here["key"])
            if here["type"] in ("radio", "checkbox"):
                self.press("Space")
            elif not here["value"]:
                self.type("Không có vướng mắc." if here["type"] == "textarea" else "9" if here["divisor"] else "7")
        raise AssertionError(f"no way on from {self.page.url}")


@pytest.mark.parametrize("width", [375, 1280] if ON_DEMAND else [375])
def test_a_ward_fills_in_and_sends_its_whole_phieu_without_a_mouse(site: Site, width: int) -> None:
    begun = time.monotonic()
    clerk = Keyboard(site.window(width, 800).new_page())
    clerk.sign_in("nhap.phuong")
    clerk.tab_to("table a[href*='/muc/']")
    clerk.press("Enter", leads=True)
    asked: list[str] = []
    while True:
        asked += clerk.page.evaluate(ASKED)
        if clerk.answer_page():
            break
    look(clerk.page, widths=(width,))
    present = "form button[type=submit].btn-primary"
    if clerk.page.locator("input[name=missing_confirmed]").count():
        clerk.tab_to("input[name=missing_confirmed]")
        clerk.press("Space")
    clerk.tab_to(f"main {present}")
    clerk.press("Enter", leads=True)
    assert "Chờ duyệt" in clerk.page.inner_text("main")
    filled = time.monotonic() - begun

    leader = Keyboard(site.window(width, 800).new_page())
    leader.sign_in("duyet.phuong")
    leader.tab_to("main a[href$='/duyet']")
    leader.press("Enter", leads=True)
    leader.tab_to(f"main {present}")
    leader.press("Enter", leads=True)
    assert leader.page.url.endswith("/bien-nhan")
    look(leader.page, widths=(width,))
    assert len(asked) >= 45
    told = f"{len(asked)} indicators, clerk {clerk.keys} keys in {filled:.0f} s, leader {leader.keys} keys"
    sys.stdout.write(f"{width} px: {told}\n")
