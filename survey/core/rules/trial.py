"""One agency as it stands and as it would stand: two full exact runs, their difference, and whether that is fair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from survey.core.answers import Case, Value
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.exact import Exact, Outcome, State, Why, points_of
from survey.core.rules.measure import number
from survey.core.rules.outcomes import LEAVES_MAXIMUM
from survey.core.rules.peers import Peers

_BROKEN = (Why.A_ABOVE_B, Why.OUT_OF_RANGE)


class Supposing(Exact):
    """The same agency, were one indicator to earn a share; its own gate is looked at unless `opened`."""

    def __init__(self, read: Exact, indicator: Indicator, share: Fraction, *, opened: bool = False) -> None:
        super().__init__(read.questionnaire, read.case, read.peers)
        settled = Outcome(State.SCORED, Why.ANSWERED, points_of(indicator, share), share)
        self._outcomes[indicator.code] = settled if opened else self._gated(indicator, settled)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a change brings."""

    gain: Fraction  # points of the whole
    codes: tuple[str, ...]  # of the indicators whose points change, in file order


class Trial:
    """The agency as it stands, against which changes are tried."""

    def __init__(self, questionnaire: Questionnaire, case: Case, peers: Peers) -> None:
        self.questionnaire, self.case, self.peers = questionnaire, case, peers
        self.before = Exact(questionnaire, case, peers)

    @cached_property
    def _denominators(self) -> frozenset[str]:
        return frozenset(pair.b.key for indicator in self.questionnaire.indicators for pair in indicator.pairs)

    def change(self, changes: Mapping[str, Value], met: Callable[[Exact], bool] | None = None) -> Tried | None:
        """What changed answers bring; None where no points, or where it is no fair way to them.

        `met` tells whether the changed agency is where the change was to bring it.
        """
        if self._lowers_a_denominator(changes):
            return None
        changed = replace(self.case, values={**self.case.values, **changes})
        after = Exact(self.questionnaire, changed, self.peers)
        if met is not None and not met(after):
            return None
        return self.compare(after) if self._is_fair(after) else None

    def compare(self, after: Exact) -> Tried | None:
        """Points of the whole after less before; None where there is no gain, or where the rate falls."""
        whole = self.questionnaire.whole
        was, becomes = self.before.result(whole), after.result(whole)
        gain = becomes.points - was.points
        if gain <= 0 or (becomes.share or Fraction(0)) < (was.share or Fraction(0)):
            return None
        indicators = self.questionnaire.indicators
        return Tried(gain, tuple(one.code for one in indicators if self._points(one) != after.outcome(one).points))

    def _points(self, indicator: Indicator) -> Fraction:
        return self.before.outcome(indicator).points

    def _lowers_a_denominator(self, changes: Mapping[str, Value]) -> bool:
        """Whether less of what others are measured against is the gain: fewer people, fewer cases."""
        for key in changes.keys() & self._denominators:
            now, then = number(self.case.value(key)), number(changes[key])
            if now is not None and then is not None and then < now:
                return True
        return False

    def _is_fair(self, after: Exact) -> bool:
        """Whether nothing becomes not applicable, and no figure impossible, by the change."""
        for indicator in self.questionnaire.indicators:
            was, becomes = self.before.outcome(indicator), after.outcome(indicator)
            if becomes.state in LEAVES_MAXIMUM and was.state not in LEAVES_MAXIMUM:
                return False
            if becomes.why in _BROKEN and was.why not in _BROKEN:
                return False
        return True
