"""One agency as it would stand, were some of its indicators to come out otherwise; the rest is as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from survey.core.questionnaire import Indicator
from survey.core.rules.exact import Exact, points_of
from survey.core.rules.outcomes import Outcome, State, Why


class Supposed(Exact):
    """The same agency with other outcomes: `settled` ones pass through their own gates, `final` ones do not."""

    def __init__(
        self, read: Exact, settled: Mapping[str, Outcome] | None = None, final: Mapping[str, Outcome] | None = None
    ) -> None:
        super().__init__(read.questionnaire, read.case, read.peers)
        self._settled = settled or {}
        self.keep(read, self._settled.keys() | (final or {}).keys())
        self._outcomes.update(final or {})

    def _settle(self, indicator: Indicator) -> Outcome:
        return self._settled.get(indicator.code) or super()._settle(indicator)


def earning(indicator: Indicator, share: Fraction) -> Outcome:
    """The outcome of an indicator that earns a share."""
    return Outcome(State.SCORED, Why.ANSWERED, points_of(indicator, share), share)
