"""What changed answers of one body bring, the others as they are: points, rate, level and rank, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from survey.core.answers import Case, Value
from survey.core.questionnaire import RATE, Level, Questionnaire
from survey.core.rounding import half_up
from survey.core.rules.exact import Exact
from survey.core.rules.peers import Peers, peers_of
from survey.core.scoring import RATE_DECIMALS


@dataclass(frozen=True, slots=True)
class Place:
    """Where a body stands; rate, level and rank are None where nothing applies (rank also where it is not ranked)."""

    points: Fraction
    maximum: Fraction
    rate: Fraction | None  # not rounded
    published: Fraction | None  # half-up to 4 decimals
    level: Level | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One body before and after a change of its answers."""

    before: Place
    after: Place

    @property
    def points(self) -> Fraction:
        """Points gained; below 0 for a loss."""
        return self.after.points - self.before.points

    @property
    def rate(self) -> Fraction | None:
        """What the unrounded rate gains; None where there is none before or after."""
        return _difference(self.before.rate, self.after.rate)

    @property
    def published(self) -> Fraction | None:
        """What the published rate gains."""
        return _difference(self.before.published, self.after.published)

    @property
    def level_changes(self) -> bool:
        """Whether it comes to another level."""
        return self.before.level != self.after.level

    @property
    def places(self) -> int | None:
        """Places gained in the ranking; below 0 for a loss, None where it is not ranked."""
        if self.before.rank is None or self.after.rank is None:
            return None
        return self.before.rank - self.after.rank


def _difference(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    return None if before is None or after is None else after - before


def what_if(
    questionnaire: Questionnaire,
    cases: Sequence[Case],
    row: int,
    changes: Mapping[str, Value],
    *,
    ranked: Sequence[bool] | None = None,
    cohorts: Sequence[str] | None = None,
) -> WhatIf:
    """Two full runs over `cases`, one with the answers of `row` changed; its peers' values move with it.

    `ranked` tells who is ranked and makes the values of peers (None: everybody), `cohorts` inside which (None: those of
    the cases). Raises KeyError for a change of what is not asked.
    """
    unknown = changes.keys() - set(questionnaire.keys)
    if unknown:
        raise KeyError(min(unknown))
    among = [True] * len(cases) if ranked is None else list(ranked)
    inside = [case.cohort for case in cases] if cohorts is None else list(cohorts)
    changed = list(cases)
    changed[row] = replace(cases[row], values={**cases[row].values, **changes})
    before = _Run(questionnaire, cases, among)
    after = _Run(questionnaire, changed, among, None if questionnaire.has_peers else (row, before))
    return WhatIf(before.place(row, among, inside), after.place(row, among, inside))


class _Run:
    """Every body read exactly; where a change of one leaves the others alone, theirs is taken from the run before."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        cases: Sequence[Case],
        among: Sequence[bool],
        beside: tuple[int, _Run] | None = None,
    ) -> None:
        self._questionnaire = questionnaire
        peers: Peers = peers_of(questionnaire, cases, among) if questionnaire.has_peers else {}
        if beside is None:
            self._bodies = [Exact(questionnaire, case, peers) for case in cases]
        else:
            row, other = beside
            self._bodies = [*other._bodies]
            self._bodies[row] = Exact(questionnaire, cases[row], peers)

    def place(self, row: int, among: Sequence[bool], inside: Sequence[str]) -> Place:
        body = self._bodies[row]
        whole = body.result(self._questionnaire.whole)
        published = None if whole.share is None else half_up(whole.share, RATE_DECIMALS)
        level = None if published is None else level_reached(body, published)
        return Place(whole.points, whole.maximum, whole.share, published, level, self._rank(row, among, inside))

    def _rank(self, row: int, among: Sequence[bool], inside: Sequence[str]) -> int | None:
        """1 + those of its cohort that are ahead by the published rate, then by the tie-breaks in order."""
        mine = self._order(row)
        if not among[row] or mine is None:
            return None
        rivals = (other for other in range(len(self._bodies)) if among[other] and inside[other] == inside[row])
        return 1 + sum(theirs > mine for other in rivals if (theirs := self._order(other)) is not None)

    def _order(self, row: int) -> tuple[Fraction, ...] | None:
        body = self._bodies[row]
        share = body.result(self._questionnaire.whole).share
        if share is None:
            return None
        breaks = (share if code == RATE else body.share(code) for code in self._questionnaire.tie_breaks)
        return (half_up(share, RATE_DECIMALS), *(Fraction(-1) if one is None else one for one in breaks))


def level_reached(body: Exact, published: Fraction) -> Level | None:
    """The highest level whose limit the published rate reaches and whose gates hold."""
    for level in body.questionnaire.levels:
        limit = level.limit
        reached = limit is None or published > limit or (published == limit and not level.exclusive)
        if reached and all(body.holds(gate) for gate in level.gates):
            return level
    return None
