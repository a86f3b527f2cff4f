"""Geometric means of many agencies at once: inside their bound, narrow, and read row by row only where they must be."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.answers import Case
from survey.core.load import load
from survey.core.rules import vectors
from survey.core.rules.columns import Columns
from survey.core.rules.peers import NOBODY
from survey.core.rules.totals import geometric_mean
from survey.core.twofold import power, root, stack

shares = st.fractions(min_value=Fraction(1, 10**6), max_value=1, max_denominator=10**6)


@given(found=st.lists(st.tuples(shares, st.integers(1, 40)), min_size=1, max_size=6))
def test_a_root_lies_within_its_bound_which_is_narrow(found: list[tuple[Fraction, int]]) -> None:
    values, roots = [one for one, _ in found], np.array([n for _, n in found], dtype=np.float64)
    told = root(stack(values), roots)
    raised = power(told, roots)
    for place, (value, n) in enumerate(found):
        exactly = geometric_mean([value, Fraction(1)], [Fraction(1), Fraction(n - 1)]) if n > 1 else value
        near = Fraction(float(told.high[place])) + Fraction(float(told.low[place]))
        assert abs(near - exactly) <= Fraction(float(told.error[place])) + exactly / 10**55
        assert told.error[place] <= 2e-27 * told.high[place]
        back = Fraction(float(raised.high[place])) + Fraction(float(raised.low[place]))
        assert abs(back - value) <= Fraction(float(raised.error[place])) + value / 10**50


def test_no_row_is_read_exactly_where_the_bound_leaves_no_doubt(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    questionnaire = load(repository / "questionnaires" / "features" / "weighted-groups.yaml")
    group = questionnaire.group_of["2"]
    taught = [(1, 1), (0, 50), (33, 78), (99, 100), (1, 99)]
    cases = [
        Case(str(n), {"2.1.a": Decimal(a), "2.1.b": Decimal(100), "2.2.a": Decimal(b), "2.2.b": Decimal(100)})
        for n, (a, b) in enumerate(taught)
    ]
    wanted = [float(vectors.Exact(questionnaire, case).result(group).share or 0) for case in cases]

    def forbidden(*_: object) -> None:
        raise AssertionError("a row was read exactly")

    monkeypatch.setattr(vectors, "Exact", forbidden)
    reading = vectors.Vectors(Columns(questionnaire, cases), NOBODY)
    assert reading.share("2").tolist() == wanted
