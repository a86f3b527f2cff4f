"""A mean in words: the shares and weights that it is made of can be reckoned again by hand."""

import random
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from survey.core.answers import Case, Value
from survey.core.asks import NO, YES
from survey.core.load import load
from survey.core.questionnaire import Questionnaire
from survey.core.rules.exact import Exact, State
from survey.core.rules.mean_words import mean_in_words
from tests.core.rules.trees import drawn_bodies, drawn_tree


@pytest.fixture(scope="module")
def feature(repository: Path) -> Questionnaire:
    return load(repository / "questionnaires" / "features" / "weighted-groups.yaml")


def told(feature: Questionnaire, code: str, **answers: str | int) -> str:
    values: dict[str, Value] = {"1.1": YES, "1.3": YES, **{f"2.{n}.b": Decimal(100) for n in (1, 2)}}
    values |= {key: Decimal(value) if isinstance(value, int) else value for key, value in answers.items()}
    return mean_in_words(Exact(feature, Case("a", values)), feature.group_of[code])


def test_weights_and_shares_are_told(feature: Questionnaire) -> None:
    assert told(feature, "1", **{"1.2": NO}) == "trung bình có trọng số (2 × 100% + 1 × 0% + 1 × 100%) / 4 = 75%"
    assert told(feature, "1") == "trung bình có trọng số (2 × 100% + 1 × 100%) / 3 = 100%, để ngoài 1.2"
    shares = {"2.1.a": 36, "2.2.a": 64}
    assert told(feature, "2", **shares) == "trung bình nhân có trọng số (36% × 64%)^(1/2) = 48%"
    whole = told(feature, "", **{"1.2": NO}, **shares)
    assert whole == "trung bình có trọng số (3 × 75% + 1 × 48%) / 4 = 68,25%"


def test_nothing_is_told_of_a_sum_or_where_nothing_is_known(feature: Questionnaire, repository: Path) -> None:
    assert mean_in_words(Exact(feature, Case("a", {})), feature.group_of["1"]) == ""
    few = load(repository / "questionnaires" / "features" / "too-few.yaml")
    assert mean_in_words(Exact(few, Case("a", {"1.1": YES})), few.group_of["1"]) == ""
    alone = replace(feature.group_of["1"], indicators=feature.group_of["1"].indicators[:1])
    assert mean_in_words(Exact(feature, Case("a", {"1.1": YES})), alone) == ""


def reckoned(words: str) -> tuple[float, float]:
    """(what the formula of a sentence comes to, what the sentence says that it comes to)."""
    found = re.fullmatch(r"trung bình (?:nhân )?có trọng số (.+) = ([0-9.,]+)%(, để ngoài [\d., ]+)?", words)
    assert found, words
    formula = found[1].replace(".", "").replace(",", ".").replace("×", "*").replace("^", "**").replace("%", "/100")
    formula = re.sub(r"([0-9.]+/100)", r"(\1)", formula)
    return eval(formula, {"__builtins__": {}}), float(found[2].replace(".", "").replace(",", ".")) / 100  # noqa: S307


def test_what_is_told_of_drawn_trees_comes_to_what_is_said_and_to_the_share() -> None:
    chance, looked_at = random.Random(4), 0
    for number in range(12):
        questionnaire = drawn_tree(chance, f"T{number}")
        for case in drawn_bodies(chance, questionnaire, 6):
            exact = Exact(questionnaire, case)
            for group in questionnaire.group_of.values():
                words, result = mean_in_words(exact, group), exact.result(group)
                assert bool(words) == (not group.is_sum and len(group.parts) > 1 and result.state is State.SCORED)
                if words:
                    formula, said = reckoned(words)
                    assert abs(said - float(result.share or Fraction(0))) <= 1e-6
                    assert abs(formula - said) <= 2e-5
                    looked_at += 1
    assert looked_at > 60
