"""Packages by command: made of a round, its source trusted by key, taken by another instance."""

import re
import shutil
from pathlib import Path

import pytest

from survey.cli import main
from survey.services.instance import change_setting, open_database
from tests.web.served import build

UPDATED = "2026"


@pytest.fixture
def instances(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Two instances with the same register and round."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("SANSANGSO_LANGUAGE", raising=False)
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    build(here)
    (here / "test.db").rename(here / "sansangso.db")
    shutil.copytree(here, there)
    database = open_database(there)
    with database.writing() as session:
        change_setting(session, "instance_id", "feedfacecafe0001")
    database.close()
    return here, there


def test_a_package_is_made_there_and_taken_here(
    instances: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there = instances
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(there))
    assert main(["package", "make", "--round", UPDATED, "--figures", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    key = re.search(r"đối chiếu: ([0-9A-F ]+)", said)
    assert key is not None
    file = next(tmp_path.glob("goi-so-lieu-*.json"))
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(here))
    take = ["package", "take", str(file), "--round", UPDATED]
    assert main(take) == 1
    assert "Chưa tin cậy nguồn này" in capsys.readouterr().err
    assert main([*take, "--trust", "0" * 32]) == 1
    assert main([*take, "--trust", key[1].strip()]) == 0
    assert "Đã nhận kết quả của" in capsys.readouterr().out
    file.write_bytes(file.read_bytes().replace(b"SO-1", b"SO-2", 1))
    assert main(take) == 1
    assert "không còn đúng như lúc ký" in capsys.readouterr().err


@pytest.mark.parametrize("typed", [["package", "make", "--points", "--out", "x.json"], ["package", "take", "x.json"]])
def test_an_unknown_round_is_answered_with_those_there_are(
    instances: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: list[str]
) -> None:
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(instances[0]))
    monkeypatch.chdir(instances[0])
    Path("x.json").write_text("{}", encoding="utf-8")
    assert main([*typed, "--round", "1999"]) == 1
    assert f"Không có đợt đánh giá mang mã 1999; các mã hiện có: {UPDATED}" in capsys.readouterr().err


def test_a_source_is_not_told_trusted_where_its_package_is_refused(
    instances: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there = instances
    database = open_database(there)
    with database.writing() as session:
        change_setting(session, "demonstration", "1")
    database.close()
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(there))
    assert main(["package", "make", "--round", UPDATED, "--points", "--out", str(tmp_path)]) == 0
    key = re.search(r"đối chiếu: ([0-9A-F ]+)", capsys.readouterr().out)
    assert key is not None
    monkeypatch.setenv("SANSANGSO_INSTANCE", str(here))
    file = next(tmp_path.glob("goi-*.json"))
    assert main(["package", "take", str(file), "--round", UPDATED, "--trust", key[1].strip()]) == 1
    said = capsys.readouterr()
    assert "minh họa" in said.err
    assert "tin cậy" not in said.out


@pytest.mark.parametrize(
    "typed", [["package", "make", "--round", "2026", "--out", "x"], ["package", "take"], ["package"]]
)
def test_what_cannot_be_understood_is_exit_2(typed: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(typed)
    assert left.value.code == 2
