"""Questions back: numbers that do not fit, shares far from the cohort; the same figures are never asked back."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.answers import Case
from survey.core.ask_back import far_from_peers
from survey.core.asks import Fit
from survey.core.fits import fits_of, misfits, owners_of, tell_misfit
from survey.core.flag_norms import norm_of
from survey.core.load import load_text
from survey.core.questionnaire import Questionnaire

RATIO = """      - code: "1.{n}"
        name: Chỉ số {n}
        max: "10"
        ask:
          ratio:
            a:
              label: Phần {n}
              unit: người
              kind: integer
            b:
              label: {b}
              unit: người
              kind: integer
            part: true
        zero_b: KAD
"""


def made(*labels: str) -> Questionnaire:
    """Ratios 1.1, 1.2 … whose denominators have these labels."""
    text = 'id: thu\nversion: "1"\ntitle: Thử\ngroups:\n  - code: "1"\n    name: Một\n    indicators:\n'
    return load_text(text + "".join(RATIO.format(n=n, b=label) for n, label in enumerate(labels, 1)), "thu.yaml")


def case(**values: int) -> Case:
    return Case("A", {f"1.{key[1]}.{key[0]}": Decimal(value) for key, value in values.items()})


THREE = made("Tổng số dân", "Số người lớn", "Số người già")
WITHIN = replace(THREE, fits=(Fit(("1.2.b", "1.3.b"), "1.1.b"),))
EQUAL = replace(THREE, fits=(Fit(("1.2.b", "1.3.b"), "1.1.b", exact=True),))


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_a_sum_is_asked_back_exactly_where_it_passes_its_whole(whole: int, first: int, second: int) -> None:
    known = case(b1=whole, b2=first, b3=second)
    assert bool(misfits(WITHIN, known)) == (first + second > whole)
    assert bool(misfits(EQUAL, known)) == (first + second != whole)


@pytest.mark.parametrize(
    ("questionnaire", "known", "odd"),
    [
        (WITHIN, case(b1=10, b2=11), True),  # one part alone passes it
        (WITHIN, case(b1=10, b2=9), False),
        (EQUAL, case(b1=10, b2=9), False),  # the other part is not known yet
        (EQUAL, case(b2=9, b3=9), False),
        (WITHIN, case(b2=9, b3=9), False),
    ],
)
def test_what_is_not_known_yet_fits(questionnaire: Questionnaire, known: Case, odd: bool) -> None:
    assert bool(misfits(questionnaire, known)) is odd


def test_a_misfit_is_told_once_with_both_places_where_the_last_of_them_is_entered() -> None:
    found = misfits(WITHIN, case(b1=1000, b2=900, b3=101))
    assert list(found) == ["1.3"]
    said = tell_misfit(WITHIN, found["1.3"][0])
    assert said == (
        "Cộng “Số người lớn” (1.2) + “Số người già” (1.3) được 1.001 người, lớn hơn “Tổng số dân” (1.1) là 1.000 người."
        " Xem lại các số liệu này."
    )
    assert [one.code for one in owners_of(WITHIN, {"1.1.b"})] == ["1.3"]


def test_one_total_asked_twice_is_asked_back_where_the_two_differ() -> None:
    twice = made("Tổng số dân", "Số người lớn", "tổng số dân")
    assert [implied for _, implied in fits_of(twice)] == [True]
    assert misfits(twice, case(b1=10, b3=10)) == {}
    found = misfits(twice, case(b1=10, b3=12))
    assert "ở 1.1 là 10 người, ở 1.3 là 12 người" in tell_misfit(twice, found["1.3"][0])


def test_what_is_not_asked_now_fits_with_everything() -> None:
    known = replace(case(b1=10, b2=11), not_applicable=frozenset({"1.2"}))
    assert misfits(WITHIN, known) == {}


def peers(*shares: int) -> list[Fraction]:
    return [Fraction(share, 100) for share in shares]


USUAL = peers(60, 62, 64, 61, 63, 65, 66, 59)


@pytest.mark.parametrize(("a", "odd"), [(62, False), (71, False), (10, True), (99, True)])
def test_a_share_far_from_the_cohort_is_asked_back_on_either_side(a: int, odd: bool) -> None:
    told = far_from_peers(THREE, THREE.by_code["1.1"], case(a1=a, b1=100), norm_of(USUAL))
    assert bool(told) is odd
    assert all(f"{a}%" in one and "khoảng 63%" in one and "8 đơn vị" in one for one in told)


def test_of_fewer_than_eight_bodies_nothing_is_told() -> None:
    assert norm_of(USUAL[:7]) is None
    assert far_from_peers(THREE, THREE.by_code["1.1"], case(a1=1, b1=100), None) == ()


def test_the_median_is_told_in_whole_per_cent_so_that_it_is_no_bodys_figure() -> None:
    odd = [*peers(60, 60, 60, 60), Fraction(6237, 10000), *peers(65, 65, 66, 66)]
    told = far_from_peers(THREE, THREE.by_code["1.1"], case(a1=1, b1=100), norm_of(odd))
    assert "62%" in told[0]
    assert "62,37" not in told[0]


def test_counts_are_not_held_against_other_bodies() -> None:
    text = (
        'id: thu\nversion: "1"\ntitle: Thử\ngroups:\n  - code: "1"\n    name: Một\n    indicators:\n'
        '      - code: "1.1"\n        name: Số họp\n        max: "10"\n        ask:\n          number:\n'
        "            label: Số họp\n            unit: cuộc\n            kind: integer\n        score:\n"
        '          linear:\n            from: "0"\n            to: "9"\n'
    )
    one = load_text(text, "thu.yaml")
    known = Case("A", {"1.1": Decimal(900)})
    assert far_from_peers(one, one.by_code["1.1"], known, norm_of(peers(*range(100, 900, 100)))) == ()
