"""Why an answer earned its share, in words: what was picked, counted or measured, and what the transfer made of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import assert_never

from survey.core.answers import labels
from survey.core.asks import (
    Checks,
    Choice,
    FreeText,
    Manual,
    MeanRatio,
    Number,
    Pair,
    Points,
    Ratio,
    Survey,
    YesNo,
    ZeroB,
)
from survey.core.modifiers import Counts
from survey.core.rules.exact import Outcome
from survey.core.rules.measure import band_of, number
from survey.core.rules.peer_words import peer_words
from survey.core.rules.rule_words import WHOLE, band_words, condition_of, limit_words
from survey.core.rules.shown import format_beside, format_exact_share, format_measured, unit_of
from survey.core.rules.telling import Telling
from survey.core.transfers import Bands, Linear, Peer


def answered_words(told: Telling, settled: Outcome) -> str:
    """The reason of an answered indicator, ending in a full stop; empty for texts."""
    share = settled.share or Fraction(0)
    ask = told.indicator.ask
    match ask:
        case YesNo(key=key) | Choice(key=key):
            return told.say("picked", answer=told.value(key), earned=told.earned(share))
        case Checks(key=key):
            return _ticked(told, told.exact.case.value(key), share)
        case Points():
            return told.say("stated")
        case Manual():
            return told.say("graded")
        case Number() | Ratio() | MeanRatio() | Survey():
            return _measured(told, settled, measured_words(told, settled))
        case FreeText():
            return ""
        case _:
            assert_never(ask)


def gated_words(told: Telling, settled: Outcome, ungated: str) -> str:
    """The reason of an indicator held down by its gate; `ungated` is the one it would have without."""
    gate = told.indicator.gate
    if gate is None:
        raise ValueError(f"{told.indicator.code} has no gate")
    condition = gate.condition
    share = told.exact.share(condition.code) or Fraction(0)
    place, wanted = condition_of(told.questionnaire, condition, told.language)
    return told.say(
        "gated", why=ungated.removesuffix("."), most=told.earned(gate.otherwise),
        place=place, reached=format_beside(share, [condition.limit]), wanted=wanted,
    )  # fmt: skip


def before_gate(settled: Outcome) -> Outcome:
    """The outcome as it would be without its gate."""
    return replace(settled, share=settled.before_gate, before_gate=None)


def measured_words(told: Telling, settled: Outcome) -> str:
    """What was measured, with the figures that it was made of: "73/106 = 68,87%"."""
    ask, value = told.indicator.ask, _value(told, settled)
    match ask:
        case Ratio(pair=pair):
            return f"{_quotient(told, pair)} = {value}"
        case MeanRatio():
            ratios = "; ".join(ratio for pair in told.pairs if (ratio := _quotient(told, pair)))
            return told.say("mean_of", ratios=ratios, mean=value)
        case Survey(grades=grades):
            counts = [number(told.exact.case.value(grade.count.key)) or Fraction(0) for grade in grades]
            parts = (f"{told.value(grade.count.key)} × {format_exact_share(grade.value)}" for grade in grades)
            return told.say("survey_of", parts=" + ".join(parts), people=_whole(sum(counts, Fraction(0))), mean=value)
        case _:
            return value


def _whole(count: Fraction) -> str:
    return format_measured(count, "")


def _ticked(told: Telling, ticked: object, share: Fraction) -> str:
    names = labels(told.indicator, told.language)
    picked = ticked if isinstance(ticked, frozenset) else frozenset[str]()
    if not picked:
        return told.say("ticked_none", of=len(names))
    listed = "; ".join(f"“{names[code]}”" for code in names if code in picked)
    return told.say("ticked", count=len(picked), of=len(names), listed=listed, earned=told.earned(share))


def _quotient(told: Telling, pair: Pair) -> str:
    """ "73/106", with its label in a mean; empty where b = 0 leaves it out of the mean."""
    ratio = f"{told.value(pair.a.key)}/{told.value(pair.b.key)}"
    if number(told.exact.case.value(pair.b.key)) == 0:
        if told.indicator.zero_b is ZeroB.KAD:
            return ""
        ratio = told.say("counted", ratio=ratio, share="100%" if told.indicator.zero_b is ZeroB.FULL else "0%")
    label = pair.label.in_language(told.language)
    return f"{label} {ratio}" if label else ratio


def _value(told: Telling, settled: Outcome) -> str:
    unit = unit_of(told.indicator, told.language)
    return format_measured(settled.measured or Fraction(0), unit, told.indicator.score)


def _measured(told: Telling, settled: Outcome, shown: str) -> str:
    """Why a measured value earns its share."""
    value, share = settled.measured or Fraction(0), settled.share or Fraction(0)
    score, unit = told.indicator.score, unit_of(told.indicator, told.language)
    match score:
        case Linear() if score == WHOLE and unit is None and told.indicator.counts is not Counts.PENALTY:
            return told.say("capped" if value > 1 else "whole", measured=shown)
        case Linear():
            key = _line(told, score, share)
            return told.say(key, measured=shown, share=format_measured(share, None, WHOLE), **limit_words(score, unit))
        case Bands():
            reached = band_of(score, value)
            band = band_words(reached, score.bands, unit, told.language)
            return told.say("in_band", measured=shown, band=band, earned=told.earned(share))
        case Peer():
            return peer_words(told, score, settled, shown)
        case _:
            raise TypeError(f"{score} reads no number")


def _line(told: Telling, score: Linear, share: Fraction) -> str:
    """Which sentence tells where a value stands on a linear scale."""
    if told.indicator.counts is Counts.PENALTY:
        return "loss_all" if share == 1 else "loss_part" if share else "loss_nothing"
    if share == 1:
        return "scale_top" if score.start > score.end else "target_reached"
    if score.start == 0:
        return "target_part"
    return "on_scale" if share else "scale_bottom"
