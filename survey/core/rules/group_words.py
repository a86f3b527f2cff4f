"""How groups, the whole, levels and ranks come about, in words: for the page that explains a questionnaire."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from survey.core.modifiers import Aggregate, Counts, MissingRule
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import RATE, Group, Indicator, Level, Questionnaire
from survey.core.rules.rule_words import band_words, condition_of, place_words, weight_words
from survey.core.rules.shown import format_beside, format_exact_share, format_short
from survey.core.text import say
from survey.core.transfers import Band


def group_rule_in_words(questionnaire: Questionnaire, group: Group, language: str = "vi") -> str:
    """How a group, or the whole (`questionnaire.whole`), comes to its points, and what it weighs above."""
    return " ".join(_sentences(questionnaire, group, language))


def _sentences(questionnaire: Questionnaire, group: Group, language: str) -> Iterator[str]:
    whole = not group.code
    if group.outside:
        yield say("words.group_outside", language)
    elif group.parts:
        figures = {"parts": _parts(group, language), "maximum": format_number(group.maximum)}
        yield say(f"words.group_{group.aggregate.value}", language, rounded=_rounded(group, language), **figures)
        yield from _clamped(group, language) if group.is_sum else _mean(group, language)
    if whole:
        yield say(f"words.whole_rate_{'sum' if group.is_sum else 'mean'}", language)
        return
    above = questionnaire.above[group.code]
    if not above.is_sum:
        of = sum((part.weight for part in above.parts), Fraction(0))
        yield weight_words(above.code, group.weight, of, language)


def _parts(group: Group, language: str) -> str:
    key = "words.group_groups" if group.groups else "words.group_indicators"
    return say(key, language, count=len(group.parts))


def _rounded(group: Group, language: str) -> str:
    if group.decimals is None:
        return say("words.group_unrounded", language)
    key = "words.group_rounded" if group.decimals else "words.group_rounded_whole"
    return say(key, language, decimals=group.decimals)


def _clamped(group: Group, language: str) -> Iterator[str]:
    """What bonuses and penalties do to a sum."""
    outside = (
        part.counts is not Counts.POINTS if isinstance(part, Indicator) else part.outside for part in group.parts
    )
    if any(outside):
        yield say("words.group_clamped", language)


def _mean(group: Group, language: str) -> Iterator[str]:
    """Weights, and what becomes of parts that are missing or do not apply."""
    if len({part.weight for part in group.parts}) > 1:
        weights = "; ".join(f"{part.code}: {format_short(part.weight)}" for part in group.parts)
        yield say("words.group_weights", language, weights=weights)
    if group.aggregate is Aggregate.GEOMETRIC:
        yield say("words.group_geometric_zero", language)
    yield say("words.group_leaves", language)
    yield say(f"words.group_missing_{group.missing.value}", language)
    if group.missing is MissingRule.LEFT_OUT and group.coverage:
        key = "words.whole_coverage" if group.may_lack else "words.group_coverage"
        yield say(key, language, coverage=format_exact_share(group.coverage))
    elif group.may_lack:
        yield say("words.whole_without", language)


def too_few(whole: Group, reached: Fraction | None, language: str = "vi") -> str:
    """Of a body of which too little is known: "Chưa đủ số liệu để tính (mới có 42% trọng số, cần 60%)".

    `reached` is how much there is; None where that is not known here.
    """
    if reached is None:
        return say("words.too_few", language)
    return say("words.too_few_with", language, reached=_reached(whole, reached, language))


def coverage_after(whole: Group, reached: Fraction, language: str = "vi") -> str:
    """What more figures bring such a body: that they are enough, or how much there would be."""
    enough = reached and reached >= whole.coverage
    return say("words.enough", language) if enough else _reached(whole, reached, language)


def _reached(whole: Group, reached: Fraction, language: str) -> str:
    if not whole.coverage:
        return say("words.too_few_none", language)
    shown = {"reached": format_beside(reached, [whole.coverage]), "wanted": format_exact_share(whole.coverage)}
    return say("words.too_few_reached", language, **shown)


def level_in_words(questionnaire: Questionnaire, level: Level, language: str = "vi") -> str:
    """From which rate on a level is reached, and what else it needs."""
    bands = [Band(Fraction(0), one.limit, one.exclusive) for one in questionnaire.levels]
    band = band_words(Band(Fraction(0), level.limit, level.exclusive), bands, None, language)
    words = say("words.level", language, name=level.name.in_language(language), band=band)
    if not level.gates:
        return words
    pairs = (condition_of(questionnaire, gate, language) for gate in level.gates)
    gates = "; ".join(say("words.level_gate", language, place=place, wanted=wanted) for place, wanted in pairs)
    return say("words.level_gates", language, level=words, gates=gates)


def ranking_in_words(questionnaire: Questionnaire, language: str = "vi") -> str:
    """How agencies are ranked, and what decides between equals."""
    if not questionnaire.tie_breaks:
        return say("words.ties_shared", language)
    breaks = (
        say("words.tie_rate", language)
        if code == RATE
        else say("words.tie_share", language, place=place_words(questionnaire, code, language))
        for code in questionnaire.tie_breaks
    )
    return say("words.ties_broken", language, breaks="; ".join(breaks))
