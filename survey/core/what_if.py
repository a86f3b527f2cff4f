"""What changed answers of one body bring, the others as they are: points, rate, level and rank, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from survey.core.answers import Case, Value
from survey.core.levels import level_reached
from survey.core.questionnaire import Level, Questionnaire
from survey.core.ranking import ranks
from survey.core.rules.exact import Exact
from survey.core.rules.peers import NOBODY, Peers, peers_of
from survey.core.scores import Floats
from survey.core.scoring import published_rate, score


@dataclass(frozen=True, slots=True)
class Place:
    """Where a body stands; rate, level and rank are None where nothing applies (rank also where it is not ranked).

    Where too little is known points are None too.
    """

    points: Fraction | None
    maximum: Fraction
    rate: Fraction | None  # not rounded
    published: Fraction | None  # half-up to 4 decimals
    level: Level | None
    rank: int | None
    coverage: Fraction | None  # how much of the weight that applies is not missing; None where nothing applies

    @property
    def lacks(self) -> bool:
        """Whether too little is known of it."""
        return self.points is None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One body before and after a change of its answers."""

    before: Place
    after: Place

    @property
    def points(self) -> Fraction | None:
        """Points gained; below 0 for a loss, None where too little is known before or after."""
        return _difference(self.before.points, self.after.points)

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
    before = _Run.of(questionnaire, cases, among)
    after = _Run.of(questionnaire, changed, among) if questionnaire.has_peers else before.beside(changed, row)
    return WhatIf(before.place(row, among, inside), after.place(row, among, inside))


@dataclass(frozen=True)
class _Run:
    """Every body scored; the one that is asked about is read exactly as well."""

    questionnaire: Questionnaire
    cases: Sequence[Case]
    peers: Peers
    published: Floats
    breaks: Floats

    @classmethod
    def of(cls, questionnaire: Questionnaire, cases: Sequence[Case], among: Sequence[bool]) -> _Run:
        """A full run."""
        peers = peers_of(questionnaire, cases, among) if questionnaire.has_peers else NOBODY
        scores = score(questionnaire, cases, peers=peers)
        return cls(questionnaire, cases, peers, scores.rate_published, scores.breaks)

    def beside(self, cases: Sequence[Case], row: int) -> _Run:
        """The run in which one body alone has changed and no other depends on it."""
        alone = score(self.questionnaire, [cases[row]], peers=self.peers)
        published, breaks = self.published.copy(), self.breaks.copy()
        published[row], breaks[row] = alone.rate_published[0], alone.breaks[0]
        return _Run(self.questionnaire, cases, self.peers, published, breaks)

    def place(self, row: int, among: Sequence[bool], inside: Sequence[str]) -> Place:
        """Where one body stands."""
        body = Exact(self.questionnaire, self.cases[row], self.peers)
        whole = body.result(self.questionnaire.whole)
        published = published_rate(whole)
        level = None if published is None else level_reached(body, published)
        rank = ranks(self.published, inside, among, self.breaks)[row]
        return Place(whole.told_points, whole.maximum, whole.share, published, level, rank, body.coverage)
