"""The reading of a rule in words: why an answer earned its points, and how an indicator is scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from survey.core.answers import Case, labels, show_value
from survey.core.asks import Checks, Choice, FreeText, MeanRatio, Number, Pair, Points, Ratio, Text, YesNo
from survey.core.numbers_vi import format_number, format_percent
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.exact import Outcome, State, Why, asked_pairs, number, outcome
from survey.core.text import say
from survey.core.transfers import AddShares, Bands, Linear, MapShares

WHOLE = Linear(Fraction(0), Fraction(1))  # a ratio earns its share


@dataclass(frozen=True, slots=True)
class Reason:
    """ "13,77 / 20 điểm" and "vì 73/106 = 68,87% × 20 điểm."."""

    headline: str
    because: str


def reason(questionnaire: Questionnaire, indicator: Indicator, case: Case, language: str = "vi") -> str:
    """The whole sentence: "13,77 / 20 điểm vì 73/106 = 68,87% × 20 điểm."."""
    told = explain(questionnaire, indicator, case, language)
    return f"{told.headline} {told.because}".strip()


def explain(questionnaire: Questionnaire, indicator: Indicator, case: Case, language: str = "vi") -> Reason:
    """Why one indicator of one agency earned what it did; the headline's first number is the exact reading's."""
    settled = outcome(questionnaire, indicator, case)
    because = _because(questionnaire, indicator, case, settled, language)
    if not indicator.scored:
        return Reason(say("words.unscored", language), because)
    if settled.state is State.NOT_APPLICABLE:
        return Reason(say("answers.not_applicable", language), because)
    points = format_points(settled.points, indicator.decimals)
    return Reason(say("words.headline", language, points=points, maximum=format_number(indicator.maximum)), because)


def format_points(points: Fraction | float, decimals: int | None) -> str:
    """Points as shown: their decimals, or at most 6 where they are not rounded."""
    if decimals is not None:
        return format_number(points, decimals)
    text = format_number(points, 6)
    return text.rstrip("0").rstrip(",")


def _because(questionnaire: Questionnaire, indicator: Indicator, case: Case, settled: Outcome, language: str) -> str:
    data: dict[str, object] = {}
    match settled.why:
        case Why.ANSWERED:
            return _answered(questionnaire, indicator, case, settled, language) if indicator.scored else ""
        case Why.NOT_A_DUTY:
            names = (questionnaire.attributes.get(name, Text(name)) for name in indicator.applies_when)
            data["attributes"] = "; ".join(name.in_language(language) for name in names)
        case Why.WAITING | Why.NOT_ASKED:
            data["code"] = indicator.show_when.code if indicator.show_when else ""
        case Why.A_ABOVE_B:
            data |= _worst_pair(questionnaire, indicator, case, language)
        case Why.AWAITED:
            data["owner"] = indicator.provided_by.in_language(language) if indicator.provided_by else ""
        case Why.ZERO_B:
            denominators = (pair.b.label.in_language(language) for pair in _pairs(indicator, case))
            rule = indicator.zero_b.value.lower() if indicator.zero_b else ""
            return say(f"words.zero_b_{rule}", language, b="; ".join(dict.fromkeys(denominators)))
        case Why.BLANK | Why.OUT_OF_RANGE | Why.APPROVED:
            pass
        case _:
            assert_never(settled.why)
    return say(f"words.{settled.why.value}", language, **data)


def _pairs(indicator: Indicator, case: Case) -> tuple[Pair, ...]:
    return asked_pairs(indicator.ask, case) if isinstance(indicator.ask, MeanRatio) else indicator.pairs


def _worst_pair(questionnaire: Questionnaire, indicator: Indicator, case: Case, language: str) -> dict[str, object]:
    for pair in _pairs(indicator, case):
        a, b = case.value(pair.a.key), case.value(pair.b.key)
        first, second = number(a), number(b)
        if first is not None and second is not None and first > second:
            return {
                "a": pair.a.label.in_language(language),
                "b": pair.b.label.in_language(language),
                "a_value": show_value(questionnaire, pair.a.key, a, language),
                "b_value": show_value(questionnaire, pair.b.key, b, language),
            }
    return {"a": "a", "b": "b", "a_value": "", "b_value": ""}


def _answered(questionnaire: Questionnaire, indicator: Indicator, case: Case, settled: Outcome, language: str) -> str:
    share = settled.share or Fraction(0)
    ask = indicator.ask
    match ask:
        case YesNo(key=key) | Choice(key=key):
            shown = show_value(questionnaire, key, case.value(key), language)
            return say("words.picked", language, answer=shown, share=share_words(share, language))
        case Checks(key=key, options=options):
            ticked = case.value(key)
            count = len(ticked) if isinstance(ticked, frozenset) else 0
            words = share_words(share, language)
            return say("words.ticked", language, count=count, of=len(options), share=words)
        case Points():
            return say("words.stated", language)
        case Number(value=asked):
            shown = show_value(questionnaire, asked.key, case.value(asked.key), language)
            measured = f"{shown} {asked.unit.in_language(language)}"
            return _measured(indicator, settled, measured, language, in_percent=False)
        case Ratio(pair=pair):
            return _measured(indicator, settled, _quotient(questionnaire, pair, case), language)
        case MeanRatio():
            parts = [_quotient(questionnaire, pair, case) for pair in asked_pairs(ask, case)]
            return _measured(indicator, settled, say("words.mean_of", language, ratios="; ".join(parts)), language)
        case FreeText():
            return ""
        case _:
            assert_never(ask)


def _quotient(questionnaire: Questionnaire, pair: Pair, case: Case) -> str:
    a, b = (show_value(questionnaire, x.key, case.value(x.key)) for x in (pair.a, pair.b))
    return f"{a}/{b}"


def _measured(indicator: Indicator, settled: Outcome, measured: str, language: str, *, in_percent: bool = True) -> str:
    """Why a measured value earns its share."""
    value, share = settled.measured or Fraction(0), settled.share or Fraction(0)
    write = format_percent if in_percent else format_number_short
    shown = f"{measured} = {write(value)}" if in_percent else measured
    maximum = format_number(indicator.maximum)
    match indicator.score:
        case Linear() as linear if linear == WHOLE:
            capped = "_capped" if value > 1 else ""
            return say(f"words.times_maximum{capped}", language, measured=shown, maximum=maximum)
        case Linear(start=start, end=end) if start == 0:
            key = "words.target_reached" if value >= end else "words.target_part"
            percent = format_percent(share)
            return say(key, language, measured=shown, target=write(end), share=percent, maximum=maximum)
        case Linear(start=start, end=end):
            return say(
                "words.on_scale", language, measured=shown, start=write(start), end=write(end),
                share=format_percent(share), maximum=maximum,
            )  # fmt: skip
        case _:
            return say("words.in_band", language, measured=shown, share=share_words(share, language))


def format_number_short(value: Fraction) -> str:
    """A number with at most 6 decimals, no zeros at its end."""
    text = format_number(value, 6)
    return text.rstrip("0").rstrip(",") if "," in text else text


def share_words(share: Fraction, language: str = "vi") -> str:
    """A share of the maximum in words: toàn bộ, một nửa, 35,00%, không."""
    named = {Fraction(1): "all", Fraction(1, 2): "half", Fraction(0): "nothing"}
    if share in named:
        return say(f"words.share_{named[share]}", language)
    return say("words.share_percent", language, percent=format_percent(share))


def rule_in_words(questionnaire: Questionnaire, indicator: Indicator, language: str = "vi") -> str:
    """How an indicator is scored, for the page of help and the Bộ chỉ số sheet."""
    sentences = [_rule(indicator, language)]
    if indicator.zero_b:
        sentences.append(say(f"words.rule_zero_{indicator.zero_b.value.lower()}", language))
    if any(pair.part for pair in indicator.pairs):
        sentences.append(say("words.rule_part", language))
    if indicator.applies_when:
        sentences.append(say("words.rule_applies", language, attributes=_duties(questionnaire, indicator, language)))
    if indicator.show_when:
        parent = questionnaire.by_code[indicator.show_when.code]
        names = labels(parent, language)
        answers = "; ".join(names[code] for code in names if code in indicator.show_when.values)
        sentences.append(say("words.rule_shown", language, code=parent.code, answers=answers))
    return " ".join(sentences)


def _duties(questionnaire: Questionnaire, indicator: Indicator, language: str) -> str:
    named = []
    for name, value in indicator.applies_when.items():
        label = questionnaire.attributes.get(name, Text(name)).in_language(language)
        named.append(label if value else say("words.not_so", language, attribute=label))
    return "; ".join(named)


def _rule(indicator: Indicator, language: str) -> str:
    ask, score = indicator.ask, indicator.score
    match score:
        case MapShares(shares=shares) | AddShares(shares=shares):
            key = "words.rule_add" if isinstance(score, AddShares) else "words.rule_map"
            return say(key, language, shares=_each(indicator, shares, language))
    write: Callable[[Fraction], str] = format_percent
    match ask:
        case Points():
            return say("words.rule_points", language, maximum=format_number(indicator.maximum))
        case FreeText():
            return say("words.unscored", language)
        case Number(value=asked):
            x, write = asked.label.in_language(language), format_number_short
        case Ratio():
            x = "a/b"
        case _:
            x = say("words.rule_mean", language)
    match score:
        case Linear() if score == WHOLE:
            return say("words.rule_share", language, x=x)
        case Linear(start=start, end=end) if start == 0:
            return say("words.rule_target", language, x=x, target=write(end))
        case Linear(start=start, end=end):
            return say("words.rule_scale", language, x=x, start=write(start), end=write(end))
        case Bands(bands=bands):
            steps = []
            for band in bands:
                share = share_words(band.share, language)
                if band.limit is None:
                    steps.append(say("words.band_floor", language, share=share))
                else:
                    key = "words.band_above" if band.exclusive else "words.band_from"
                    steps.append(say(key, language, limit=write(band.limit), share=share))
            return say("words.rule_bands", language, x=x, steps="; ".join(steps))
    return ""


def _each(indicator: Indicator, shares: Mapping[str, Fraction], language: str) -> str:
    names = labels(indicator, language)
    return "; ".join(f"{names[code]}: {share_words(shares[code], language)}" for code in names if code in shares)
