"""Half-up rounding, exact and on floats: ties go up, never to the even neighbour."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.rounding import half_up, half_up_floats, is_near_half


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (Fraction(1, 200), 2, Fraction(1, 100)),
        (Fraction(3, 200), 2, Fraction(2, 100)),
        (Fraction(5, 2), 0, Fraction(3)),
        (Fraction(-5, 2), 0, Fraction(-3)),
        (Fraction(1, 3), 2, Fraction(33, 100)),
        (Fraction(2, 3), 6, Fraction(666667, 1000000)),
        (Fraction(1, 3), None, Fraction(1, 3)),
        (Fraction(12345), 2, Fraction(12345)),
    ],
)
def test_ties_go_up(value: Fraction, decimals: int | None, rounded: Fraction) -> None:
    assert half_up(value, decimals) == rounded


values = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**9)
places = st.integers(0, 6)


@given(values, places)
def test_the_result_is_the_nearest_with_so_many_decimals(value: Fraction, decimals: int) -> None:
    rounded = half_up(value, decimals)
    assert (rounded * 10**decimals).denominator == 1
    assert abs(rounded - value) <= Fraction(1, 2 * 10**decimals)


@given(values, places)
def test_rounding_twice_is_rounding_once(value: Fraction, decimals: int) -> None:
    assert half_up(half_up(value, decimals), decimals) == half_up(value, decimals)


@given(st.integers(0, 10**9), places)
def test_floats_that_are_exact_ties_go_up_too(units: int, decimals: int) -> None:
    tie = Fraction(2 * units + 1, 2 * 10**decimals)
    rounded = half_up_floats(np.array([float(tie)]), decimals)[0]
    assert rounded == float(half_up(tie, decimals)) or is_near_half(np.array([float(tie)]), decimals)[0]


@given(st.fractions(min_value=0, max_value=1000, max_denominator=10**6), places)
def test_floats_agree_with_fractions_wherever_it_is_not_too_close_to_call(value: Fraction, decimals: int) -> None:
    column = np.array([float(value)])
    if not is_near_half(column, decimals)[0]:
        assert half_up_floats(column, decimals)[0] == pytest.approx(float(half_up(value, decimals)), abs=1e-9)


def test_without_decimals_floats_stay_as_they_are() -> None:
    column = np.array([0.12345678])
    assert half_up_floats(column, None) is column
    assert not is_near_half(column, None).any()
