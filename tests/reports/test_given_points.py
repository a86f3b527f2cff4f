"""Rows whose points came from another instance without figures: written as they came, counted everywhere else."""

from dataclasses import replace
from pathlib import Path

from reports.data import QuestionnaireResult, RoundData
from reports.excel.workbook import summary_workbook
from reports.standing import blocks
from survey.core.answers import Case
from tests.reports import rounds
from tests.reports.workbooks import again, disagreements, formulas, opened


def without_figures(result: QuestionnaireResult) -> QuestionnaireResult:
    """Every other row keeps its points and loses what they are counted from."""
    agencies, cases = list(result.agencies), list(result.cases)
    for row in range(0, len(agencies), 2):
        agencies[row] = replace(agencies[row], given=True)
        cases[row] = Case(cases[row].agency, {}, frozenset(), {})
    return replace(result, agencies=tuple(agencies), cases=tuple(cases))


def points_of(data: RoundData, book: object) -> list[tuple[object, object]]:
    """Each total in the sheets of points, beside the engine's."""
    found = []
    sheets = (sheet for sheet in book if sheet.title.startswith("Điểm "))  # type: ignore[attr-defined]
    for block, sheet in zip(blocks(data), sheets, strict=True):
        heads = {cell.value: cell.column for cell in sheet[4] if cell.value}
        for standing in block.standings:
            cell = sheet.cell(8 + standing.index, heads["Tổng điểm tự đánh giá"])
            found.append((cell.value, standing.total))
    return found


def test_what_came_without_figures_is_written_as_it_came_and_counted_everywhere(tmp_path: Path, soffice: str) -> None:
    whole = rounds.small_round()
    data = replace(whole, results=tuple(without_figures(result) for result in whole.results))
    made = summary_workbook(data)
    assert len(formulas(opened(made))) < len(formulas(opened(summary_workbook(whole))))
    recalculated = again(made, tmp_path, soffice)
    assert not disagreements(made, recalculated)
    assert all(abs(float(shown or 0) - float(engine)) < 1e-9 for shown, engine in points_of(data, recalculated))  # type: ignore[arg-type]
