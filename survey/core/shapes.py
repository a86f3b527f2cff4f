"""The written form of a questionnaire: every key with its kind; the schema and the loader's faults come from here."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from survey.core.scalars import (
    NOTHING,
    Code,
    Decimals,
    Flag,
    Name,
    PassageShape,
    RuleNumber,
    Shape,
    Slug,
    TextShape,
    quoted,
)
from survey.core.source import Plain


class InputShape(Shape):
    """A number asked for."""

    label: TextShape
    unit: TextShape
    kind: Literal["integer", "decimal", "real"]
    help: PassageShape | None = None


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
    applies_when: dict[Name, Flag] = Field(default_factory=dict)


class GradeShape(Shape):
    """One grade of a survey."""

    label: TextShape
    value: RuleNumber


class SurveyShape(Shape):
    """How many people gave each grade."""

    unit: TextShape
    grades: list[GradeShape] = Field(min_length=1)
    help: PassageShape | None = None


class YesNoShape(Shape):
    """Có / Không."""

    question: TextShape | None = None


class Nothing(Shape):
    """A kind that needs no further word."""


def _one_key(value: object, kinds: tuple[str, ...]) -> object:
    """A kind alone (`ask: yes_no`, or `yes_no:` with nothing below) means the kind without further words."""
    if isinstance(value, str) and value in kinds:
        return {str(value): {}}
    if not isinstance(value, dict) or len(value) != 1:
        raise PydanticCustomError("one_of_these", "one of", {"options": ", ".join(kinds)})
    return {key: {} if isinstance(below, Plain) and below in NOTHING else below for key, below in value.items()}


ASKS = ("yes_no", "choice", "checks", "number", "ratio", "mean", "survey", "points", "manual", "text")
SCORES = ("map", "add", "linear", "bands", "peer")


class AskShape(Shape):
    """What is asked: exactly one of these."""

    yes_no: YesNoShape | None = None
    choice: dict[Name, TextShape] | None = None
    checks: dict[Name, TextShape] | None = None
    number: AskedNumber | None = None
    ratio: PairShape | None = None
    mean: list[MeanPairShape] | None = None
    survey: SurveyShape | None = None
    points: Nothing | None = None
    manual: Nothing | None = None
    text: Nothing | None = None

    @model_validator(mode="before")
    @classmethod
    def _exactly_one(cls, value: object) -> object:
        return _one_key(value, ASKS)


class LinearShape(Shape):
    """(x − from) / (to − from), between 0 and 1."""

    from_: RuleNumber = Field(alias="from")
    to: RuleNumber


class LimitShape(Shape):
    """A limit that is passed (`above`) or reached (`from`), or none."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["above", "from"]}})

    above: RuleNumber | None = None
    from_: RuleNumber | None = Field(default=None, alias="from")

    @model_validator(mode="before")
    @classmethod
    def _one_limit(cls, value: object) -> object:
        if isinstance(value, dict) and "above" in value and "from" in value:
            raise PydanticCustomError("two_limits", "two limits")
        return value


class BandShape(LimitShape):
    """A step; the last one has no limit."""

    share: RuleNumber


class PeerShape(Shape):
    """Held against the values of the cohort."""

    method: Literal["minmax", "max"]
    direction: Literal["up", "down"] = "up"
    equal: RuleNumber
    least: RuleNumber = Fraction(0)
    most: RuleNumber = Fraction(1)


class ScoreShape(Shape):
    """How the answer becomes a share of the maximum: exactly one of these."""

    map: dict[Name, RuleNumber] | None = None
    add: dict[Name, RuleNumber] | None = None
    linear: LinearShape | None = None
    bands: list[BandShape] | None = None
    peer: PeerShape | None = None

    @model_validator(mode="before")
    @classmethod
    def _exactly_one(cls, value: object) -> object:
        return _one_key(value, SCORES)


class ShowWhenShape(Shape):
    """Asked only while an earlier indicator has one of these answers."""

    code: Code
    is_: list[Name] = Field(alias="is", min_length=1)
    hidden: Literal["zero", "KAD"] = "zero"


class ConditionShape(LimitShape):
    """A share that an indicator or a group must reach."""

    code: Code


class GateShape(ConditionShape):
    """Unless it is reached, the indicator earns `otherwise` at most."""

    otherwise: RuleNumber = Fraction(0)


class EvidenceShape(Shape):
    """Documents that prove the answer."""

    required: Flag
    what: PassageShape
    caution: PassageShape | None = None


class IndicatorShape(Shape):
    """One indicator."""

    code: Code
    name: TextShape
    max: RuleNumber | None = None
    decimals: Decimals | None = None
    ask: AskShape
    score: ScoreShape | None = None
    zero_b: Literal["KAD", "zero", "full"] | None = None
    applies_when: dict[Name, Flag] = Field(default_factory=dict)
    show_when: ShowWhenShape | None = None
    gate: GateShape | None = None
    counts: Literal["points", "bonus", "penalty"] = "points"
    weight: RuleNumber = Fraction(1)
    may_request_kad: Flag = True
    evidence: EvidenceShape | None = None
    help: PassageShape | None = None
    data_source: PassageShape | None = None
    verified_with: TextShape | None = None
    provided_by: TextShape | None = None
    basis: PassageShape | None = None
    origin: Literal["official", "adapted", "derived"] = "derived"


class AggregateShape(Shape):
    """How a group, or the whole, is made of its parts."""

    aggregate: Literal["sum", "mean", "geometric"] = "sum"
    max: RuleNumber | None = None
    missing: Literal["zero", "left_out"] | None = None
    coverage: RuleNumber | None = None


class GroupShape(AggregateShape):
    """A group of groups or of indicators."""

    code: Code
    name: TextShape
    short: TextShape | None = None
    help: PassageShape | None = None
    weight: RuleNumber = Fraction(1)
    decimals: Decimals | None = None
    groups: list[GroupShape] = Field(default_factory=list)
    indicators: list[IndicatorShape] = Field(default_factory=list)


class LevelShape(LimitShape):
    """A level of the published rate; the last one has no limit."""

    name: TextShape
    gates: list[ConditionShape] = Field(default_factory=list)


InputKey = Annotated[
    str,
    Field(pattern=r"^([a-z][a-z0-9_]*|[0-9]{1,3}(\.[0-9A-Z]{1,3}){0,8}(\.[abn][0-9]{0,2})?)$"),
    BeforeValidator(quoted),
]


class FitShape(Shape):
    """Numbers that belong together; exactly one of `within` and `equals`."""

    parts: list[InputKey] = Field(min_length=1)
    within: InputKey | None = None
    equals: InputKey | None = None


class QuestionnaireShape(AggregateShape):
    """One questionnaire file."""

    id: Slug
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z.-]{1,20}$"), BeforeValidator(quoted)]
    title: TextShape
    notice: PassageShape | None = None
    decimals: Decimals = "2"
    attributes: dict[Name, TextShape] = Field(default_factory=dict)
    levels: list[LevelShape] = Field(default_factory=list)
    tie_breaks: list[
        Annotated[str, Field(pattern=r"^(rate|[0-9]{1,3}(\.[0-9A-Z]{1,3}){0,8})$"), BeforeValidator(quoted)]
    ] = Field(default_factory=list)
    inputs: dict[Name, InputShape] = Field(default_factory=dict)
    fits: list[FitShape] = Field(default_factory=list)
    groups: list[GroupShape] = Field(min_length=1)
