"""Worked cases beside a questionnaire: answers and the points they must earn, each difference with its line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from survey.core.answers import Case, Value, fault_sentence, read_cell
from survey.core.asks import Text
from survey.core.errors import Fault, Faults
from survey.core.example_shapes import TOO_FEW, ExampleShape, ExpectShape
from survey.core.load import read_bytes
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Questionnaire
from survey.core.rules.exact import State
from survey.core.rules.words import reason
from survey.core.scoring import Scores, score
from survey.core.shape_faults import Known, shape_faults
from survey.core.source import Path as Place
from survey.core.source import Source, read_source
from survey.core.text import LANGUAGES

FILE_NAME = "examples.yaml"
EXACT = 1e-9  # points and rates come in float64; what is written is exact
SETTLED = {State.NOT_APPLICABLE: "KAD", State.MISSING: "missing", State.PENDING: "pending"}


@dataclass(frozen=True, slots=True)
class Example:
    """One case, what it must come to, and its place in the file."""

    case: Case
    expect: ExpectShape
    place: Place


@dataclass(frozen=True, slots=True)
class Examples:
    """The cases of one file."""

    source: Source
    examples: tuple[Example, ...]


def check_examples(folder: Path, questionnaire: Questionnaire) -> int:
    """Score the cases of a questionnaire's folder: how many there are, 0 without a file. Raises Faults."""
    file = folder / FILE_NAME
    if not file.is_file():
        return 0
    read = read_examples(read_bytes(file), str(file), questionnaire)
    faults = differences(questionnaire, read)
    if faults:
        raise Faults(faults)
    return len(read.examples)


def read_examples(text: str | bytes, name: str, questionnaire: Questionnaire) -> Examples:
    """Read a file of cases. Raises Faults with every fault of the file: form, unknown names, answers not taken."""
    source = read_source(text, name)
    if not isinstance(source.data, list):
        raise Faults([*source.faults, Fault(name, 1, "example.not_a_list")])
    try:
        shapes = TypeAdapter(list[ExampleShape]).validate_python(source.data)
    except ValidationError as error:
        known = Known(ExampleShape, {"expect": ExpectShape})
        raise Faults([*source.faults, *(item.fault for item in shape_faults(error, source, known))]) from None
    faults = list(source.faults)
    examples = tuple(_example(questionnaire, source, n, shape, faults) for n, shape in enumerate(shapes))
    if faults:
        raise Faults(faults)
    return Examples(source, examples)


def _example(
    questionnaire: Questionnaire, source: Source, number: int, shape: ExampleShape, faults: list[Fault]
) -> Example:
    here: Place = (number,)
    values: dict[str, Value] = {}
    for key, text in shape.answers.items():
        if key not in questionnaire.users_of:
            continue
        answer = read_cell(questionnaire, key, text)
        values[key] = answer.value
        if answer.fault is not None:
            why = Text(*(fault_sentence(questionnaire, key, answer, language) for language in LANGUAGES))
            line = source.line((*here, "answers", key))
            faults.append(Fault(source.name, line, "example.answer_fault", {"key": key, "why": why}))
    faults.extend(_unknown_names(questionnaire, source, here, shape))
    case = Case(shape.agency, values, frozenset(), shape.attributes, shape.cohort or "")
    return Example(case, shape.expect, here)


def _unknown_names(questionnaire: Questionnaire, source: Source, here: Place, shape: ExampleShape) -> Iterator[Fault]:
    """Names that the questionnaire does not have, each with the nearest one it has."""
    groups = {group.code for group in questionnaire.all_groups}
    scored = {indicator.code for indicator in questionnaire.indicators if indicator.scored}
    named: list[tuple[Place, Mapping[str, object], set[str]]] = [
        ((*here, "attributes"), shape.attributes, set(questionnaire.attributes)),
        ((*here, "answers"), shape.answers, set(questionnaire.keys)),
        ((*here, "expect", "points"), shape.expect.points, scored),
        ((*here, "expect", "groups"), shape.expect.groups, groups),
    ]
    for place, written, known in named:
        for name in written:
            if name not in known:
                near = difflib.get_close_matches(name, sorted(known), n=1)
                data = {"name": name, "near": near[0] if near else ""}
                key = "example.unknown_name_near" if near else "example.unknown_name"
                yield Fault(source.name, source.line((*place, name)), key, data)
    level = shape.expect.level
    levels = [level.name.vi for level in questionnaire.levels]
    if level is not None and level not in levels:
        data = {"name": level, "near": ", ".join(levels)}
        yield Fault(source.name, source.line((*here, "expect", "level")), "example.unknown_level", data)


def differences(questionnaire: Questionnaire, read: Examples) -> list[Fault]:
    """Score the cases by the one scoring path: each figure that differs from what is written, with its line."""
    scores = score(questionnaire, [example.case for example in read.examples])
    return [
        Fault(read.source.name, read.source.line((*example.place, "expect", *place)), f"example.{key}", data)
        for row, example in enumerate(read.examples)
        for place, key, data in _differences(questionnaire, scores, row, example)
    ]


Difference = tuple[Place, str, dict[str, object]]


def _differences(questionnaire: Questionnaire, scores: Scores, row: int, example: Example) -> Iterator[Difference]:
    for place, what, figure, wanted in _figures(scores, row, example.expect):
        if wanted is not None and not _is_same(figure, wanted):
            shown = {"found": _shown(figure), "wanted": _shown(wanted)}
            if place[0] != "points":
                yield place, "figure_differs", {"agency": example.case.agency, "what": what, **shown}
                continue
            indicator = questionnaire.by_code[what]
            why = Text(*(reason(questionnaire, indicator, example.case, language) for language in LANGUAGES))
            yield place, "points_differ", {"agency": example.case.agency, "code": what, "why": why, **shown}
    level = scores.level[row]
    reached = level.name.vi if level else "–"
    if example.expect.level not in (None, reached):
        yield (
            ("level",),
            "level_differs",
            {"agency": example.case.agency, "found": reached, "wanted": example.expect.level},
        )


def _figures(
    scores: Scores, row: int, expect: ExpectShape
) -> Iterator[tuple[Place, str, float | str, Fraction | str | None]]:
    """Each figure that may be expected: its place, its name, what was scored, what is written."""
    for code, wanted in expect.points.items():
        column = scores.codes.index(code)
        state = State(int(scores.states[row, column]))
        yield ("points", code), code, SETTLED.get(state, float(scores.points[row, column])), wanted
    for code, share in expect.groups.items():
        yield ("groups", code), code, float(scores.group_points[code][row]), share
    published = float(scores.rate_published[row])
    total = scores.total_of(row)
    yield ("total",), "total", TOO_FEW if total is None else total, expect.total
    yield ("maximum",), "maximum", float(scores.maximum[row]), expect.maximum
    yield ("rate_published",), "rate_published", TOO_FEW if total is None else published, expect.rate_published


def _is_same(found: float | str, wanted: Fraction | str) -> bool:
    if isinstance(found, str) or isinstance(wanted, str):
        return found == wanted
    return abs(found - float(wanted)) <= EXACT


def _shown(figure: float | Fraction | str) -> str:
    if isinstance(figure, str):
        return figure
    return "–" if figure != figure else format_number(figure)  # nan where nothing applies
