"""One agency as it stands and as it would stand: two full exact runs, their difference, and whether that is fair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from survey.core.answers import Case, Value
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.exact import Exact, Why
from survey.core.rules.measure import number
from survey.core.rules.outcomes import LEAVES_MAXIMUM, State
from survey.core.rules.peers import Peers
from survey.core.rules.supposed import Supposed, earning

_BROKEN = (Why.A_ABOVE_B, Why.OUT_OF_RANGE)


class Changed(Exact):
    """The same agency with some answers changed; what no change can reach is taken from the reading before."""

    def __init__(self, before: Exact, changes: Mapping[str, Value]) -> None:
        values = {**before.case.values, **changes}
        super().__init__(before.questionnaire, replace(before.case, values=values), before.peers)
        self.touched = tuple(one for one in before.questionnaire.indicators if self._is_touched(one, changes))
        self.keep(before, {indicator.code for indicator in self.touched})

    def _is_touched(self, indicator: Indicator, changes: Mapping[str, Value]) -> bool:
        """Whether its own answers change, or those that decide if it is asked; a gate may wait for any of them."""
        if indicator.gate is not None or not changes.keys().isdisjoint(indicator.keys):
            return True
        shown = indicator.show_when
        return shown is not None and not changes.keys().isdisjoint(self.questionnaire.by_code[shown.code].keys)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a change brings."""

    gain: Fraction  # points of the whole; 0 where too little is known to tell them
    codes: tuple[str, ...]  # of the indicators whose points change, in file order
    coverage: Fraction | None = None  # where too little is known: of how much weight there would be figures


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
        after = Changed(self.before, changes)
        if met is not None and not met(after):
            return None
        return self.compare(after, after.touched) if self._is_fair(after) else None

    def suppose(self, indicator: Indicator, share: Fraction, *, opened: bool = False) -> Tried | None:
        """What one indicator at a share brings, the others as they are; its own gate is looked at unless `opened`."""
        supposed = {indicator.code: earning(indicator, share)}
        after = Supposed(self.before, final=supposed) if opened else Supposed(self.before, supposed)
        return self.compare(after, [one for one in self.questionnaire.indicators if one.gate or one is indicator])

    def compare(self, after: Exact, touched: Iterable[Indicator]) -> Tried | None:
        """Points of the whole after less before; None where there is no gain, or where the rate falls.

        Where too little is known to tell points, whatever is no longer missing is a gain.
        """
        whole, touched = self.questionnaire.whole, tuple(touched)
        was, becomes = self.before.result(whole), after.result(whole)
        codes = tuple(one.code for one in touched if self._points(one) != after.outcome(one).points)
        if was.lacks:
            supplied = any(self._is_missing(self.before, one) and not self._is_missing(after, one) for one in touched)
            return Tried(Fraction(0), codes, after.coverage) if supplied else None
        gain = becomes.points - was.points
        if gain <= 0 or (becomes.share or Fraction(0)) < (was.share or Fraction(0)):
            return None
        return Tried(gain, codes)

    def _is_missing(self, body: Exact, indicator: Indicator) -> bool:
        return body.outcome(indicator).state is State.MISSING

    def _points(self, indicator: Indicator) -> Fraction:
        return self.before.outcome(indicator).points

    def _lowers_a_denominator(self, changes: Mapping[str, Value]) -> bool:
        """Whether less of what others are measured against is the gain: fewer people, fewer cases."""
        for key in changes.keys() & self._denominators:
            now, then = number(self.case.value(key)), number(changes[key])
            if now is not None and then is not None and then < now:
                return True
        return False

    def _is_fair(self, after: Changed) -> bool:
        """Whether nothing becomes not applicable, and no figure impossible, by the change."""
        for indicator in after.touched:
            was, becomes = self.before.outcome(indicator), after.outcome(indicator)
            if becomes.state in LEAVES_MAXIMUM and was.state not in LEAVES_MAXIMUM:
                return False
            if becomes.why in _BROKEN and was.why not in _BROKEN:
                return False
        return True
