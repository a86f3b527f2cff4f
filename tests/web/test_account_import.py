"""Taking accounts in from a file on pages: looked at first, applied once, faulted by cell, and out again."""

import io

import openpyxl
import pytest
from werkzeug.test import TestResponse

from survey.core.workflow import Role
from survey.services.create_account import create_account
from tests.web.conftest import PASSWORD, WARD, Site
from tests.web.strict_client import Page, StrictClient

HEAD = "Họ và tên,Tên đăng nhập,Thư điện tử,Điện thoại,Chức vụ,Mã đơn vị,Vai,Khối"
LIST = "/quan-tri/tai-khoan"


@pytest.fixture
def admin(site: Site) -> StrictClient:
    """The administrator's browser."""
    return site.client("quantri")


def upload(client: StrictClient, content: bytes, name: str = "nguoi.csv") -> TestResponse:
    form = client.page(f"{LIST}/nhap").form("/nhap")
    data = {**form.fields, "file": (io.BytesIO(content), name)}
    return client.post(form.action, data=data, content_type="multipart/form-data")


def test_a_file_is_previewed_applied_once_and_its_people_wait_for_invitations(site: Site, admin: StrictClient) -> None:
    content = f"{HEAD}\nLê Văn Bình,,b@xa.example,,Chủ tịch,{WARD},lãnh đạo duyệt,\n".encode()
    answer = upload(admin, content)
    assert answer.status_code == 302
    place = answer.headers["Location"]
    preview = admin.page(place)
    assert "Lê Văn Bình (binh.lv." in preview.text
    assert "1 thêm mới" in preview.text
    form = next(f for f in preview.forms() if "basis" in f.fields)
    done = Page(admin.send(form))
    assert "Đã nhập danh sách tài khoản" in done.text
    assert "Lê Văn Bình" in done.text
    again = admin.send(form)
    assert again.status_code == 422
    assert "đã được nhập" in Page(again).text


def test_faults_of_a_file_are_listed_with_their_cells(site: Site, admin: StrictClient) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tài khoản"
    sheet.append(HEAD.split(","))
    sheet.append(["Lê Văn Bình", "", "sai", "", "", "KHÔNG-CÓ", "lãnh đạo duyệt"])
    out = io.BytesIO()
    book.save(out)
    answer = upload(admin, out.getvalue(), "nguoi.xlsx")
    assert answer.status_code == 422
    said = Page(answer).text
    assert "nguoi.xlsx, trang “Tài khoản”, ô C2" in said
    assert "ô F2" in said


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"PK\x03\x04rubbish", b"a,b\n1,2\n", "\u202e".encode() * 10])
def test_what_is_no_list_of_accounts_is_refused_with_a_sentence(
    site: Site, admin: StrictClient, content: bytes
) -> None:
    assert upload(admin, content, "a.xlsx").status_code == 422
    form = admin.page(f"{LIST}/nhap").form("/nhap")
    assert admin.post(form.action, data=form.fields).status_code == 422


def test_a_file_that_waits_is_its_own_persons(site: Site, admin: StrictClient) -> None:
    place = upload(admin, f"{HEAD}\nLê Văn Bình,,,,,{WARD},lãnh đạo duyệt,\n".encode()).headers["Location"]
    with site.database.writing() as session:
        create_account(session, login="quantri2", name="Hai", password=PASSWORD, roles=[Role.ADMINISTRATOR])
    assert site.client("quantri2").get(place).status_code == 404
    left = admin.send(admin.page(place).form("/bo"))
    assert "Đã bỏ tệp" in Page(left).text
    assert admin.get(place).status_code == 404


def test_template_and_address_book_are_workbooks(site: Site, admin: StrictClient) -> None:
    for place, people in ((f"{LIST}/nhap/mau.xlsx", 0), (f"{LIST}/danh-ba.xlsx", 7)):
        book = openpyxl.load_workbook(io.BytesIO(admin.get(place).data))
        names = [row[0] for row in book["Tài khoản"].iter_rows(min_row=6, values_only=True) if row[0]]
        assert len(names) == people
        assert WARD in [cell.value for cell in book["Đơn vị"]["A"]]
