"""Scoring a file: every kind of result, whole or not at all."""

import csv
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from survey.core.errors import Faults
from survey.services.score_file import score_file

QUESTIONNAIRE = Path(__file__).resolve().parents[1] / "core" / "all_kinds.yaml"
HEADER = [
    "agency",
    "has_tthc",
    "1.1",
    "1.2.a",
    "so_cbccvc",
    "1.3",
    "2.1",
    "2.2.a1",
    "2.2.b1",
    "2.2.a2",
    "2.2.b2",
    "2.3",
]
ROWS = [
    ["Sở A", "1", "yes", "73", "106", "cap_pho", "ke_hoach;kinh_phi", "9", "10", "2.5", "5", "7.25"],
    ["Sở B", "0", "no", "KAD", "80", "", "-", "", "", "", "", ""],
    ["Sở C", "1", "no", "9", "8", "", "", "0", "0", "1", "5", "0"],
]


def answers(folder: Path, rows: list[list[str]] = ROWS, sign: str = ",") -> Path:
    file = folder / "answers.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=sign).writerows([HEADER, *rows])
    return file


def test_csv_and_json_say_the_same(tmp_path: Path) -> None:
    file = answers(tmp_path)
    done = score_file(QUESTIONNAIRE, file, tmp_path / "out.csv")
    assert done.agencies == 3
    assert [warning.key for warning in done.warnings] == ["answer_file.part"]
    score_file(QUESTIONNAIRE, file, tmp_path / "out.json")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    agencies = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["agencies"]
    assert [row["agency"] for row in table] == [one["agency"] for one in agencies] == ["Sở A", "Sở B", "Sở C"]
    for row, one in zip(table, agencies, strict=True):
        for name in ("total", "maximum", "rate", "rate_published"):
            assert float(row[name]) == one[name]
        assert (row["level"], int(row["rank"])) == (one["level"], one["rank"])
        for code, told in one["indicators"].items():
            written = {"missing": "", "not_applicable": "KAD"}.get(told["state"])
            assert row[code] == written if written is not None else float(row[code]) == told["points"]


def test_a_workbook_carries_formulas_and_their_values(tmp_path: Path) -> None:
    now = datetime(2026, 11, 23, 2, tzinfo=UTC)
    score_file(QUESTIONNAIRE, answers(tmp_path), tmp_path / "out.xlsx", clock=lambda: now)
    live, cached = load_workbook(tmp_path / "out.xlsx"), load_workbook(tmp_path / "out.xlsx", data_only=True)
    formulas = {
        (sheet.title, cell.coordinate)
        for sheet in live
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    carried = [value for sheet, place in formulas if (value := cached[sheet][place].value) is not None]  # "" reads None
    assert len(carried) > 30
    values = {cell.value for sheet in cached for row in sheet.iter_rows() for cell in row}
    assert {"Sở A", 13.77, 53.02} <= values


def test_a_workbook_of_answers_scores_as_its_csv(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(HEADER)
    for row in ROWS:
        book.active.append([float(cell) if cell.replace(".", "", 1).isdigit() else cell or None for cell in row])
    book.save(tmp_path / "answers.xlsx")
    score_file(QUESTIONNAIRE, tmp_path / "answers.xlsx", tmp_path / "from_xlsx.csv")
    score_file(QUESTIONNAIRE, answers(tmp_path, sign=";"), tmp_path / "from_csv.csv")
    assert (tmp_path / "from_xlsx.csv").read_bytes() == (tmp_path / "from_csv.csv").read_bytes()


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_after_a_fault_nothing_is_written(tmp_path: Path, ending: str) -> None:
    file = answers(tmp_path, [*ROWS, ["Sở D", "1", "yes", "-1", *ROWS[0][4:]]])
    out = tmp_path / f"out.{ending}"
    out.write_text("as before", encoding="utf-8")
    with pytest.raises(Faults) as found:
        score_file(QUESTIONNAIRE, file, out)
    assert [(fault.line, fault.column) for fault in found.value.faults] == [(5, "1.2.a")]
    assert out.read_text(encoding="utf-8") == "as before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv", out.name]


def test_a_write_that_breaks_off_leaves_the_former_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.csv"
    out.write_text("as before", encoding="utf-8")

    def full(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device", str(out))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        score_file(QUESTIONNAIRE, answers(tmp_path), out)
    assert out.read_text(encoding="utf-8") == "as before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv", "out.csv"]


@pytest.mark.parametrize(
    ("out", "what"), [("out.ods", "out_kind_unknown"), ("out", "out_kind_unknown"), ("answers.csv", "out_is_answers")]
)
def test_a_name_of_results_that_cannot_be_is_refused(tmp_path: Path, out: str, what: str) -> None:
    file = answers(tmp_path)
    before = file.read_bytes()
    with pytest.raises(Faults) as found:
        score_file(QUESTIONNAIRE, file, tmp_path / out)
    assert [fault.key for fault in found.value.faults] == [f"answer_file.{what}"]
    assert file.read_bytes() == before


def test_a_file_of_answers_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Faults) as found:
        score_file(QUESTIONNAIRE, tmp_path / "none.csv", tmp_path / "out.csv")
    assert found.value.faults[0].key == "answer_file.not_found"


def test_folders_for_results_are_made_and_the_rest_may_read_them(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b" / "out.csv"
    score_file(QUESTIONNAIRE, answers(tmp_path), out)
    if os.name == "posix":
        assert stat.S_IMODE(out.stat().st_mode) == 0o644
