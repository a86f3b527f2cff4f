"""Every formula of the workbook, worked out anew, equals the value it carries and the engine's."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from reports.data import RoundData
from reports.excel.sheet import letter
from reports.excel.workbook import score_workbook, summary_workbook
from reports.standing import blocks
from survey.core.rules.exact import State
from tests.reports import rounds
from tests.reports.workbooks import again, disagreements, formulas, opened, values

# All of them are in Excel 2010; none is volatile.
ALLOWED = {
    "ABS", "AND", "AVERAGEIFS", "CHOOSE", "COLUMNS", "COUNT", "COUNTIF", "COUNTIFS", "FIND", "HYPERLINK", "IF",
    "IFERROR", "INDEX", "ISNUMBER", "LEN", "LOOKUP", "MATCH", "MAX", "MIN", "N", "OR", "ROUND",
    "SUBSTITUTE", "SUM", "SUMIFS", "SUMPRODUCT",
}  # fmt: skip
LONGEST = 8192  # characters of a formula in Excel


@pytest.fixture(scope="module")
def data() -> RoundData:
    return rounds.small_round()


@pytest.fixture(scope="module")
def workbook(data: RoundData) -> bytes:
    return summary_workbook(data)


@pytest.fixture(scope="module")
def recalculated(workbook: bytes, tmp_path_factory: pytest.TempPathFactory, soffice: str) -> Workbook:
    return again(workbook, tmp_path_factory.mktemp("recalculated"), soffice)


def test_every_formula_carries_the_value_that_recalculation_gives(workbook: bytes, recalculated: Workbook) -> None:
    assert len(formulas(opened(workbook))) > 2000
    assert not disagreements(workbook, recalculated)


def test_recalculated_points_totals_and_ranks_are_the_engines(data: RoundData, recalculated: Workbook) -> None:
    for block, sheet in zip(blocks(data), (s for s in recalculated if s.title.startswith("Điểm ")), strict=True):
        codes = {cell.value: cell.column for cell in sheet[6] if cell.value}
        heads = {cell.value: cell.column for cell in sheet[4] if cell.value}
        scores = block.result.scores
        for standing in block.standings:
            row = 8 + standing.index
            for place, code in enumerate(scores.codes):
                expected = {
                    State.MISSING: None,
                    State.NOT_APPLICABLE: "K.a.d.",
                }.get(State(scores.states[standing.index, place]), scores.points[standing.index, place])
                assert (sheet.cell(row, codes[code]).value or 0) == (expected or 0), (sheet.title, row, code)
            assert sheet.cell(row, heads["Tổng điểm tự đánh giá"]).value == pytest.approx(standing.total, abs=1e-9)
            assert sheet.cell(row, heads["Tỷ lệ công bố"]).value == standing.published
            assert (sheet.cell(row, heads["Hạng trong nhóm"]).value or None) == standing.rank


def test_the_round_has_what_formulas_must_tell_apart(data: RoundData) -> None:
    first = data.results[0]
    assert set(first.scores.states.flatten().tolist()) == {int(state) for state in State} - {State.PENDING}
    assert any(first.ranks.count(rank) > 1 for rank in first.ranks if rank)
    assert {row.state for row in first.agencies} >= set(rounds.STATES)
    assert len({level.name.vi for level in first.scores.level if level}) >= 3


def falsified(workbook: bytes, sheet: str, cell: str, value: str) -> bytes:
    """The same workbook with another cached value in one cell."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name == sheet:
                part, count = re.subn(rf'(<c r="{cell}"[^>]*><f[^>]*>[^<]*</f><v>)[^<]*', rf"\g<1>{value}", part)
                assert count == 1
            new.writestr(name, part)
    return out.getvalue()


def test_a_falsified_value_is_found(workbook: bytes, tmp_path: Path, soffice: str) -> None:
    names = opened(workbook).sheetnames
    part = f"xl/worksheets/sheet{names.index('Tổng hợp') + 1}.xml"
    head = {cell.value: letter(cell.column) for cell in opened(workbook)["Tổng hợp"][6] if cell.value}
    cell = f"{head['Điểm tự đánh giá']}9"
    wrong = falsified(workbook, part, cell, "999.25")
    found = disagreements(wrong, again(wrong, tmp_path, soffice))
    assert [(place, cached) for place, cached, _ in found] == [(("Tổng hợp", cell), 999.25)]


def test_formulas_use_only_functions_of_excel_2010(workbook: bytes) -> None:
    found = formulas(opened(workbook))
    texts = [re.sub(r'"[^"]*"|\'[^\']*\'', "", text) for text in found.values()]
    assert {name for text in texts for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", text)} <= ALLOWED
    assert max(map(len, found.values())) < LONGEST
    assert not [text for text in texts if re.search(r"\$?[A-Z]+:\$?[A-Z]+\b", text)]  # no whole columns


def test_values_are_there_for_those_who_read_no_formulas(data: RoundData, workbook: bytes) -> None:
    read = opened(workbook, values=True)["Tổng hợp"]
    head = {cell.value: cell.column for cell in read[6] if cell.value}
    shown = [read.cell(row, head["Điểm tự đánh giá"]).value for row in range(8, 8 + data.size)]
    states = [row.state for result in data.results for row in result.agencies]
    assert [value is None for value in shown] == [state is rounds.STATES[0] for state in states]


def test_one_questionnaire_is_scored_live_even_for_agencies_whose_names_excel_confuses(
    tmp_path: Path, soffice: str
) -> None:
    result = rounds.result(rounds.every_kind(), (9, 4), 3)
    names = ["Sở A*", "Sở AB", "sở ab", "Sở ~?", *(f"Sở {place}" for place in range(9))]
    cases = [replace(case, agency=name) for case, name in zip(result.cases, names, strict=True)]
    cohorts = ["1", "1.0", ">0"] * 4 + ["*"]
    made = score_workbook(result.questionnaire, cases, cohorts, taken_at=rounds.AT)
    assert opened(made).sheetnames == ["Điểm", "Số liệu", "Bộ chỉ số", "Đối chiếu"]
    assert not disagreements(made, again(made, tmp_path, soffice))
    shown = values(opened(made, values=True))
    assert [shown["Điểm", f"B{row}"] for row in range(8, 21)] == names


def test_the_same_snapshot_makes_the_same_bytes(data: RoundData, workbook: bytes) -> None:
    assert summary_workbook(data) == workbook
