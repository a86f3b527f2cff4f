"""The longest invitation that is written prints on one page of A4, its code in one line."""

import re
from datetime import UTC, datetime

from survey.services.write_letters import MOST_LINES, Contact, Letter, letter_words
from survey.storage.invitations import Purpose
from tests.browser.conftest import Site

FILL = """([to, ask, work]) => {
    const letter = document.querySelector(".letter");
    const said = [...letter.querySelectorAll(":scope > p")];
    said[1].textContent = to;
    said.at(-1).textContent = ask;
    letter.querySelector("ul").replaceChildren(...work.map(text => {
        const line = document.createElement("li");
        line.textContent = text;
        return line;
    }));
    return work.length;
}"""


def longest(body: str) -> Letter:
    office = "Trung tâm Chuyển đổi số và Đổi mới sáng tạo Thành phố"
    contact = Contact(office, "Nguyễn Hoàng Thị Phương", "024 3825 3536")
    bodies = tuple(f"{body} {place}" for place in range(60))
    name = "Công Tằng Tôn Nữ Hoàng Thị Phương Nguyệt Quỳnh"
    return Letter(
        name, "canbo2", bodies, "AAAA-BBBB-CCCC", Purpose.FIRST, datetime(2026, 12, 1, tzinfo=UTC), "vi", contact
    )


def test_the_longest_letter_prints_on_one_page(site: Site) -> None:
    page = site.page("quantri")
    page.goto("/quan-tri/tai-khoan?tim=nhap.phuong")
    page.locator("tbody th a").first.click()
    page.goto(f"{page.url}/dat-lai")
    page.locator("input[name=way][value=letter]").check()
    page.locator("main form button").click()
    page.wait_for_selector(".letter")
    for body in ("Đảng ủy phường: nhập số liệu", "Ủy ban Mặt trận Tổ quốc Việt Nam phường Văn Miếu - Quốc Tử Giám: "
                 "nhập số liệu, lãnh đạo duyệt"):  # fmt: skip
        words = letter_words(longest(body), "https://vi-du.example")
        assert page.evaluate(FILL, [words.to, words.ask, list(words.work)]) <= MOST_LINES
        pages = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
        assert len(pages) == 1, body
    assert page.locator(".letter-code").evaluate("code => code.getClientRects().length") == 1
