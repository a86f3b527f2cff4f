"""An office that starts from nothing: hands at a browser that are counted, and the two workbooks that they hand in."""

from __future__ import annotations

import csv
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp
from openpyxl import Workbook

from survey.core.sorting_vi import fold
from survey.services.import_agencies import packaged_agencies

NEW_PASSWORD = "một câu dài dễ nhớ 2026"
CLERK = "Nhập số liệu"


@dataclass
class Tally:
    """What the hands did at one stage."""

    stage: str
    clicks: int = 0
    typed: int = 0  # fields
    seconds: float = 0


@dataclass
class Hands:
    """One person at one browser; every press and every field is counted under the stage that is named."""

    page: Any
    stages: list[Tally] = field(default_factory=list)
    _begun: float = 0

    def begin(self, stage: str) -> None:
        """What comes now belongs to this stage."""
        self.end()
        self.stages.append(Tally(stage))
        self._begun = time.monotonic()

    def end(self) -> None:
        """The stage is over."""
        if self.stages and self._begun:
            self.stages[-1].seconds += time.monotonic() - self._begun
        self._begun = 0

    def press(self, name: str, *, inside: str = "main", role: str = "button", leads: bool = True) -> None:
        """Press a button (or a link) by its words."""
        self.stages[-1].clicks += 1
        target = self.page.locator(inside).get_by_role(role, name=name).first
        assert target.count(), f"{name} is not on {self.page.url}: {self.page.inner_text(inside)[:800]}"
        if not leads:
            target.click()
            return
        with self.page.expect_navigation():
            target.click()

    def go(self, name: str) -> None:
        """Follow a link of the page."""
        self.press(name, role="link")

    def menu(self, *names: str) -> None:
        """Follow an entry of the bar, through its menu where it is in one."""
        for name in names[:-1]:
            self.stages[-1].clicks += 1
            self.page.locator("header.top .nav-wide summary", has_text=name).click()
        self.press(names[-1], inside="header.top .nav-wide", role="link")

    def type(self, control: str, text: str) -> None:
        """Fill one field."""
        self.stages[-1].typed += 1
        self.page.fill(control, text)

    def choose(self, control: str, value: str) -> None:
        """Choose in a list."""
        self.stages[-1].clicks += 2
        self.page.select_option(control, value)

    def tick(self, control: str) -> None:
        """Tick a box."""
        self.stages[-1].clicks += 1
        self.page.check(control)

    def hand_in(self, control: str, file: Path) -> None:
        """Choose a file: the button, the file, its opening."""
        self.stages[-1].clicks += 3
        self.page.set_input_files(control, str(file))


def read_register() -> list[dict[str, str]]:
    """The packaged bodies."""
    with packaged_agencies().open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write_register(file: Path) -> None:
    """The register as a workbook that somebody made by hand: one sheet, the headings of the CSV file."""
    rows = read_register()
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Đơn vị"
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([value or None for value in row.values()])
    book.save(file)


def write_accounts(file: Path, headings: list[str], coordinator: str) -> int:
    """A clerk for every assessed body (a ward's one serves its three), two leaders and a coordinator; how many rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tài khoản"
    sheet.append(headings)
    wards: dict[str, list[dict[str, str]]] = {}
    for row in read_register():
        if row["assessed"] == "1":
            wards.setdefault(row["ward_code_gso"] or row["code"], []).append(row)
    for number, (ward, bodies) in enumerate(wards.items(), start=1):
        codes = "; ".join(body["code"] for body in bodies)
        login = f"nhap.{fold(ward).replace(' ', '').lower()}"
        sheet.append([f"Nguyễn Thị Số {number}", login, "", f"024 3825 {1000 + number}", "Chuyên viên", codes, CLERK])
    sheet.append(["Trần Văn Duyệt", "duyet.badinh", "", "", "Phó Chủ tịch", "HN-00004-UBND", "Lãnh đạo"])
    sheet.append(["Lê Thị Tổng Hợp", coordinator, "", "", "Trưởng phòng", "", "Tổng hợp", "Mọi khối"])
    book.save(file)
    return len(wards) + 2


class Authenticator:
    """An app on a telephone: one code a time step, never the same twice."""

    def __init__(self, secret: str) -> None:
        self.totp = pyotp.TOTP(secret)
        self.steps = 0

    def code(self) -> str:
        """The next code that has not been used: the present step, then the one after it."""
        now = time.time() + 30 * self.steps
        self.steps += 1
        return self.totp.at(int(now))
