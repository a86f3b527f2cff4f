"""The JSON schema of questionnaire files and the list of their keys, both made from the written form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from survey.core import shapes
from survey.core.example_shapes import ExampleShape, ExpectShape
from survey.core.scalars import Shape
from survey.core.text import say

# Kinds that may stand as a single word: `ask: yes_no`.
ALONE = ("yes_no", "points", "manual", "text")

# In the order of the list of keys; each has a heading `keys.<name>` and a description `keys.<name>_<key>` a key.
LISTED: dict[str, type[Shape]] = {
    "questionnaire": shapes.QuestionnaireShape,
    "level": shapes.LevelShape,
    "condition": shapes.ConditionShape,
    "input": shapes.InputShape,
    "fit": shapes.FitShape,
    "group": shapes.GroupShape,
    "indicator": shapes.IndicatorShape,
    "ask": shapes.AskShape,
    "yes_no": shapes.YesNoShape,
    "shared": shapes.InputName,
    "ratio": shapes.PairShape,
    "mean": shapes.MeanPairShape,
    "survey": shapes.SurveyShape,
    "grade": shapes.GradeShape,
    "score": shapes.ScoreShape,
    "linear": shapes.LinearShape,
    "band": shapes.BandShape,
    "peer": shapes.PeerShape,
    "show_when": shapes.ShowWhenShape,
    "gate": shapes.GateShape,
    "evidence": shapes.EvidenceShape,
    "example": ExampleShape,
    "expect": ExpectShape,
}


def questionnaire_schema() -> dict[str, Any]:
    """JSON schema (draft 2020-12) of a questionnaire file, described in Vietnamese for editors that show it."""
    schema = shapes.QuestionnaireShape.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    for name, shape in LISTED.items():
        written = schema if shape is shapes.QuestionnaireShape else definitions.get(shape.__name__)
        if written is not None:
            written["description"] = say(f"keys.{name}")
            for key, below in written["properties"].items():
                below["description"] = say(f"keys.{name}_{key}")
    for shape in (shapes.AskShape, shapes.ScoreShape):
        definitions[shape.__name__] |= {"minProperties": 1, "maxProperties": 1}
    indicator = definitions[shapes.IndicatorShape.__name__]["properties"]
    indicator["ask"] = {"anyOf": [{"enum": list(ALONE)}, {"$ref": "#/$defs/AskShape"}], **_described(indicator["ask"])}
    _tidy(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _described(written: dict[str, Any]) -> dict[str, Any]:
    return {"description": written["description"]}


def _tidy(schema: Any) -> None:
    """Leave out what no file can say: null, defaults of it, names that do not fit, and pydantic's own titles."""
    if isinstance(schema, list):
        for item in schema:
            _tidy(item)
    if not isinstance(schema, dict):
        return
    if isinstance(schema.get("title"), str):
        del schema["title"]
    if "default" in schema and schema["default"] is None:
        del schema["default"]
    if isinstance(schema.get("patternProperties"), dict):
        schema.setdefault("additionalProperties", False)
    kinds = schema.get("anyOf", [])
    if {"type": "null"} in kinds:
        kept = [kind for kind in kinds if kind != {"type": "null"}]
        del schema["anyOf"]
        schema |= kept[0] if len(kept) == 1 else {"anyOf": kept}
    for below in schema.values():
        _tidy(below)


def schema_text() -> str:
    """The schema as its file holds it."""
    return json.dumps(questionnaire_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def key_list(language: str = "vi") -> str:
    """Every key of questionnaire.yaml and examples.yaml in Markdown: one table a part of the file."""
    return "\n".join(line for name, shape in LISTED.items() for line in _table(name, shape, language))


def _table(name: str, shape: type[Shape], language: str) -> Iterator[str]:
    yield f"### {say(f'keys.{name}', language)}"
    yield ""
    yield "| " + " | ".join(say(f"keys.column_{column}", language) for column in ("key", "needed", "meaning")) + " |"
    yield "|---|---|---|"
    for field_name, field in shape.model_fields.items():
        key = field.alias or field_name
        needed = say("keys.needed", language) if field.is_required() else ""
        yield f"| `{key}` | {needed} | {say(f'keys.{name}_{key}', language)} |"
    yield ""


KEYS_BEGIN, KEYS_END = "<!-- keys: tools/write_schema.py -->", "<!-- /keys -->"


def readme_with_keys(readme: str) -> str:
    """The README with its list of keys made anew. Raises ValueError where the marks around it are missing."""
    before, begin, rest = readme.partition(KEYS_BEGIN)
    _, end, after = rest.partition(KEYS_END)
    if not begin or not end:
        raise ValueError(f"{KEYS_BEGIN} … {KEYS_END} is missing")
    return f"{before}{KEYS_BEGIN}\n\n{key_list()}\n{KEYS_END}{after}"
