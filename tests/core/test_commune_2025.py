"""A real commune's table of 2025: 62 indicators whose points were stated, scored twice, and its status column."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from survey.core.answers import Case
from survey.core.asks import Points, Text
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.scoring import score
from survey.core.status import status


@pytest.fixture(scope="module")
def rows(shared_dir: Path) -> list[dict[str, str]]:
    """The table's rows."""
    with (shared_dir / "reference/commune_2025/commune_2025_62_indicators.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def questionnaire(rows: list[dict[str, str]]) -> Questionnaire:
    """62 indicators of kind points in their six groups."""
    groups: dict[str, list[Indicator]] = {}
    names: dict[str, str] = {}
    for row in rows:
        code = row["code"]
        top = code.split(".")[0]
        names[top] = row["group"]
        indicator = Indicator(code, Text(row["indicator"]), Points(code), None, Fraction(row["max_points"]), 2)
        groups.setdefault(top, []).append(indicator)
    built = (Group(top, Text(names[top]), Text(top), indicators=tuple(listed)) for top, listed in groups.items())
    return Questionnaire("xa-2025", "1", Text("Xã 2025"), Text(""), 2, {}, {}, tuple(built), ())


def _case(rows: list[dict[str, str]], column: str) -> Case:
    return Case(column, {row["code"]: Decimal(row[column]) for row in rows})


def test_totals_of_both_scorings_come_out_exactly(rows: list[dict[str, str]], questionnaire: Questionnaire) -> None:
    scores = score(questionnaire, [_case(rows, "self_score"), _case(rows, "verified_score")])
    assert scores.total.tolist() == [787.84, 606.27]
    assert scores.maximum.tolist() == [960.0, 960.0]


@pytest.mark.parametrize("column", ["self_score", "verified_score"])
def test_group_totals_equal_the_sums_of_the_table(
    rows: list[dict[str, str]], questionnaire: Questionnaire, column: str
) -> None:
    scores = score(questionnaire, [_case(rows, column)])
    for group in questionnaire.groups:
        listed = [Decimal(row[column]) for row in rows if row["code"].split(".")[0] == group.code]
        assert scores.group_points[group.code][0] == float(sum(listed))


def test_the_status_rule_explains_all_62_indicators(rows: list[dict[str, str]]) -> None:
    told = [
        status(Fraction(row["self_score"]), Fraction(row["verified_score"]), Fraction(row["max_points"]))
        for row in rows
    ]
    assert [str(one) for one in told] == [row["status"] for row in rows]
    assert len(told) == 62
