"""100,000 agencies × 100 indicators in memory as columns: scored, against one copy of as many float64."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import overload

import numpy as np
from numpy.typing import NDArray

from bench.measure import tell
from survey.core.answers import Case, Special, Value
from survey.core.asks import NO, YES, Checks, Choice, Input, Number, NumberKind, Option, Pair, Ratio, Text, YesNo, ZeroB
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.rules.columns import Columns, Numbers, Picks
from survey.core.scoring import score_columns
from survey.core.transfers import AddShares, Band, Bands, Linear, MapShares

AGENCIES, INDICATORS = 100_000, 100
OPTIONS = tuple(Option(code, Text(code)) for code in ("a", "b", "c", "d"))
BLANK = 0.02  # of the answers are missing


def wide_questionnaire(size: int = INDICATORS) -> Questionnaire:
    """Ten groups; of ten indicators four are ratios, two numbers, the others picked."""
    groups = [
        Group(str(g), Text(str(g)), Text(str(g)), indicators=tuple(_indicator(f"{g}.{n}", n) for n in range(1, 11)))
        for g in range(1, size // 10 + 1)
    ]
    return Questionnaire("rong", "1", Text("Rộng"), Text(""), 2, {}, {}, tuple(groups), ())


def _indicator(code: str, number: int) -> Indicator:
    shares = {option.code: Fraction(n, 3) for n, option in enumerate(OPTIONS)}
    name = Text(code)
    match number:
        case 1 | 2 | 3 | 4:
            a, b = (Input(f"{code}.{key}", name, name, NumberKind.INTEGER) for key in "ab")
            return Indicator(code, name, Ratio(Pair(a, b, number < 4)), Linear(Fraction(0), Fraction(1, number)),
                             Fraction(10 * number), 2, ZeroB.KAD if number % 2 else ZeroB.ZERO)  # fmt: skip
        case 5:
            asked = Input(code, name, name, NumberKind.DECIMAL)
            return Indicator(code, name, Number(asked), Linear(Fraction(0), Fraction(200)), Fraction(20), 2)
        case 6:
            asked = Input(code, name, name, NumberKind.INTEGER)
            cuts = [Band(Fraction(share), Fraction(cut), exclusive=True) for share, cut in (("1", 150), ("1/2", 75))]
            return Indicator(code, name, Number(asked), Bands((*cuts, Band(Fraction(0)))), Fraction(20), 2)
        case 7 | 8:
            yes = MapShares({YES: Fraction(1), NO: Fraction(0)})
            return Indicator(code, name, YesNo(code), yes, Fraction(number), 2)
        case 9:
            return Indicator(code, name, Choice(code, OPTIONS), MapShares(shares), Fraction(5), 2)
        case _:
            return Indicator(code, name, Checks(code, OPTIONS), AddShares(shares), Fraction(5), 2)


class Rows(Sequence[Case]):
    """The cases of columns that were made first: each is put together when it is asked for."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.numbers: dict[str, NDArray[np.float64]] = {}
        self.picks: dict[str, Picks] = {}

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, row: int) -> Case: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Case]: ...
    def __getitem__(self, row: int | slice) -> Case | Sequence[Case]:
        if isinstance(row, slice):
            return [self[n] for n in range(*row.indices(self.size))]
        if not 0 <= row < self.size:
            raise IndexError(row)
        values: dict[str, Value] = {key: pick.answers[int(pick.codes[row])] for key, pick in self.picks.items()}
        for key, column in self.numbers.items():
            if not np.isnan(column[row]):
                values[key] = Decimal(repr(float(column[row])))
        return Case(str(row), values)


def wide_columns(questionnaire: Questionnaire, size: int = AGENCIES) -> Columns:
    """Answers drawn at random straight into columns."""
    chance = np.random.default_rng(20261123)
    rows = Rows(size)
    columns = Columns(questionnaire, rows)
    for indicator in questionnaire.indicators:
        for key in indicator.keys:
            if indicator.numbers:
                values = _drawn_numbers(chance, indicator, key, size)
                rows.numbers[key] = values
                columns.kept.numbers[key] = Numbers.of(values, values == np.floor(values))
            else:
                picked = Picks(chance.integers(0, 5, size), _answers(indicator))
                rows.picks[key] = columns.kept.picks[key] = picked
            columns.kept.marked[key] = np.zeros(size, dtype=bool)
    columns.kept.listed, columns.kept.agencies = {}, tuple(str(row) for row in range(size))
    columns.build()
    return columns


def _drawn_numbers(chance: np.random.Generator, indicator: Indicator, key: str, size: int) -> NDArray[np.float64]:
    low, high = (40, 400) if key.endswith("b") else (0, 200)
    values = chance.integers(low, high, size).astype(np.float64)
    if indicator.numbers[0].kind is NumberKind.DECIMAL:
        values = chance.integers(100 * low, 100 * high, size) / 100
    values[chance.random(size) < BLANK] = np.nan
    if key.endswith("b"):
        values[chance.random(size) < BLANK] = 0.0
    return values


def _answers(indicator: Indicator) -> tuple[Value, ...]:
    if isinstance(indicator.ask, YesNo):
        return (YES, NO, YES, NO, Special.MISSING)
    codes = [option.code for option in OPTIONS]
    if isinstance(indicator.ask, Choice):
        return (*codes, Special.MISSING)
    return (*(frozenset(codes[:n]) for n in range(1, 5)), Special.MISSING)


def measure_wide() -> None:
    """Score them."""
    columns = wide_columns(wide_questionnaire())
    score_columns(columns)
    tell(lambda: score_columns(columns))


def measure_copy() -> None:
    """Copy one array of as many float64."""
    numbers = np.random.default_rng(1).random((AGENCIES, INDICATORS))
    numbers.copy()
    tell(numbers.copy, repeats=9)
