"""What a questionnaire must mean: one small file a fault in faulty/, its name the fault, its line marked `# here`.

After the mark stands a word that the sentence must hold. A file whose name goes on after a hyphen is a further case.
"""

import re
from pathlib import Path

import pytest

from survey.core.load import load_text
from survey.core.text import LANGUAGES, catalogue
from tests.core import test_shapes, test_source
from tests.core.tiny import HEAD, expected, faults_of, found_in

FAULTY = sorted(Path(__file__).with_name("faulty").glob("*.yaml"))


@pytest.mark.parametrize("file", FAULTY, ids=[file.stem for file in FAULTY])
def test_a_fault_of_meaning_is_named_with_its_line(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    words = re.findall(r"# here: (.+)", text)
    faults = faults_of(text)
    assert found_in(text) == expected(text, file.stem.partition("-")[0])
    for fault, word in zip(faults, words, strict=True):
        for language in LANGUAGES:
            assert word in fault.sentence(language)


def test_every_fault_has_a_test() -> None:
    tested = {file.stem.partition("-")[0] for file in FAULTY}
    tested |= {slip[2] for slip in test_shapes.SLIPS}
    tested |= set(re.findall(r"\"(\w+)\"", Path(test_source.__file__).read_text(encoding="utf-8")))
    tested |= {"no_file", "not_a_questionnaire"}  # in test_shapes
    assert {key.removeprefix("faults.") for key in catalogue() if key.startswith("faults.")} <= tested


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_says_how_to_mend(language: str) -> None:
    faults = {key: words[language] for key, words in catalogue().items() if key.startswith("faults.")}
    assert not {key: words for key, words in faults.items() if len(re.split(r"[.?;:] ", words)) < 2}


def test_the_head_of_the_small_files_is_faultless() -> None:
    assert faults_of(HEAD) == []


def test_faults_of_meaning_come_all_at_once() -> None:
    names = ["max_not_positive", "zero_b_useless", "show_when_unknown", "zero_b_absent", "part_units", "linear_flat"]
    blocks = []
    for number, name in enumerate(names, start=1):
        text = Path(__file__).with_name("faulty").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
        blocks.append(text.removeprefix(HEAD).replace('code: "1.1"', f'code: "1.{number}"'))
    text = HEAD + "".join(blocks)
    assert found_in(text) == expected(text, *names)


def test_bands_may_part_a_limit_itself() -> None:
    text = Path(__file__).with_name("faulty").joinpath("band_order.yaml").read_text(encoding="utf-8")
    head, _, _ = text.partition("          bands:")
    good = (
        '          bands:\n            - above: "2"\n              share: "1"\n            - from: "2"\n'
        '              share: "1/2"\n            - share: "0"\n'
    )
    assert faults_of(head + good) == []
    twice = good.replace('- from: "2"', '- above: "2"  # here')
    assert found_in(head + twice) == expected(head + twice, "band_order")


def test_lettered_parts_of_a_group_keep_the_codes_of_the_group() -> None:
    text = HEAD + (
        '  - code: "4"\n    name: Chính quyền số\n    groups:\n      - code: "4.A"\n        name: Phần A\n'
        '        indicators:\n          - code: "4.1"\n            name: x\n            max: "1"\n'
        "            ask: points\n"
    )
    assert [group.code for group in load_text(text, "thu.yaml").all_groups] == ["1", "4", "4.A"]
