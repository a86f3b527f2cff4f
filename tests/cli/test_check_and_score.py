"""`sansangso check` and `score` over files alone: what is right, every fault, what is written."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from survey.cli import main

ROOT = Path(__file__).resolve().parents[2]
KINDS = ROOT / "tests" / "core" / "all_kinds.yaml"
GOOD = {
    "agency": "Sở A", "has_tthc": "1", "1.1": "yes", "1.2.a": "73", "so_cbccvc": "106", "1.3": "cap_pho",
    "2.1": "ke_hoach", "2.2.a1": "9", "2.2.b1": "10", "2.2.a2": "2.5", "2.2.b2": "5", "2.3": "7.25",
}  # fmt: skip


@pytest.fixture(autouse=True)
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SANSANGSO_LANGUAGE", "SANSANGSO_DEBUG"):
        monkeypatch.delenv(name, raising=False)


def answers(folder: Path, **changed: str) -> Path:
    file = folder / "answers.csv"
    row = GOOD | changed
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([row.keys(), row.values()])
    return file


def score(answers_file: Path, out: Path, *more: str) -> int:
    return main([
        "score", "--questionnaire", str(KINDS), "--answers", str(answers_file), "--out", str(out), *more,
    ])  # fmt: skip


def test_the_questionnaires_of_the_house_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(ROOT / "questionnaires"), str(ROOT / "questionnaires" / "features")]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert "9 chỉ số chính, 34 chỉ số thành phần, 1.000 điểm" in next(line for line in shown if "so-nganh-2026" in line)
    assert all(", 0 ví dụ" not in line for line in shown)


def test_check_lists_every_fault_of_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        text = KINDS.read_text(encoding="utf-8")
        broken = text.replace("zero_b: KAD\n", "\n").replace('max: "7.5"', "max: 7.5")
        (folder / "questionnaire.yaml").write_text(broken, encoding="utf-8")
    assert main(["check", "--language", "en", str(tmp_path)]) == 1
    shown = capsys.readouterr()
    lines = shown.err.splitlines()
    assert {line.split(":")[0] for line in lines[:-1]} == {str(f / "questionnaire.yaml") for f in (first, second)}
    assert all(line.split(":")[1].isdigit() for line in lines[:-1])
    assert lines[-1] == f"{len(lines) - 1} faults."


def test_check_scores_the_worked_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copyfile(KINDS, tmp_path / "questionnaire.yaml")
    case = '- agency: A\n  answers:\n    "1.1": "yes"\n  expect:\n    points:\n      "1.1": "{points}"\n'
    examples = tmp_path / "examples.yaml"
    examples.write_text(case.format(points=10), encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 0
    assert "1 ví dụ" in capsys.readouterr().out
    examples.write_text(case.format(points=9), encoding="utf-8")
    assert main(["check", str(tmp_path / "questionnaire.yaml")]) == 1
    assert f"{examples}:6:" in capsys.readouterr().err


def test_check_of_nothing_names_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "none")]) == 1
    assert "none" in capsys.readouterr().err


def test_score_writes_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.json"
    assert score(answers(tmp_path), out) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["agencies"][0]["total"] == 48.02
    shown = capsys.readouterr()
    assert shown.out == f"Đã chấm điểm 1 đơn vị, ghi vào {out}\n"
    assert shown.err == ""  # no bar where stderr is no terminal


def test_score_warns_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = answers(tmp_path, **{"1.2.a": "107"})
    assert score(file, tmp_path / "out.csv", "--language", "en") == 0
    shown = capsys.readouterr()
    assert shown.err.startswith(f"{file}:2 [1.2.a]: 107 is greater than 106")
    assert "1 places above should be looked at" in shown.err


def test_score_lists_faults_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = answers(tmp_path, **{"1.2.a": "nhiều", "2.3": "-1"})
    assert score(file, tmp_path / "out.csv") == 1
    assert not (tmp_path / "out.csv").exists()
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith(f"{file}:2 [1.2.a]: “nhiều” không phải là số.")
    assert lines[1].startswith(f"{file}:2 [2.3]: ")
    assert lines[2] == "2 lỗi; chưa có gì được ghi."
