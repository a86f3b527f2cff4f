"""From a questionnaire folder to a Questionnaire: every fault of the file at once, each with its line."""

from __future__ import annotations

import difflib
import hashlib
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from survey.core import shapes
from survey.core.build import build
from survey.core.check import check
from survey.core.errors import Fault, Faults
from survey.core.questionnaire import Questionnaire
from survey.core.source import Source, read_source

FILE_NAME = "questionnaire.yaml"


def load(path: Path | str) -> Questionnaire:
    """Load a questionnaire folder or file. Raises Faults, or OSError where it cannot be read."""
    file = Path(path)
    if file.is_dir():
        file = file / FILE_NAME
    if not file.is_file():
        raise Faults([Fault(str(file), 1, "faults.no_file")])
    return load_text(file.read_bytes(), str(file))


def load_text(text: str | bytes, name: str) -> Questionnaire:
    """Load the text of a questionnaire; `name` stands in the faults. Raises Faults; nothing is half loaded."""
    source = read_source(text, name)
    if not isinstance(source.data, dict):
        raise Faults([Fault(name, 1, "faults.wrong_kind_mapping", {"key": name})])
    try:
        shape = shapes.QuestionnaireShape.model_validate(source.data)
    except ValidationError as error:
        raise Faults(_sentences(error, source)) from None
    questionnaire = build(shape)
    faults = check(questionnaire, shape, source)
    if faults:
        raise Faults(faults)
    return questionnaire


def text_hash(text: str | bytes) -> str:
    """SHA-256 of a questionnaire's bytes: two versions are the same where this is."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def _sentences(error: ValidationError, source: Source) -> list[Fault]:
    """Our sentence for each of pydantic's errors, one a place."""
    faults: dict[tuple[int, str], Fault] = {}
    for detail in error.errors(include_url=False):
        fault = _sentence(detail, source)
        faults.setdefault((fault.line, str(detail["loc"][-1:])), fault)
    return list(faults.values())


def _sentence(detail: ErrorDetails, source: Source) -> Fault:
    path, above = _place(detail, source)
    key = str(path[-1]) if path else source.name
    data: dict[str, object] = {"key": key, **detail.get("ctx", {})}
    kind = detail["type"]
    line = source.line(path)
    match kind:
        case "missing":
            return Fault(source.name, line, "faults.missing_key", {"key": str(detail["loc"][-1])})
        case "extra_forbidden":
            wrong = str(detail["loc"][-1])
            near = difflib.get_close_matches(wrong, _known_keys(above), n=1)
            name = "faults.unknown_key_near" if near else "faults.unknown_key"
            return Fault(source.name, source.line((*path,)), name, {"key": wrong, "near": near[0] if near else ""})
        case "literal_error":
            return Fault(source.name, line, "faults.not_one_of", {"key": key, "options": detail["ctx"]["expected"]})
        case "string_pattern_mismatch":
            return Fault(source.name, line, "faults.bad_name", {"key": key, "typed": str(detail["input"])[:60]})
        case "too_short":
            return Fault(source.name, line, "faults.empty_list", data)
        case "list_type":
            return Fault(source.name, line, "faults.wrong_kind_list", data)
        case "dict_type" | "model_type" | "model_attributes_type":
            return Fault(source.name, line, "faults.wrong_kind_mapping", data)
        case "string_type":
            return Fault(source.name, line, "faults.wrong_kind_text", data)
    return Fault(source.name, line, f"faults.{kind}", data)


def _place(detail: ErrorDetails, source: Source) -> tuple[tuple[str | int, ...], tuple[str | int, ...]]:
    """Where an error is in the file (pydantic's own steps, such as union tags, left out), and the place above it."""
    path: tuple[str | int, ...] = ()
    for step in detail["loc"]:
        if (*path, step) in source.lines:
            path = (*path, step)
    return path, path[:-1]


_SHAPES: dict[str, type[shapes.Shape]] = {
    "groups": shapes.GroupShape,
    "indicators": shapes.IndicatorShape,
    "inputs": shapes.InputShape,
    "evidence": shapes.EvidenceShape,
    "show_when": shapes.ShowWhenShape,
    "levels": shapes.LevelShape,
    "ratio": shapes.PairShape,
    "mean": shapes.MeanPairShape,
    "linear": shapes.LinearShape,
    "bands": shapes.BandShape,
    "a": shapes.InputShape,
    "b": shapes.InputShape,
    "number": shapes.InputShape,
    "ask": shapes.AskShape,
    "score": shapes.ScoreShape,
}


def _known_keys(above: tuple[str | int, ...]) -> list[str]:
    """Keys that may stand at a place, for suggesting the nearest one."""
    names = [step for step in above if isinstance(step, str) and step in _SHAPES]
    model = _SHAPES[names[-1]] if names else shapes.QuestionnaireShape
    return [field.alias or name for name, field in model.model_fields.items()]
