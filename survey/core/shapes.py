"""The written form of a questionnaire: every key with its kind; the schema and the loader's faults come from here."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from survey.core.source import Plain

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+|/[0-9]*[1-9][0-9]*)?")


def _number(value: object) -> Fraction:
    text = value if isinstance(value, str) else None
    if text is None or not _NUMBER.fullmatch(text):
        raise PydanticCustomError("not_a_rule_number", "not a number", {"typed": str(value)[:60]})
    if isinstance(text, Plain):
        raise PydanticCustomError("unquoted_number", "unquoted", {"typed": text})
    return Fraction(text)


def _quoted(value: object) -> object:
    if isinstance(value, Plain) and _NUMBER.fullmatch(value):
        raise PydanticCustomError("unquoted_number", "unquoted", {"typed": value})
    return value


def _boolean(value: object) -> bool:
    if value in ("true", "false"):
        return value == "true"
    raise PydanticCustomError("not_a_boolean", "not a boolean", {"typed": str(value)[:60]})


def _not_blank(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise PydanticCustomError("blank_text", "blank")
    return " ".join(value.split()) if isinstance(value, str) else value


Words = Annotated[str, BeforeValidator(_not_blank)]
RuleNumber = Annotated[
    Fraction, BeforeValidator(_number), WithJsonSchema({"type": "string", "pattern": f"^{_NUMBER.pattern}$"})
]
Flag = Annotated[bool, BeforeValidator(_boolean), WithJsonSchema({"type": "boolean"})]
Code = Annotated[str, BeforeValidator(_quoted), Field(pattern=r"^[0-9]+(\.[0-9A-Z]+)*$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Decimals = Annotated[Literal["0", "1", "2", "3", "4", "5", "6", "none"], BeforeValidator(_quoted)]


class Shape(BaseModel):
    """A mapping whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TwoLanguages(Shape):
    """A text in Vietnamese and English."""

    vi: Words
    en: Words


def _text_kind(value: Any) -> str:
    return "languages" if isinstance(value, dict | TwoLanguages) else "words"


TextShape = Annotated[
    Annotated[Words, Tag("words")] | Annotated[TwoLanguages, Tag("languages")], Discriminator(_text_kind)
]


class InputShape(Shape):
    """A number asked for."""

    label: TextShape
    unit: TextShape
    kind: Literal["integer", "decimal"]
    help: TextShape | None = None


class InputName(Shape):
    """A shared number, by its name under `inputs`."""

    input: Name


def _input_kind(value: Any) -> str:
    return "shared" if (isinstance(value, dict) and "input" in value) or isinstance(value, InputName) else "own"


AskedNumber = Annotated[
    Annotated[InputName, Tag("shared")] | Annotated[InputShape, Tag("own")], Discriminator(_input_kind)
]


class PairShape(Shape):
    """a / b."""

    a: AskedNumber
    b: AskedNumber
    part: Flag


class MeanPairShape(PairShape):
    """One ratio of a mean."""

    label: TextShape | None = None
    applies_when: dict[Name, Flag] = {}


class YesNoShape(Shape):
    """Có / Không."""

    question: TextShape | None = None


class Nothing(Shape):
    """A kind that needs no further word."""


def _one_key(value: object, kinds: tuple[str, ...]) -> object:
    if isinstance(value, str) and value in kinds:
        return {str(value): {}}
    if isinstance(value, dict) and len(value) != 1:
        raise PydanticCustomError("one_of_these", "one of", {"options": ", ".join(kinds)})
    return value


ASKS = ("yes_no", "choice", "checks", "number", "ratio", "mean", "points", "text")
SCORES = ("map", "add", "linear", "bands")


class AskShape(Shape):
    """What is asked: exactly one of these."""

    yes_no: YesNoShape | None = None
    choice: dict[Name, TextShape] | None = None
    checks: dict[Name, TextShape] | None = None
    number: AskedNumber | None = None
    ratio: PairShape | None = None
    mean: list[MeanPairShape] | None = None
    points: Nothing | None = None
    text: Nothing | None = None

    @model_validator(mode="before")
    @classmethod
    def _exactly_one(cls, value: object) -> object:
        return _one_key(value, ASKS)


class LinearShape(Shape):
    """(x − from) / (to − from), between 0 and 1."""

    from_: RuleNumber = Field(alias="from")
    to: RuleNumber


class BandShape(Shape):
    """A step; the last one has no limit."""

    above: RuleNumber | None = None
    from_: RuleNumber | None = Field(default=None, alias="from")
    share: RuleNumber


class ScoreShape(Shape):
    """How the answer becomes a share of the maximum: exactly one of these."""

    map: dict[Name, RuleNumber] | None = None
    add: dict[Name, RuleNumber] | None = None
    linear: LinearShape | None = None
    bands: list[BandShape] | None = None

    @model_validator(mode="before")
    @classmethod
    def _exactly_one(cls, value: object) -> object:
        return _one_key(value, SCORES)


class ShowWhenShape(Shape):
    """Asked only while an earlier indicator has one of these answers."""

    code: Code
    is_: list[Name] = Field(alias="is", min_length=1)
    hidden: Literal["zero", "KAD"] = "zero"


class EvidenceShape(Shape):
    """Documents that prove the answer."""

    required: Flag
    what: TextShape
    caution: TextShape | None = None


class IndicatorShape(Shape):
    """One indicator."""

    code: Code
    name: TextShape
    max: RuleNumber | None = None
    decimals: Decimals | None = None
    ask: AskShape
    score: ScoreShape | None = None
    zero_b: Literal["KAD", "zero", "full"] | None = None
    applies_when: dict[Name, Flag] = {}
    show_when: ShowWhenShape | None = None
    may_request_kad: Flag = True
    evidence: EvidenceShape | None = None
    help: TextShape | None = None
    data_source: TextShape | None = None
    verified_with: TextShape | None = None
    provided_by: TextShape | None = None
    basis: TextShape | None = None
    origin: Literal["official", "adapted", "derived"] = "derived"


class GroupShape(Shape):
    """A group of groups or of indicators."""

    code: Code
    name: TextShape
    short: TextShape | None = None
    help: TextShape | None = None
    groups: list[GroupShape] = []
    indicators: list[IndicatorShape] = []


class LevelShape(Shape):
    """A level of the published rate; the last one has no limit."""

    name: TextShape
    above: RuleNumber | None = None
    from_: RuleNumber | None = Field(default=None, alias="from")


class QuestionnaireShape(Shape):
    """One questionnaire file."""

    id: Slug
    version: Annotated[str, BeforeValidator(_quoted), Field(pattern=r"^[0-9A-Za-z.-]{1,20}$")]
    title: TextShape
    notice: TextShape | None = None
    decimals: Decimals = "2"
    attributes: dict[Name, TextShape] = {}
    levels: list[LevelShape] = []
    inputs: dict[Name, InputShape] = {}
    groups: list[GroupShape] = Field(min_length=1)
