"""From pydantic's errors to sentences that an official understands: where in the file, what, and the mend."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from survey.core import scalars, shapes
from survey.core.errors import Fault
from survey.core.source import Path, Source

MOST_READ = 2_000  # of pydantic's errors; more than are listed of a file
SHOWN = 60  # characters of a written text that a sentence repeats


@dataclass(frozen=True, slots=True)
class ShapeFault:
    """A fault of shape, the written place it stands at, and the key it is about (there, or missing below it)."""

    fault: Fault
    place: Path
    key: str | int


@dataclass(frozen=True, slots=True)
class Known:
    """Which keys may stand where, for suggesting the nearest one: at the top, and below certain words."""

    top: type[scalars.Shape]
    below: Mapping[str, type[scalars.Shape]]

    def keys(self, above: Sequence[str | int]) -> list[str]:
        """Keys that may stand below pydantic's steps `above`."""
        named = (self.below[step] for step in reversed(above) if isinstance(step, str) and step in self.below)
        return [field.alias or name for name, field in next(named, self.top).model_fields.items()]


def shape_faults(error: ValidationError, source: Source, known: Known | None = None) -> list[ShapeFault]:
    """Our sentence for each of pydantic's errors, one a place and key; `known` is of a questionnaire unless given."""
    faults: dict[tuple[Path, str | int], ShapeFault] = {}
    for detail in error.errors(include_url=False)[:MOST_READ]:
        found = _shape_fault(detail, source, known or QUESTIONNAIRE)
        faults.setdefault((found.place, found.key), found)
    return list(faults.values())


def _shape_fault(detail: ErrorDetails, source: Source, known: Known) -> ShapeFault:
    steps = detail["loc"]
    place = _place(steps, source)
    key: str | int = place[-1] if place else "questionnaire"
    missing = detail["type"] == "missing"
    if missing or detail["type"] == "extra_forbidden":
        key = steps[-1]
    sentence, data = _sentence(detail, key if isinstance(key, str) else _owner(place), known)
    return ShapeFault(Fault(source.name, source.line(place), f"faults.{sentence}", data), place, key)


def _sentence(detail: ErrorDetails, key: str, known: Known) -> tuple[str, dict[str, object]]:
    """The catalogue's key and the values of its sentence."""
    written = detail["input"]
    data: dict[str, object] = {"key": key, **detail.get("ctx", {})}
    match detail["type"]:
        case "missing":
            return "missing_key", data
        case "extra_forbidden":
            near = difflib.get_close_matches(key, known.keys(detail["loc"][:-1]), n=1)
            return ("unknown_key_near", {**data, "near": near[0]}) if near else ("unknown_key", data)
        case "literal_error":
            return "not_one_of", {"key": key, "options": _options(detail), "typed": _shown(written)}
        case "string_pattern_mismatch" | "string_too_long":
            kind = f"bad_{key}" if key in ("code", "id", "version") else "bad_name"
            return kind, {"key": key, "typed": _shown(written)}
        case "too_short":
            return "empty_list", data
        case "list_type":
            return "wrong_kind_list", data
        case "dict_type" | "model_type" | "model_attributes_type":
            return "wrong_kind_mapping", data
        case "string_type":
            return "wrong_kind_text", data
        case own:
            return own, data


def _shown(written: object) -> str:
    text = written if isinstance(written, str) else "…"
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _options(detail: ErrorDetails) -> str:
    """The words that may stand at a place, as they are written in a file."""
    return str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")


def _place(steps: Sequence[str | int], source: Source) -> Path:
    """Where an error is in the file; pydantic's own steps, such as union tags, are left out."""
    place: Path = ()
    for step in steps:
        if (*place, step) in source.lines:
            place = (*place, step)
    return place


def _owner(place: Path) -> str:
    """The name of the list that an item without a name of its own stands in."""
    return next((step for step in reversed(place) if isinstance(step, str)), "questionnaire")


QUESTIONNAIRE = Known(
    shapes.QuestionnaireShape,
    {
        "groups": shapes.GroupShape,
        "indicators": shapes.IndicatorShape,
        "inputs": shapes.InputShape,
        "own": shapes.InputShape,
        "shared": shapes.InputName,
        "languages": scalars.TwoLanguages,
        "evidence": shapes.EvidenceShape,
        "show_when": shapes.ShowWhenShape,
        "levels": shapes.LevelShape,
        "ask": shapes.AskShape,
        "yes_no": shapes.YesNoShape,
        "ratio": shapes.PairShape,
        "mean": shapes.MeanPairShape,
        "score": shapes.ScoreShape,
        "linear": shapes.LinearShape,
        "bands": shapes.BandShape,
        "peer": shapes.PeerShape,
        "survey": shapes.SurveyShape,
        "grades": shapes.GradeShape,
        "gate": shapes.GateShape,
        "gates": shapes.ConditionShape,
    },
)
