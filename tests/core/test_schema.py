"""The schema file and the list of keys are fresh, accept every good file, and refuse what editors can see."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from survey.core.load import load_text
from survey.core.schema import LISTED, key_list, questionnaire_schema, readme_with_keys, schema_text
from survey.core.source import read_source
from survey.core.text import LANGUAGES, catalogue
from tests.core.test_shapes import RATIO, SLIPS, changed
from tests.core.tiny import questionnaire_with

HOW = "run .venv/bin/python tools/write_schema.py"
VALIDATOR = Draft202012Validator(questionnaire_schema())


def plain(data: Any) -> Any:
    """What a YAML editor sees: true and false, and numbers where there are no quotes."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    if type(data) is not str and data in ("true", "false"):
        return data == "true"
    if type(data) is not str and data.replace(".", "", 1).isdigit():
        return float(data)
    return str(data)


def seen(text: str) -> Any:
    return plain(read_source(text, "thu.yaml").data)


def test_the_schema_file_is_fresh(repository: Path) -> None:
    file = repository / "questionnaires" / "questionnaire.schema.json"
    assert file.read_text(encoding="utf-8") == schema_text(), HOW


def test_the_list_of_keys_in_the_readme_is_fresh(repository: Path) -> None:
    readme = (repository / "questionnaires" / "README.md").read_text(encoding="utf-8")
    assert readme == readme_with_keys(readme), HOW


def test_a_readme_without_marks_is_an_error() -> None:
    with pytest.raises(ValueError, match="missing"):
        readme_with_keys("# Viết bộ chỉ số")


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(questionnaire_schema())


def test_the_schema_accepts_every_questionnaire_of_the_repository(repository: Path) -> None:
    files = [*(repository / "questionnaires").glob("*/questionnaire.yaml")]
    files += (repository / "questionnaires" / "features").glob("*.yaml")
    assert len(files) > 15
    for file in files:
        errors = list(VALIDATOR.iter_errors(seen(file.read_text(encoding="utf-8"))))
        assert not errors, f"{file.name}: {errors[0].json_path} {errors[0].message}"


# Blank texts are left to the loader: to an editor they are words.
SEEN = [slip for slip in SLIPS if slip[2] != "blank_text"]


@pytest.mark.parametrize(("old", "new"), [slip[:2] for slip in SEEN], ids=[f"{n}-{s[2]}" for n, s in enumerate(SEEN)])
def test_the_schema_refuses_what_the_loader_refuses(old: str, new: str) -> None:
    assert not VALIDATOR.is_valid(seen(changed(old, new)))


def test_the_schema_accepts_what_the_loader_accepts() -> None:
    text = questionnaire_with(RATIO)
    load_text(text, "thu.yaml")
    assert VALIDATOR.is_valid(seen(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_is_listed_and_described_and_nothing_else(language: str) -> None:
    listed = key_list(language)
    described = {"column_key", "column_needed", "column_meaning", "needed", *LISTED}
    for name, shape in LISTED.items():
        for field_name, field in shape.model_fields.items():
            key = field.alias or field_name
            described.add(f"{name}_{key}")
            assert f"| `{key}` |" in listed
    assert {key.removeprefix("keys.") for key in catalogue() if key.startswith("keys.")} == described
