"""Worked examples: every rule there is has one, it is scored, and it shows a part where the rule has parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.core.load import load
from survey.core.rules.exact import State, outcome
from survey.core.rules.worked import worked_examples
from survey.core.text import LANGUAGES
from tests.core.rules.said import points_in_words

ROOT = Path(__file__).parents[3]
FILES = (
    *sorted((ROOT / "questionnaires" / "features").glob("*.yaml")),
    *sorted((ROOT / "questionnaires").glob("*/questionnaire.yaml")),
    ROOT / "tests" / "web" / "kinds" / "questionnaire.yaml",
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name + "/" + file.stem)
def test_every_scored_indicator_has_an_example_that_says_its_exact_points(file: Path) -> None:
    questionnaire = load(file)
    for indicator in questionnaire.indicators:
        for language in LANGUAGES:
            examples = worked_examples(questionnaire, indicator, language)
            assert bool(examples) is indicator.scored, indicator.code
            for example in examples:
                settled = outcome(questionnaire, indicator, example.case, example.peers)
                assert settled.state is State.SCORED, indicator.code
                if indicator.decimals is not None:
                    assert points_in_words(example.sentence) == settled.points


def test_a_gate_is_shown_open_and_closed() -> None:
    questionnaire = load(ROOT / "questionnaires" / "features" / "gate.yaml")
    one, two = worked_examples(questionnaire, questionnaire.by_code["1.2"])
    assert one.sentence == "15,00 / 20 điểm vì 30/40 = 75%."
    assert "nhưng chỉ được một nửa điểm tối đa" in two.sentence


def test_a_peer_s_example_names_the_lowest_and_the_highest() -> None:
    questionnaire = load(ROOT / "questionnaires" / "features" / "peer.yaml")
    (example,) = worked_examples(questionnaire, questionnaire.by_code["1.1"])
    assert "nhỏ nhất 15 dịch vụ, lớn nhất 45 dịch vụ trong nhóm (5 đơn vị có số liệu)" in example.sentence
