"""One indicator of one agency being explained: its answers, its shares and its rule, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from survey.core.answers import show_value
from survey.core.asks import Input, MeanRatio, Pair
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.exact import Exact
from survey.core.rules.measure import asked_pairs
from survey.core.rules.rule_words import earned_words
from survey.core.text import say


@dataclass(frozen=True, slots=True)
class Telling:
    """One indicator of one agency, read exactly, and the language it is told in."""

    exact: Exact
    indicator: Indicator
    language: str

    @property
    def questionnaire(self) -> Questionnaire:
        """The rules."""
        return self.exact.questionnaire

    def say(self, key: str, **values: object) -> str:
        """A sentence of the room `words`."""
        return say(f"words.{key}", self.language, **values)

    def value(self, key: str) -> str:
        """An answer as its reader sees it."""
        return show_value(self.questionnaire, key, self.exact.case.value(key), self.language)

    def label(self, asked: Input) -> str:
        """The name of a number."""
        return asked.label.in_language(self.language)

    def listed(self, asked: Iterable[Input]) -> str:
        """The names of several numbers, each once."""
        return "; ".join(dict.fromkeys(f"“{self.label(one)}”" for one in asked))

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The ratios that this agency is asked for."""
        ask = self.indicator.ask
        return asked_pairs(ask, self.exact.case) if isinstance(ask, MeanRatio) else self.indicator.pairs

    def earned(self, share: Fraction) -> str:
        """ "được một nửa điểm tối đa"; of a penalty "bị trừ một nửa điểm trừ tối đa"."""
        return earned_words(self.indicator, share, self.language)
