"""The reading of a rule in words: why an answer earned its points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from survey.core.answers import Case, Special, labels, show_value
from survey.core.asks import Checks, Choice, FreeText, Input, MeanRatio, Number, Pair, Points, Ratio, YesNo, ZeroB
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.exact import Outcome, State, Why, outcome
from survey.core.rules.measure import asked_pairs, band_of, number
from survey.core.rules.rule_words import WHOLE, band_words, condition_words, limit_words, rule_in_words
from survey.core.rules.shown import format_measured, format_points, share_words, unit_of
from survey.core.text import say
from survey.core.transfers import Bands, Linear

__all__ = ["Reason", "explain", "format_points", "reason", "rule_in_words", "share_words"]


@dataclass(frozen=True, slots=True)
class Reason:
    """ "13,77 / 20 điểm" and "vì 73/106 = 68,87%."."""

    headline: str
    because: str


@dataclass(frozen=True, slots=True)
class _Telling:
    """One indicator of one agency, and the language it is told in."""

    questionnaire: Questionnaire
    indicator: Indicator
    case: Case
    language: str

    def say(self, key: str, **values: object) -> str:
        return say(f"words.{key}", self.language, **values)

    def value(self, key: str) -> str:
        return show_value(self.questionnaire, key, self.case.value(key), self.language)

    def label(self, asked: Input) -> str:
        return asked.label.in_language(self.language)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The ratios that this agency is asked for."""
        ask = self.indicator.ask
        return asked_pairs(ask, self.case) if isinstance(ask, MeanRatio) else self.indicator.pairs


def reason(questionnaire: Questionnaire, indicator: Indicator, case: Case, language: str = "vi") -> str:
    """The whole sentence: "13,77 / 20 điểm vì 73/106 = 68,87%."."""
    told = explain(questionnaire, indicator, case, language)
    return f"{told.headline} {told.because}".strip()


def explain(questionnaire: Questionnaire, indicator: Indicator, case: Case, language: str = "vi") -> Reason:
    """Why one indicator of one agency earned what it did; the headline's first number is the exact reading's."""
    settled = outcome(questionnaire, indicator, case)
    because = _because(_Telling(questionnaire, indicator, case, language), settled)
    if not indicator.scored:
        return Reason(say("words.unscored", language), because)
    if settled.state is State.NOT_APPLICABLE:
        return Reason(say("answers.not_applicable", language), because)
    points = format_points(settled.points, indicator.decimals)
    return Reason(say("words.headline", language, points=points, maximum=format_number(indicator.maximum)), because)


def _because(told: _Telling, settled: Outcome) -> str:
    indicator = told.indicator
    match settled.why:
        case Why.ANSWERED:
            return _answered(told, settled) if indicator.scored else ""
        case Why.NOT_A_DUTY:
            return told.say("not_a_duty", attributes=_duties(told))
        case Why.NOT_ASKED:
            code = indicator.show_when.code if indicator.show_when else ""
            answer = told.value(code) or say("answers.not_applicable", told.language)
            return told.say(f"not_asked_{settled.state.name.lower()}", code=code, answer=answer)
        case Why.WAITING:
            return told.say("waiting", code=indicator.show_when.code if indicator.show_when else "")
        case Why.A_ABOVE_B:
            return _a_above_b(told)
        case Why.AWAITED:
            owner = indicator.provided_by.in_language(told.language) if indicator.provided_by else ""
            return told.say("awaited", owner=owner)
        case Why.ZERO_B:
            rule = indicator.zero_b.value.lower() if indicator.zero_b else ""
            zero = (pair.b for pair in told.pairs if number(told.case.value(pair.b.key)) == 0)
            return told.say(f"zero_b_{rule}", b=_listed(told, zero))
        case Why.BLANK:
            return _blank(told)
        case Why.OUT_OF_RANGE:
            return told.say("out_of_range", maximum=format_number(indicator.maximum))
        case Why.APPROVED:
            return told.say("approved")
        case _:
            assert_never(settled.why)


def _listed(told: _Telling, asked: Iterable[Input]) -> str:
    return "; ".join(dict.fromkeys(f"“{told.label(one)}”" for one in asked))


def _duties(told: _Telling) -> str:
    """The conditions that this agency does not meet: the indicator's, else those of every ratio."""
    held = told.case.attributes
    conditions: list[Mapping[str, bool]] = [told.indicator.applies_when]
    if told.indicator.applies_to(held):
        conditions = [pair.applies_when for pair in told.indicator.pairs]
    unmet = {name: value for one in conditions for name, value in one.items() if held.get(name, False) != value}
    return condition_words(told.questionnaire, unmet, told.language)


def _blank(told: _Telling) -> str:
    """Names what is still to be given, where the indicator asks for several numbers."""
    asked = [one for pair in told.pairs for one in (pair.a, pair.b)]
    lacking = [one for one in asked if told.case.value(one.key) is Special.MISSING]
    if not lacking:
        return told.say("blank")
    return told.say("blank_numbers", labels=_listed(told, lacking))


def _a_above_b(told: _Telling) -> str:
    for pair in told.pairs:
        a, b = number(told.case.value(pair.a.key)), number(told.case.value(pair.b.key))
        if pair.part and a is not None and b is not None and a > b:
            return told.say(
                "a_above_b", a=told.label(pair.a), a_value=told.value(pair.a.key),
                b=told.label(pair.b), b_value=told.value(pair.b.key),
            )  # fmt: skip
    raise ValueError(f"{told.indicator.code} has no numerator above its denominator")


def _answered(told: _Telling, settled: Outcome) -> str:
    share = settled.share or Fraction(0)
    ask = told.indicator.ask
    match ask:
        case YesNo(key=key) | Choice(key=key):
            return told.say("picked", answer=told.value(key), share=share_words(share, told.language))
        case Checks(key=key):
            return _ticked(told, told.case.value(key), share)
        case Points():
            return told.say("stated")
        case Number():
            return _measured(told, settled, _value(told, settled))
        case Ratio(pair=pair):
            return _measured(told, settled, f"{_quotient(told, pair)} = {_value(told, settled)}")
        case MeanRatio():
            ratios = "; ".join(ratio for pair in told.pairs if (ratio := _quotient(told, pair)))
            return _measured(told, settled, told.say("mean_of", ratios=ratios, mean=_value(told, settled)))
        case FreeText():
            return ""
        case _:
            assert_never(ask)


def _ticked(told: _Telling, ticked: object, share: Fraction) -> str:
    names = labels(told.indicator, told.language)
    picked = ticked if isinstance(ticked, frozenset) else frozenset[str]()
    if not picked:
        return told.say("ticked_none", of=len(names))
    listed = "; ".join(f"“{names[code]}”" for code in names if code in picked)
    words = share_words(share, told.language)
    return told.say("ticked", count=len(picked), of=len(names), listed=listed, share=words)


def _quotient(told: _Telling, pair: Pair) -> str:
    """ "73/106", with its label in a mean; empty where b = 0 leaves it out of the mean."""
    ratio = f"{told.value(pair.a.key)}/{told.value(pair.b.key)}"
    if number(told.case.value(pair.b.key)) == 0:
        if told.indicator.zero_b is ZeroB.KAD:
            return ""
        ratio = told.say("counted", ratio=ratio, share="100%" if told.indicator.zero_b is ZeroB.FULL else "0%")
    label = pair.label.in_language(told.language)
    return f"{label} {ratio}" if label else ratio


def _value(told: _Telling, settled: Outcome) -> str:
    unit = unit_of(told.indicator, told.language)
    return format_measured(settled.measured or Fraction(0), unit, told.indicator.score)


def _measured(told: _Telling, settled: Outcome, shown: str) -> str:
    """Why a measured value earns its share."""
    value, share = settled.measured or Fraction(0), settled.share or Fraction(0)
    score, unit = told.indicator.score, unit_of(told.indicator, told.language)
    match score:
        case Linear() if score == WHOLE and unit is None:
            return told.say("capped" if value > 1 else "whole", measured=shown)
        case Linear(start=start, end=end):
            if share == 1:
                key = "scale_top" if start > end else "target_reached"
            elif start == 0:
                key = "target_part"
            else:
                key = "on_scale" if share else "scale_bottom"
            return told.say(key, measured=shown, share=format_measured(share, None, WHOLE), **limit_words(score, unit))
        case Bands():
            reached = band_of(score, value)
            band = band_words(reached, score.bands, unit, told.language)
            return told.say("in_band", measured=shown, band=band, share=share_words(share, told.language))
        case _:
            raise TypeError(f"{score} reads no number")
