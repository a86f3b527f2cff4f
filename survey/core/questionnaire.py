"""What a questionnaire is: frozen groups, indicators, inputs and rules from which every reading starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from survey.core.asks import (
    Ask,
    Checks,
    Choice,
    Fit,
    FreeText,
    Grade,
    Input,
    Manual,
    MeanRatio,
    Number,
    Pair,
    Points,
    Ratio,
    Survey,
    Text,
    YesNo,
    ZeroB,
)
from survey.core.modifiers import Aggregate, Condition, Counts, Gate, MissingRule, ShowWhen
from survey.core.transfers import Peer, Transfer

RATE = "rate"  # in tie_breaks: the rate before rounding


class Origin(StrEnum):
    """Where the wording and the points of an indicator come from."""

    OFFICIAL = "official"
    ADAPTED = "adapted"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which documents prove an answer that earns points."""

    required: bool
    what: Text
    caution: Text = Text("")  # what must not be attached (network diagrams, lists of persons)


@dataclass(frozen=True)
class Indicator:
    """What earns points. `code` is stable for ever."""

    code: str
    name: Text
    ask: Ask
    score: Transfer | None  # None: `points` (the agency states them) or unscored text
    maximum: Fraction  # points; 0 only where unscored
    decimals: int | None  # of its points, half-up; None: not rounded
    zero_b: ZeroB | None = None
    applies_when: Mapping[str, bool] = field(default_factory=dict)  # every attribute must have this value
    show_when: ShowWhen | None = None
    gate: Gate | None = None
    counts: Counts = Counts.POINTS
    weight: Fraction = Fraction(1)  # inside a group that is a mean
    may_request_kad: bool = True  # the agency may ask for "không áp dụng"
    evidence: Evidence | None = None
    help: Text = Text("")
    data_source: Text = Text("")
    verified_with: Text = Text("")
    provided_by: Text | None = None  # the body that owns the figure; read-only to the agency
    basis: Text = Text("")
    origin: Origin = Origin.DERIVED

    @property
    def scored(self) -> bool:
        """Whether it can earn points."""
        return not isinstance(self.ask, FreeText)

    @property
    def counted(self) -> Fraction:
        """What it adds to the maximum of the sums: nothing for bonus and penalty."""
        return self.maximum if self.counts is Counts.POINTS else Fraction(0)

    @property
    def by_agency(self) -> bool:
        """Whether the agency answers it, and not the verifier alone."""
        return not isinstance(self.ask, Manual)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The input keys that its answer is made of, in the order they are asked."""
        return tuple(self._keys())

    def _keys(self) -> Iterator[str]:
        match self.ask:
            case YesNo(key=key) | Choice(key=key) | Checks(key=key) | FreeText(key=key):
                yield key
            case Points(key=key) | Manual(key=key):
                yield key
            case _:
                yield from (number.key for number in self.numbers)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The ratios asked for; none for other kinds."""
        match self.ask:
            case Ratio(pair=pair):
                return (pair,)
            case MeanRatio(pairs=pairs):
                return pairs
            case _:
                return ()

    @property
    def grades(self) -> tuple[Grade, ...]:
        """The grades of a survey; none for other kinds."""
        return self.ask.grades if isinstance(self.ask, Survey) else ()

    @property
    def numbers(self) -> tuple[Input, ...]:
        """The numbers asked for; none for other kinds."""
        if isinstance(self.ask, Number):
            return (self.ask.value,)
        if isinstance(self.ask, Survey):
            return tuple(grade.count for grade in self.ask.grades)
        return tuple(number for pair in self.pairs for number in (pair.a, pair.b))

    def applies_to(self, attributes: Mapping[str, bool]) -> bool:
        """Whether an agency with these attributes has this duty; an attribute not given counts as false."""
        return all(attributes.get(name, False) == value for name, value in self.applies_when.items())


@dataclass(frozen=True)
class Group:
    """Chỉ số chính, or a part of one: it holds groups or indicators, never both."""

    code: str
    name: Text
    short: Text  # for narrow columns and charts
    groups: tuple[Group, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    help: Text = Text("")
    aggregate: Aggregate = Aggregate.SUM
    weight: Fraction = Fraction(1)  # inside a group, or a whole, that is a mean
    scale: Fraction = Fraction(0)  # points of a mean that reaches every share; 0 where the points are a sum
    missing: MissingRule = MissingRule.ZERO  # of its own parts; a sum counts what is missing 0
    coverage: Fraction = Fraction(0)  # left out: share of the applicable weight that must be there
    decimals: int | None = 2  # of its points

    @property
    def is_sum(self) -> bool:
        """Whether its points are those of its parts added up."""
        return self.aggregate is Aggregate.SUM

    @property
    def may_lack(self) -> bool:
        """Whether too few figures leave it without points and rate: a whole whose mean leaves out what is missing."""
        return not self.code and self.leaves_out

    @property
    def leaves_out(self) -> bool:
        """Whether its mean leaves out what is missing of its parts."""
        return not self.is_sum and self.missing is MissingRule.LEFT_OUT

    @property
    def parts(self) -> tuple[Group, ...] | tuple[Indicator, ...]:
        """What it is made of: groups, or the indicators that can earn points."""
        return self.groups or tuple(indicator for indicator in self.indicators if indicator.scored)

    @cached_property
    def outside(self) -> bool:
        """Whether all that it holds counts outside the maximum: a group of bonuses and penalties."""
        scored = [indicator for indicator in self.all_indicators() if indicator.scored]
        return bool(scored) and all(indicator.counts is not Counts.POINTS for indicator in scored)

    @cached_property
    def maximum(self) -> Fraction:
        """Points of an agency to which everything applies."""
        if not self.is_sum:
            return self.scale
        below = (part.counted if isinstance(part, Indicator) else part.maximum for part in self.parts)
        return sum(below, Fraction(0))

    def walk(self) -> Iterator[Group]:
        """This group and all below it, parents first."""
        yield self
        for group in self.groups:
            yield from group.walk()

    def all_indicators(self) -> Iterator[Indicator]:
        """Every indicator at any depth, in file order."""
        for group in self.walk():
            yield from group.indicators


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the published rate, reached from `limit` on (above it, where `exclusive`); the floor has no limit.

    Whoever misses one of its gates falls to the next level below whose gates hold.
    """

    name: Text
    limit: Fraction | None = None
    exclusive: bool = False
    gates: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Questionnaire:
    """One version of one questionnaire; immutable once published."""

    id: str
    version: str
    title: Text
    notice: Text  # what the reader must know of the whole set: whose it is, that it illustrates
    decimals: int | None  # of totals; indicators inherit it
    attributes: Mapping[str, Text]  # agency attributes that rules may name, with their labels
    inputs: Mapping[str, Input]  # shared ones, by name
    groups: tuple[Group, ...]
    levels: tuple[Level, ...]  # highest first, the floor last; empty where no levels are given
    aggregate: Aggregate = Aggregate.SUM  # of the top groups
    scale: Fraction = Fraction(0)  # as of a group
    missing: MissingRule = MissingRule.ZERO
    coverage: Fraction = Fraction(0)
    tie_breaks: tuple[str, ...] = ()  # codes whose share decides between equal rates, or RATE; none: ties share a rank
    fits: tuple[Fit, ...] = ()  # declared; `core/fits` adds those that the questions imply

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator in file order."""
        return tuple(indicator for group in self.groups for indicator in group.all_indicators())

    @cached_property
    def whole(self) -> Group:
        """The questionnaire as the group of its top groups; its code is empty."""
        return Group(
            code="", name=self.title, short=self.title, groups=self.groups, aggregate=self.aggregate,
            scale=self.scale, missing=self.missing, coverage=self.coverage, decimals=self.decimals,
        )  # fmt: skip

    @cached_property
    def has_peers(self) -> bool:
        """Whether a body's points depend on those of its cohort."""
        return any(isinstance(indicator.score, Peer) for indicator in self.indicators)

    @cached_property
    def missing_is_zero(self) -> bool:
        """Whether what has no figures earns 0 points everywhere; else some mean leaves it out."""
        return all(group.missing is MissingRule.ZERO for group in (self.whole, *self.all_groups))

    @cached_property
    def by_code(self) -> Mapping[str, Indicator]:
        """Indicators by code."""
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def all_groups(self) -> tuple[Group, ...]:
        """Every group, parents first."""
        return tuple(group for top in self.groups for group in top.walk())

    @cached_property
    def group_of(self) -> Mapping[str, Group]:
        """Groups by code, the whole by the empty one."""
        return {group.code: group for group in (self.whole, *self.all_groups)}

    @cached_property
    def above(self) -> Mapping[str, Group]:
        """The group, or the whole, that each group and indicator stands in, by its code."""
        groups = self.group_of.values()
        of_groups = {part.code: one for one in groups for part in one.groups}
        return of_groups | {part.code: one for one in groups for part in one.indicators}

    @cached_property
    def pages(self) -> tuple[Group, ...]:
        """The lowest groups: one page each."""
        return tuple(group for group in self.all_groups if group.indicators)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every input key once, in the order first asked."""
        return tuple(dict.fromkeys(key for indicator in self.indicators for key in indicator.keys))

    @cached_property
    def users_of(self) -> Mapping[str, tuple[Indicator, ...]]:
        """The indicators that each input key is asked for."""
        return {key: tuple(i for i in self.indicators if key in i.keys) for key in self.keys}

    @property
    def maximum(self) -> Fraction:
        """Points of an agency to which every indicator applies."""
        return self.whole.maximum
