"""Where each agency stands: its figures, rank and place in print order, as every report shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from reports.data import AgencyRow, Cohort, QuestionnaireResult, RoundData
from survey.core.questionnaire import Group, Indicator, Level
from survey.core.ranking import told_apart
from survey.core.rules.exact import State
from survey.core.rules.formula import NOT_APPLICABLE, PENDING
from survey.core.text import say

PARTS = 10_000  # a published rate has 4 decimals
STEP = 100_000  # above the number of agencies that one questionnaire can have


@dataclass(frozen=True, slots=True)
class Standing:
    """One agency of one questionnaire with its figures; rates are shares, None where there is none."""

    row: AgencyRow
    index: int  # its row in the result's scores
    official: int  # its place in the questionnaire's official order, from 1; breaks ties in print order
    number: int  # its place in the whole round, from 1
    cohort_number: int  # of the ranking group in the whole round, from 1
    total: float | None  # None where too little is known
    maximum: float  # of what applies
    rate: float | None
    published: float | None  # half-up to 4 decimals
    level: Level | None  # None unless sent
    rank: int | None  # None unless sent
    order: int  # place in the cohort's printed list: by rate, ties and those not sent in official order
    missing: int  # indicators without an answer that counts
    not_applicable: int
    pending: int  # not graded yet, or nothing of the cohort to be held against
    breaks: tuple[float, ...] = ()  # what decides between equal rates, −1 where it does not apply
    tie: int = 0  # how many of the cohort with the same published rate it beats by these

    @property
    def lacks(self) -> bool:
        """Whether too little is known of it."""
        return self.total is None

    def level_name(self, language: str) -> str:
        """Its level, or that too little is known of it; empty unless sent."""
        if self.lacks and self.row.sent:
            return say("words.too_few", language)
        return self.level.name.in_language(language) if self.level else ""

    def difference(self) -> float | None:
        """Verified points less its own; None unless both are there."""
        verified = self.row.verified_total
        return None if verified is None or self.total is None else round(verified - self.total, 6)

    @property
    def key(self) -> int:
        """What print order falls by: ten-thousandths of the rate, then official order; negative unless ranked."""
        if self.rank is None or self.published is None:
            return -self.official
        parts = round(self.published * PARTS)
        if self.breaks:
            parts = parts * STEP + self.tie
        return parts * STEP + STEP - 1 - self.official


@dataclass(frozen=True)
class Block:
    """One questionnaire of the round with the standing of each of its agencies, in official order."""

    result: QuestionnaireResult
    first_cohort: int  # number of its first ranking group in the round
    standings: tuple[Standing, ...]

    @cached_property
    def by_cohort(self) -> dict[Cohort, tuple[Standing, ...]]:
        """Standings of each cohort in print order."""
        members: dict[Cohort, list[Standing]] = {cohort: [] for cohort in self.result.cohorts}
        for standing in self.standings:
            members[standing.row.cohort].append(standing)
        return {cohort: tuple(sorted(rows, key=lambda s: s.order)) for cohort, rows in members.items()}


def blocks(data: RoundData) -> tuple[Block, ...]:
    """The standing of every agency of the round. A cohort that uses two questionnaires is ranked in each."""
    made: list[Block] = []
    cohorts = agencies = 0
    for result in data.results:
        made.append(Block(result, cohorts + 1, _standings(result, cohorts, agencies)))
        cohorts += len(result.cohorts)
        agencies += len(result.agencies)
    return tuple(made)


def _standings(result: QuestionnaireResult, cohorts: int, agencies: int) -> tuple[Standing, ...]:
    scores = result.scores
    number = {cohort: cohorts + place for place, cohort in enumerate(result.cohorts, 1)}
    missing, not_applicable, pending = (
        scores.count(state) for state in (State.MISSING, State.NOT_APPLICABLE, State.PENDING)
    )
    breaks = [tuple(row) for row in told_apart(scores.breaks).tolist()]
    orders = _orders(result)
    standings = []
    for index, row in enumerate(result.agencies):
        ranked = result.ranks[index] is not None
        standings.append(
            Standing(
                row=row,
                index=index,
                official=index + 1,
                number=agencies + index + 1,
                cohort_number=number[row.cohort],
                total=scores.total_of(index),
                maximum=float(scores.maximum[index]),
                rate=_known(scores.rate[index]),
                published=_known(scores.rate_published[index]),
                level=scores.level[index] if ranked else None,
                rank=result.ranks[index],
                order=orders[index],
                missing=int(missing[index]),
                not_applicable=int(not_applicable[index]),
                pending=int(pending[index]),
                breaks=breaks[index],
            )
        )
    return tuple(replace(one, tie=_beaten(one, standings)) if one.breaks else one for one in standings)


def _beaten(one: Standing, others: Sequence[Standing]) -> int:
    """How many of its cohort with the same published rate it beats by the tie-breaks."""
    if one.rank is None:
        return 0
    same = (o for o in others if o.rank is not None and o.cohort_number == one.cohort_number)
    return sum(o.published == one.published and o.breaks < one.breaks for o in same)


def group_cell(result: QuestionnaireResult, group: Group, index: int) -> float | str:
    """Points of one agency in a group; a word where the group holds scored indicators and none of them applies.

    "" where too little is known of it and the mean above leaves it out.
    """
    if result.scores.left_out(result.questionnaire, group, index):
        return ""
    points = result.scores.points_in(group, index)
    return group_word(result, group, index) if points is None else points


def group_word(result: QuestionnaireResult, group: Group, index: int) -> str:
    """What a group says to which nothing applies: that it waits, where one of its parts does."""
    scores = result.scores
    for part in group.parts:
        if isinstance(part, Indicator):
            waits = scores.states[index, scores.codes.index(part.code)] == State.PENDING
        elif part.outside or scores.group_state[part.code][index] != State.NOT_APPLICABLE:
            waits = False
        else:
            waits = group_word(result, part, index) == PENDING
        if waits:
            return PENDING
    return NOT_APPLICABLE


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _orders(result: QuestionnaireResult) -> Sequence[int]:
    """Place of each agency in its cohort's list: ranked ones by rank, then the others, ties in official order."""
    last = len(result.agencies) + 1
    falling = sorted(range(len(result.agencies)), key=lambda i: (result.ranks[i] or last, i))
    orders, counted = [0] * last, dict.fromkeys(result.cohorts, 0)
    for index in falling:
        cohort = result.agencies[index].cohort
        counted[cohort] += 1
        orders[index] = counted[cohort]
    return orders
