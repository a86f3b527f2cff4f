"""Bodies of which too little is known in the workbook and the charts: listed with the words for it, never as 0."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from reports.charts.heat_map import heat_map
from reports.charts.level_bars import level_bars
from reports.charts.ranked_bars import ranked_bars
from reports.data import AgencyRow, Cohort, QuestionnaireResult, RoundData
from reports.excel.workbook import summary_workbook
from reports.standing import blocks
from survey.core.answers import Case, Value
from survey.core.asks import NO, YES
from survey.core.load import load
from survey.core.questionnaire import Questionnaire
from survey.core.ranking import ranks
from survey.core.scoring import score
from survey.core.workflow import SubmissionState
from tests.reports import rounds
from tests.reports.workbooks import again, disagreements, opened

TERM = "Chưa đủ số liệu để tính"
COHORT = Cohort("so", "Sở, ban, ngành")
RATIO: dict[str, Value] = {"2.1.a": Decimal(1), "2.1.b": Decimal(4)}
BODIES: dict[str, dict[str, Value]] = {
    "Thiếu": {"1.1": YES},
    "Trắng": {},
    "Nhì": {"1.1": NO, "3.1": YES},
    "Nhất": {"1.1": YES, **RATIO},
    "Đang nhập": {"1.1": YES},
    "Cuối": {"1.1": NO, **RATIO, "3.1": NO},
}
LEVEL, RANK = "Mức theo điểm tự đánh giá (tham khảo)", "Hạng trong nhóm"
PLACES = (
    "Tổng điểm tự đánh giá", "Điểm tối đa áp dụng", "Tỷ lệ chưa làm tròn", "Tỷ lệ công bố", LEVEL, RANK,
)  # fmt: skip
ORDER = ["Nhất", "Nhì", "Cuối", "Thiếu", "Trắng", "Đang nhập"]  # those not ranked last, as they are listed officially


@pytest.fixture(scope="module")
def feature(repository: Path) -> Questionnaire:
    return load(repository / "questionnaires" / "features" / "too-few.yaml")


def made(questionnaire: Questionnaire, bodies: dict[str, dict[str, Value]] = BODIES) -> RoundData:
    cases = tuple(Case(name, values) for name, values in bodies.items())
    rows = tuple(
        AgencyRow(
            name, name, COHORT, SubmissionState.FILLING if name == "Đang nhập" else SubmissionState.SENT,
            verified_total=50.0,
        )
        for name in bodies
    )  # fmt: skip
    scores, sent = score(questionnaire, cases), [row.sent for row in rows]
    placed = ranks(scores.rate_published, ["so"] * len(rows), sent, scores.breaks)
    result = QuestionnaireResult(questionnaire, rows, cases, scores, placed, "7f3a91c2" * 8)
    return RoundData("T", "Thử", "", rounds.AT, False, (result,), "")


def shown(sheet: Worksheet, head: int, name: str, column: str) -> object:
    """What a sheet shows in one column of a body's row."""
    at = {cell.value: cell.column for row in sheet.iter_rows(1, head) for cell in row if cell.value}
    found = next(row for row in sheet.iter_rows() if any(cell.value == name for cell in row))
    return found[at[column] - 1].value or None


def main_groups(sheet: Worksheet, name: str) -> list[object]:
    """The points of one body in the three groups, "" where a cell shows nothing."""
    first = next(cell.column for row in sheet.iter_rows(1, 7) for cell in row if cell.value == "Điểm chỉ số chính")
    row = next(row for row in sheet.iter_rows() if row[1].value == name)
    return ["" if cell.value is None else cell.value for cell in row[first - 1 : first + 2]]


def test_the_workbook_lists_them_with_the_words_and_moves_nobody(
    feature: Questionnaire, tmp_path: Path, soffice: str
) -> None:
    workbook = summary_workbook(made(feature))
    book = again(workbook, tmp_path, soffice)
    assert disagreements(workbook, book) == []
    for values in (book, opened(workbook, values=True)):
        points = values["Điểm"]
        for name in ("Thiếu", "Trắng"):
            told = [shown(points, 7, name, column) for column in PLACES]
            assert told == [None, 100, None, None, TERM, None], name
        assert [shown(points, 7, "Đang nhập", column) for column in PLACES] == [None, 100, None, None, None, None]
        told = [main_groups(points, name) for name in ("Thiếu", "Trắng", "Nhì", "Nhất")]
        assert told == [[10, "", ""], ["", "", ""], [0, "", 10], [10, 2.5, ""]]
        assert [shown(points, 7, name, RANK) for name in ORDER] == [1, 2, 3, None, None, None]
        annex = next(sheet for sheet in values if sheet.title.startswith("PL"))
        assert [cell.value for cell in annex["B"] if cell.value in ORDER] == ORDER
        row = [cell.value for cell in next(row for row in annex.iter_rows() if row[1].value == "Thiếu")]
        start = row.index(50)  # verified; before it the total, after it the difference
        assert [value or None for value in row[start - 1 : start + 6]] == [None, 50, None, 100, None, TERM, None]
        front = [[cell.value for cell in row] for row in values["Thông tin"].iter_rows()]
        heads = next(row for row in front if TERM in row)
        counts = front[front.index(heads) + 1]
        assert counts[heads.index(TERM)] == 2
        assert counts[heads.index("Khá")] == 2


def test_a_workbook_without_levels_says_it_too(feature: Questionnaire, tmp_path: Path, soffice: str) -> None:
    workbook = summary_workbook(made(replace(feature, levels=())))
    book = again(workbook, tmp_path, soffice)
    assert disagreements(workbook, book) == []
    assert shown(book["Điểm"], 7, "Trắng", LEVEL) == TERM
    assert shown(book["Điểm"], 7, "Nhất", LEVEL) is None


def test_charts_leave_them_out_and_their_tables_say_why(feature: Questionnaire) -> None:
    data = made(feature)
    block = blocks(data)[0]
    bars = ranked_bars(data, block, COHORT)
    assert "5/6 đơn vị đã gửi" in bars.title
    assert bars.title.endswith("2 đơn vị chưa đủ số liệu để tính")
    assert [row[1] for row in bars.table.rows] == ORDER[:-1]
    assert bars.table.rows[-1] == ("", "Trắng", "", "100", "", TERM)
    heat = heat_map(data, block, COHORT)
    assert [row[1:5] for row in heat.table.rows] == [
        ("Nhất", "100", "25", "–"), ("Nhì", "0", "–", "100"), ("Cuối", "0", "25", "0"),
    ]  # fmt: skip
    assert "Nhân lực số thấp nhất (25%)" in heat.title  # the mean of those of whom it is known
    levels = level_bars(data)
    assert levels.table.columns[1:] == ("Khá", "Thấp", TERM, "Đã gửi", "Số đơn vị")
    assert levels.table.rows[0][1:] == ("2", "1", "2", "5", "6")


def test_a_cohort_of_nobody_else_has_no_chart_and_the_title_says_so(feature: Questionnaire) -> None:
    data = made(feature, {"Thiếu": {"1.1": YES}, "Trắng": {}})
    block = blocks(data)[0]
    for chart in (ranked_bars(data, block, COHORT), heat_map(data, block, COHORT)):
        assert chart.empty
        assert chart.title.startswith("Sở, ban, ngành: 2/2 đơn vị đã gửi, đều chưa đủ số liệu để tính")
