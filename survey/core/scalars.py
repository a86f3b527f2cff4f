"""The smallest pieces of the written form: words, numbers in quotes, true and false, texts in one or two languages."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from survey.core.source import Plain

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9}|/0*[1-9][0-9]{0,8})?")
NOTHING = frozenset({"", "~", "null", "Null", "NULL"})  # how YAML writes nothing, without quotes
LONGEST_NAME, LONGEST_PASSAGE = 500, 5_000  # characters; an Excel cell holds 32,767


def _shown(value: object) -> str:
    """What a sentence repeats of a written value."""
    return str(value)[:60] if isinstance(value, str) else "…"


def rule_number(value: object) -> Fraction:
    """The fraction that a rule writes. Raises PydanticCustomError for what is no number, and for one without quotes."""
    text = value if isinstance(value, str) else None
    if text is None or not _NUMBER.fullmatch(text):
        raise PydanticCustomError("not_a_rule_number", "not a number", {"typed": _shown(value)})
    if isinstance(text, Plain):
        raise PydanticCustomError("unquoted_number", "unquoted", {"typed": text})
    return Fraction(text)


def quoted(value: object) -> object:
    """Refuse a number without quotes."""
    if isinstance(value, Plain) and _NUMBER.fullmatch(value):
        raise PydanticCustomError("unquoted_number", "unquoted", {"typed": value})
    return value


def _boolean(value: object) -> bool:
    if value in ("true", "false"):
        return value == "true"
    raise PydanticCustomError("not_a_boolean", "not a boolean", {"typed": _shown(value)})


def _words(value: object) -> object:
    return _text(value, LONGEST_NAME, " ")


def _passage(value: object) -> object:
    return _text(value, LONGEST_PASSAGE, "\n")


def _text(value: object, longest: int, between_lines: str) -> object:
    """Single blanks, no blank lines; a short text is one line."""
    if not isinstance(value, str):
        return value
    lines = (" ".join(line.split()) for line in value.splitlines())
    text = between_lines.join(line for line in lines if line)
    if not text or (isinstance(value, Plain) and text in NOTHING):
        raise PydanticCustomError("blank_text", "blank")
    if len(text) > longest:
        raise PydanticCustomError("long_text", "long", {"length": len(text), "longest": longest})
    return text


def _text_schema(longest: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "minLength": 1, "maxLength": longest})


Words = Annotated[str, BeforeValidator(_words), _text_schema(LONGEST_NAME)]
Passage = Annotated[str, BeforeValidator(_passage), _text_schema(LONGEST_PASSAGE)]
RuleNumber = Annotated[
    Fraction, BeforeValidator(rule_number), WithJsonSchema({"type": "string", "pattern": f"^{_NUMBER.pattern}$"})
]
Flag = Annotated[bool, BeforeValidator(_boolean), WithJsonSchema({"type": "boolean"})]
Code = Annotated[str, Field(pattern=r"^[0-9]{1,3}(\.[0-9A-Z]{1,3}){0,8}$"), BeforeValidator(quoted)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Decimals = Annotated[Literal["0", "1", "2", "3", "4", "5", "6", "none"], BeforeValidator(quoted)]


class Shape(BaseModel):
    """A mapping whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TwoLanguages(Shape):
    """A short text in Vietnamese and English."""

    vi: Words
    en: Words


class TwoPassages(Shape):
    """A text of some lines in Vietnamese and English."""

    vi: Passage
    en: Passage


def _text_kind(value: Any) -> str:
    return "languages" if isinstance(value, dict | TwoLanguages | TwoPassages) else "words"


TextShape = Annotated[
    Annotated[Words, Tag("words")] | Annotated[TwoLanguages, Tag("languages")], Discriminator(_text_kind)
]
PassageShape = Annotated[
    Annotated[Passage, Tag("words")] | Annotated[TwoPassages, Tag("languages")], Discriminator(_text_kind)
]
