"""From an empty database to the summary: an office sets itself up, opens a round of 408 bodies and closes it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook

from survey.cli import main
from survey.core.numbers_vi import HANOI
from tests.browser.conftest import Site, serving
from tests.browser.filler import fill_page, follow, wait_until_saved
from tests.browser.office import NEW_PASSWORD, Authenticator, Hands, write_accounts, write_register

pytestmark = pytest.mark.long

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
CLERK, COORDINATOR, BODY = "nhap.00004", "tonghop.tp", "HN-00004-MTTQ"
BODY_NAME = "Ủy ban Mặt trận Tổ quốc Việt Nam phường Ba Đình"
ROUND = "2026"


@pytest.fixture
def empty(
    tmp_path: Path, browser: Any, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> Iterator[tuple[Site, str]]:
    """A new instance as its operator leaves it: tables, questionnaires, one administrator with a one-time code."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(tmp_path / "instance"))
    assert main(["questionnaires", "publish", str(repository / "questionnaires")]) == 0
    told = ["--login", "quantri", "--name", "Phạm Văn Trị", "--role", "administrator", "--invite"]
    assert main(["account", "create", *told]) == 0
    found = CODE.search(capsys.readouterr().out)
    assert found is not None
    with serving(tmp_path / "instance", browser, {}) as site:
        yield site, found[0]


def test_an_office_starts_from_nothing_and_ends_with_a_summary(
    empty: tuple[Site, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site, code = empty
    admin = Hands(site.window().new_page())
    _come_in(admin, "quản trị: đăng nhập lần đầu", "quantri", code)
    _take_register(admin, tmp_path / "don-vi.xlsx")
    codes = _take_accounts(admin, tmp_path / "tai-khoan.xlsx")

    coordinator = Hands(site.window().new_page())
    _come_in(coordinator, "tổng hợp: đăng nhập lần đầu", COORDINATOR, codes[COORDINATOR])
    _open_round(coordinator)

    clerk = Hands(site.window().new_page())
    _come_in(clerk, "người nhập: đăng nhập lần đầu", CLERK, codes[CLERK])
    _fill(clerk)
    total = _sign_on_paper(clerk)

    _extend(coordinator)
    _close(coordinator)
    _check_summary(coordinator, total)
    stages = [*admin.stages, *coordinator.stages, *clerk.stages]
    for one in stages:  # pytest -s shows them
        sys.stdout.write(f"{one.stage}: {one.clicks} lần bấm, {one.typed} ô gõ, {one.seconds:.0f} giây\n")
    set_up = admin.stages + coordinator.stages[:2]
    assert sum(one.clicks for one in set_up) <= 40  # what keeps an office from starting on Monday
    seconds = sum(one.seconds for one in stages)
    sys.stdout.write(f"tất cả: {sum(one.clicks for one in stages)} lần bấm, {seconds / 60:.1f} phút\n")


def _look(hands: Hands) -> None:
    """Nothing that axe objects to on the page in sight."""
    found = Axe().run(hands.page, options={"resultTypes": ["violations"]})
    assert not found.response["violations"], f"{hands.page.url}: {found.generate_report()}"


@contextmanager
def _expecting(hands: Hands, words: str) -> Iterator[None]:
    """What was done is answered with these words."""
    yield
    assert words in hands.page.inner_text("main"), hands.page.inner_text("main")[:800]
    _look(hands)


def _come_in(hands: Hands, stage: str, login: str, code: str) -> None:
    """The first sign-in by a one-time code, with the second factor where it is asked for."""
    page = hands.page
    page.goto("/dang-nhap/lan-dau")
    hands.begin(stage)
    hands.type("#f-login", login)
    hands.type("#f-code", code)
    hands.type("#f-new", NEW_PASSWORD)
    hands.type("#f-again", NEW_PASSWORD)
    _look(hands)
    hands.press("Đặt mật khẩu và đăng nhập")
    if page.url.endswith("/thiet-lap") or "/thiet-lap?" in page.url:
        _look(hands)
        app = Authenticator(page.inner_text("code.secret").replace(" ", ""))
        hands.type("#f-code", app.code())
        hands.press("Bật xác thực hai lớp")
        assert len(page.locator(".one-time-codes li").all()) == 10
        _look(hands)
        hands.go("Tôi đã cất")
    hands.end()


def _take_register(admin: Hands, file: Path) -> None:
    write_register(file)
    admin.begin("quản trị: danh mục 412 đơn vị từ tệp Excel")
    admin.menu("Danh mục đơn vị")
    admin.go("Nhập từ tệp")
    _look(admin)
    admin.hand_in("#f-file", file)
    with _expecting(admin, "412"):
        admin.press("Xem trước")
    with _expecting(admin, "412 đơn vị"):
        admin.press("Áp dụng")
    admin.end()


def _take_accounts(admin: Hands, file: Path) -> dict[str, str]:
    """Everybody's one-time code, by login, off the letters."""
    admin.page.goto("/quan-tri/tai-khoan/nhap")
    with admin.page.expect_download() as begun:
        admin.page.get_by_role("link", name="Tải tệp mẫu").click()
    template = load_workbook(BytesIO(Path(begun.value.path()).read_bytes()))
    rows = (row for sheet in template for row in sheet.iter_rows(values_only=True))
    headings = [str(cell) for cell in next(row for row in rows if "Tên đăng nhập" in row) if cell]
    count = write_accounts(file, headings, COORDINATOR)
    admin.begin(f"quản trị: {count} tài khoản từ tệp Excel, in thư mời")
    admin.menu("Tài khoản")
    admin.go("Nhập từ bảng tính")
    admin.hand_in("#f-file", file)
    with _expecting(admin, str(count)):
        admin.press("Xem trước")
    with _expecting(admin, "chưa gửi thư mời"):
        admin.press("Nhập: thêm")
    admin.press("Gửi thư mời")
    letters = admin.page.locator(".letter").all_inner_texts()
    assert len(letters) == count
    admin.end()
    codes = {}
    for words in letters:
        login, code = re.search(r"tên đăng nhập\s+(\S+)", words), CODE.search(words)
        assert login, words
        assert code, words
        codes[login[1]] = code[0]
    return codes


def _open_round(coordinator: Hands) -> None:
    page, now = coordinator.page, datetime.now(UTC).astimezone(HANOI)
    coordinator.begin("tổng hợp: tạo và mở đợt 408 phiếu")
    coordinator.menu("Đợt đánh giá", "Đợt đánh giá")
    _look(coordinator)
    coordinator.go("Tạo đợt mới")
    for control, text in (
        ("#f-title", "Đợt đánh giá năm 2026"), ("#f-code", ROUND), ("#f-period", "Năm 2026"),
        ("#f-opens_date", (now - timedelta(days=1)).strftime("%d/%m/%Y")), ("#f-opens_time", "08:00"),
        ("#f-closes_date", (now + timedelta(days=30)).strftime("%d/%m/%Y")), ("#f-closes_time", "17:00"),
    ):  # fmt: skip
        coordinator.type(control, text)
    _look(coordinator)
    with _expecting(coordinator, "408"):
        coordinator.press("Lưu bản nháp")
    with _expecting(coordinator, "408 phiếu"):
        coordinator.press("Mở đợt")
    assert page.url.endswith(f"/dot-danh-gia/{ROUND}")
    coordinator.end()


def _fill(clerk: Hands) -> None:
    page = clerk.page
    clerk.begin("người nhập: phiếu 28 chỉ số")
    page.goto("/don-vi")
    _look(clerk)
    clerk.stages[-1].clicks += 2
    follow(page, page.locator("main button", has_text=BODY_NAME))
    follow(page, page.locator("table a[href*='/muc/']").first)
    for _ in range(20):
        clerk.stages[-1].typed += fill_page(page)
        wait_until_saved(page)
        button = page.locator(".save-buttons button.btn-primary")
        last = button.get_attribute("value") == "check"
        clerk.stages[-1].clicks += 1
        follow(page, button)
        if last:
            break
    assert page.url.endswith("/kiem-tra")
    clerk.end()


def _sign_on_paper(clerk: Hands) -> str:
    """Print, sign outside, record; the points as the receipt has them."""
    page = clerk.page
    phieu = page.url.removesuffix("/kiem-tra")
    clerk.begin("người nhập: tờ trình, ghi nhận bản ký giấy")
    page.goto(f"{phieu}/to-trinh")
    printed = re.search(r"\b[0-9A-F]{4}-[0-9A-F]{4}\b", page.inner_text("main"))
    assert printed is not None
    page.goto(f"{phieu}/ky-giay")
    _look(clerk)
    today = datetime.now(UTC).astimezone(HANOI).strftime("%d/%m/%Y")
    for control, text in (
        ("#f-code", printed[0]), ("#f-paper_number", "15/TTr-MTTQ"), ("#f-signed_on", today),
        ("#f-signer", "Đỗ Thị Ký"), ("#f-title", "Phó Chủ tịch"),
    ):  # fmt: skip
        clerk.type(control, text)
    clerk.choose("#f-capacity", "KT.")
    with _expecting(clerk, "15/TTr-MTTQ"):
        clerk.press("Ghi nhận")
    assert page.url.endswith("/bien-nhan")
    clerk.end()
    total: str = page.locator(".facts dd", has_text="%").first.inner_text().split(" / ")[0]
    return total


def _extend(coordinator: Hands) -> None:
    page, until = coordinator.page, datetime.now(UTC).astimezone(HANOI) + timedelta(days=40)
    coordinator.begin("tổng hợp: gia hạn một đơn vị")
    coordinator.menu("Đôn đốc")
    coordinator.tick("tbody input[type=checkbox] >> nth=0")
    coordinator.press("Gia hạn")
    coordinator.type("#f-until_date", until.strftime("%d/%m/%Y"))
    coordinator.type("#f-until_time", "17:00")
    coordinator.type("#f-reason", "Đơn vị vừa sắp xếp lại tổ chức, đề nghị thêm thời gian.")
    _look(coordinator)
    with _expecting(coordinator, "sắp xếp lại tổ chức"):
        coordinator.press("Gia hạn")
    assert page.url.endswith("/gia-han")
    coordinator.end()


def _close(coordinator: Hands) -> None:
    coordinator.begin("tổng hợp: đóng đợt")
    coordinator.menu("Đợt đánh giá", "Đợt đánh giá")
    coordinator.go("Đợt đánh giá năm 2026")
    coordinator.go("Đóng đợt")
    with _expecting(coordinator, "407"):
        pass
    with _expecting(coordinator, "đã đóng"):
        coordinator.press("Đóng đợt")
    coordinator.end()


def _check_summary(coordinator: Hands, total: str) -> None:
    page = coordinator.page
    coordinator.begin("tổng hợp: tải bảng tổng hợp")
    coordinator.menu("Tiến độ")
    coordinator.stages[-1].clicks += 1
    with page.expect_download() as begun:
        page.get_by_role("link", name="Tải bảng tổng hợp").click()
    coordinator.end()
    book = load_workbook(BytesIO(Path(begun.value.path()).read_bytes()), data_only=True)
    points = float(total.replace(".", "").replace(",", "."))
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True) if BODY in row or BODY_NAME in row]
    assert any(points in row for row in rows), (points, rows)
    assert any("15/TTr-MTTQ" in str(cell) for row in rows for cell in row)
