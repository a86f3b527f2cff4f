"""Every reading of a rule agrees with the exact one: vectors, the Excel formula recalculated, the sentence."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.answers import Case, Special, Value
from survey.core.asks import Checks
from survey.core.questionnaire import Indicator
from survey.core.rules.columns import Columns
from survey.core.rules.exact import Outcome, State, outcome
from survey.core.rules.formula import NOT_APPLICABLE, cell_text, points_formula
from survey.core.rules.vectors import Vectors
from survey.core.rules.words import explain, format_points
from tests.core.rules import drawing
from tests.recalculate import recalculate

CELLS_A_PAIR = int(os.environ.get("SANSANGSO_CELLS", "400"))  # of each source × transfer; 10,000 for the long run
UNROUNDED = 1e-13  # relative: how far a cell may be from points that no rule rounds


@pytest.mark.parametrize(("source", "transfer"), drawing.LEGAL)
@given(seed=st.integers(0, 10**9))
def test_vectors_score_like_fractions(source: str, transfer: str, seed: int) -> None:
    chance = random.Random(seed)
    indicator = drawing.rule(chance, source, transfer)
    questionnaire = drawing.questionnaire(indicator)
    cases = [drawing.case(chance, indicator, wild=True) for _ in range(40)]
    read = Vectors(Columns(questionnaire, cases), {})
    earned, states = read.points(indicator.code), read.node(indicator.code).states
    for row, case in enumerate(cases):
        exact = outcome(questionnaire, indicator, case)
        assert (State(states[row]), earned[row]) == (exact.state, float(exact.points)), (indicator, case)


@pytest.mark.parametrize(("source", "transfer"), drawing.LEGAL)
@given(seed=st.integers(0, 10**9))
def test_the_sentence_names_the_exact_points(source: str, transfer: str, seed: int) -> None:
    chance = random.Random(seed)
    indicator = drawing.rule(chance, source, transfer)
    questionnaire = drawing.questionnaire(indicator)
    case = drawing.case(chance, indicator)
    exact = outcome(questionnaire, indicator, case)
    told = explain(questionnaire, indicator, case)
    assert told.because.endswith(".")
    if exact.state is State.NOT_APPLICABLE:
        assert told.headline == "Không áp dụng"
        return
    shown = told.headline.split(" / ")[0]
    assert shown == format_points(exact.points, indicator.decimals)
    if indicator.decimals is not None:
        assert Fraction(shown.replace(".", "").replace(",", ".")) == exact.points


@dataclass(frozen=True)
class Drawn:
    """One cell: a rule, answers, and what the cells of Số liệu hold."""

    indicator: Indicator
    case: Case
    cells: dict[str, object]


def _cell(chance: random.Random, indicator: Indicator, value: Value) -> object:
    """What a cell of Số liệu may hold for a value, hand edits included."""
    if value is Special.NOT_APPLICABLE:
        return chance.choice([NOT_APPLICABLE, "KAD"])
    if value is Special.MISSING:
        return chance.choice([None, None, "", "12 người"])
    if isinstance(value, frozenset):
        listed = sorted(value)
        chance.shuffle(listed)
        return chance.choice([";", ";", "; "]).join(listed) or "-"
    if isinstance(value, Decimal):
        return float(value)
    known = not isinstance(indicator.ask, Checks) and value in ("yes", "no")
    return cell_text(indicator, str(value)) if known else str(value)


def _draw(seed: int, source: str, transfer: str) -> Iterator[Drawn]:
    for number in range(CELLS_A_PAIR):
        chance = random.Random(f"{seed} {source} {transfer} {number}")
        indicator = drawing.rule(chance, source, transfer)
        case = drawing.case(chance, indicator)
        askers = {key: parent for parent in drawing.PARENTS for key in parent.keys}
        cells = {key: _cell(chance, askers.get(key, indicator), case.value(key)) for key in (*askers, *indicator.keys)}
        yield Drawn(indicator, case, cells)


def _write(sheet: openpyxl.worksheet.worksheet.Worksheet, row: int, drawn: Drawn) -> None:
    indicator = drawn.indicator
    place = {key: openpyxl.utils.get_column_letter(5 + n) for n, key in enumerate(drawn.cells)}
    for key, cell in drawn.cells.items():
        sheet[f"{place[key]}{row}"] = cell
    sheet[f"B{row}"] = float(indicator.maximum)
    attributes = dict(zip(drawing.ATTRIBUTES, "CD", strict=True))
    for name, column in attributes.items():
        sheet[f"{column}{row}"] = int(drawn.case.attributes[name])
    formula = points_formula(
        drawing.questionnaire(indicator),
        indicator,
        lambda key: f"{place[key]}{row}",
        f"B{row}",
        lambda name: f"{attributes[name]}{row}",
    )
    sheet[f"A{row}"] = "=" + formula


def _differs(exact: Outcome, shown: object, decimals: int | None) -> bool:
    match exact.state:
        case State.NOT_APPLICABLE:
            return shown != NOT_APPLICABLE
        case State.MISSING:
            return shown not in ("", None)
        case _ if not isinstance(shown, int | float):
            return True
        case _ if decimals is None:
            return shown != pytest.approx(float(exact.points), rel=UNROUNDED, abs=1e-13)
        case _:
            return shown != float(exact.points)


def test_excel_formulas_recalculate_to_the_exact_points(tmp_path: Path, soffice: str) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    cells = [drawn for source, transfer in drawing.LEGAL for drawn in _draw(20261123, source, transfer)]
    for row, drawn in enumerate(cells, start=1):
        _write(sheet, row, drawn)
    workbook.save(tmp_path / "cells.xlsx")
    copy = recalculate(tmp_path / "cells.xlsx", tmp_path / "out", soffice)
    again = openpyxl.load_workbook(copy, data_only=True, read_only=True)
    shown = [value for (value,) in again.active.iter_rows(max_row=len(cells), max_col=1, values_only=True)]
    again.close()
    wrong, states = [], set()
    for row, (drawn, value) in enumerate(zip(cells, shown, strict=True), start=1):
        exact = outcome(drawing.questionnaire(drawn.indicator), drawn.indicator, drawn.case)
        states.add(exact.state)
        if _differs(exact, value, drawn.indicator.decimals):
            wrong.append(f"{value!r} is not {exact}: {sheet[f'A{row}'].value} on {drawn.cells}, {drawn.indicator}")
    assert not wrong, "\n\n".join([f"{len(wrong)} of {len(cells)}", *wrong[:5]])
    assert states == set(State)
