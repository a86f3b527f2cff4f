"""Every reading of a rule agrees with the exact one: vectors, the Excel formula recalculated, the sentence."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.answers import Case, Special
from survey.core.asks import YesNo
from survey.core.questionnaire import Indicator
from survey.core.rules.exact import Outcome, State, outcome
from survey.core.rules.formula import NOT_APPLICABLE, cell_text, points_formula
from survey.core.rules.columns import Columns
from survey.core.rules.points import points
from survey.core.rules.words import explain
from tests.core.rules import drawing
from tests.recalculate import recalculate

CELLS_A_PAIR = 120  # of each source × transfer in the suite; `make differential` runs 10,000


@pytest.mark.parametrize(("source", "transfer"), drawing.LEGAL)
@given(seed=st.integers(0, 10**9))
def test_vectors_score_like_fractions(source: str, transfer: str, seed: int) -> None:
    chance = random.Random(seed)
    indicator = drawing.rule(chance, source, transfer)
    questionnaire = drawing.questionnaire(indicator)
    cases = [drawing.case(chance, indicator) for _ in range(20)]
    earned, states = points(Columns(questionnaire, cases), indicator)
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
    if exact.state is State.NOT_APPLICABLE:
        assert told.headline == "Không áp dụng"
    else:
        number = told.headline.split(" / ")[0].replace(".", "").replace(",", ".")
        assert Fraction(number) == exact.points
    assert told.because.endswith(".")


def _cell(value: object, indicator: Indicator) -> object:
    """What a cell of Số liệu holds for a value."""
    if value is Special.MISSING:
        return None
    if value is Special.NOT_APPLICABLE:
        return NOT_APPLICABLE
    if isinstance(value, frozenset):
        return ";".join(sorted(value)) or "-"
    return float(value) if isinstance(value, Decimal) else cell_text(indicator, str(value))


def _write(sheet: openpyxl.worksheet.worksheet.Worksheet, row: int, indicator: Indicator, case: Case) -> None:
    questionnaire = drawing.questionnaire(indicator)
    first = questionnaire.by_code["1.1"]
    assert isinstance(first.ask, YesNo)
    keys = {"1.1": "D"} | {key: "EFGHIJKL"[n] for n, key in enumerate(indicator.keys)}
    for key, column in keys.items():
        sheet[f"{column}{row}"] = _cell(case.value(key), first if key == "1.1" else indicator)
    sheet[f"B{row}"] = float(indicator.maximum)
    sheet[f"C{row}"] = int(case.attributes["co"])
    formula = points_formula(questionnaire, indicator, lambda key: f"{keys[key]}{row}", f"B{row}", lambda _: f"C{row}")
    assert len(formula) < 8000
    sheet[f"A{row}"] = "=" + formula


def _expected(exact: Outcome) -> object:
    match exact.state:
        case State.NOT_APPLICABLE:
            return NOT_APPLICABLE
        case State.MISSING:
            return None
        case _:
            return float(exact.points)


def test_excel_formulas_recalculate_to_the_exact_points(tmp_path: Path, soffice: str) -> None:
    chance = random.Random(20261123)
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    drawn: list[tuple[Indicator, Case]] = []
    for source, transfer in drawing.LEGAL:
        for _ in range(CELLS_A_PAIR):
            indicator = drawing.rule(chance, source, transfer)
            drawn.append((indicator, drawing.case(chance, indicator)))
    for row, (indicator, case) in enumerate(drawn, start=1):
        _write(sheet, row, indicator, case)
    workbook.save(tmp_path / "cells.xlsx")
    again = openpyxl.load_workbook(recalculate(tmp_path / "cells.xlsx", tmp_path / "out", soffice), data_only=True)
    wrong = []
    for row, (indicator, case) in enumerate(drawn, start=1):
        exact = _expected(outcome(drawing.questionnaire(indicator), indicator, case))
        shown = again.active.cell(row, 1).value
        if (shown or None if isinstance(shown, str) else shown) != exact:
            wrong.append((row, shown, exact, sheet[f"A{row}"].value, case))
    assert not wrong, wrong[:5]
