"""What people do to the workbook in Excel: sorting and deleting changes no figures, changed answers change all."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.data import QuestionnaireResult, RoundData
from reports.excel.workbook import summary_workbook
from reports.standing import Standing, blocks
from survey.core.questionnaire import Group, Questionnaire
from survey.core.workflow import SubmissionState
from tests.reports import rounds
from tests.reports.edit_rows import delete_row, sort_rows
from tests.reports.workbooks import ERRORS, again, opened, same

FIRST = 8
# What says where a row lies and not what a body has.
PLACES = {"STT", "Dòng mốc so sánh", "Dòng số liệu", "Dòng điểm", "Dòng tổng hợp", "Thứ tự chưa gửi"}


@pytest.fixture(scope="module")
def data() -> RoundData:
    return rounds.small_round()


@pytest.fixture(scope="module")
def workbook(data: RoundData) -> bytes:
    return summary_workbook(data)


def saved(book: Workbook) -> bytes:
    """The workbook as Excel would save it: openpyxl leaves _xa_ as it is, which LibreOffice takes for a line feed."""
    written, out = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb"<is>.*?</is>", lambda text: re.sub(rb"_(?=x[0-9a-f]+_)", b"_x005F_", text[0]), part)
            new.writestr(name, part)
    return out.getvalue()


def by_code(sheet: Worksheet, head: int, first: int, code: str) -> dict[str, dict[str, object]]:
    """Each body's figures by its code, under the names of the columns."""
    names = [cell.value for cell in sheet[head]]
    below = [cell.value for cell in sheet[head + 1]]
    labels = [str(name or low or column) for column, (name, low) in enumerate(zip(names, below, strict=True))]
    found = {}
    for row in sheet.iter_rows(min_row=first):
        told = {label: cell.value or None for label, cell in zip(labels, row, strict=True) if label not in PLACES}
        if told.get(code):
            found[str(told[code])] = told
    return found


def figures(book: Workbook) -> dict[tuple[str, str], dict[str, object]]:
    """Every body's row in Tổng hợp and Điểm."""
    sheets = [name for name in book.sheetnames if name.startswith(("Tổng hợp", "Điểm"))]
    return {
        (name, code): told
        for name in sheets
        for code, told in by_code(book[name], 6 if name == "Tổng hợp" else 4, FIRST, "Mã đơn vị").items()
    }


def listed(book: Workbook, sheet: str) -> Counter[tuple[object, ...]]:
    """The lines of a printed list, without helper columns."""
    return Counter(
        tuple(cell.value or None for cell in row[1:-2]) for row in book[sheet].iter_rows(min_row=10) if row[1].value
    )


def rows_of(sheet: Worksheet, column: int = 1, first: int = FIRST) -> dict[str, int]:
    return {str(cell.value): cell.row for (cell,) in sheet.iter_rows(min_row=first, min_col=column, max_col=column)}


def test_sorting_and_deleting_rows_changes_nobody_elses_figures(
    data: RoundData, workbook: bytes, tmp_path: Path, soffice: str
) -> None:
    before = opened(workbook, values=True)
    book = opened(workbook)
    gone = {}
    sent = [row.code for row in data.results[0].agencies if row.sent and row.cohort.code.endswith("-1")]
    sheets = ["Tổng hợp", "Điểm sở, ban, ngành", "Số liệu sở, ban, ngành", "Đối chiếu"]
    for name, code in zip(sheets, sent, strict=False):
        sheet = book[name]
        column = 2 if name in ("Tổng hợp", "Đối chiếu") else 1
        rows = rows_of(sheet, column)
        last = max(row for key, row in rows.items() if key != "None")
        delete_row(sheet, rows[code], last)
        gone[name] = code
        sort_rows(sheet, FIRST, last - 1, key=lambda row, sheet=sheet: (row * 7919) % 31)
    annex = book["PL1 Nhóm 1 của every-kind"]
    size = sum(row.cohort.code.endswith("-1") for row in data.results[0].agencies)
    delete_row(annex, 12, 9 + size)
    sort_rows(annex, 10, 8 + size, key=lambda row: -row)
    for name in ("Thống kê chỉ số", "Chưa gửi"):
        delete_row(book[name], 7, book[name].max_row)
        sort_rows(book[name], 6, 12, key=lambda row: (row * 5) % 7)
    after = again(saved(book), tmp_path, soffice)

    assert len(set(gone.values())) == len(sheets)
    errors = [cell for sheet in after for row in sheet.iter_rows() for cell in row if cell.value in ERRORS]
    assert not errors
    expected, found = figures(before), figures(after)
    for (name, code), told in expected.items():
        if code not in (gone[sheets[0]], gone[sheets[1]], gone[sheets[2]]):
            assert not {label for label in told if not same(told[label], found[name, code][label])}, (name, code)
    missing = listed(before, annex.title) - listed(after, annex.title)
    assert sum(missing.values()) <= 4  # the row deleted, and bodies whose own rows were deleted elsewhere
    marks = by_code(after["Đối chiếu"], 6, FIRST, "Mã đơn vị")
    assert {code for code, told in marks.items() if told["Kết quả"] == "Lệch"} == set()
    assert {code for code, told in marks.items() if told["Kết quả"] == "Đã xóa dòng"} == {gone[s] for s in sheets[1:3]}


def with_maximum(questionnaire: Questionnaire, code: str, maximum: Fraction) -> Questionnaire:
    def changed(group: Group) -> Group:
        return replace(
            group,
            groups=tuple(changed(inner) for inner in group.groups),
            indicators=tuple(replace(i, maximum=maximum) if i.code == code else i for i in group.indicators),
        )

    return replace(questionnaire, groups=tuple(changed(group) for group in questionnaire.groups))


def changed_round(data: RoundData, agency: str, late: str, forgetful: str) -> RoundData:
    """77 of 106 under 2.1.1 for one agency, no answer to 3.2 for another, 80 points for 1.1, one more phiếu sent."""
    first = data.results[0]
    cases = [
        replace(case, values={**case.values, "1.1": "yes", "2.1.1.a": Decimal(77), "so_cbccvc": Decimal(106)})
        if case.agency == agency
        else replace(case, values={key: value for key, value in case.values.items() if key != "3.2"})
        if case.agency == forgetful
        else case
        for case in first.cases
    ]
    rows = [replace(row, state=SubmissionState.SENT) if row.code == late else row for row in first.agencies]
    made: QuestionnaireResult = rounds.scored(with_maximum(first.questionnaire, "1.1", Fraction(80)), rows, cases)
    return replace(data, results=(made, *data.results[1:]))


def test_a_changed_answer_maximum_or_state_is_followed_everywhere(
    data: RoundData, workbook: bytes, tmp_path: Path, soffice: str
) -> None:
    first = data.results[0]
    ranked = [i for i, rank in enumerate(first.ranks) if rank and not first.cases[i].not_applicable]
    agency = first.agencies[max(ranked, key=lambda i: first.ranks[i] or 0)].code
    answered = [row.code for row, case in zip(first.agencies, first.cases, strict=True) if "3.2" in case.values]
    forgetful = next(code for code in answered if code != agency and code in {first.agencies[i].code for i in ranked})
    late = next(row.code for row in first.agencies if row.state is SubmissionState.FILLING)
    book = opened(workbook)
    answers, rules = book["Số liệu sở, ban, ngành"], book["Bộ chỉ số sở, ban, ngành"]
    keys = {cell.value: cell.column for cell in answers[7]}
    heads = {cell.value: cell.column for cell in answers[4]}
    rows = rows_of(answers)
    for key, value in (("1.1", "Có"), ("2.1.1.a", 77), ("so_cbccvc", 106)):
        answers.cell(rows[agency], keys[key]).value = value
    answers.cell(rows[forgetful], keys["3.2"]).value = None
    answers.cell(rows[late], heads["Trạng thái"]).value = "Đã gửi"
    rules.cell(rows_of(rules, 1, 5)["1.1"], 4).value = 80
    after = again(saved(book), tmp_path, soffice)

    expected = changed_round(data, agency, late, forgetful)
    assert expected.results[0].ranks != first.ranks
    assert_shows(after, expected)


def assert_shows(book: Workbook, expected: RoundData) -> None:
    """Tổng hợp, the printed lists and Chưa gửi show what the engine gives for `expected`."""
    shown = by_code(book["Tổng hợp"], 6, FIRST, "Mã đơn vị")
    lists = [name for name in book.sheetnames if name.startswith("PL")]
    for block in blocks(expected):
        for standing in block.standings:
            told = shown[standing.row.code]
            begun = standing.row.state is not SubmissionState.NOT_STARTED
            assert told["Điểm tự đánh giá"] == pytest.approx(standing.total if begun and standing.total else None)
            assert told["Điểm tối đa áp dụng"] == pytest.approx(standing.maximum or None)
            assert told["Mức theo điểm tự đánh giá"] == (standing.level.name.vi if standing.level else None)
            assert told["Hạng trong nhóm"] == standing.rank
        for cohort, members in block.by_cohort.items():
            assert_listed(book[lists.pop(0)], members, cohort.name)
    unsent = [s.row.code for block in blocks(expected) for s in block.standings if not s.row.sent]
    assert [
        cell.value for (cell,) in book["Chưa gửi"].iter_rows(min_row=6, min_col=2, max_col=2) if cell.value
    ] == unsent


def assert_listed(sheet: Worksheet, members: tuple[Standing, ...], cohort: str) -> None:
    head = {cell.value: cell.column for cell in sheet[8]}
    assert sheet["A3"].value == cohort
    for row, standing in enumerate(members, 10):
        assert (sheet.cell(row, head["Hạng"]).value or None) == standing.rank
        total = standing.total if standing.row.sent else None
        assert (sheet.cell(row, head["Tự đánh giá"]).value or None) == pytest.approx(total or None)
