"""The exact reading of a questionnaire: one agency in fractions; what every other reading is held against."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction
from typing import assert_never

from survey.core.answers import Case, Special
from survey.core.asks import (
    Checks,
    Choice,
    FreeText,
    Manual,
    MeanRatio,
    Number,
    Points,
    Ratio,
    Survey,
    YesNo,
    ZeroB,
)
from survey.core.modifiers import Condition, Counts, Hidden
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.rounding import half_up
from survey.core.rules.measure import measure, number, picked_share, why_unasked
from survey.core.rules.outcomes import LEAVES_MAXIMUM
from survey.core.rules.outcomes import Outcome as Outcome
from survey.core.rules.outcomes import State as State
from survey.core.rules.outcomes import Why as Why
from survey.core.rules.peers import NOBODY, Peers, share_of
from survey.core.rules.totals import Part, Result, combine, coverage


def outcome(questionnaire: Questionnaire, indicator: Indicator, case: Case, peers: Peers = NOBODY) -> Outcome:
    """Score one indicator of one agency. Points = half-up(share × maximum, decimals), once (design: points)."""
    return Exact(questionnaire, case, peers).outcome(indicator)


class Exact:
    """One agency read exactly: outcomes of indicators and results of groups, each found once, where it is asked for."""

    def __init__(self, questionnaire: Questionnaire, case: Case, peers: Peers = NOBODY) -> None:
        self.questionnaire, self.case, self.peers = questionnaire, case, peers
        self._outcomes: dict[str, Outcome] = {}
        self._results: dict[str, Result] = {}

    def outcome(self, indicator: Indicator) -> Outcome:
        """What one indicator earned, its gate looked at."""
        known = self._outcomes.get(indicator.code)
        if known is None:
            known = self._outcomes[indicator.code] = self._gated(indicator, self._settle(indicator))
        return known

    def result(self, group: Group) -> Result:
        """What a group, or the whole, comes to."""
        known = self._results.get(group.code)
        if known is None:
            known = self._results[group.code] = combine(group, [self._part(part) for part in group.parts])
        return known

    def share(self, code: str) -> Fraction | None:
        """The share of an indicator or a group, 0 where missing; None where it leaves the maximum."""
        indicator = self.questionnaire.by_code.get(code)
        if indicator is not None:
            return indicator_result(indicator, self.outcome(indicator)).share
        return self.result(self.questionnaire.group_of[code]).share

    @property
    def coverage(self) -> Fraction | None:
        """How much of the weight that applies to the whole is not missing; None where nothing applies."""
        parts = (self._part(part) for part in self.questionnaire.whole.parts)
        return coverage((part.weight, part.result.state) for part in parts)

    def left_out(self, part: Group | Indicator) -> bool:
        """Whether it is missing and the mean above leaves it out, so that it counts neither 0 nor anything else.

        So is an indicator of a group of which nothing else is known, where that group is left out.
        """
        above = self.questionnaire.above[part.code]
        if isinstance(part, Group):
            return above.leaves_out and self.result(part).state is State.MISSING
        missing = self.outcome(part).state is State.MISSING
        return missing and (above.leaves_out or (bool(above.code) and self.left_out(above)))

    def holds(self, condition: Condition) -> bool:
        """Whether a share is reached; a part that does not apply is no hindrance."""
        share = self.share(condition.code)
        return share is None or condition.holds(share)

    def keep(self, read: Exact, moved: Collection[str]) -> None:
        """Take over from another reading of the agency what does not hang on the indicators `moved`, nor on a gate."""
        moved = {one.code for one in self.questionnaire.indicators if one.gate is not None or one.code in moved}
        for indicator in self.questionnaire.indicators:
            if indicator.code not in moved:
                self._outcomes[indicator.code] = read.outcome(indicator)
        for group in self.questionnaire.all_groups:
            if moved.isdisjoint(indicator.code for indicator in group.all_indicators()):
                self._results[group.code] = read.result(group)

    def _part(self, part: Group | Indicator) -> Part:
        if isinstance(part, Indicator):
            return Part(indicator_result(part, self.outcome(part)), part.weight)
        return Part(self.result(part), part.weight)

    def _settle(self, indicator: Indicator) -> Outcome:
        """The outcome, its gate not looked at."""
        unasked = why_unasked(self.questionnaire, indicator, self.case)
        if unasked is not None:
            return Outcome(_state_unasked(indicator, unasked), unasked)
        ask, case = indicator.ask, self.case
        match ask:
            case YesNo(key=key) | Choice(key=key) | Checks(key=key) | FreeText(key=key):
                picked = case.value(key)
                share = picked_share(indicator, picked)
                if share is None:
                    return self._missing(indicator, Why.BLANK if picked is Special.MISSING else Why.OUT_OF_RANGE)
                return _earned(indicator, share)
            case Points(key=key) | Manual(key=key):
                return self._stated(indicator, number(case.value(key)))
            case Number() | Ratio() | MeanRatio() | Survey():
                return self._measured(indicator)
            case _:
                assert_never(ask)

    def _stated(self, indicator: Indicator, stated: Fraction | None) -> Outcome:
        if stated is None:
            if isinstance(indicator.ask, Manual):
                return Outcome(State.PENDING, Why.UNGRADED)
            return self._missing(indicator, Why.BLANK)
        if stated < 0 or stated > indicator.maximum:
            return self._missing(indicator, Why.OUT_OF_RANGE)
        return _earned(indicator, stated / indicator.maximum, stated)

    def _measured(self, indicator: Indicator) -> Outcome:
        value = measure(indicator, self.case)
        if value is Why.NOT_A_DUTY:
            return Outcome(State.NOT_APPLICABLE, value)
        if value is Why.ZERO_B:
            return _at_zero_b(indicator)
        if isinstance(value, Why):
            return self._missing(indicator, value)
        share = share_of(indicator.score, value, self.peers.get((indicator.code, self.case.cohort)))
        if share is None:
            return Outcome(State.PENDING, Why.NO_PEERS, measured=value)
        return _earned(indicator, share, value)

    def _missing(self, indicator: Indicator, why: Why) -> Outcome:
        awaited = why is Why.BLANK and indicator.provided_by is not None
        return Outcome(State.MISSING, Why.AWAITED if awaited else why)

    def _gated(self, indicator: Indicator, settled: Outcome) -> Outcome:
        gate, share = indicator.gate, settled.share
        if gate is None or share is None or share <= gate.otherwise or self.holds(gate.condition):
            return settled
        points = points_of(indicator, gate.otherwise)
        return replace(settled, why=Why.GATED, points=points, share=gate.otherwise, before_gate=share)


def points_of(indicator: Indicator, share: Fraction) -> Fraction:
    """Rounded points of a share: half-up(share × maximum, decimals), taken off for a penalty."""
    points = half_up(share * indicator.maximum, indicator.decimals)
    return -points if indicator.counts is Counts.PENALTY else points


def indicator_result(indicator: Indicator, settled: Outcome) -> Result:
    """An indicator as a part of its group."""
    if settled.state in LEAVES_MAXIMUM or not indicator.scored:
        return Result(State.NOT_APPLICABLE, Fraction(0), Fraction(0), None)
    share = abs(settled.points) / indicator.maximum
    return Result(settled.state, settled.points, indicator.counted, share)


def _earned(indicator: Indicator, share: Fraction, measured: Fraction | None = None) -> Outcome:
    if not indicator.scored:
        return Outcome(State.SCORED, Why.ANSWERED)
    return Outcome(State.SCORED, Why.ANSWERED, points_of(indicator, share), share, measured)


def _at_zero_b(indicator: Indicator) -> Outcome:
    if indicator.zero_b is ZeroB.KAD or isinstance(indicator.ask, MeanRatio):
        return Outcome(State.NOT_APPLICABLE, Why.ZERO_B)
    share = Fraction(1 if indicator.zero_b is ZeroB.FULL else 0)
    return Outcome(State.SCORED, Why.ZERO_B, points_of(indicator, share), share)


def _state_unasked(indicator: Indicator, why: Why) -> State:
    if why is Why.WAITING:
        return State.MISSING
    shown = indicator.show_when
    if why is Why.NOT_ASKED and shown is not None and shown.hidden is Hidden.ZERO:
        return State.HIDDEN
    return State.NOT_APPLICABLE
