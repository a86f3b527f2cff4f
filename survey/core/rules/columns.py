"""The answers of many agencies by column, each built once: what the vector reading of rules computes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext

import numpy as np
from numpy.typing import NDArray

from survey.core.answers import Case, Special, Value
from survey.core.asks import Manual, MeanRatio, Number, NumberKind, Points, Ratio, Survey
from survey.core.numbers_vi import MOST_DECIMALS
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.twofold import Twofold

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]

# Below it a float64 tells numbers of six decimals apart from whole ones; above it the decimals themselves are asked.
_TELLS_WHOLE = 2.0**32
_EXACT = Context(prec=80)


@dataclass(frozen=True, slots=True)
class Numbers:
    """One number of n agencies: `values` is nan where there is none; `whole` is certain, not a float's impression."""

    values: Floats
    whole: Flags
    lowest: float  # of the whole column, 0 where it is empty
    highest: float
    gaps: bool  # whether any is missing there
    all_whole: bool  # whether all that are there are whole
    units: Floats  # in whole parts of 10**places
    places: int | None  # None: there are no such parts that are certain, and `units` are the values

    @classmethod
    def of(cls, values: Floats, whole: Flags, *, real: bool = False) -> Numbers:
        """With what the column as a whole is like; a `real` one may have more than MOST_DECIMALS."""
        known = ~np.isnan(values)
        lowest = float(np.min(values, initial=np.inf, where=known))
        highest = float(np.max(values, initial=-np.inf, where=known))
        if lowest > highest:  # an empty column
            lowest = highest = 0.0
        all_whole = bool(whole[known].all())
        units, places = (values, 0) if all_whole else (values, None)
        if not all_whole and not real and max(-lowest, highest) < _TELLS_WHOLE:
            units, places = _in_whole_parts(values, known)
        return cls(values, whole, lowest, highest, not known.all(), all_whole, units, places)

    def __getitem__(self, span: slice) -> Numbers:
        """Some rows of it."""
        values = self.values[span]
        units = values if self.units is self.values else self.units[span]
        return Numbers(
            values, self.whole[span], self.lowest, self.highest, self.gaps, self.all_whole, units, self.places
        )


def _in_whole_parts(values: Floats, known: Flags) -> tuple[Floats, int | None]:
    """Decimals in the coarsest parts that hold them all: certain, since two of six decimals never share a float64."""
    for places in range(1, MOST_DECIMALS + 1):
        units = np.rint(values * 10.0**places)
        if (units / 10.0**places == values)[known].all():
            return units, places
    return values, None


@dataclass(frozen=True, slots=True)
class Picks:
    """What n agencies picked: `codes` point into `answers`, which holds each different answer once."""

    codes: Codes
    answers: tuple[Value, ...]


@dataclass
class _Kept:
    """What is built of the cases, each once."""

    numbers: dict[str, Numbers] = field(default_factory=dict)
    finer: dict[str, Twofold] = field(default_factory=dict)
    picks: dict[str, Picks] = field(default_factory=dict)
    attributes: dict[str, Flags] = field(default_factory=dict)
    marked: dict[str, Flags] = field(default_factory=dict)  # by key: a file says KAD there
    approved: dict[str, Flags | None] = field(default_factory=dict)  # by code of an indicator
    listed: dict[str, list[int]] | None = None  # rows by approved code
    cohorts: Picks | None = None
    agencies: tuple[str, ...] | None = None
    worths: dict[str, tuple[Floats | Twofold, NDArray[np.int8]]] = field(default_factory=dict)
    # points and State of each band or answer, by code
    tops: dict[str, float] = field(default_factory=dict)  # the most points of an indicator in whole parts, by code
    lines: dict[str, tuple[float, ...]] = field(default_factory=dict)  # of linear rules, by code


@dataclass(frozen=True)
class Columns:
    """The answers of n agencies to one questionnaire, or a span of their rows."""

    questionnaire: Questionnaire
    cases: Sequence[Case]  # of all rows
    span: slice = field(default_factory=lambda: slice(None))
    kept: _Kept = field(default_factory=_Kept, repr=False)

    @property
    def size(self) -> int:
        """How many agencies."""
        return len(range(*self.span.indices(len(self.cases))))

    @property
    def agencies(self) -> tuple[str, ...]:
        """The code of every agency of all rows."""
        if self.kept.agencies is None:
            self.kept.agencies = tuple(case.agency for case in self.cases)
        return self.kept.agencies

    def case(self, row: int) -> Case:
        """The answers of one agency."""
        return self.cases[self.span.indices(len(self.cases))[0] + row]

    def rows(self, start: int, stop: int) -> Columns:
        """A span of the rows; what is built is shared."""
        return Columns(self.questionnaire, self.cases, slice(start, stop), self.kept)

    def build(self) -> None:
        """Build every column now rather than when it is first asked for."""
        for indicator in self.questionnaire.indicators:
            if indicator.scored:
                self.approved(indicator)

    def numbers(self, key: str) -> Numbers:
        """One number of every agency."""
        if key not in self.kept.numbers:
            answers = self._answers(key)
            values = np.array([float(a) if type(a) is Decimal else np.nan for a in answers], np.float64)
            whole = values == np.floor(values)
            doubtful = whole if self._is_real(key) else whole & (values >= _TELLS_WHOLE)
            for row in np.flatnonzero(doubtful).tolist():
                answer = answers[row]
                whole[row] = isinstance(answer, Decimal) and int(values[row]) == answer
            marked = np.zeros(len(answers), dtype=bool)
            for row in np.flatnonzero(np.isnan(values)).tolist():
                marked[row] = answers[row] is Special.NOT_APPLICABLE
            self.kept.numbers[key], self.kept.marked[key] = Numbers.of(values, whole, real=self._is_real(key)), marked
        return self.kept.numbers[key][self.span]

    def finer(self, key: str) -> Twofold:
        """The same beyond what one float64 holds; nan where there is none."""
        if key not in self.kept.finer:
            self.numbers(key)
            numbers = self.kept.numbers[key]
            low, error = np.zeros_like(numbers.values), np.zeros_like(numbers.values)
            answers = self._answers(key)
            with localcontext(_EXACT):
                for row in np.flatnonzero(~numbers.whole & ~np.isnan(numbers.values)).tolist():
                    answer = answers[row]
                    if isinstance(answer, Decimal):
                        left = answer - Decimal(float(numbers.values[row]))
                        low[row] = float(left)
                        error[row] = 0.0 if Decimal(float(low[row])) == left else abs(numbers.values[row]) * 2.0**-104
            self.kept.finer[key] = Twofold(numbers.values, low, error)
        return self.kept.finer[key][self.span]

    def _answers(self, key: str) -> list[Value]:
        return [case.values.get(key, Special.MISSING) for case in self.cases]

    def _is_real(self, key: str) -> bool:
        users = self.questionnaire.users_of.get(key, ())
        return any(number.key == key and number.kind is NumberKind.REAL for user in users for number in user.numbers)

    def picks(self, key: str) -> Picks:
        """The answer of every agency to a question with options."""
        if key not in self.kept.picks:
            places: dict[Value, int] = {}
            codes = np.array([places.setdefault(answer, len(places)) for answer in self._answers(key)], np.int64)
            self.kept.picks[key] = Picks(codes, tuple(places))
            self.kept.marked[key] = codes == places.get(Special.NOT_APPLICABLE, -1)
        kept = self.kept.picks[key]
        return Picks(kept.codes[self.span], kept.answers)

    def attribute(self, name: str, value: bool) -> Flags:
        """Where an attribute of the agency has this value; one not given counts as false."""
        if name not in self.kept.attributes:
            self.kept.attributes[name] = np.array([c.attributes.get(name, False) for c in self.cases], dtype=bool)
        held = self.kept.attributes[name][self.span]
        return held if value else ~held

    def cohorts(self) -> Picks:
        """The cohort of every agency."""
        if self.kept.cohorts is None:
            places: dict[Value, int] = {}
            codes = np.array([places.setdefault(case.cohort, len(places)) for case in self.cases], np.int64)
            self.kept.cohorts = Picks(codes, tuple(places))
        return Picks(self.kept.cohorts.codes[self.span], self.kept.cohorts.answers)

    def approved(self, indicator: Indicator) -> Flags | None:
        """Where an indicator is not applicable by approval: listed in the case, or KAD in one of its inputs.

        None where it is so nowhere.
        """
        if indicator.code not in self.kept.approved:
            found = self._approved(indicator)
            self.kept.approved[indicator.code] = found if found.any() else None
        held = self.kept.approved[indicator.code]
        return None if held is None else held[self.span]

    def _approved(self, indicator: Indicator) -> Flags:
        if self.kept.listed is None:
            self.kept.listed = {}
            for row, case in enumerate(self.cases):
                for code in case.not_applicable:
                    self.kept.listed.setdefault(code, []).append(row)
        approved = np.zeros(len(self.cases), dtype=bool)
        approved[self.kept.listed.get(indicator.code, [])] = True
        numeric = isinstance(indicator.ask, Number | Ratio | MeanRatio | Survey | Points | Manual)
        for key in indicator.keys:
            if key not in self.kept.marked:
                self.numbers(key) if numeric else self.picks(key)
            approved |= self.kept.marked[key]
        return approved
