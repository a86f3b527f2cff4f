"""How an indicator is scored, in words: for the help beside a question and for the sheet of rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from survey.core.answers import labels
from survey.core.asks import MeanRatio, Number, Pair, Points, Ratio, Text
from survey.core.modifiers import Hidden
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.shown import format_measured, share_words, unit_of
from survey.core.text import say
from survey.core.transfers import AddShares, Band, Bands, Linear, MapShares

WHOLE = Linear(Fraction(0), Fraction(1))  # a ratio earns its share


def rule_in_words(questionnaire: Questionnaire, indicator: Indicator, language: str = "vi") -> str:
    """How an indicator is scored: what is measured, what it earns, what b = 0 means, whom it is asked of."""
    return " ".join(_sentences(questionnaire, indicator, language))


def _sentences(questionnaire: Questionnaire, indicator: Indicator, language: str) -> Iterator[str]:
    yield _rule(indicator, language)
    yield from _ratios(questionnaire, indicator, language)
    if indicator.zero_b:
        key = "rule_zero_mean_" if isinstance(indicator.ask, MeanRatio) else "rule_zero_"
        yield say(f"words.{key}{indicator.zero_b.value.lower()}", language)
    if any(pair.part for pair in indicator.pairs):
        yield say("words.rule_part", language)
    if indicator.applies_when:
        attributes = condition_words(questionnaire, indicator.applies_when, language)
        yield say("words.rule_applies", language, attributes=attributes)
    shown = indicator.show_when
    if shown:
        names = labels(questionnaire.by_code[shown.code], language)
        answers = "; ".join(f"“{names[code]}”" for code in names if code in shown.values)
        key = "words.rule_shown_kad" if shown.hidden is Hidden.KAD else "words.rule_shown_zero"
        yield say(key, language, code=shown.code, answers=answers)


def condition_words(questionnaire: Questionnaire, conditions: Mapping[str, bool], language: str) -> str:
    """Attributes of an agency as conditions: “Có giải quyết thủ tục hành chính”; không “…”."""
    named = []
    for name, value in conditions.items():
        label = questionnaire.attributes.get(name, Text(name)).in_language(language)
        named.append(f"“{label}”" if value else say("words.not_so", language, attribute=label))
    return "; ".join(named)


def limit_words(score: Linear, unit: str | None) -> dict[str, str]:
    """Both ends of a linear scale."""
    return {"start": format_measured(score.start, unit), "end": format_measured(score.end, unit)}


def band_words(band: Band, bands: Sequence[Band], unit: str | None, language: str) -> str:
    """Where a band begins: từ 57% trở lên · trên 50%; the floor: dưới 25%."""
    if band.limit is not None:
        key = "words.band_above" if band.exclusive else "words.band_from"
        return say(key, language, limit=format_measured(band.limit, unit))
    if len(bands) < 2:
        return say("words.band_any", language)
    lowest = bands[-2]
    key = "words.band_below" if not lowest.exclusive else "words.band_up_to" if lowest.limit else "words.band_at"
    return say(key, language, limit=format_measured(lowest.limit or Fraction(0), unit))


def _rule(indicator: Indicator, language: str) -> str:
    """What is measured and what it earns."""
    ask, score = indicator.ask, indicator.score
    if isinstance(ask, Points):
        return say("words.rule_points", language, maximum=format_number(indicator.maximum))
    unit = unit_of(indicator, language)
    x = _measured_words(indicator, language)
    match score:
        case MapShares(shares=shares) | AddShares(shares=shares):
            names = labels(indicator, language)
            each = "; ".join(f"“{names[code]}”: {share_words(shares[code], language)}" for code in names)
            return say("words.rule_add" if isinstance(score, AddShares) else "words.rule_map", language, shares=each)
        case Linear():
            if score == WHOLE and unit is None:
                return say("words.rule_share", language, x=x)
            return say("words.rule_scale" if score.start else "words.rule_target", language, x=x,
                       **limit_words(score, unit))  # fmt: skip
        case Bands(bands=bands):
            steps = (f"{band_words(b, bands, unit, language)}: {share_words(b.share, language)}" for b in bands)
            return say("words.rule_bands", language, x=x, steps="; ".join(steps))
        case _:
            return say("words.rule_unscored", language)


def _measured_words(indicator: Indicator, language: str) -> str:
    match indicator.ask:
        case Number(value=asked):
            return f"“{asked.label.in_language(language)}”"
        case MeanRatio():
            return say("words.rule_mean", language)
        case _:
            return "a/b"


def _ratios(questionnaire: Questionnaire, indicator: Indicator, language: str) -> Iterator[str]:
    """What a and b are, for each kind of agency."""
    match indicator.ask:
        case Ratio(pair=pair):
            a, b = pair.a.label.in_language(language), pair.b.label.in_language(language)
            yield say("words.rule_ratio", language, a=a, b=b)
        case MeanRatio(pairs=pairs):
            for conditions, alike in groupby(pairs, key=lambda pair: pair.applies_when):
                ratios = "; ".join(_quotient(pair, language) for pair in alike)
                whose = condition_words(questionnaire, conditions, language)
                yield say(f"words.rule_ratios{'_of' if whose else ''}", language, ratios=ratios, attributes=whose)


def _quotient(pair: Pair, language: str) -> str:
    a, b, label = (text.in_language(language) for text in (pair.a.label, pair.b.label, pair.label))
    ratio = say("words.rule_quotient", language, a=a, b=b)
    return ratio if a.startswith(label) else f"{label}: {ratio}"
