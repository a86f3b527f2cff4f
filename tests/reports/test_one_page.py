"""A tờ trình is one page in Word however full it is: each size of letters is tried where it is just still taken."""

import dataclasses
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reports.fitting import DENSITIES, fit
from reports.phieu_data import GroupResult, Seal, Statement
from reports.word.statement import statement_document
from survey.core.paper import letterhead

SEAL = Seal("7F3A-91C2", "7f3a91c2" * 8, "https://khaosat.coquan.example/doi-chieu/408/7f3a91c27f3a91c2")
BODIES = {
    "party": ("dang", "Ban Tuyên giáo và Dân vận Thành ủy", "Thành ủy Hà Nội"),
    "state": ("nha-nuoc", "Sở Khoa học và Công nghệ", "Ủy ban nhân dân thành phố Hà Nội"),
    "front": ("mttq", "Hội Liên hiệp Phụ nữ Hà Nội", "Ủy ban Mặt trận Tổ quốc Việt Nam thành phố Hà Nội"),
}
LINE = "4.12 Tỷ lệ hồ sơ công việc được xử lý trên môi trường điện tử, trừ hồ sơ mật: 9,51\xa0/\xa050"


def statement(body: str, lines: int) -> Statement:
    """With so many lines in its lists."""
    kind, name, above = BODIES[body]
    title = "Bộ chỉ số chuyển đổi số Mặt trận Tổ quốc và các tổ chức chính trị - xã hội"
    groups = [GroupResult(str(one), "Hoạt động chuyển đổi số", "100", "67,50", "67,50%") for one in range(1, 6)]
    return Statement(
        letterhead=letterhead(kind, name, above), agency=name, about=f"Về kết quả tự đánh giá theo {title}",
        receiver="", groups=tuple(groups), lowest=(LINE,) * min(lines, 5),
        opening=f"Thực hiện Đợt đánh giá năm 2026, {name} đã tự đánh giá theo {title}. Kết quả như sau:",
        result="1. Kết quả chung: 290,99 / 820 điểm, đạt 35,49% điểm tối đa áp dụng; mức “Hình thành” (tham khảo).",
        remarks=("2 chỉ số khai điểm tối đa, chưa có tài liệu kiểm chứng: 3.2, 5.1.",) * max(0, lines - 5),
        closing=f"{name} chịu trách nhiệm về số liệu đã kê khai; phiếu tự đánh giá có mã nội dung kèm theo./.",
        notice="Số liệu minh họa. Bộ chỉ số minh họa.", printed_at=datetime(2026, 11, 23, tzinfo=UTC), seal=SEAL,
    )  # fmt: skip


def fullest(body: str) -> dict[int, Statement]:
    """The fullest that is still written whole in each size."""
    found: dict[int, Statement] = {}
    for lines in range(40):
        for extra in range(5):
            base = statement(body, lines)
            longer = dataclasses.replace(base, groups=base.groups + base.groups[:extra])
            fitted, number = fit(longer)
            if fitted == longer:
                found[number] = longer
    return found


@pytest.mark.parametrize(("body", "least"), [("state", 13), ("front", 12.5), ("party", 12)])
def test_an_ordinary_statement_keeps_the_size_of_official_letters(body: str, least: float) -> None:
    """Five groups, the five lowest, two remarks: none of the small letters that only a crowded page needs."""
    fitted, number = fit(statement(body, 7))
    assert DENSITIES[number].body >= least
    assert len(fitted.lowest) == 5


@pytest.mark.parametrize("body", BODIES)
def test_the_fullest_statement_of_every_size_is_one_page(body: str, soffice: str, tmp_path: Path) -> None:
    tried = fullest(body)
    assert len(tried) == len(DENSITIES)
    for number, one in tried.items():
        (tmp_path / f"{number}.docx").write_bytes(statement_document(one))
    files = [str(path) for path in sorted(tmp_path.glob("*.docx"))]
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(tmp_path), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    made = {path.stem: path.read_bytes() for path in tmp_path.glob("*.pdf")}
    pages = {name: len(re.findall(rb"/Type\s*/Page(?![a-zA-Z])", pdf)) for name, pdf in made.items()}
    assert pages == {str(number): 1 for number in tried}
