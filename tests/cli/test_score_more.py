"""`sansangso score` beyond a table: reasons, changes, next steps, robustness, weights, result files."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from survey.cli import main
from survey.core.load import load

ROOT = Path(__file__).resolve().parents[2]
KINDS = ROOT / "tests" / "core" / "all_kinds.yaml"
HEADER = [
    "agency", "cohort", "has_tthc", "1.1", "1.2.a", "so_cbccvc", "1.3", "2.1", "2.2.a1", "2.2.b1", "2.2.a2", "2.2.b2",
    "2.3",
]  # fmt: skip
ROWS = [
    ["Sở A", "so", "1", "yes", "73", "106", "cap_pho", "ke_hoach;kinh_phi", "9", "10", "2.5", "5", "7.25"],
    ["Sở B", "so", "0", "no", "KAD", "80", "", "-", "", "", "", "", ""],
    ["Sở C", "so", "1", "no", "3", "8", "", "", "0", "0", "1", "5", "0"],
    ["=Ban D", "ban", "1", "yes", "3", "8", "cap_pho", "", "0", "0", "1", "5", "1"],
]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SANSANGSO_LANGUAGE", "SANSANGSO_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    return written(tmp_path / "answers.csv", [HEADER, *ROWS])


def written(file: Path, rows: list[list[str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return file


def score(answers_file: Path, *more: object) -> int:
    return main(["score", "--questionnaire", str(KINDS), "--answers", str(answers_file), *map(str, more)])


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def report_text(answers_file: Path, folder: Path) -> str:
    assert score(answers_file, "--out", folder / "all.json") == 0
    return (folder / "all.json").read_text(encoding="utf-8")


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def troubles(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_each_indicator_and_group_is_explained_in_a_sentence(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert score(answers, "--explain", "--agency", "Sở A") == 0
    shown = said(capsys)
    assert shown.startswith("Sở A: ")
    assert "73/106" in shown
    assert "Sở B" not in shown
    for code in ("1", "1.1", "1.2", "2", "2.1", "2.2", "2.3"):
        assert f"  {code} " in shown


def test_what_is_missing_is_told_as_an_interval(
    answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert score(answers, "--explain", "--agency", "Sở B") == 0
    assert re.search(r"\n  nếu có đủ số liệu: từ 0,00% đến 20,00%\n", said(capsys))
    bodies = {one["agency"]: one for one in json.loads(report_text(answers, tmp_path))["agencies"]}
    assert bodies["Sở B"]["interval"] == [0.0, 0.2]
    rate = bodies["Sở A"]["rate_published"]
    assert bodies["Sở A"]["interval"] == [rate, rate]
    capsys.readouterr()
    assert score(answers, "--explain", "--agency", "Sở A") == 0
    assert "nếu có đủ số liệu" not in said(capsys)


def test_a_change_is_told_in_points_rate_and_rank(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert score(answers, "--agency", "Sở C", "--what-if", "1.1=yes", "--what-if", "2.3=7", "--language", "en") == 0
    shown = said(capsys)
    assert "1.1: No → Yes" in shown
    for word in ("points: ", "rate: ", "rank: "):
        assert word in shown
    assert "(+" in shown


def test_a_change_that_cannot_be_right_says_why_it_earns_nothing(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert score(answers, "--agency", "Sở A", "--what-if", "1.2.a=107") == 0
    assert re.search(r"  1\.2 .*: 0,00 / .* vì .*\(107\).*lớn hơn", said(capsys))


def test_what_is_held_against_peers_is_not_said_to_be_all_that_can_be_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["agency", "1.1", "1.2", "1.3"], ["A", "10", "8", "2"], ["B", "50", "2", "4"]]
    file = written(tmp_path / "peers.csv", rows)
    peer = ROOT / "questionnaires" / "features" / "peer.yaml"
    assert main(["score", "--questionnaire", str(peer), "--answers", str(file), "--next-steps"]) == 0
    assert "không kể khảo sát, điểm tự chấm, chỉ số so trong nhóm" in said(capsys)


def test_next_steps_are_told_of_each_body(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert score(answers, "--next-steps") == 0
    shown = said(capsys)
    assert "Sở A: việc nên làm trước" in shown
    assert "Ban D" in shown
    assert "+" in shown


def test_nothing_asked_is_told(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert score(answers) == 2
    assert "--out" in troubles(capsys)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--explain", "--agency", "Sở X"), "“Sở X”"),
        (("--what-if", "1.1=yes"), "--agency"),
        (("--agency", "Sở A", "--what-if", "1.1"), "MÃ=GIÁ TRỊ"),
        (("--agency", "Sở A", "--what-if", "1.9=yes"), "“1.9”"),
        (("--agency", "Sở A", "--what-if", "1.2.a=1,5"), "1.2.a"),
        (("--robustness", "x.docx"), ".docx"),
        (("--weights", "khong-co.csv"), "khong-co.csv"),
        (("--out", "x.pdf"), ".pdf"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    answers: Path, more: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert score(answers, *more) == 1
    shown = troubles(capsys)
    assert words in shown
    assert "Traceback" not in shown


def test_a_whole_of_which_too_little_is_known_is_not_told_as_a_score(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank = written(answers.with_name("blank.csv"), [HEADER, ["Sở A", "so", "1", *[""] * 10]])
    assert score(blank, "--explain") == 0
    assert said(capsys).startswith("Sở A: chưa đủ số liệu, tính 0 / ")


@pytest.mark.parametrize(
    "more", [("--draws", "0"), ("--draws", "x"), ("--seed", "-1"), ("--spread", "2"), ("--spread", "nan")]
)
def test_odd_settings_are_not_understood(
    answers: Path, more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        score(answers, "--robustness", *more)
    assert left.value.code == 2
    shown = troubles(capsys)
    assert more[0] in shown
    assert "%%" not in shown


def report(answers_file: Path, out: Path, *more: str) -> Any:
    assert score(answers_file, "--robustness", out, *more) == 0
    return json.loads(out.read_text(encoding="utf-8"))


def test_robustness_is_the_same_for_the_same_seed(answers: Path, tmp_path: Path) -> None:
    first = report(answers, tmp_path / "1.json", "--draws", "300", "--seed", "7")
    assert first == report(answers, tmp_path / "2.json", "--draws", "300", "--seed", "7")
    assert (first["sets"], first["seed"], first["method"], first["spread"]) == (300, 7, "noise", 0.25)
    other = report(answers, tmp_path / "3.json", "--draws", "300", "--method", "dirichlet")
    assert other["method"] == "dirichlet"
    body = first["bodies"][0]
    assert body["rank"] == 1
    assert body["q05"] <= body["median"] <= body["q95"]
    assert {one["code"] for one in first["left_out"]} == {one["code"] for one in first["weights"]}
    assert sum(one["effective"] for one in first["weights"] if one["code"] in ("1", "2")) == pytest.approx(1)


def test_robustness_as_a_table_and_for_readers(
    answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = report(answers, tmp_path / "1.json")
    assert score(answers, "--robustness", tmp_path / "1.csv") == 0
    means = {row["agency"]: float(row["value"]) for row in read(tmp_path / "1.csv") if row["figure"] == "mean"}
    assert means == {one["agency"].replace("=", "'="): one["mean"] for one in told["bodies"]}
    said(capsys)
    assert score(answers, "--robustness") == 0
    shown = said(capsys)
    assert "Sở A (so): hạng 1" in shown
    assert not re.search(r"hạng (\S+) đến \1,", shown), "one place is no range"
    assert "Cronbach" in shown
    assert score(answers, "--robustness", tmp_path / "1.txt") == 0
    assert (tmp_path / "1.txt").read_text(encoding="utf-8").strip() in shown


def test_own_weights_give_own_scores_and_zero_leaves_a_group_out(answers: Path, tmp_path: Path) -> None:
    table, out, weights = tmp_path / "out.csv", tmp_path / "weighed.csv", tmp_path / "weights.csv"
    first, second = load(KINDS).groups
    written(weights, [["code", "như cũ", "bỏ nhóm 2"], ["2", str(second.maximum), "0"]])
    assert score(answers, "--out", table, "--weights", weights, "--weights-out", out) == 0
    rows, own = read(out), read(table)
    assert first.code == "1"
    for row, there in zip(rows, own, strict=True):
        assert (row["agency"], row["như cũ:rank"]) == (there["agency"], there["rank"])
        assert float(row["như cũ:score"]) == pytest.approx(float(there["rate"]), abs=1e-12)
    told = json.loads(report_text(answers, tmp_path))["agencies"]
    for row, body in zip(rows, told, strict=True):
        group = body["groups"]["1"]
        assert float(row["bỏ nhóm 2:score"]) == pytest.approx(group["points"] / group["maximum"])


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ([["ma", "a"], ["1", "1"]], 1, "“ma”"),
        ([["code"], ["1"]], 1, "bộ trọng số"),
        ([["code", "a", "a"], ["1", "1", "1"]], 1, "[a]"),
        ([["code", "a"], ["9.9", "1"]], 2, "“9.9”"),
        ([["code", "a"], ["1", "1"], ["1", "2"]], 3, "dòng 2"),
        ([["code", "a"], ["1", "-1"]], 2, "“-1”"),
        ([["code", "a"], ["1", "nan"]], 2, "“nan”"),
        ([["code", "a"], ["1", "1", "2"]], 2, "3 ô"),
        ([["code", "a"]], 1, "dòng nào"),
        ([["code", "a"], ["1", "0"], ["2", "0"]], 1, "trọng số 0"),
    ],
)
def test_every_fault_of_a_file_of_weights_has_its_line(
    rows: list[list[str]], line: int, words: str, answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = written(tmp_path / "weights.csv", rows)
    assert score(answers, "--weights", weights) == 1
    shown = troubles(capsys)
    assert f"weights.csv:{line}" in shown
    assert words in shown


def test_nothing_is_written_beside_a_faulty_file_of_weights(answers: Path, tmp_path: Path) -> None:
    weights = written(tmp_path / "weights.csv", [["code", "a"], ["1", "-1"]])
    assert score(answers, "--weights", weights, "--out", tmp_path / "out.csv") == 1
    assert not (tmp_path / "out.csv").exists()


def verify(file: Path) -> int:
    return main(["verify-result", str(file)])


def test_a_result_file_is_recomputed_and_a_changed_one_is_not_believed(
    answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.result.json"
    assert score(answers, "--out", out) == 0
    assert verify(out) == 0
    assert "khớp từng chữ số" in said(capsys)
    data = json.loads(out.read_text(encoding="utf-8"))
    data["parts"][0]["bodies"][0]["answers"]["1.2.a"] = "75"
    out.write_text(json.dumps(data), encoding="utf-8")
    assert verify(out) == 1
    shown = troubles(capsys)
    assert "Sở A, mục 1.2: điểm" in shown
    assert "chỗ không đúng" in shown


def test_a_file_that_is_none_gets_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for content in (b"", b"{}", b"\xff", b"PK\x03\x04"):
        file = tmp_path / "x.result.json"
        file.write_bytes(content)
        assert verify(file) == 1
        assert "Traceback" not in troubles(capsys)
    assert verify(tmp_path / "khong-co.result.json") == 1
    assert "khong-co.result.json" in troubles(capsys)
    assert verify(tmp_path) == 1
