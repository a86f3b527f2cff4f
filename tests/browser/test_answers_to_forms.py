"""What forms answer where something is wrong, or where they show before they do: as accessible as every other page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.browser.conftest import Site
from tests.browser.looking import look
from tests.browser.page_list import address
from tests.browser.world import ROUND
from tests.browser.world_admin import accounts_file, register_file

READY = """action => {
  const form = [...document.querySelectorAll('main form')].find((one) =>
    one.method === 'post' && new URL(one.action).pathname.endsWith(action));
  form.noValidate = true;
  form.dataset.looked = '1';
  for (let box = form; box; box = box.parentElement) if (box.tagName === 'DETAILS') box.open = true;
  form.querySelectorAll('details').forEach((box) => { box.open = true; });
}"""
SEND = "form => form.requestSubmit(form.querySelector('button:not([formaction]):not([type=button])'))"
FILES = {
    "junk": b"\x00\x01 no table, no package", "accounts": accounts_file("sai vai"), "register": register_file("sai cap")
}  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One form as somebody sends it: the end of its action, what is typed, what it answers."""

    login: str
    path: str
    action: str
    typed: dict[str, str] = field(default_factory=dict)
    file: str = ""  # one of FILES, in the field "file"
    status: int = 422


SENT = [
    Sent("tonghop", "/dot-danh-gia/moi", "/moi", {"code": "mã đợt", "title": "", "opens_date": "32/13/2026"}),
    Sent("tonghop", "/dot-danh-gia/{round}/sua", "/sua", {"title": "", "figures_from": "32/13/2026"}),
    Sent("tonghop", "/dot-danh-gia/{round}/han", "/han", {"closes_date": "32/13/2026", "reason": ""}),
    Sent("tonghop", "/dot-danh-gia/{draft}", "/mo"),  # at the same time as another
    Sent("tonghop", "/dot/{round}/don-doc", "/soan"),  # nobody chosen
    Sent("tonghop", "/dot/{round}/don-doc", "/soan", {"tat-ca": "1"}, status=200),
    Sent("tonghop", "/dot/{round}/thong-bao", "/thong-bao", {"until_date": "hôm qua"}),
    Sent("tonghop", "/dot/{round}/gia-han", "/thu-hoi-gia-han"),
    Sent("tonghop", "/dot/{round}/goi-du-lieu", "/goi-du-lieu", file="junk"),
    Sent("tonghop", "/dot/{round}/phieu/{front_number}", "/tra-lai"),
    Sent("quantri", "/quan-tri/tai-khoan/tao", "/tao", {"name": "", "email": "sai"}),
    Sent("quantri", "/quan-tri/tai-khoan/{never}", "/sua", {"email": "sai", "phone": "sai"}),
    Sent("quantri", "/quan-tri/tai-khoan/nhap", "/nhap", file="accounts"),
    Sent("quantri", "/quan-tri/tai-khoan/{locked}/dat-lai", "/dat-lai", status=200),  # a letter
    Sent("quantri", "/quan-tri/tai-khoan/thu-moi", "/thu-moi", status=200),  # letters
    Sent("quantri", "/quan-tri/nhap-don-vi", "/nhap-don-vi", file="register"),
    Sent("quantri", "/quan-tri/don-vi-moi", "/don-vi-moi"),
    Sent("quantri", "/quan-tri/don-vi/{ward_code}/sua", "/sua", {"contact_email": "sai", "kind": ""}),
    Sent(
        "quantri",
        "/quan-tri/don-vi/{department_code}/sua",
        "/sua",
        {"attr.has_tthc": "không", "note": "mới"},
        status=200,
    ),
    Sent("quantri", "/quan-tri/don-vi/{ward_code}/dong", "/dong"),
    Sent("quantri", "/quan-tri/don-vi/{ward_code}/doi-ten", "/doi-ten"),
    Sent("quantri", "/quan-tri/cai-dat", "/cai-dat", {"idle_days": "lâu"}),
    Sent("quantri", "/quan-tri/nguon-du-lieu/{source}", "/{source}", {"fingerprint": "00"}),
    Sent("nhap.so", "/cung-cap/{round}", "/tep", file="junk"),
    Sent("nhap.so", "/cung-cap/{round}/phieu/{ward_number}", "/{ward_number}", {"a.1.1.a": "rất nhiều"}),
    Sent("nhap.so", "/cung-cap/{round}/tep/{figures_changed}", "/{figures_changed}", {"dated": "hôm qua"}),
    Sent("nhap.so", "/cung-cap/{round}/dieu-chinh", "/1", {"dated": "hôm qua"}),
    Sent("nhap.phuong", "{ward}/dieu-chinh/1.3", "/1.3", {"a.1.3.a": "rất nhiều", "reason": ""}),
    Sent("nhap.danguy", "{party}/excel", "/bang", {"table": "9.9\tx\ty"}),
    Sent("nhap.so", "{department}/ky-giay", "/ky-giay"),
    Sent("nhap.phuong", "{ward}/tai-lieu/1", "/tai-lieu/1", {"e.number": "", "e.issued": "32/13/2026"}),
    Sent("duyet.so", "{department}/duyet", "/tra-lai"),
    Sent("nhap.phuong", "/tai-khoan", "/lien-he", {"email": "sai"}),
    Sent("nhap.phuong", "/mat-khau", "/mat-khau"),
    Sent("", "/dang-nhap", "/dang-nhap"),
    Sent("", "/dang-nhap/lan-dau", "/lan-dau"),
    Sent("", "/moi/{token}", "/{token}", {"new": "ngắn", "again": "khác"}),
    Sent("hailop", "/dang-nhap/ma", "/ma", {"code": "000000"}),
]


@pytest.mark.parametrize("sent", SENT, ids=[f"{one.login or 'nobody'} {one.path} {one.action}" for one in SENT])
def test_what_a_form_answers_is_accessible_and_fits_a_phone(
    lived: Site, signed_in: Callable[[str], Any], sent: Sent
) -> None:
    page = signed_in(sent.login)
    page.goto(address(lived, sent.path))
    page.evaluate(READY, address(lived, sent.action))
    form = page.locator("form[data-looked]")
    for name, text in sent.typed.items():
        control = form.locator(f'[name="{name}"]').first
        kind = control.evaluate("one => one.type")
        if kind == "checkbox":
            control.check()
        elif kind == "select-one":
            control.select_option(text)
        else:
            control.fill(text)
    if sent.file:
        file = {"name": f"{sent.file}.csv", "mimeType": "text/csv", "buffer": FILES[sent.file]}
        form.locator("input[type=file]").first.set_input_files(file)
    with page.expect_navigation() as answered:
        form.evaluate(SEND)
    assert answered.value.status == sent.status, page.inner_text("main")[:500]
    look(page)


def test_the_forms_that_the_chase_list_leads_to_are_accessible(lived: Site, signed_in: Callable[[str], Any]) -> None:
    page = signed_in("tonghop")
    chased = address(lived, "/dot/{round}/don-doc")
    page.goto(chased)
    page.locator("tbody input[type=checkbox]").first.check()
    _press(page, 'button[formaction$="/gia-han/chon"]', 200)
    assert page.url == f"{lived.address}/dot/{ROUND}/gia-han/chon"
    look(page)
    page.evaluate(READY, "/gia-han")
    with page.expect_navigation() as answered:
        page.locator("form[data-looked]").evaluate(SEND)
    assert answered.value.status == 422
    assert page.locator(".error-summary").count() == 1
    look(page)
    page.goto(chased)
    _press(page, 'button[formaction$="/gia-han/chon"]', 422)
    look(page)
    page.goto(chased)
    page.locator("tbody input[type=checkbox]").first.check()
    _press(page, "form[data-pick] button:not([formaction])", 200)
    for channel in ("dispatch", "zalo"):
        _press(page, f'button[name=kenh][value="{channel}"]', 200)
        look(page)


def _press(page: Any, button: str, status: int) -> None:
    with page.expect_navigation() as answered:
        page.locator(button).first.click()
    assert answered.value.status == status
