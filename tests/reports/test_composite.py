"""Peers, bonus, penalty, gates, means in means and broken ties in the workbook: live, cached, right when rows move."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from reports.data import RoundData
from reports.excel.sheet import letter
from reports.excel.workbook import summary_workbook
from reports.standing import blocks
from survey.core.modifiers import Aggregate
from survey.core.questionnaire import Group, Questionnaire
from survey.core.rules.exact import State
from survey.core.workflow import SubmissionState
from tests.reports import rounds
from tests.reports.edit_rows import delete_row, sort_rows
from tests.reports.test_changes_by_hand import (
    FIRST,
    PLACES,
    assert_shows,
    by_code,
    figures,
    rows_of,
    saved,
)
from tests.reports.test_recalculation import ALLOWED, falsified
from tests.reports.workbooks import ERRORS, again, disagreements, formulas, opened, same, values

POINTS, ANSWERS, RULES, PEERS = (
    "Điểm tổng hợp thử",
    "Số liệu tổng hợp thử",
    "Bộ chỉ số tổng hợp thử",
    "Mốc so sánh tổng hợp thử",
)


@pytest.fixture(scope="module")
def data() -> RoundData:
    return rounds.composite_round()


@pytest.fixture(scope="module")
def workbook(data: RoundData) -> bytes:
    return summary_workbook(data)


def test_the_round_has_what_formulas_must_tell_apart(data: RoundData) -> None:
    first = data.results[0]
    scores = first.scores
    assert set(scores.states.flatten().tolist()) >= {State.MISSING, State.SCORED, State.NOT_APPLICABLE, State.PENDING}
    assert (scores.points < 0).any()
    states = {int(state) for code in scores.group_state for state in scores.group_state[code]}
    assert states == {State.MISSING, State.SCORED, State.NOT_APPLICABLE}
    published = [rate for rate, rank in zip(scores.rate_published.tolist(), first.ranks, strict=True) if rank]
    assert len(set(published)) < len(published)  # equal rates, some of them told apart
    assert len({level.name.vi for level in scores.level if level}) == 3


def test_maxima_of_bonus_and_penalty_are_signed_so_that_the_others_add_up(workbook: bytes) -> None:
    sheet = opened(workbook)[POINTS]
    shown = {
        sheet.cell(6, column).value: sheet.cell(7, column).number_format for column in range(1, sheet.max_column + 1)
    }
    assert [shown[code][:3] for code in ("1.3", "1.4")] == ['"+"', '"−"']
    assert shown["1.1"].startswith("#")


@pytest.mark.parametrize("seed", [11, 23])
def test_every_formula_carries_the_value_that_recalculation_gives(seed: int, tmp_path: Path, soffice: str) -> None:
    made = summary_workbook(rounds.composite_round(seed))
    assert len(formulas(opened(made))) > 4000
    assert not disagreements(made, again(made, tmp_path, soffice))


@pytest.mark.parametrize("aggregate", [Aggregate.MEAN, Aggregate.GEOMETRIC])
def test_a_whole_that_is_a_mean_is_counted_live(
    data: RoundData, aggregate: Aggregate, tmp_path: Path, soffice: str
) -> None:
    result = data.results[0]
    groups = tuple(group for group in result.questionnaire.groups if not group.outside)
    mean = {"aggregate": aggregate, "scale": 100, "groups": groups, "tie_breaks": ("1", "rate")}
    whole: Questionnaire = replace(result.questionnaire, **mean)  # type: ignore[arg-type]
    made = summary_workbook(replace(data, results=(rounds.scored(whole, result.agencies, result.cases),)))
    assert not disagreements(made, again(made, tmp_path, soffice))


def test_formulas_use_only_functions_of_excel_2010(workbook: bytes) -> None:
    import re

    found = formulas(opened(workbook))
    texts = [re.sub(r'"[^"]*"|\'[^\']*\'', "", text) for text in found.values()]
    assert {name for text in texts for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", text)} <= ALLOWED
    assert max(map(len, found.values())) < 8192


@pytest.mark.parametrize(("sheet", "head", "label"), [(PEERS, 5, "Cao nhất"), (POINTS, 6, "2.1")])
def test_a_falsified_value_is_found(
    workbook: bytes, sheet: str, head: int, label: str, tmp_path: Path, soffice: str
) -> None:
    book = opened(workbook)
    columns = [letter(cell.column) for cell in book[sheet][head] if cell.value == label]
    part = f"xl/worksheets/sheet{book.sheetnames.index(sheet) + 1}.xml"
    cell = f"{columns[0]}{head + 2 if sheet == POINTS else head + 1}"
    wrong = falsified(workbook, part, cell, "999.25")
    found = disagreements(wrong, again(wrong, tmp_path, soffice))
    assert [(place, cached) for place, cached, _ in found] == [((sheet, cell), 999.25)]


def test_sorting_and_deleting_rows_changes_nobody_elses_figures(
    data: RoundData, workbook: bytes, tmp_path: Path, soffice: str
) -> None:
    """Even where the body that is deleted from Số liệu sets the lowest or the highest value of its cohort."""
    before, book = opened(workbook, values=True), opened(workbook)
    sent = [row.code for row in data.results[0].agencies if row.sent and row.cohort.code.endswith("-1")]
    lowest = extreme(before, "1.2")
    gone = dict(zip(["Tổng hợp", POINTS, "Đối chiếu"], [code for code in sent if code != lowest], strict=False))
    gone[ANSWERS] = lowest
    for name, code in gone.items():
        sheet = book[name]
        rows = rows_of(sheet, 2 if name in ("Tổng hợp", "Đối chiếu") else 1)
        last = max(row for key, row in rows.items() if key != "None")
        delete_row(sheet, rows[code], last)
        sort_rows(sheet, FIRST, last - 1, key=lambda row: (row * 7919) % 31)
    sort_rows(book[PEERS], 6, book[PEERS].max_row, key=lambda row: (row * 5) % 7)
    after = again(saved(book), tmp_path, soffice)

    assert not [cell for sheet in after for row in sheet.iter_rows() for cell in row if cell.value in ERRORS]
    expected, found = figures(before), figures(after)
    for (name, code), told in expected.items():
        if code not in (gone["Tổng hợp"], gone[POINTS], gone[ANSWERS]):
            changed = {
                label: (value, found[name, code][label])
                for label, value in told.items()
                if not same(value, found[name, code][label]) and label not in PLACES
            }
            assert not changed, (name, code)
    marks = by_code(after["Đối chiếu"], 6, FIRST, "Mã đơn vị")
    assert {told["Kết quả"] for told in marks.values()} == {"Khớp", "Đã xóa dòng"}


def extreme(book: Workbook, code: str) -> str:
    """The body that has the lowest value of an indicator in the first cohort."""
    sheet = book[ANSWERS]
    heads = {cell.value: cell.column for cell in sheet[7]}
    rows = [row for row in range(FIRST, sheet.max_row + 1) if sheet.cell(row, heads["cohort_number"]).value == 1]
    column = heads[f"value:{code}"]
    known = [row for row in rows if isinstance(sheet.cell(row, column).value, (int, float))]
    return str(sheet.cell(min(known, key=lambda row: sheet.cell(row, column).value), 1).value)


def heavier(questionnaire: Questionnaire, code: str, weight: int) -> Questionnaire:
    def changed(group: Group) -> Group:
        own = replace(group, weight=weight) if group.code == code else group
        return replace(own, groups=tuple(changed(inner) for inner in group.groups))

    return replace(questionnaire, groups=tuple(changed(group) for group in questionnaire.groups))


def test_a_changed_value_weight_or_state_is_followed_by_the_whole_cohort(
    data: RoundData, workbook: bytes, tmp_path: Path, soffice: str
) -> None:
    first = data.results[0]
    late = next(row.code for row in first.agencies if row.state is SubmissionState.FILLING)
    best = extreme(opened(workbook, values=True), "2.1.2")
    cases = [
        replace(one, values={**one.values, "2.1.2": Decimal("77.5"), "3.2.1": Decimal(4)})
        if one.agency == best
        else one
        for one in first.cases
    ]
    rows = [replace(row, state=SubmissionState.SENT) if row.code == late else row for row in first.agencies]
    expected = rounds.scored(heavier(first.questionnaire, "2.2", 3), rows, cases)

    book = opened(workbook)
    answers, rules = book[ANSWERS], book[RULES]
    keys = {cell.value: cell.column for cell in answers[7]}
    at = rows_of(answers)
    answers.cell(at[best], keys["2.1.2"]).value = 77.5
    answers.cell(at[best], keys["3.2.1"]).value = 4
    answers.cell(at[late], {cell.value: cell.column for cell in answers[4]}["Trạng thái"]).value = "Đã gửi"
    head = next(row for row in range(1, 20) if rules.cell(row, 1).value == "Mã")
    weights = {cell.value: cell.column for cell in rules[head]}["Trọng số"]
    rules.cell(rows_of(rules, 1, head)["2.2"], weights).value = 3
    after = again(saved(book), tmp_path, soffice)

    assert expected.ranks != first.ranks
    changed = replace(data, results=(expected, *data.results[1:]))
    assert_shows(after, changed)
    assert not [place for place, value in values(after).items() if value in ERRORS]


def test_what_waits_says_so_in_a_word_that_the_legend_explains(data: RoundData, workbook: bytes) -> None:
    shown = values(opened(workbook, values=True))
    assert any(value == "chờ" for (sheet, _), value in shown.items() if sheet == POINTS)
    legend = [value for (sheet, _), value in shown.items() if sheet == "Thông tin"]
    assert "chờ" in legend
    assert any(str(value).startswith("Chưa chấm hoặc chưa có số liệu của nhóm") for value in legend)
    assert blocks(data)[0].standings[0].pending >= 0


def test_no_sheet_of_peers_where_nothing_is_held_against_the_cohort() -> None:
    names = opened(summary_workbook(rounds.small_round())).sheetnames
    assert not [name for name in names if name.startswith("Mốc")]
