"""A sign in words: what is worth a look and why, without a word about anybody's intentions."""

from __future__ import annotations

from fractions import Fraction

from survey.core.flags import Flag, FlagKind, Paper
from survey.core.numbers_vi import format_date
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.rule_words import band_words
from survey.core.rules.shown import format_measured, unit_of
from survey.core.text import say
from survey.core.transfers import Bands


def flag_name(kind: FlagKind, language: str = "vi") -> str:
    """The kind of sign, for lists and filters."""
    return say(f"flags.name_{kind.value}", language)


def tell_flag(questionnaire: Questionnaire, flag: Flag, language: str = "vi") -> str:
    """The sentence of a sign; it ends in what is worth a look."""
    indicator = questionnaire.by_code[flag.codes[0]] if flag.codes else None
    match flag.kind:
        case FlagKind.LEVEL if flag.levels is not None:
            now, then = (level.name.in_language(language) for level in flag.levels)
            return say("flags.level", language, now=now, then=then)
        case FlagKind.REUSED | FlagKind.SHARED if flag.paper is not None:
            paper = _paper(flag.paper, language)
            return say(f"flags.{flag.kind}", language, paper=paper, count=flag.count)
        case FlagKind.EQUAL if flag.against is None:
            return say("flags.equal", language)
        case FlagKind.NO_EVIDENCE | FlagKind.EXPLAINED | FlagKind.BLANK_PENALTY | FlagKind.ALL_FULL:
            return say(f"flags.{flag.kind}", language, count=flag.count)
    if indicator is None:
        raise ValueError(f"{flag.kind} names no indicator")
    key = "equal_median" if flag.kind is FlagKind.EQUAL else flag.kind.value
    against = _measured(indicator, flag.against, language)
    return say(
        f"flags.{key}", language, value=_measured(indicator, flag.value, language), median=against, before=against,
        count=flag.count, band=_band(indicator, flag, language),
    )  # fmt: skip


def _measured(indicator: Indicator, value: Fraction | None, language: str) -> str:
    return format_measured(value or Fraction(0), unit_of(indicator, language), indicator.score)


def _band(indicator: Indicator, flag: Flag, language: str) -> str:
    if flag.band is None or not isinstance(indicator.score, Bands):
        return ""
    return band_words(flag.band, indicator.score.bands, unit_of(indicator, language), language)


def _paper(paper: Paper, language: str) -> str:
    if not paper.number:
        return say("flags.paper_unnumbered", language)
    if paper.issued is None:
        return say("flags.paper", language, number=paper.number)
    return say("flags.paper_dated", language, number=paper.number, issued=format_date(paper.issued))
