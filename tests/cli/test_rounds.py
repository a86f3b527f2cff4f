"""`sansangso rounds`: listed, opened beside another only when that is meant, extended all or none, closed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from survey.cli import main
from survey.core.numbers_vi import format_date

MAU = Path(__file__).resolve().parents[1] / "services" / "mau"
WHY = "Theo công văn số 12 ngày 20/11/2026"


def day(days: int) -> str:
    return format_date(datetime.now(UTC) + timedelta(days=days))


def open_round(code: str, *more: str, closes: int = 20) -> int:
    words = ["--title", f"Đợt {code}", "--period", "Năm nay", "--opens", day(-1), "--closes", day(closes)]
    return main(["rounds", "open", "--code", code, *words, *more])


def extend(*agencies: str, until: int = 40, why: str = WHY) -> int:
    chosen = [word for agency in agencies for word in ("--agency", agency)]
    return main(["rounds", "extend", "--code", "2026", *chosen, "--until", day(until), "--reason", why])


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of its own with four bodies and one questionnaire."""
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(tmp_path / "instance"))
    for name in ("DATABASE_URL", "SANSANGSO_LANGUAGE", "SANSANGSO_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    assert main(["questionnaires", "publish", str(MAU)]) == 0
    assert main(["agencies", "import", str(MAU / "agencies.csv")]) == 0
    capsys.readouterr()


def test_rounds_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rounds", "list"]) == 0
    assert capsys.readouterr().out == "Chưa có đợt đánh giá nào.\n"
    open_round("2026")
    main(["rounds", "list"])
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("2026  đang mở")
    assert last.endswith("0/4 phiếu đã gửi  Đợt 2026")
    assert f"17:00, {day(20)}" in last


def test_a_second_round_for_the_same_bodies_is_opened_only_when_that_is_meant(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert open_round("2026") == 0
    assert open_round("2026") == 0  # the same again is no other round
    assert open_round("bo-sung") == 1
    assert "Đợt 2026 đang lấy số liệu của 4 đơn vị" in capsys.readouterr().err
    assert open_round("bo-sung", "--overlap") == 0


def test_bodies_are_extended_all_or_none(capsys: pytest.CaptureFixture[str]) -> None:
    open_round("2026")
    assert extend("SO-1", "KHONG") == 1
    assert capsys.readouterr().err == "Đơn vị KHONG không có phiếu trong đợt 2026.\n"
    assert extend("SO-1", until=10) == 1
    assert "phải sau hạn chung của đợt" in capsys.readouterr().err
    assert extend("SO-1", why="gấp") == 1
    assert extend("SO-1", "SO-2") == 0
    assert capsys.readouterr().out == f"Đã gia hạn cho 2 đơn vị đến 17:00, {day(40)}.\n"


def test_a_closed_round_takes_no_extension(capsys: pytest.CaptureFixture[str]) -> None:
    open_round("2026")
    assert main(["rounds", "close", "--code", "2026"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Đã đóng đợt 2026: 0/4 phiếu đã gửi."
    assert extend("SO-1") == 1
    assert "đã đóng" in capsys.readouterr().err
    assert main(["rounds", "close", "--code", "1999"]) == 1
