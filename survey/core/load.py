"""From a questionnaire folder to a Questionnaire: every fault of the file at once, each with its line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from survey.core import shapes
from survey.core.build import build
from survey.core.check import check
from survey.core.errors import Fault, Faults
from survey.core.questionnaire import Questionnaire
from survey.core.shape_faults import ShapeFault, shape_faults
from survey.core.source import LARGEST_FILE, Source, read_source
from survey.core.source import Path as Place

FILE_NAME = "questionnaire.yaml"


def load(path: Path | str) -> Questionnaire:
    """Load a questionnaire folder or file. Raises Faults, or OSError where it cannot be read."""
    file = Path(path)
    if file.is_dir():
        file = file / FILE_NAME
    if not file.is_file():
        raise Faults([Fault(str(file), 1, "faults.no_file")])
    return load_text(read_bytes(file), str(file))


def read_bytes(file: Path) -> bytes:
    """A file's bytes, one more than are taken at most, so that a huge file is refused without being read."""
    with file.open("rb") as opened:
        return opened.read(LARGEST_FILE + 1)


def load_text(text: str | bytes, name: str) -> Questionnaire:
    """Load the text of a questionnaire; `name` stands in the faults. Raises Faults; nothing is half loaded."""
    source = read_source(text, name)
    if not isinstance(source.data, dict):
        raise Faults([*source.faults, Fault(name, 1, "faults.not_a_questionnaire")])
    try:
        shape = shapes.QuestionnaireShape.model_validate(source.data)
    except ValidationError as error:
        found = shape_faults(error, source)
        raise Faults([*source.faults, *_beside_braces(found, source), *_of_the_rest(source, found)]) from None
    questionnaire = build(shape)
    faults = [*source.faults, *check(questionnaire, shape, source)]
    if faults:
        raise Faults(faults)
    return questionnaire


def text_hash(text: str | bytes) -> str:
    """SHA-256 of a questionnaire's bytes: two versions are the same where this is."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def _beside_braces(found: Sequence[ShapeFault], source: Source) -> list[Fault]:
    """Faults of shape, but for those that braces on the same line brought about."""
    braces = {fault.line for fault in source.faults if fault.key == "faults.flow_style"}
    return [item.fault for item in found if item.fault.line not in braces]


def _of_the_rest(source: Source, found: Sequence[ShapeFault]) -> list[Fault]:
    """Faults of meaning in what is well-formed, so that a slip in one indicator hides nothing in the others."""
    left_out: set[Place] = set()
    for item in found:
        unit = _unit(item)
        if not _stand_in(source.data, unit):
            left_out.add(unit)
    rest = source.without(left_out)
    try:
        shape = shapes.QuestionnaireShape.model_validate(rest.data)
    except ValidationError:
        return []
    names = {place[-1] for place in left_out}
    names |= {code for place in left_out for code in _codes(_at(source.data, place))}
    faults = check(build(shape), shape, rest)
    return [fault for fault in faults if fault.key not in _OF_ABSENCE and not names & set(fault.data.values())]


# What check says of things that may only be missing because their own faults kept them out.
_OF_ABSENCE = {"faults.group_empty", "faults.input_unused", "faults.level_no_floor"}
_STAND_INS = {"id": "x", "version": "x", "title": "x", "name": "x"}


def _unit(item: ShapeFault) -> Place:
    """The smallest part that the file can do without: an indicator, a level, a shared input, an attribute, a key."""
    place = item.place
    if "indicators" in place:
        start = place.index("indicators")
        if len(place) > start + 1:
            return place[: start + 2]
    if place[:1] in (("levels",), ("inputs",), ("attributes",)):
        return place[:2]
    head = 0
    while place[head : head + 1] == ("groups",) and len(place) > head + 1:
        head += 2
    key = place[head] if len(place) > head else item.key
    return place[:head] if key == "code" else (*place[:head], key)


def _stand_in(data: Any, place: Place) -> bool:
    """Put a word where a group or the whole must have one; whether `place` is such a place."""
    *above, key = place
    part = _at(data, tuple(above))
    if key not in _STAND_INS or not isinstance(part, dict) or (above and above[-2] != "groups"):
        return False
    part[str(key)] = _STAND_INS[str(key)]
    return True


def _at(data: Any, place: Place) -> Any:
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _codes(part: Any) -> Iterator[str]:
    """Every code written in a part of the file."""
    match part:
        case dict():
            if isinstance(part.get("code"), str):
                yield part["code"]
            for value in part.values():
                yield from _codes(value)
        case list():
            for value in part:
                yield from _codes(value)
