"""The phiếu as a table that is filled in offline: which lines it has, by which code each is found, which are closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from survey.core import document as doc
from survey.core.answers import clean_text, labels
from survey.core.asks import Checks, MeanRatio, Text, YesNo
from survey.core.questionnaire import Indicator, Questionnaire

OF_OPTION = ":"  # between the key of ticks and one of their options: `2.5:sao_luu`


class Closed(StrEnum):
    """Why the body does not fill in an indicator."""

    PROVIDED = "provided"
    NOT_APPLICABLE = "not_applicable"
    GRADED = "graded"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: an indicator, one of its inputs, or one option of its ticks."""

    code: str  # as the table tells it; "" for a number that is entered at another indicator
    indicator: Indicator
    key: str = ""  # of the input whose value stands in it; "" where it heads the inputs below it
    option: str = ""  # of ticks
    closed: Closed | None = None
    entered_at: str = ""  # code of the indicator at which the number is entered

    @property
    def heads(self) -> bool:
        """Whether it is the indicator's own line: the one with note, request and explanation."""
        return self.code == self.indicator.code

    @property
    def has_options(self) -> bool:
        """Whether it heads the options of ticks."""
        return self.heads and isinstance(self.indicator.ask, Checks)

    @property
    def may_explain(self) -> bool:
        """Whether it is asked for documents, so that it can be explained why there are none."""
        evidence = self.indicator.evidence
        return self.heads and self.closed is None and evidence is not None and evidence.required

    @property
    def target(self) -> str:
        """What its value is: an input key, or an option of ticks; "" where it has none."""
        return f"{self.key}{OF_OPTION}{self.option}" if self.option else self.key


@dataclass(frozen=True)
class OfflinePhieu:
    """The lines of one body's phiếu."""

    questionnaire: Questionnaire
    lines: tuple[Line, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Line]:
        """Lines by the folded code of their row."""
        return {fold_code(line.code): line for line in self.lines if line.code}

    @cached_property
    def open_keys(self) -> frozenset[str]:
        """The inputs that the body may fill in."""
        return frozenset(line.key for line in self.lines if line.key and line.closed is None and not line.entered_at)

    def told(self, target: str, language: str = "vi") -> str:
        """What a target is, in words: "1.2 Tổng số hộ"; "2.5 Tập huấn"."""
        prefix, _, code = target.rpartition(OF_OPTION)
        if f"{prefix}{OF_OPTION}" in (doc.NOTE, doc.KAD, doc.UNPROVEN):
            return f"{code} {self.questionnaire.by_code[code].name.in_language(language)}"
        line = next(one for one in self.lines if one.target == target)
        return f"{line.indicator.code} {asked_of(line, language) or line.indicator.name.in_language(language)}"


def fold_code(code: str) -> str:
    """A code as it is compared: composed, small letters, no blanks."""
    return "".join(clean_text(code).casefold().split())


def asked_of(line: Line, language: str = "vi") -> str:
    """What a line asks for beside the indicator's name; "" where the name says it all."""
    indicator = line.indicator
    if line.option:
        return labels(indicator, language)[line.option]
    if isinstance(indicator.ask, YesNo):
        return indicator.ask.question.in_language(language)
    number = next((one for one in indicator.numbers if one.key == line.key), None)
    if number is None:
        return ""
    label, whose = number.label.in_language(language), _whose(indicator, line.key).in_language(language)
    return f"{whose}: {label}" if whose and not label.startswith(whose) else label


def _whose(indicator: Indicator, key: str) -> Text:
    """Whose ratio a number belongs to, in a mean of ratios."""
    pairs = indicator.pairs if isinstance(indicator.ask, MeanRatio) else ()
    return next((pair.label for pair in pairs if key in (pair.a.key, pair.b.key)), Text(""))


def lay_out(
    questionnaire: Questionnaire, closed: Mapping[str, Closed], left_out: frozenset[str] = frozenset()
) -> OfflinePhieu:
    """The lines in the order of the questionnaire.

    `closed`: indicators by code that the body does not fill in; `left_out`: inputs that it is not asked for.
    """
    homes = _homes(questionnaire, closed, left_out)
    lines = tuple(
        line
        for indicator in questionnaire.indicators
        for line in _lines(indicator, closed.get(indicator.code), homes, left_out)
    )
    return OfflinePhieu(questionnaire, lines)


def _homes(questionnaire: Questionnaire, closed: Mapping[str, Closed], left_out: frozenset[str]) -> Mapping[str, str]:
    """The indicator at which each number is entered: the first that is open, else the first of all."""
    homes: dict[str, str] = {}
    for open_first in (True, False):
        for indicator in questionnaire.indicators:
            if not open_first or indicator.code not in closed:
                for key in indicator.keys:
                    if key not in left_out:
                        homes.setdefault(key, indicator.code)
    return homes


def _lines(
    indicator: Indicator, closed: Closed | None, homes: Mapping[str, str], left_out: frozenset[str]
) -> Iterator[Line]:
    code, keys = indicator.code, [key for key in indicator.keys if key not in left_out]
    alone = keys == [code]
    yield Line(code, indicator, code if alone else "", closed=closed)
    if isinstance(indicator.ask, Checks):
        for option in indicator.ask.options:
            yield Line(f"{code}{OF_OPTION}{option.code}", indicator, code, option.code, closed)
    elif not alone:
        for key in keys:
            home = homes[key]
            yield (
                Line(key, indicator, key, closed=closed)
                if home == code
                else Line("", indicator, key, closed=closed, entered_at=home)
            )
