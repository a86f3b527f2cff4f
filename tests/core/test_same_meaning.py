"""Two versions of a questionnaire: what is asked the same is compared, a code that was given anew is not."""

from survey.core.same_meaning import as_asked_now, same_keys
from tests.core.test_ask_back import case, made

BEFORE = made("Tổng số dân", "Số người lớn", "Số người già")
NOW = made("Tổng số dân", "Số trẻ em", "Số người già")  # 1.2 was given anew


def test_a_code_given_anew_does_not_mean_the_same() -> None:
    assert same_keys(NOW, BEFORE) == frozenset(NOW.keys) - {"1.2.b"}


def test_a_version_means_the_same_as_itself() -> None:
    assert same_keys(NOW, NOW) == frozenset(NOW.keys)


def test_of_an_earlier_case_only_what_means_the_same_is_kept() -> None:
    then = case(b1=9, b2=8, b3=7)
    kept = as_asked_now(NOW, BEFORE, then)
    assert set(kept.values) == {"1.1.b", "1.3.b"}
    assert kept.attributes == then.attributes
