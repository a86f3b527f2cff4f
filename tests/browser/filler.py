"""Filling a page of questions in a browser, whatever its questions are."""

from __future__ import annotations

from typing import Any

from tests.browser.world import FRONT

NUMBER = "#phieu input[inputmode]"
CONTROLS = """() => Array.from(document.querySelectorAll('#phieu [data-key]:not([data-key*=":"])'))
  .filter((one) => one.offsetParent !== null || one.type === 'radio' || one.type === 'checkbox')
  .filter((one) => !one.closest('[hidden]'))
  .map((one) => ({key: one.dataset.key, id: one.id, type: one.type, value: one.value, checked: one.checked,
                  divisor: Boolean(one.closest('.pair')) && one.closest('.num-field').previousElementSibling
                           && one.closest('.num-field').previousElementSibling.classList.contains('over')}))"""
WATCH = """() => { window.said = []; const words = document.getElementById('save-words');
  new MutationObserver(() => window.said.push(words.textContent)).observe(words, {childList: true, subtree: true}); }"""


def follow(page: Any, leads: Any) -> None:
    """Press what leads to another page, and wait until that page is there."""
    with page.expect_navigation():
        leads.click()


def fill_page(page: Any) -> int:
    """Answer everything that is asked and blank: 7 of 9, the first option, a sentence. Returns how many answers."""
    done: set[str] = set()
    answers = 0
    while True:
        found = page.evaluate(CONTROLS)
        answered = {one["key"] for one in found if one["checked"]}
        left = [one for one in found if one["key"] not in done | answered]
        if not left:
            return answers
        for control in left:
            if control["key"] in done:
                continue
            done.add(control["key"])
            answers += _answer(page, control)


def _answer(page: Any, control: dict[str, Any]) -> bool:
    here = page.locator(f'[id="{control["id"]}"]')
    if control["type"] in ("radio", "checkbox"):
        here.check()
    elif control["value"]:
        return False
    else:
        here.fill("Không có vướng mắc." if control["type"] == "textarea" else "9" if control["divisor"] else "7")
    return True


def wait_until_saved(page: Any) -> None:
    """Wait until the page says that everything is saved."""
    page.wait_for_function("""() => document.querySelector('[data-dot]').dataset.dot === 'saved'""")


def first_group_with_numbers(page: Any, site: Any) -> str:
    """Open the first group of the Front's phiếu that asks for a number; its path."""
    page.goto(site.phieu(FRONT))
    for path in [link.get_attribute("href") for link in page.locator("table a[href*='/muc/']").all()]:
        page.goto(path)
        if page.locator(NUMBER).count():
            return str(path)
    raise AssertionError("no group asks for a number")
