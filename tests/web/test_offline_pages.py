"""The pages of the phiếu as a workbook, without any script: download, hand in, tick, take; what is wrong is told."""

from __future__ import annotations

import io

import openpyxl
from werkzeug.test import TestResponse

from tests.services.offline_world import saved
from tests.web.conftest import DEPARTMENT, Site, card
from tests.web.strict_client import Page, StrictClient


def filled(client: StrictClient, ward: str, **cells: object) -> bytes:
    """The workbook of the ward with values typed in, by code (`_2_3_a` is 2.3.a)."""
    answer = client.get(f"{ward}/excel/phieu.xlsx")
    assert answer.headers["Content-Disposition"] == "attachment; filename=phieu-HN-00004-UBND.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book["Phiếu"]
    rows = {sheet.cell(row, 1).value: row for row in range(6, sheet.max_row + 1)}
    for name, value in cells.items():
        sheet.cell(rows[name.removeprefix("_").replace("_", ".") if name.startswith("_") else name], 4).value = value
    return saved(book)


def hand_in(client: StrictClient, ward: str, content: bytes) -> Page:
    """Send the file; the page that comes back."""
    form = client.page(f"{ward}/excel").form("/excel/tep")
    return Page(client.send(form, file=(io.BytesIO(content), "phieu.xlsx")))


def refused(answer: TestResponse) -> Page:
    """The page again, with what is wrong."""
    assert answer.status_code == 422
    return Page(answer)


def test_a_workbook_goes_out_and_comes_back_by_the_pages(site: Site) -> None:
    client = site.client("nhap")
    assert client.page(site.ward).links()["Phiếu Excel"] == f"{site.ward}/excel"
    content = filled(client, site.ward, _2_3_a=73, so_cbccvc="1.060", _2_1="đầu mối nào đó")
    page = hand_in(client, site.ward, content)
    assert "2 thay đổi" in page.text
    assert "1 ô chưa đọc được" in page.text
    form = next(one for one in page.forms() if "row" in one.fields)
    assert form.fields["row"] == ["so_cbccvc", "2.3.a"]
    done = Page(client.send(form, row=["2.3.a"]))
    assert done.h1 == "Đã nạp vào phiếu"
    assert done.links()["Lịch sử 2.3"] == f"{site.ward}/chi-so/2.3/lich-su"
    again = Page(client.send(form, row=["2.3.a", "so_cbccvc"]))
    assert again.h1 == "Đã nạp vào phiếu"
    questions = client.page(f"{site.ward}/muc/2")
    assert "Đã lưu lúc" in card(questions, "2.3")
    assert questions.by_id("f-2.3.a").get("value") == "73"
    assert questions.by_id("f-so_cbccvc").get("value") == ""


def test_nothing_ticked_is_asked_back_and_changes_meanwhile_are_shown_first(site: Site) -> None:
    client = site.client("nhap")
    page = hand_in(client, site.ward, filled(client, site.ward, _2_3_a=73))
    form = next(one for one in page.forms() if "row" in one.fields)
    assert "Chưa chọn dòng nào" in refused(client.send(form, row=[])).text
    changed = refused(client.send(form, seen="khác"))
    assert "đã thay đổi sau lần xem trước" in changed.text
    assert next(one for one in changed.forms() if "row" in one.fields).fields["row"] == ["2.3.a"]


def test_a_pasted_table_is_kept_where_it_is_refused(site: Site) -> None:
    client = site.client("nhap")
    form = client.page(f"{site.ward}/excel").form("/excel/bang")
    page = refused(client.send(form, table="2.3.a\t73\tx"))
    assert "3 cột mà không có dòng tiêu đề" in page.text
    assert page.form("/excel/bang").fields["table"] == ["2.3.a\t73\tx"]
    assert "Chưa dán bảng nào" in refused(client.send(form, table=" \n")).text
    shown = Page(client.send(form, table="2.3.a\t73\n9.9\t1"))
    assert "Bảng đã dán, dòng 2, cột A: mã “9.9” không có trong phiếu" in shown.text
    upload = client.page(f"{site.ward}/excel").form("/excel/tep")
    assert "Chưa chọn tệp" in refused(client.send(upload)).text


def test_a_file_of_another_body_is_refused_and_a_leader_only_downloads(site: Site) -> None:
    other = site.client("nhap.so").get(f"/phieu/{site.submissions[DEPARTMENT]}/excel/phieu.xlsx").data
    client = site.client("nhap")
    form = client.page(f"{site.ward}/excel").form("/excel/tep")
    page = refused(client.send(form, file=(io.BytesIO(other), "phieu.xlsx")))
    assert "phiếu của đơn vị mã HN-UBND-SNV" in page.text
    leader = site.client("duyet").page(f"{site.ward}/excel")
    assert [one.action for one in leader.forms() if "/excel" in one.action] == []
    assert "Tải phiếu Excel" in leader.links()
