"""The written form of worked cases: an agency's answers and what they must come to."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from pydantic import BeforeValidator, Field

from survey.core.scalars import Code, Flag, Name, RuleNumber, Shape, Words, quoted, rule_number

SETTLED_WORDS = ("KAD", "missing", "pending")
TOO_FEW = "missing"  # of total and published rate: too little is known to tell them


def _points(value: object) -> Fraction | str:
    return str(value) if value in SETTLED_WORDS else rule_number(value)


def _total(value: object) -> Fraction | str:
    return TOO_FEW if value == TOO_FEW else rule_number(value)


ExpectedPoints = Annotated[Fraction | str, BeforeValidator(_points)]
ExpectedTotal = Annotated[Fraction | str, BeforeValidator(_total)]
Cell = Annotated[str, BeforeValidator(quoted)]


class ExpectShape(Shape):
    """What a case must come to: only what it is about."""

    points: dict[Code, ExpectedPoints] = Field(default_factory=dict)
    groups: dict[Code, RuleNumber] = Field(default_factory=dict)
    total: ExpectedTotal | None = None
    maximum: RuleNumber | None = None
    rate_published: ExpectedTotal | None = None
    level: Words | None = None


class ExampleShape(Shape):
    """One case: an agency of any name, its attributes, its answers as a CSV file writes them."""

    agency: Words
    cohort: Words | None = None
    attributes: dict[Name, Flag] = Field(default_factory=dict)
    answers: dict[str, Cell] = Field(default_factory=dict)
    expect: ExpectShape
