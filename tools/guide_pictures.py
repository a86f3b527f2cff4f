"""What each picture of the guides shows: who has signed in, which page, which part of it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from typing import Any

Go = Callable[[Any, Any], None]  # (page, studio): ends where the picture is taken

WARD, GIVER, WAITING_CLERK = "nhap.badinh", "nhap.skhcn", "nhap.snv"
WAITING_LEADER, SENT_LEADER = "lanhdao.danguy.badinh", "lanhdao.hoankiem"
COORDINATOR, ADMINISTRATOR, AUDITOR = "tonghop", "quantri", "kiemtra"
ROUND = "2026"
PHONE = 375
PROVIDED = ".ind:has(.provided)"


@dataclass(frozen=True)
class Scene:
    """One picture."""

    name: str  # of its file below docs/pictures, without .png
    login: str  # "" where nobody has signed in
    go: Go
    of: tuple[str, ...] = ()  # what is shown: the box around these; none: the whole page
    width: int = 1280
    most: int = 900  # pixels high


def at(path: str) -> Go:
    """A page by its address."""
    return lambda page, _: page.goto(path)


def phieu(then: str = "") -> Go:
    """A page of the phiếu that the person comes to first."""

    def go(page: Any, _: Any) -> None:
        page.goto("/phieu/")
        page.goto(page.url.rstrip("/") + then)

    return go


def _new_document(page: Any, studio: Any) -> None:
    """The form of a document, open at an indicator that lacks one, and filled in."""
    phieu("/muc/1")(page, studio)
    card = page.locator(".ind", has=page.locator(".evidence-missing:visible")).first
    card.get_by_role("button", name="Thêm tài liệu kiểm chứng").click()
    page.fill("#e-number", "125/KH-UBND")
    page.fill("#e-issued", "12/03/2026")
    page.fill("#e-issuer", "Ủy ban nhân dân phường Ba Đình")
    page.fill("#e-summary", "Kế hoạch chuyển đổi số năm 2026")


def _signed_paper(page: Any, studio: Any) -> None:
    """The record of a signed paper, filled in as far as the scan."""
    phieu("/ky-giay")(page, studio)
    page.fill("#f-code", "7F3A-91C2")
    page.fill("#f-paper_number", "125/TTr-SNV")
    page.fill("#f-signed_on", "20/11/2026")
    page.select_option("#f-capacity", index=2)
    page.fill("#f-signer", "Nguyễn Văn An")
    page.fill("#f-title", "Phó Giám đốc")


def _open_return(page: Any, studio: Any) -> None:
    """The leader's form for giving back, open, with a reason."""
    phieu("/duyet")(page, studio)
    page.locator(".return-form summary").click()
    page.fill("#f-reason", "Chỉ số 2.3: bổ sung văn bản giao nhiệm vụ; xem lại tổng số công chức.")


def _choose_to_chase(page: Any, count: int) -> None:
    """The first bodies of the chase list that have not begun, ticked."""
    page.goto(f"/dot/{ROUND}/don-doc?tinh-trang=not_started")
    for box in page.locator("input[name=phieu]").all()[:count]:
        box.check()


def _compose(page: Any, _: Any) -> None:
    """A reminder as the text of an official letter."""
    _choose_to_chase(page, 8)
    page.get_by_role("button", name="Soạn đôn đốc").click()
    page.get_by_role("button", name="Nội dung công văn").click()


def _extend(page: Any, _: Any) -> None:
    """The form of an extension for three bodies."""
    _choose_to_chase(page, 3)
    page.get_by_role("button", name="Gia hạn", exact=True).click()
    page.locator("details.more summary").first.click()


def _one_sent(page: Any, _: Any) -> None:
    """A phiếu that has been sent, as the coordinator sees it."""
    page.goto(f"/dot/{ROUND}/don-vi?tinh-trang=sent&nhom=ubnd-phuong")
    page.locator("tbody th a").first.click()


def _tick_some(page: Any, _: Any) -> None:
    """The chase list with some bodies ticked."""
    page.goto(f"/dot/{ROUND}/don-doc?tinh-trang=not_started")
    for box in page.locator("input[name=phieu]").all()[1:4]:
        box.check()


def _preview_register(page: Any, studio: Any) -> None:
    """A register handed in again: a telephone changed, a contact named, one body added."""
    page.goto("/quan-tri/nhap-don-vi")
    content = page.request.get("/quan-tri/danh-muc-don-vi.csv").text().removeprefix("\ufeff")
    rows = list(csv.reader(StringIO(content)))
    heading = {name: place for place, name in enumerate(rows[0])}
    first, second, last = rows[2], rows[3], list(rows[2])
    first[heading["Đầu mối"]], first[heading["Điện thoại"]] = "Nguyễn Thị Bình", "024 3825 3536"
    second[heading["Điện thoại"]] = "024 3942 1234"
    last[heading["Mã đơn vị"]], last[heading["Tên đơn vị"]] = "HN-TU-BCD", "Ban Chỉ đạo chuyển đổi số"
    last[heading["Mã định danh"]] = ""
    out = StringIO()
    csv.writer(out).writerows([rows[0], first, second, last])
    file = studio.work / "danh-muc.csv"
    file.write_text("\ufeff" + out.getvalue(), encoding="utf-8", newline="")
    page.set_input_files("#f-file", file)
    page.get_by_role("button", name="Đọc tệp và xem trước").click()


def _effect(page: Any, _: Any) -> None:
    """What a changed attribute of a department does to its maximum."""
    page.goto("/quan-tri/don-vi/HN-UBND-SNV/sua")
    page.get_by_label("Có giải quyết thủ tục hành chính").select_option(label="không")
    page.get_by_role("button", name="Xem ảnh hưởng và lưu").click()


_NEW_ACCOUNTS = """Họ và tên,Tên đăng nhập,Thư điện tử,Điện thoại,Chức vụ,Mã đơn vị,Vai,Khối
Nguyễn Thị Bình,,,024 3825 3536,Chuyên viên,HN-00004-UBND; HN-00004-MTTQ,nhập số liệu,
Trần Văn Cường,,,024 3825 3537,Phó Chủ tịch,HN-00004-UBND,lãnh đạo duyệt,
Lê Minh Đức,,,024 3942 1234,Phó Trưởng phòng,,tổng hợp,Nhà nước
"""


def _preview_accounts(page: Any, studio: Any) -> None:
    """Three people handed in: a clerk of two bodies, a leader, a coordinator of one khối."""
    page.goto("/quan-tri/tai-khoan/nhap")
    file = studio.work / "tai-khoan.csv"
    file.write_text("\ufeff" + _NEW_ACCOUNTS, encoding="utf-8")
    page.set_input_files("#f-file", file)
    page.get_by_role("button", name="Xem trước").click()


def _letter(page: Any, studio: Any) -> None:
    """The letter of one who has just been taken in."""
    _preview_accounts(page, studio)
    page.get_by_role("button", name="Nhập: thêm").click()
    page.goto("/quan-tri/tai-khoan/thu-moi?tim=binh")
    page.get_by_label("Thư giấy cho mọi người").check()
    page.get_by_role("button", name="Gửi thư mời").click()


def _one_account(page: Any, _: Any) -> None:
    """The account of the clerk of a ward's three bodies."""
    page.goto("/quan-tri/tai-khoan?tim=nhap.badinh")
    page.locator("tbody th a").first.click()


def _second_factor(page: Any, studio: Any) -> None:
    """What one with many rights sees at the first sign-in, once the instance asks for it."""
    from survey.services.instance import change_setting

    with studio.database.writing() as session:
        change_setting(session, "second_factor", "1")
    page.context.clear_cookies()
    studio.sign_in(page.context.new_page(), AUDITOR)
    page.goto("/dang-nhap/thiet-lap")
    with studio.database.writing() as session:
        change_setting(session, "second_factor", "0")


def in_guide(name: str, *given: Any, **more: Any) -> Scene:
    """A picture of the guides."""
    return Scene(f"huong-dan/{name}", *given, **more)


MAIN = "main"
SCENES = (
    Scene("hub", WARD, phieu()),
    Scene("board", COORDINATOR, at(f"/dot/{ROUND}")),
    # for clerks
    in_guide("dang-nhap", "", at("/dang-nhap"), ("main section:first-of-type",)),
    in_guide("phieu", WARD, phieu(), (MAIN,), most=760),
    in_guide("chi-so", WARD, phieu("/muc/3"), (".ind:has(.document)",)),
    in_guide("tai-lieu", WARD, _new_document, (".add-document",), most=1000),
    in_guide("kiem-tra", WARD, phieu("/kiem-tra"), ("h1", MAIN), most=430),
    in_guide("ky-giay", WAITING_CLERK, _signed_paper, ("h1", "main form"), most=1080),
    in_guide("phan-cong", WARD, phieu("/phan-cong"), ("h1", "main form"), most=520),
    in_guide("so-lieu-cung-cap", WARD, phieu("/muc/1"), (PROVIDED + " >> nth=0", PROVIDED + " >> nth=1")),
    in_guide("cung-cap-so-lieu", GIVER, at(f"/cung-cap/{ROUND}"), ("h1", MAIN)),
    # for leaders, on a phone
    in_guide("lanh-dao-phieu", WAITING_LEADER, phieu(), ("header", "main .alert"), width=PHONE),
    in_guide("lanh-dao-duyet", WAITING_LEADER, phieu("/duyet"), ("h1", "main .card:has(.look-first)"), width=PHONE),
    in_guide("lanh-dao-so-lieu", WAITING_LEADER, phieu("/duyet"), ("#so-lieu", "#so-lieu ~ *"), width=PHONE, most=620),
    in_guide("lanh-dao-quyet-dinh", WAITING_LEADER, phieu("/duyet"), ("#quyet-dinh",), width=PHONE),
    in_guide("lanh-dao-tra-lai", WAITING_LEADER, _open_return, ("#quyet-dinh",), width=PHONE),
    in_guide("bien-nhan", SENT_LEADER, phieu("/bien-nhan"), ("h1", ".receipt"), width=PHONE),
    in_guide("to-trinh", WAITING_LEADER, phieu("/to-trinh"), (".paper, main",), most=1100),
    # for coordinators
    in_guide("tien-do", COORDINATOR, at(f"/dot/{ROUND}"), ("h1", MAIN), most=680),
    in_guide("hai-lop", AUDITOR, _second_factor, ("h1", MAIN)),
    in_guide("dot-danh-gia", COORDINATOR, at(f"/dot-danh-gia/{ROUND}"), ("h1", ".with-aside"), most=640),
    in_guide("nguon-so-lieu", COORDINATOR, at(f"/dot/{ROUND}/cung-cap"), ("h1", MAIN), most=560),
    in_guide("don-doc", COORDINATOR, _tick_some, ("h1", MAIN), most=960),
    in_guide("soan-don-doc", COORDINATOR, _compose, ("h1", MAIN)),
    in_guide("gia-han", COORDINATOR, _extend, ("h1", MAIN)),
    in_guide("phieu-don-vi", COORDINATOR, _one_sent, ("h1", ".with-aside"), most=1010),
    in_guide("de-nghi", COORDINATOR, at(f"/dot/{ROUND}/khong-ap-dung"), ("h1", "main .card"), most=700),
    # for administrators
    in_guide("danh-muc", ADMINISTRATOR, at("/quan-tri/don-vi"), ("h1", MAIN), most=560),
    in_guide("nhap-danh-muc", ADMINISTRATOR, _preview_register, ("h1", MAIN)),
    in_guide("anh-huong", ADMINISTRATOR, _effect, ("h1", MAIN)),
    in_guide("tai-khoan", ADMINISTRATOR, at("/quan-tri/tai-khoan"), ("h1", MAIN), most=560),
    in_guide("nhap-tai-khoan", ADMINISTRATOR, _preview_accounts, ("h1", MAIN)),
    in_guide("thu-moi", ADMINISTRATOR, _letter, (MAIN,), most=1100),
    in_guide("mot-tai-khoan", ADMINISTRATOR, _one_account, ("h1", MAIN), most=900),
    in_guide("cai-dat", ADMINISTRATOR, at("/quan-tri/cai-dat"), ("h1", "main form"), most=1000),
    in_guide("nhat-ky", ADMINISTRATOR, at("/nhat-ky"), ("h1", MAIN), most=560),
)
