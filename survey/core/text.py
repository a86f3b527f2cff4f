"""The one catalogue of every sentence that users see: Vietnamese and English side by side, by key."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

LANGUAGES = ("vi", "en")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every entry as key → {"vi": …, "en": …}; keys are `room.name`. Raises ValueError for a key given twice."""
    entries: dict[str, dict[str, str]] = {}
    for file in sorted(resources.files("survey.core").joinpath("texts").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        for room, names in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for name, words in names.items():
                key = f"{room}.{name}"
                if key in entries:
                    raise ValueError(f"{file.name}: {key} is in the catalogue twice")
                entries[key] = words
    return entries


def say(key: str, language: str = "vi", /, **values: object) -> str:
    """The sentence `key` in `language`, its {placeholders} filled in. Raises KeyError for an unknown key."""
    words = catalogue()[key]
    return words[language if language in words else "vi"].format(**values)
