"""The answers of many agencies by column, each built once: what the vector reading of rules computes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from survey.core.answers import Case, Special, Value
from survey.core.asks import MeanRatio, Number, Points, Ratio
from survey.core.questionnaire import Indicator, Questionnaire

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]

# Below it a float64 tells numbers of six decimals apart from whole ones; above it the decimals themselves are asked.
_TELLS_WHOLE = 2.0**32


@dataclass(frozen=True, slots=True)
class Numbers:
    """One number of n agencies: `values` is nan where there is none; `whole` is certain, not a float's impression."""

    values: Floats
    whole: Flags


@dataclass(frozen=True, slots=True)
class Picks:
    """What n agencies picked: `codes` point into `answers`, which holds each different answer once."""

    codes: Codes
    answers: tuple[Value, ...]


@dataclass(frozen=True)
class Columns:
    """The answers of n agencies to one questionnaire. Numbers have six decimals at most, as answers are read."""

    questionnaire: Questionnaire
    cases: Sequence[Case]
    _numbers: dict[str, Numbers] = field(default_factory=dict, init=False, repr=False)
    _picks: dict[str, Picks] = field(default_factory=dict, init=False, repr=False)
    _attributes: dict[str, Flags] = field(default_factory=dict, init=False, repr=False)
    _marked: dict[str, Flags] = field(default_factory=dict, init=False, repr=False)  # by key: a file says KAD there
    _listed: dict[str, list[int]] = field(default_factory=dict, init=False, repr=False)  # rows by approved code

    def __post_init__(self) -> None:
        for row, case in enumerate(self.cases):
            for code in case.not_applicable:
                self._listed.setdefault(code, []).append(row)

    @property
    def size(self) -> int:
        """How many agencies."""
        return len(self.cases)

    def build(self) -> None:
        """Build every column now rather than when it is first asked for."""
        for indicator in self.questionnaire.indicators:
            if indicator.scored:
                self.approved(indicator)

    def numbers(self, key: str) -> Numbers:
        """One number of every agency."""
        if key not in self._numbers:
            answers = [case.values.get(key, Special.MISSING) for case in self.cases]
            values = np.array([float(a) if type(a) is Decimal else np.nan for a in answers], np.float64)
            whole = values == np.floor(values)
            for row in np.flatnonzero(whole & (values >= _TELLS_WHOLE)).tolist():
                answer = answers[row]
                whole[row] = isinstance(answer, Decimal) and int(values[row]) == answer
            marked = np.zeros(self.size, dtype=bool)
            for row in np.flatnonzero(np.isnan(values)).tolist():
                marked[row] = answers[row] is Special.NOT_APPLICABLE
            self._numbers[key], self._marked[key] = Numbers(values, whole), marked
        return self._numbers[key]

    def picks(self, key: str) -> Picks:
        """The answer of every agency to a question with options."""
        if key not in self._picks:
            places: dict[Value, int] = {}
            codes = np.array(
                [places.setdefault(c.values.get(key, Special.MISSING), len(places)) for c in self.cases], np.int64
            )
            self._picks[key] = Picks(codes, tuple(places))
            self._marked[key] = codes == places.get(Special.NOT_APPLICABLE, -1)
        return self._picks[key]

    def attribute(self, name: str, value: bool) -> Flags:
        """Where an attribute of the agency has this value; one not given counts as false."""
        if name not in self._attributes:
            self._attributes[name] = np.array([c.attributes.get(name, False) for c in self.cases], dtype=bool)
        held = self._attributes[name]
        return held if value else ~held

    def approved(self, indicator: Indicator) -> Flags:
        """Where an indicator is not applicable by approval: listed in the case, or KAD in one of its inputs."""
        approved = np.zeros(self.size, dtype=bool)
        approved[self._listed.get(indicator.code, [])] = True
        numeric = isinstance(indicator.ask, Number | Ratio | MeanRatio | Points)
        for key in indicator.keys:
            if key not in self._marked:
                self.numbers(key) if numeric else self.picks(key)
            approved |= self._marked[key]
        return approved
