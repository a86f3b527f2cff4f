"""A next step in words: what to do, in the period to come or in this phiếu, and the points that it brings."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from survey.core.answers import Case, labels, number_of, show_value
from survey.core.asks import Checks
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.gain import NextStep, Way
from survey.core.rules.group_words import coverage_after
from survey.core.rules.measure import number
from survey.core.rules.rule_words import band_words
from survey.core.rules.shown import format_measured, format_points, format_share, unit_of
from survey.core.text import say
from survey.core.transfers import Bands


class _Telling:
    """One step of one agency, and the language it is told in."""

    def __init__(self, questionnaire: Questionnaire, case: Case, step: NextStep, language: str) -> None:
        self.questionnaire, self.case, self.step, self.language = questionnaire, case, step, language
        self.indicator = questionnaire.by_code[step.code]

    def say(self, key: str, **values: object) -> str:
        return say(f"steps.{key}", self.language, **values)

    def names(self, keys: Iterable[str]) -> str:
        return "; ".join(f"“{number_of(self.questionnaire, key).label.in_language(self.language)}”" for key in keys)

    def gain(self) -> str:
        if self.step.coverage is not None:
            return coverage_after(self.questionnaire.whole, self.step.coverage, self.language)
        points = format_points(self.step.gain, self.questionnaire.decimals)
        gain = self.say("at_most" if self.step.at_most else "gain", points=points)
        return self.say("also", gain=gain, codes=", ".join(self.step.also)) if self.step.also else gain


def tell_step(questionnaire: Questionnaire, case: Case, step: NextStep, language: str = "vi") -> str:
    """The sentence of a step: "Kỳ tới, “Số người được tập huấn” thêm 12 người (30 → 42), …: +2,27 điểm."."""
    told = _Telling(questionnaire, case, step, language)
    gain = told.gain()
    match step.way:
        case Way.EFFORT:
            return told.say("effort", changes=_figures(told), gain=gain)
        case Way.TARGET:
            limit = format_measured(step.goal.limit if step.goal else Fraction(0), unit_of(told.indicator, language))
            return told.say("target", changes=_figures(told), limit=limit, gain=gain)
        case Way.BAND:
            return told.say("band", changes=_figures(told), band=_band(told), gain=gain)
        case Way.OPTION | Way.ITEM:
            return _answer(told, gain)
        case Way.GATE:
            return _gate(told, gain)
        case Way.BEGIN:
            return told.say("begin", labels=told.names(step.keys), gain=gain)
        case Way.SUPPLY:
            if told.indicator.numbers:
                return told.say("supply", labels=told.names(step.keys), gain=gain)
            return told.say("supply_answer", gain=gain)
        case Way.MEND:
            return _mend(told, gain)


def _figures(told: _Telling) -> str:
    """Each figure that changes: by how much, from what to what."""
    return "; ".join(_figure(told, key, then) for key, then in told.step.changes.items() if isinstance(then, Decimal))


def _figure(told: _Telling, key: str, then: Decimal) -> str:
    asked = number_of(told.questionnaire, key)
    now = told.case.value(key)
    was = now if isinstance(now, Decimal) else Decimal(0)
    return told.say(
        "more" if then > was else "less", label=asked.label.in_language(told.language),
        count=format_number(abs(Fraction(then) - Fraction(was))), unit=asked.unit.in_language(told.language),
        now=format_number(was), then=format_number(then),
    ).replace(" %", "%")  # fmt: skip


def _band(told: _Telling) -> str:
    score, goal = told.indicator.score, told.step.goal
    if not isinstance(score, Bands) or goal is None or goal.band is None:
        raise TypeError(f"{told.step.code} has no band to reach")
    return band_words(goal.band, score.bands, unit_of(told.indicator, told.language), told.language)


def _answer(told: _Telling, gain: str) -> str:
    key = told.indicator.keys[0]
    now, then = told.case.value(key), told.step.changes[key]
    if isinstance(now, frozenset) and isinstance(then, frozenset):
        item = _items(told.indicator, now ^ then, told.language)
        return told.say("item" if then > now else "item_less", item=item, gain=gain)
    shown = (show_value(told.questionnaire, key, value, told.language) for value in (then, now))
    answer, held = shown
    return told.say("option", answer=answer, now=held, gain=gain)


def _items(indicator: Indicator, codes: frozenset[str], language: str) -> str:
    names = labels(indicator, language)
    return "”; “".join(names[code] for code in names if code in codes)


def _gate(told: _Telling, gain: str) -> str:
    gate = told.indicator.gate
    if gate is None:
        raise TypeError(f"{told.step.code} has no gate")
    condition = gate.condition
    target = told.questionnaire.by_code.get(condition.code)
    limit = told.say("gate_above" if condition.exclusive else "gate_from", limit=format_share(condition.limit))
    how = _how(told, target) if target is not None and told.step.changes else ""
    place = told.say("gate_indicator" if target else "gate_group", code=condition.code)
    return told.say(
        "gate", target=place, limit=limit, how=told.say("gate_how", changes=how) if how else "", gain=gain
    )  # fmt: skip


def _how(told: _Telling, target: Indicator) -> str:
    if target.numbers:
        return _figures(told)
    key = target.keys[0]
    now, then = told.case.value(key), told.step.changes[key]
    if isinstance(target.ask, Checks) and isinstance(now, frozenset) and isinstance(then, frozenset):
        return told.say("gate_items", items=f"“{_items(target, then - now, told.language)}”")
    return told.say("gate_option", answer=show_value(told.questionnaire, key, then, told.language))


def _mend(told: _Telling, gain: str) -> str:
    for pair in told.indicator.pairs:
        a, b = number(told.case.value(pair.a.key)), number(told.case.value(pair.b.key))
        if pair.part and a is not None and b is not None and a > b:
            return told.say(
                "mend", a=pair.a.label.in_language(told.language), a_value=format_number(a),
                b=pair.b.label.in_language(told.language), b_value=format_number(b), gain=gain,
            )  # fmt: skip
    return told.say("mend_range", gain=gain)
