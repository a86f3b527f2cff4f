"""Generated answers of one body: each indicator earns about the share that the body's ability lets one expect."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from survey.core.answers import Case, Special, Value
from survey.core.asks import (
    NO,
    YES,
    Checks,
    Choice,
    FreeText,
    Input,
    Manual,
    MeanRatio,
    Number,
    NumberKind,
    Pair,
    Points,
    Ratio,
    Survey,
    YesNo,
)
from survey.core.modifiers import Counts
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.measure import asked_pairs, transfer
from survey.core.transfers import AddShares, Linear, MapShares, Peer
from survey.services.demo.material import Material, Size

SEED = 2026
MOST_OPTIONS = 24
FEW = 60  # whole numbers up to this are tried one by one
ITEM_SPREAD, GROUP_SPREAD, DIFFICULTY_SPREAD = 0.65, 0.55, 0.45  # standard deviations, logits

Values = dict[str, Value]


def seeded(*names: str) -> np.random.Generator:
    """A generator that depends on these names alone, so that no answer depends on the order of making."""
    return np.random.default_rng([SEED, *(zlib.crc32(name.encode()) for name in names)])


@dataclass
class Sheetmaker:
    """What all bodies of one questionnaire have in common."""

    questionnaire: Questionnaire
    material: Material
    difficulty: NDArray[np.float64] = field(init=False)  # logit of each indicator
    _earned: dict[tuple[str, int, int], NDArray[np.float64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        strengths = self.material.strengths.get(self.questionnaire.id, {})
        noise = seeded("difficulty", self.questionnaire.id).normal(
            0, DIFFICULTY_SPREAD, len(self.questionnaire.indicators)
        )
        groups = [strengths.get(indicator.code.split(".")[0], 0.0) for indicator in self.questionnaire.indicators]
        self.difficulty = noise + np.array(groups)

    def earned(self, indicator: Indicator, most: int, of: int) -> NDArray[np.float64]:
        """The share that n / of earns, for n from 0 to `most`."""
        known = self._earned.get((indicator.code, most, of))
        if known is None:
            shares = [_expected(indicator, Fraction(n, of)) for n in range(most + 1)]
            known = self._earned[indicator.code, most, of] = np.array(shares)
        return known


def _expected(indicator: Indicator, measured: Fraction) -> float:
    """The share that a measured value earns; against peers about the value itself, as a share."""
    if isinstance(indicator.score, Peer):
        held = min(float(measured), 1.0)
        return held if indicator.score.rising else 1 - held
    return float(transfer(indicator.score, measured))


@dataclass
class Body:
    """One body's luck, drawn once: with it, answers are a function of its ability alone."""

    maker: Sheetmaker
    code: str
    cohort: str
    attributes: Mapping[str, bool]
    small: bool = False  # its figures lie at the lower end of what is believable
    lean: NDArray[np.float64] = field(init=False)  # logit of each indicator, apart from ability
    luck: NDArray[np.float64] = field(init=False)  # indicators × MOST_OPTIONS, 0..1
    sizes: Mapping[str, NDArray[np.float64]] = field(init=False)  # key → two draws, 0..1

    def __post_init__(self) -> None:
        rng = seeded("body", self.code, self.maker.questionnaire.id)
        indicators = self.maker.questionnaire.indicators
        tops = [indicator.code.split(".")[0] for indicator in indicators]
        by_group = dict(zip(dict.fromkeys(tops), rng.normal(0, GROUP_SPREAD, len(set(tops))), strict=True))
        lean = self.maker.difficulty + np.array([by_group[top] for top in tops])
        self.lean = lean + rng.normal(0, ITEM_SPREAD, len(indicators))
        self.luck = rng.random((len(indicators), MOST_OPTIONS))
        anchors = [key for sizes in self.maker.material.sizes.values() for key in sizes if key.startswith("_")]
        keys = [*self.maker.questionnaire.keys, *dict.fromkeys(anchors)]
        draws = rng.random((len(keys), 2)) * ([0.1, 1.0] if self.small else [1.0, 1.0])
        self.sizes = dict(zip(keys, draws, strict=True))

    def case(self, ability: float) -> Case:
        """The body's answers at this ability (logit)."""
        shares = 1 / (1 + np.exp(-(ability + self.lean)))
        values: Values = {}
        for place, indicator in enumerate(self.maker.questionnaire.indicators):
            if indicator.applies_to(self.attributes) and self._is_asked(indicator, values):
                share = float(shares[place])
                wanted = 1 - share if indicator.counts is Counts.PENALTY else share
                _Answering(self, values, wanted, self.luck[place]).answer(indicator)
        for whole, parts in self.maker.material.sums.get(self.maker.questionnaire.id, {}).items():
            numbers = [value for part in parts if isinstance(value := values.get(part), Decimal)]
            if whole in values and len(numbers) == len(parts):
                values[whole] = sum(numbers, Decimal(0))
        return Case(self.code, values, frozenset(), self.attributes)

    def _is_asked(self, indicator: Indicator, values: Values) -> bool:
        if indicator.show_when is None:
            return True
        parent = values.get(self.maker.questionnaire.by_code[indicator.show_when.code].keys[0], Special.MISSING)
        picked = parent if isinstance(parent, frozenset) else frozenset((str(parent),))
        return bool(picked & indicator.show_when.values)

    def size(self, asked: Input, values: Values) -> Decimal:
        """A figure that others are a part of."""
        if asked.key not in values:
            values[asked.key] = _written(asked, self._size(asked.key, self._range(asked), values))
        known = values[asked.key]
        return known if isinstance(known, Decimal) else Decimal(0)

    def _range(self, asked: Input) -> Size:
        material = self.maker.material
        for room in (self.cohort, self.maker.questionnaire.id):
            if asked.key in material.sizes.get(room, {}):
                return material.sizes[room][asked.key]
        return material.units.get(asked.unit.vi, material.units[""])

    def _size(self, key: str, size: Size, values: Values) -> float:
        where, is_zero = self.sizes[key]
        if is_zero < size.zero:
            return 0.0
        if not size.of:
            return size.low * math.exp(float(where) * math.log(size.high / size.low))
        share = size.low + float(where) * (size.high - size.low)
        known = values.get(size.of)
        if isinstance(known, Decimal):
            return share * float(known)
        whole = self._of(size.of)
        return share * self._size(size.of, whole, values) if whole else 0.0

    def _of(self, key: str) -> Size | None:
        rooms = (self.maker.material.sizes.get(room, {}) for room in (self.cohort, self.maker.questionnaire.id))
        return next((room[key] for room in rooms if key in room), None)


def _written(asked: Input, value: float) -> Decimal:
    """A figure as an office would write it: whole, or with one decimal."""
    return Decimal(round(value)) if asked.kind is NumberKind.INTEGER else Decimal(str(round(value, 1)))


@dataclass
class _Answering:
    """One indicator being answered: `share` is what it should earn, about."""

    body: Body
    values: Values
    share: float
    luck: NDArray[np.float64]

    def answer(self, indicator: Indicator) -> None:
        """Put the answers into `values`."""
        ask = indicator.ask
        match ask:
            case YesNo(key=key):
                self.values[key] = YES if self.share > 0.25 + 0.5 * self.luck[0] else NO
            case Choice(key=key):
                self.values[key] = self._choose(indicator)
            case Checks(key=key):
                self.values[key] = self._tick(indicator)
            case Points(key=key):
                points = Decimal(str(round(self.share * float(indicator.maximum), indicator.decimals or 0)))
                self.values[key] = min(points, Decimal(math.floor(indicator.maximum)))
            case FreeText() | Manual():
                pass
            case Survey():
                self._survey(indicator, ask)
            case Number(value=asked):
                self.values.setdefault(asked.key, self._number(indicator, asked))
            case Ratio(pair=pair):
                self._ratio(indicator, pair, self.share)
            case MeanRatio():
                case = Case(self.body.code, {}, frozenset(), self.body.attributes)
                for place, pair in enumerate(asked_pairs(ask, case)):
                    nudge = (self.luck[place % MOST_OPTIONS] - 0.5) * 0.3
                    self._ratio(indicator, pair, min(max(self.share + nudge, 0.0), 1.0))
            case _:
                assert_never(ask)

    def _choose(self, indicator: Indicator) -> str:
        shares = indicator.score.shares if isinstance(indicator.score, MapShares) else {}
        distance = {
            code: abs(float(share) - self.share) + 0.2 * self.luck[place % MOST_OPTIONS]
            for place, (code, share) in enumerate(shares.items())
        }
        return min(distance, key=distance.__getitem__)

    def _tick(self, indicator: Indicator) -> frozenset[str]:
        shares = indicator.score.shares if isinstance(indicator.score, AddShares) else {}
        return frozenset(code for place, code in enumerate(shares) if self.luck[place % MOST_OPTIONS] < self.share)

    def _number(self, indicator: Indicator, asked: Input) -> Decimal:
        """A number on its own whose points come nearest to the share."""
        score = indicator.score
        if isinstance(score, Linear):
            value = float(score.start) + self.share * float(score.end - score.start)
            return Decimal(round(value)) if asked.kind is NumberKind.INTEGER else Decimal(str(round(value, 2)))
        if isinstance(score, Peer):
            share = self.share if score.rising else 1 - self.share
            return _written(asked, FEW * share * (0.5 + float(self.luck[1])))
        return Decimal(self._nearest(indicator, FEW, 1))

    def _ratio(self, indicator: Indicator, pair: Pair, share: float) -> None:
        b = self.body.size(pair.b, self.values)
        if pair.a.key in self.values:
            known = self.values[pair.a.key]
            if pair.part and isinstance(known, Decimal) and known > b:
                self.values[pair.b.key] = known
            return
        if b == 0:
            self.values[pair.a.key] = Decimal(0)
            return
        usual = self.body.maker.material.measures.get(self._id, {}).get(indicator.code)
        few = usual is None and b <= FEW and pair.a.kind is NumberKind.INTEGER and b == int(b)
        if few and not isinstance(indicator.ask, MeanRatio):
            a = Decimal(self._nearest(indicator, int(b), int(b)))
        elif usual is not None:
            a = max(
                _written(pair.a, (usual.low + float(self.luck[2]) * (usual.high - usual.low)) * float(b)), Decimal(1)
            )
        else:
            a = _written(pair.a, self._measure(indicator, share, part=pair.part) * float(b))
        a = min(a, b) if pair.part else a
        ceiling = self.values.get(self.body.maker.material.ceilings.get(self._id, {}).get(pair.a.key, ""))
        self.values[pair.a.key] = min(a, ceiling) if isinstance(ceiling, Decimal) else a

    @property
    def _id(self) -> str:
        return self.body.maker.questionnaire.id

    def _measure(self, indicator: Indicator, share: float, *, part: bool) -> float:
        """The ratio that earns the share."""
        start, end = (
            (float(indicator.score.start), float(indicator.score.end))
            if isinstance(indicator.score, Linear)
            else (0.0, 1.0)
        )
        measured = start + share * (end - start)
        if share > 0.9:  # whoever reaches a target mostly goes past it
            measured = end * (1 + (share - 0.9) * 3 * self.luck[1]) if end < 1 else measured + (end - measured) * 0.5
        return min(measured, 1.0) if part else measured

    def _survey(self, indicator: Indicator, ask: Survey) -> None:
        """People spread over the grades so that the mean grade is about the share: the nearer, the more of them."""
        weights = [math.exp(-4 * abs(float(grade.value) - self.share)) for grade in ask.grades]
        people = 20 + int(180 * self.luck[2])
        for grade, weight in zip(ask.grades, weights, strict=True):
            self.values.setdefault(grade.count.key, Decimal(round(people * weight / sum(weights))))

    def _nearest(self, indicator: Indicator, most: int, of: int) -> int:
        """The whole number n up to `most` for which n / of earns the share nearest to the one wanted."""
        earned = self.body.maker.earned(indicator, most, of)
        wanted = self.share * most if of > 1 else 0  # of numbers that earn the same: a believable one
        return int(np.argmin(np.abs(earned - self.share) + np.abs(np.arange(most + 1) - wanted) * 1e-6))
