"""The small questionnaires that document the language: each loads, its cases come out, together they use every key."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from survey.core.check_rules import LEGAL
from survey.core.examples import differences, read_examples
from survey.core.load import load
from survey.core.schema import LISTED
from survey.core.source import read_source

FOLDER = Path(__file__).resolve().parents[2] / "questionnaires" / "features"
FILES = sorted(FOLDER.glob("*.yaml"))


def keys_in(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from keys_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from keys_in(value)
    else:
        yield str(data)  # `ask: yes_no`


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_feature_loads_and_its_cases_come_out(file: Path) -> None:
    questionnaire = load(file)
    assert questionnaire.id == file.stem
    cases = FOLDER / "examples" / file.name
    read = read_examples(cases.read_bytes(), cases.name, questionnaire)
    assert read.examples
    assert [fault.sentence() for fault in differences(questionnaire, read)] == []


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_feature_begins_by_saying_what_it_shows(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("# ")


def test_every_file_of_cases_belongs_to_a_feature() -> None:
    assert {file.name for file in (FOLDER / "examples").glob("*.yaml")} == {file.name for file in FILES}


def test_together_they_use_every_key() -> None:
    used = {key for file in FOLDER.rglob("*.yaml") for key in keys_in(read_source(file.read_bytes(), file.name).data)}
    known = {field.alias or name for shape in LISTED.values() for name, field in shape.model_fields.items()}
    assert known <= used


def test_together_they_use_every_source_with_every_transfer() -> None:
    used = set()
    for file in FILES:
        data = read_source(file.read_bytes(), file.name).data
        for group in data["groups"]:
            for part in (group, *group.get("groups", [])):
                for indicator in part.get("indicators", []):
                    ask = indicator["ask"]
                    asked = ask if isinstance(ask, str) else next(iter(ask))
                    used |= {(str(asked), transfer) for transfer in indicator.get("score", {"": ""})}
    written = {(asked, transfer) for asked, transfers in LEGAL.items() for transfer in transfers}
    assert {pair for pair in used if pair[1]} <= written
    assert {asked for asked, _ in used} == set(LEGAL)
    alike = {("ratio", "peer"), ("survey", "linear")}  # shown by number and by ratio
    assert written - used <= alike | {
        (asked, transfer) for asked in ("mean", "survey") for transfer in ("linear", "bands", "peer")
    }


def test_the_readme_names_every_feature() -> None:
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    assert not [file.name for file in FILES if f"(features/{file.name})" not in readme]
