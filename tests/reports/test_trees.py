"""Random trees of sums and means, counted live in the workbook, agree with the exact reading at every node."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from reports.data import AgencyRow, Cohort, QuestionnaireResult, RoundData
from reports.excel.workbook import summary_workbook
from survey.core.questionnaire import Group, Indicator
from survey.core.ranking import ranks
from survey.core.rules.exact import Exact, State
from survey.core.rules.peers import peers_of
from survey.core.scoring import score
from survey.core.workflow import SubmissionState
from tests.core.rules.trees import drawn_bodies, drawn_tree
from tests.reports import rounds
from tests.reports.workbooks import again, disagreements, opened

TREES = int(os.environ.get("TREES", "5"))
WORDS = {State.NOT_APPLICABLE: ("K.a.d.", "chờ"), State.PENDING: ("chờ",), State.MISSING: (None,)}


def drawn_round(seed: int, trees: int) -> RoundData:
    """A round of so many random questionnaires."""
    results = []
    for number in range(trees):
        chance = random.Random(f"{seed} {number}")
        questionnaire = drawn_tree(chance, f"T{number}")
        cases = drawn_bodies(chance, questionnaire, 12)
        states = [SubmissionState.SENT if chance.random() < 0.8 else SubmissionState.FILLING for _ in cases]
        rows = [
            AgencyRow(case.agency, case.agency, Cohort(f"{number}{case.cohort}", f"Nhóm {number}{case.cohort}"), state)
            for case, state in zip(cases, states, strict=True)
        ]
        sent = [row.sent for row in rows]
        scores = score(questionnaire, cases, among=sent)
        placed = ranks(scores.rate_published, [row.cohort.code for row in rows], sent, scores.breaks)
        results.append(QuestionnaireResult(questionnaire, tuple(rows), tuple(cases), scores, placed, "7f3a91c2" * 8))
    return RoundData("T", "Thử", "", rounds.AT, False, tuple(results), "")


def mismatches(data: RoundData, folder: Path, soffice: str) -> tuple[int, list[object]]:
    """(nodes looked at, those whose recalculated cell is not the exact reading's, and caches that are wrong)."""
    made = summary_workbook(data)
    book = again(made, folder, soffice)
    sheets = iter([sheet for sheet in book if sheet.title.startswith("Điểm")])
    wrong: list[object] = list(disagreements(made, book))
    looked_at = 0
    for result in data.results:
        sheet = next(sheets)
        columns = {cell.value: cell.column for cell in sheet[6] if cell.value}
        columns[""] = next(cell.column for cell in sheet[4] if cell.value == "Tổng điểm tự đánh giá")
        peers = peers_of(result.questionnaire, result.cases, [row.sent for row in result.agencies])
        for row, case in enumerate(result.cases, 8):
            exact = Exact(result.questionnaire, case, peers)
            for part in (
                *result.questionnaire.indicators,
                *result.questionnaire.all_groups,
                result.questionnaire.whole,
            ):
                looked_at += 1
                shown = sheet.cell(row, columns[part.code]).value
                if is_wrong(exact, part, shown):
                    wrong.append((result.questionnaire.id, part.code, row, shown))
    return looked_at, wrong


def is_wrong(exact: Exact, part: Indicator | Group, shown: object) -> bool:
    """Whether a cell of Điểm shows something else than the exact points."""
    if isinstance(part, Indicator):
        settled = exact.outcome(part)
        state, points, decimals = settled.state, settled.points, part.decimals
    else:
        result = exact.result(part)
        state, points, decimals = result.state, result.points, part.decimals
        if result.lacks or (part.code and exact.left_out(part)):
            return shown is not None
        if state is State.MISSING or (state is State.NOT_APPLICABLE and not part.code):
            state = State.SCORED  # a group shows 0, and so does the total
    if state in WORDS:
        return (shown or None) not in WORDS[state]
    if not isinstance(shown, int | float):
        return True
    near = 1e-11 * max(1.0, abs(float(points))) if decimals is None else 1e-12
    return abs(shown - float(points)) > near


def test_trees_are_counted_live_as_they_are_read_exactly(tmp_path: Path, soffice: str) -> None:
    data = drawn_round(20261130, TREES)
    looked_at, wrong = mismatches(data, tmp_path, soffice)
    assert looked_at > 100 * TREES
    assert not wrong, (len(wrong), wrong[:5])


@pytest.mark.parametrize("seed", [1])
def test_the_round_holds_what_can_go_wrong(seed: int) -> None:
    data = drawn_round(seed, 8)
    groups = [group for result in data.results for group in result.questionnaire.group_of.values()]
    assert {group.aggregate.value for group in groups} == {"sum", "mean", "geometric"}
    assert {group.missing.value for group in groups} == {"zero", "left_out"}
    found = [int(state) for result in data.results for states in result.scores.group_state.values() for state in states]
    assert set(found) == {State.MISSING, State.SCORED, State.NOT_APPLICABLE}
    lacking = [result.scores.lacks(row) for result in data.results for row in range(len(result.cases))]
    assert 3 < sum(lacking) < len(lacking) / 4
    assert opened(summary_workbook(data)).sheetnames[0] == "Thông tin"
