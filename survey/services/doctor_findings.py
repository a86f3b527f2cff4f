"""What the doctor says of one point: in order, to be looked at, or a fault; each with its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from survey.core.numbers_vi import format_number
from survey.core.text import say
from survey.services.errors import ServiceError


class Level(StrEnum):
    """How serious a finding is."""

    GOOD = "good"
    LOOK = "look"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One point that was examined; `doctor.<key>` is its sentence."""

    key: str
    level: Level
    values: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: str = "vi") -> str:
        """What was found, and what to do."""
        told = {name: _told(value, language) for name, value in self.values.items()}
        return say(f"doctor.{self.key}", language, **told)


def _told(value: object, language: str) -> object:
    match value:
        case ServiceError():
            return value.sentence(language)
        case float():
            return format_number(value, 1)
    return value


def good(key: str, **values: object) -> Finding:
    """In order."""
    return Finding(key, Level.GOOD, values)


def look(key: str, **values: object) -> Finding:
    """To be looked at."""
    return Finding(key, Level.LOOK, values)


def fault(key: str, **values: object) -> Finding:
    """A fault."""
    return Finding(key, Level.FAULT, values)
