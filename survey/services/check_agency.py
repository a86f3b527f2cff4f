"""What was typed about one body, in a form or a file, read field by field: values, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from survey.core.addresses import read_address, read_phone
from survey.core.characters import clean_text
from survey.core.sorting_vi import fold
from survey.services.register_values import Value, Values
from survey.services.register_words import ATTRIBUTE, PICKED, RegisterWords

LONGEST = 300  # characters
REQUIRED = ("name", "kind", "type", "level")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
WORD = re.compile(r"[a-z][a-z0-9_-]{0,63}")
SHOWN = 60  # characters of what was typed that are told again

_TRUE = frozenset({"1", "true", "x", "co", "yes"})
_FALSE = frozenset({"0", "false", "khong", "no"})


@dataclass(slots=True)
class Checked:
    """The values that could be read, and (field, key, data) of each fault; the sentence is `registry.<key>`."""

    values: dict[str, Value] = field(default_factory=dict)
    faults: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)

    def fault(self, name: str, key: str, **data: object) -> None:
        """Note a fault."""
        self.faults.append((name, key, data))


def check_agency(typed: Mapping[str, str], words: RegisterWords, *, strict: bool = True) -> Checked:
    """Read the fields that were typed. Not `strict`: codes that no list knows are taken, as in a first register."""
    checked = Checked()
    for name, text in typed.items():
        text = clean_text(text).strip()
        if len(text) > LONGEST:
            checked.fault(name, "too_long", longest=LONGEST)
        elif not text and name in REQUIRED:
            checked.fault(name, "needed")
        else:
            _read(checked, name, text, words, strict)
    return checked


def _read(checked: Checked, name: str, text: str, words: RegisterWords, strict: bool) -> None:
    if name == "assessed" or name.startswith(ATTRIBUTE):
        truth = read_truth(text)
        if truth is None and (text or name == "assessed"):
            checked.fault(name, "not_truth" if text else "needed", typed=text[:SHOWN])
        else:
            checked.values[name] = truth
    elif name in PICKED and text:
        code = words.read(name, text)
        if code is None and not strict and WORD.fullmatch(text):
            code = text
        if code is None:
            options = "; ".join(label for _, label in words.options(name))
            checked.fault(name, "not_listed", typed=text[:SHOWN], options=options or "–")
        else:
            checked.values[name] = code
    elif name in ("contact_phone", "contact_email") and text:
        read = read_phone(text) if name == "contact_phone" else read_address(text)
        if read is None:
            checked.fault(name, "phone_form" if name == "contact_phone" else "email_form", typed=text[:SHOWN])
        else:
            checked.values[name] = read
    elif name == "parent_code" and text and not CODE.fullmatch(text):
        checked.fault(name, "code_form", typed=text[:SHOWN])
    else:
        checked.values[name] = text


def read_truth(text: str) -> bool | None:
    """Có or không as people write it; None for anything else."""
    folded = fold(text)
    return True if folded in _TRUE else False if folded in _FALSE else None


def whole_faults(values: Values) -> Iterator[tuple[str, str]]:
    """(field, key) of what is wrong with all values of a body together."""
    if values.get("assessed"):
        for name in ("questionnaire", "cohort"):
            if not values.get(name):
                yield name, "needed_if_assessed"


def circle_of(code: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """The codes upwards from `code` where they come back to it; empty where they end."""
    seen: list[str] = []
    at = code
    while at and at not in seen:
        seen.append(at)
        at = parents.get(at, "")
    return tuple(seen) if at == code else ()
