"""The reading of a rule in words: why an answer earned its points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from survey.core.answers import Case, Special
from survey.core.asks import Survey
from survey.core.modifiers import Counts
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.answered_words import answered_words, before_gate, gated_words, measured_words
from survey.core.rules.exact import Exact, Outcome, State, Why
from survey.core.rules.measure import number
from survey.core.rules.peers import NOBODY, Peers
from survey.core.rules.rule_words import condition_words, rule_in_words
from survey.core.rules.shown import format_points, share_words, signed_points
from survey.core.rules.telling import Telling
from survey.core.text import say

__all__ = ["Reason", "explain", "format_points", "reason", "rule_in_words", "share_words", "signed_points"]


@dataclass(frozen=True, slots=True)
class Reason:
    """ "13,77 / 20 điểm" and "vì 73/106 = 68,87%."; "+3 điểm (cộng tối đa 5)", "−5 điểm (trừ tối đa 10)"."""

    headline: str
    because: str


def reason(
    questionnaire: Questionnaire, indicator: Indicator, case: Case, language: str = "vi", peers: Peers = NOBODY
) -> str:
    """The whole sentence: "13,77 / 20 điểm vì 73/106 = 68,87%."."""
    told = explain(questionnaire, indicator, case, language, peers)
    return f"{told.headline} {told.because}".strip()


def explain(
    questionnaire: Questionnaire, indicator: Indicator, case: Case, language: str = "vi", peers: Peers = NOBODY
) -> Reason:
    """Why one indicator of one agency earned what it did; the headline's first number is the exact reading's."""
    return explain_exact(Exact(questionnaire, case, peers), indicator, language)


def explain_exact(exact: Exact, indicator: Indicator, language: str = "vi") -> Reason:
    """The same of an agency that is being read already."""
    settled = exact.outcome(indicator)
    because = _because(Telling(exact, indicator, language), settled)
    if not indicator.scored:
        return Reason(say("words.unscored", language), because)
    match settled.state:
        case State.NOT_APPLICABLE:
            return Reason(say("answers.not_applicable", language), because)
        case State.PENDING:
            return Reason(say("words.pending", language), because)
        case State.MISSING if exact.left_out(indicator):
            return Reason(say("words.left_out", language), because)
        case _:
            return Reason(_headline(indicator, settled, language), because)


def _headline(indicator: Indicator, settled: Outcome, language: str) -> str:
    outside = indicator.counts is not Counts.POINTS
    points = (signed_points if outside else format_points)(settled.points, indicator.decimals)
    key = {Counts.POINTS: "headline", Counts.BONUS: "headline_bonus", Counts.PENALTY: "headline_penalty"}
    return say(f"words.{key[indicator.counts]}", language, points=points, maximum=format_number(indicator.maximum))


def _because(told: Telling, settled: Outcome) -> str:
    indicator = told.indicator
    match settled.why:
        case Why.ANSWERED:
            return answered_words(told, settled) if indicator.scored else ""
        case Why.GATED:
            return gated_words(told, settled, _ungated(told, before_gate(settled)))
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
            return _zero_b(told)
        case Why.BLANK:
            return _blank(told)
        case Why.OUT_OF_RANGE:
            return told.say("out_of_range", maximum=format_number(indicator.maximum))
        case Why.APPROVED:
            return told.say("approved")
        case Why.UNGRADED:
            return told.say("ungraded")
        case Why.NO_PEERS:
            return told.say("no_peers", measured=measured_words(told, settled))
        case _:
            assert_never(settled.why)


def _ungated(told: Telling, settled: Outcome) -> str:
    """Why it would have earned its share without the gate: its answer, or b = 0."""
    at_zero_b = settled.measured is None and bool(told.indicator.numbers)
    return _zero_b(told) if at_zero_b else answered_words(told, replace(settled, why=Why.ANSWERED))


def _duties(told: Telling) -> str:
    """The conditions that this agency does not meet: the indicator's, else those of every ratio."""
    held = told.exact.case.attributes
    conditions: list[Mapping[str, bool]] = [told.indicator.applies_when]
    if told.indicator.applies_to(held):
        conditions = [pair.applies_when for pair in told.indicator.pairs]
    unmet = {name: value for one in conditions for name, value in one.items() if held.get(name, False) != value}
    return condition_words(told.questionnaire, unmet, told.language)


def _zero_b(told: Telling) -> str:
    rule = told.indicator.zero_b.value.lower() if told.indicator.zero_b else ""
    zero = (pair.b for pair in told.pairs if number(told.exact.case.value(pair.b.key)) == 0)
    what = (
        told.say("nobody_asked") if isinstance(told.indicator.ask, Survey) else told.say("b_is_0", b=told.listed(zero))
    )
    loses = "loss_" if told.indicator.counts is Counts.PENALTY and rule != "kad" else ""
    return told.say(f"zero_b_{loses}{rule}", what=what)


def _blank(told: Telling) -> str:
    """Names what is still to be given, where the indicator asks for several numbers."""
    asked = [one for pair in told.pairs for one in (pair.a, pair.b)]
    asked += [grade.count for grade in told.indicator.grades]
    lacking = [one for one in asked if told.exact.case.value(one.key) is Special.MISSING]
    if not lacking:
        return told.say("blank")
    return told.say("blank_numbers", labels=told.listed(lacking))


def _a_above_b(told: Telling) -> str:
    for pair in told.pairs:
        a, b = (number(told.exact.case.value(one.key)) for one in (pair.a, pair.b))
        if pair.part and a is not None and b is not None and a > b:
            return told.say(
                "a_above_b", a=told.label(pair.a), a_value=told.value(pair.a.key),
                b=told.label(pair.b), b_value=told.value(pair.b.key),
            )  # fmt: skip
    raise ValueError(f"{told.indicator.code} has no numerator above its denominator")
