"""One line of the register as plain values by field: what pages, files and the log compare and show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from survey.core.text import say
from survey.services.register_words import ATTRIBUTE, PICKED, RegisterWords
from survey.storage.agencies import Agency

Value = str | bool | None  # None: an attribute that is not stated
Values = Mapping[str, Value]

COLUMNS = {"ward_code_gso": "ward_code", "questionnaire": "questionnaire_id", "cohort": "cohort_code"}
"""Fields that are called otherwise in the database."""
FIELDS = (
    "name", "kind", "type", "level", "parent_code", "ward_code_gso", "identifier", "assessed", "questionnaire",
    "cohort", "contact_name", "contact_phone", "contact_email", "basis", "note",
)  # fmt: skip
PERSONAL = frozenset({"contact_name", "contact_phone", "contact_email"})  # the log says only that they changed
WEIGHTY = frozenset({"assessed", "questionnaire", "cohort", "kind"})  # what a body is asked and ranked with


def values_of(agency: Agency, parent_code: str) -> dict[str, Value]:
    """Every field of a body, attributes too."""
    values: dict[str, Value] = {
        name: getattr(agency, COLUMNS.get(name, name)) or (False if name == "assessed" else "")
        for name in FIELDS
        if name != "parent_code"
    }
    values["parent_code"] = parent_code
    values.update({ATTRIBUTE + name: value for name, value in agency.attributes.items()})
    return values


def attributes_of(values: Values) -> dict[str, bool]:
    """The attributes that are stated."""
    return {
        name.removeprefix(ATTRIBUTE): bool(value)
        for name, value in values.items()
        if name.startswith(ATTRIBUTE) and value is not None
    }


def differences(before: Values, after: Values) -> dict[str, tuple[Value, Value]]:
    """Fields of `after` that are not as before; what it does not name stays."""
    blank: dict[str, Value] = {}
    found = {}
    for name in ordered(after):
        old = before.get(name, blank.get(name) if name.startswith(ATTRIBUTE) else "")
        if old != after[name]:
            found[name] = (old, after[name])
    return found


def ordered(values: Values) -> Iterator[str]:
    """The names of fields in the order they are shown."""
    yield from (name for name in FIELDS if name in values)
    yield from sorted(name for name in values if name not in FIELDS)


def write_values(agency: Agency, changes: Mapping[str, tuple[Value, Value]], known: Mapping[str, Agency]) -> None:
    """Write what changes and count the revision; `known` has the parents, which must have their ids."""
    attributes = dict(agency.attributes)
    for name, (_, value) in changes.items():
        if name.startswith(ATTRIBUTE):
            attributes.pop(name.removeprefix(ATTRIBUTE), None)
            if value is not None:
                attributes[name.removeprefix(ATTRIBUTE)] = bool(value)
        elif name == "parent_code":
            agency.parent_id = known[str(value)].id if value else None
        else:
            setattr(agency, COLUMNS.get(name, name), (value or None) if name == "cohort" else value)
    agency.attributes = attributes
    agency.revision = (agency.revision or 0) + 1
    agency.refresh_search()


def told(changes: Mapping[str, tuple[Value, Value]]) -> dict[str, Any]:
    """Changes as the log tells them: each field with its former and new value, persons without theirs."""
    return {name: [] if name in PERSONAL else list(pair) for name, pair in changes.items()}


def heading(name: str, words: RegisterWords, language: str = "vi") -> str:
    """What a field is called on pages and in files."""
    if name.startswith(ATTRIBUTE):
        return words.heading(name.removeprefix(ATTRIBUTE), language)
    return say(f"registry.col_{name}", language)


def show(name: str, value: Value, words: RegisterWords, language: str = "vi") -> str:
    """A value as people read and type it; an empty text for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return say("registry.yes" if value else "registry.no", language)
    return words.called(name, value, language) if name in PICKED else value
