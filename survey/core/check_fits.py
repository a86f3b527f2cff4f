"""Whether numbers that are declared to belong together can be held against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.core import shapes
from survey.core.answers import number_of
from survey.core.check_rules import Found
from survey.core.questionnaire import Questionnaire
from survey.core.source import Path


def fit_faults(questionnaire: Questionnaire, written: Sequence[shapes.FitShape]) -> Iterator[Found]:
    """Faults of `fits`: what is no number asked for, held against nothing, against itself, or in another unit."""
    numbers = {key for indicator in questionnaire.indicators for key in (one.key for one in indicator.numbers)}
    for index, shape in enumerate(written):
        here: Path = ("fits", index)
        if (shape.within is None) == (shape.equals is None):
            yield here, "fit_one", {}
            continue
        name = "within" if shape.within is not None else "equals"
        whole = shape.within or shape.equals or ""
        places: list[tuple[Path, str]] = [((*here, "parts", n), key) for n, key in enumerate(shape.parts)]
        places.append(((*here, name), whole))
        unknown = [(place, key) for place, key in places if key not in numbers]
        for place, key in unknown:
            yield place, "fit_unknown", {"key": key}
        keys = [key for _, key in places]
        for n, (place, key) in enumerate(places):
            if key in keys[:n]:
                yield place, "fit_repeated", {"key": key}
        if not unknown:
            yield from _units(questionnaire, places, whole)


def _units(questionnaire: Questionnaire, places: Sequence[tuple[Path, str]], whole: str) -> Iterator[Found]:
    wanted = number_of(questionnaire, whole).unit.vi
    for place, key in places:
        unit = number_of(questionnaire, key).unit.vi
        if unit != wanted:
            yield place, "fit_units", {"key": key, "unit": unit, "whole": whole, "wanted": wanted}
