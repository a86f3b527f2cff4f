"""One definition, many readings: an indicator added to a questionnaire's file is everywhere, with no other change."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from reports.excel.workbook import score_workbook
from survey.core.answers import Case, read_cell
from survey.core.errors import Faults
from survey.core.load import load_text
from survey.core.rules.words import reason, rule_in_words
from survey.core.scoring import score
from tests.services.world import HERE
from tests.web.served import served

SURVEY = """      - code: "1.99"
        name: Mức độ hài lòng về phòng họp
        max: "12"
        ask:
          survey:
            unit: người
            grades:
              - label: Hài lòng về phòng họp
                value: "1"
              - label: Chưa hài lòng về phòng họp
                value: "0.5"
        zero_b: zero
        gate:
          code: "1.98"
          from: "1"
          otherwise: "1/2"
"""
GATE = """      - code: "1.98"
        name: Có phòng họp trực tuyến
        max: "5"
        ask: yes_no
"""

ADDED = """      - code: "1.99"
        name:
          vi: Tỷ lệ phòng họp có màn hình
          en: Meeting rooms with a screen
        max: "12"
        ask:
          ratio:
            a:
              label: Số phòng họp có màn hình
              unit: phòng
              kind: integer
            b:
              label: Tổng số phòng họp
              unit: phòng
              kind: integer
            part: true
        zero_b: KAD
        help: Đếm phòng đang dùng.
"""


@pytest.fixture
def text() -> str:
    """The small questionnaire with one indicator more, first of all."""
    original = (HERE / "mau" / "questionnaire.yaml").read_text(encoding="utf-8")
    return original.replace("    indicators:\n", "    indicators:\n" + ADDED, 1)


def test_an_added_indicator_is_loaded_and_its_faults_are_found(text: str) -> None:
    assert load_text(text, "mau").by_code["1.99"].maximum == 12
    with pytest.raises(Faults, match="zero_b"):
        load_text(text.replace("        zero_b: KAD\n        help: Đếm", "        help: Đếm"), "mau")


def test_an_added_indicator_is_scored_and_explained(text: str) -> None:
    questionnaire = load_text(text, "mau")
    values = {key: read_cell(questionnaire, key, typed).value for key, typed in (("1.99.a", "3"), ("1.99.b", "4"))}
    case = Case("SO-1", values)
    scores = score(questionnaire, [case])
    assert scores.points[0, scores.codes.index("1.99")] == 9
    indicator = questionnaire.by_code["1.99"]
    assert "3/4 = 75%" in reason(questionnaire, indicator, case)
    assert "Số phòng họp có màn hình" in rule_in_words(questionnaire, indicator)


def test_an_added_indicator_is_in_the_workbook(text: str) -> None:
    questionnaire = load_text(text, "mau")
    values = {key: read_cell(questionnaire, key, typed).value for key, typed in (("1.99.a", "3"), ("1.99.b", "4"))}
    book = openpyxl.load_workbook(io.BytesIO(score_workbook(questionnaire, [Case("SO-1", values)])), data_only=True)
    cells = [[cell.value for cell in row] for sheet in book.worksheets for row in sheet.iter_rows()]
    assert sum("1.99" in row for row in cells) >= 2
    assert any(9 in row for row in cells)
    assert any("Tỷ lệ phòng họp có màn hình" in row for row in cells)


def test_an_added_indicator_is_asked_saved_checked_and_approved(text: str, tmp_path: Path) -> None:
    folder = tmp_path / "bo-chi-so"
    folder.mkdir()
    (folder / "questionnaire.yaml").write_text(text, encoding="utf-8")
    instance = tmp_path / "instance"
    instance.mkdir()
    with served(instance, folder) as system:
        clerk = system.client("clerk")
        address = next(link for words, link in clerk.page("/").links().items() if words.startswith("1."))
        page = clerk.page(address)
        assert "Tỷ lệ phòng họp có màn hình" in page.text
        form = next(form for form in page.forms() if "a.1.99.a" in form.fields)
        answer = clerk.send(form, **{"a.1.99.a": "3", "a.1.99.b": "4"})
        assert "9,00 / 12 điểm" in answer.get_data(as_text=True)
        number = address.split("/")[2]
        missing, steps = clerk.page(f"/phieu/{number}/kiem-tra").text.split("Bước tiếp theo")
        assert "1.99" not in missing
        assert "thêm 1 phòng (3 → 4), đạt mục tiêu 100%" in steps
        clerk.send(next(f for f in clerk.page(address).forms() if "a.1.99.a" in f.fields), **{"a.1.99.a": ""})
        assert "1.99" in clerk.page(f"/phieu/{number}/kiem-tra").text.split("Bước tiếp theo")[0]
        method = clerk.page(f"/phieu/{number}/cach-tinh-diem").text
        assert "a là “Số phòng họp có màn hình”" in method
        assert "9,00 / 12 điểm vì 30/40 = 75%." in method
        review = system.client("leader").page(f"/phieu/{number}/duyet")
        assert "Tỷ lệ phòng họp có màn hình" in review.text


def test_a_survey_behind_a_gate_is_everywhere_too(tmp_path: Path) -> None:
    original = (HERE / "mau" / "questionnaire.yaml").read_text(encoding="utf-8")
    text = original.replace("    indicators:\n", "    indicators:\n" + GATE + SURVEY, 1)
    questionnaire = load_text(text, "mau")
    values = {
        key: read_cell(questionnaire, key, typed).value
        for key, typed in (("1.99.n1", "6"), ("1.99.n2", "2"), ("1.98", "no"))
    }
    case = Case("SO-1", values)
    scores = score(questionnaire, [case])
    assert scores.points[0, scores.codes.index("1.99")] == 6
    book = openpyxl.load_workbook(io.BytesIO(score_workbook(questionnaire, [case])), data_only=True)
    cells = [[cell.value for cell in row] for sheet in book.worksheets for row in sheet.iter_rows()]
    assert any(any("Chưa hài lòng về phòng họp" in str(value) for value in row) for row in cells)
    folder, instance = tmp_path / "bo-chi-so", tmp_path / "instance"
    folder.mkdir()
    (folder / "questionnaire.yaml").write_text(text, encoding="utf-8")
    instance.mkdir()
    with served(instance, folder) as system:
        clerk = system.client("clerk")
        address = next(link for words, link in clerk.page("/").links().items() if words.startswith("1."))
        form = next(form for form in clerk.page(address).forms() if "a.1.99.n1" in form.fields)
        clerk.send(form, **{"a.1.99.n1": "6", "a.1.99.n2": "2", "a.1.98": "no"})
        page = " ".join(clerk.page(address).text.split())
        assert reason(questionnaire, questionnaire.by_code["1.99"], case) in page
        assert "6,00 / 12 điểm vì (6 × 100% + 2 × 50%) / 8 = 87,5%, nhưng chỉ được một nửa điểm tối đa" in page
        assert "Hài lòng về phòng họp" in clerk.page(f"/phieu/{address.split('/')[2]}/in/trong").text
