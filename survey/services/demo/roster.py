"""Which body stands where in the demonstration, how well it does, and what is peculiar about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

import numpy as np

from survey.core.answers import Case
from survey.core.asks import Number
from survey.core.questionnaire import Level, Questionnaire
from survey.core.scoring import score
from survey.core.workflow import SubmissionState
from survey.services.demo.answers import Body, Sheetmaker, seeded
from survey.services.demo.material import Material

_S = SubmissionState
# How many bodies of each cohort stand where; those of cohorts not named here have not started.
PLACES: Mapping[str, Mapping[SubmissionState, int]] = {
    "ban-dang-thanh-pho": {_S.FILLING: 2, _S.AWAITING_APPROVAL: 1, _S.SENT: 2},
    "dang-uy-truc-thuoc": {_S.FILLING: 1, _S.SENT: 1},
    "dang-uy-xa-phuong": {_S.NOT_STARTED: 12, _S.FILLING: 57, _S.AWAITING_APPROVAL: 20, _S.SENT: 37},
    "so-nganh": {_S.NOT_STARTED: 1, _S.FILLING: 5, _S.AWAITING_APPROVAL: 3, _S.SENT: 8},
    "ubnd-xa": {_S.NOT_STARTED: 8, _S.FILLING: 34, _S.AWAITING_APPROVAL: 11, _S.SENT: 22},
    "ubnd-phuong": {_S.NOT_STARTED: 4, _S.FILLING: 23, _S.AWAITING_APPROVAL: 8, _S.SENT: 16},
    "mttq-ctxh-thanh-pho": {_S.FILLING: 3, _S.AWAITING_APPROVAL: 1, _S.SENT: 2},
    "mttq-xa-phuong": {_S.NOT_STARTED: 12, _S.FILLING: 56, _S.AWAITING_APPROVAL: 20, _S.SENT: 38},
}
# Bodies whose accounts are offered, so that each has something to do.
PINNED: Mapping[str, SubmissionState] = {
    "HN-00004-UBND": _S.FILLING,
    "HN-00004-DU": _S.AWAITING_APPROVAL,
    "HN-00004-MTTQ": _S.NOT_STARTED,
    "HN-00070-UBND": _S.SENT,
    "HN-UBND-SNV": _S.AWAITING_APPROVAL,
    "HN-TU-BTC": _S.FILLING,
    "HN-MTTQ-HLHPN": _S.FILLING,
}
LARGE = 17  # bodies; in cohorts of so many each level is reached by someone who has sent
MEAN_RATE, RATE_SPREAD, LOWEST, HIGHEST = 0.61, 0.12, 0.2, 0.93
LOGITS = (-5.0, 6.0)  # abilities that are tried
STEPS = 7  # halvings: the ability is found to within 0.1


class Peculiar(StrEnum):
    """What is shown by one body."""

    LEVEL = "level"  # a level is reached by design: nothing may be taken away
    TWIN = "twin"  # ties with the body before it, by answers twice as large
    LACKING = "lacking"  # a few answers missing when sent
    A_ABOVE_B = "a_above_b"
    FAULTY = "faulty"
    KAD_PENDING = "kad_pending"
    KAD_APPROVED = "kad_approved"
    KAD_REFUSED = "kad_refused"
    RETURNED = "returned"  # by the leader
    SENT_BACK = "sent_back"  # by the coordinator


@dataclass
class Part:
    """What one body plays in the demonstration."""

    code: str
    cohort: str
    questionnaire_id: str
    attributes: Mapping[str, bool]
    state: SubmissionState
    target: float  # published rate aimed at
    peculiar: Peculiar | None = None
    small: bool = False
    case: Case | None = None


def cast(
    bodies: Sequence[tuple[str, str, str, Mapping[str, bool]]], questionnaires: Mapping[str, Questionnaire]
) -> list[Part]:
    """A part for every (code, cohort, questionnaire id, attributes), in their order."""
    parts: list[Part] = []
    for cohort in dict.fromkeys(body[1] for body in bodies):
        members = [body for body in bodies if body[1] == cohort]
        rng = seeded("cast", cohort)
        states = _states([body[0] for body in members], PLACES.get(cohort, {}), rng)
        rates = np.clip(rng.normal(MEAN_RATE, RATE_SPREAD, len(members)), LOWEST, HIGHEST)
        mine = [
            Part(code, cohort, questionnaire, attributes, states[code], float(rate))
            for (code, cohort, questionnaire, attributes), rate in zip(members, rates, strict=True)
        ]
        _mark(mine, _middles(questionnaires[members[0][2]].levels))
        parts.extend(mine)
    order = {body[0]: place for place, body in enumerate(bodies)}
    return sorted(parts, key=lambda part: order[part.code])


def _states(
    codes: Sequence[str], places: Mapping[SubmissionState, int], rng: np.random.Generator
) -> dict[str, SubmissionState]:
    pinned = {code: PINNED[code] for code in codes if code in PINNED and places.get(PINNED[code], 0)}
    left = dict(places)
    for state in pinned.values():
        left[state] -= 1
    pool = [state for state in SubmissionState for _ in range(max(left.get(state, 0), 0))]
    others = [code for code in codes if code not in pinned]
    pool = (pool + [SubmissionState.NOT_STARTED] * len(others))[: len(others)]
    shuffled = [pool[place] for place in rng.permutation(len(pool))]
    return pinned | dict(zip(others, shuffled, strict=True))


def _middles(levels: Sequence[Level]) -> list[float]:
    """The rate in the middle of each level."""
    cuts = [1.0, *(float(level.limit or 0) for level in levels)]
    return [(above + below) / 2 for above, below in pairwise(cuts)]


def _mark(members: Sequence[Part], levels: Sequence[float]) -> None:
    """Give out what is peculiar; large cohorts reach every level and have a tie."""
    by_state = {
        state: [part for part in members if part.state is state and part.code not in PINNED]
        for state in SubmissionState
    }
    sent = by_state[SubmissionState.SENT]
    if len(members) >= LARGE:
        for part, rate in zip(sent, levels, strict=False):
            part.target, part.peculiar = rate, Peculiar.LEVEL
        _pair_twins(sent[len(levels) :])
    free = [part for part in sent if part.peculiar is None]
    kinds = (Peculiar.LACKING, Peculiar.KAD_APPROVED, None, Peculiar.LACKING, Peculiar.KAD_PENDING, None, None)
    for place, part in enumerate(free):
        part.peculiar = kinds[place % len(kinds)]
    filling = (
        Peculiar.A_ABOVE_B, None, None, Peculiar.KAD_PENDING, Peculiar.RETURNED, None, Peculiar.FAULTY,
        None, Peculiar.KAD_REFUSED, None, None, Peculiar.SENT_BACK, None, None,
    )  # fmt: skip
    for place, part in enumerate(by_state[SubmissionState.FILLING]):
        part.peculiar = filling[place % len(filling)]
    for place, part in enumerate(by_state[SubmissionState.AWAITING_APPROVAL]):
        part.peculiar = Peculiar.KAD_PENDING if place % 6 == 1 else Peculiar.LACKING if place % 4 == 0 else None


def _pair_twins(sent: Sequence[Part]) -> None:
    """The first two with the same attributes tie."""
    for place, part in enumerate(sent):
        for other in sent[place + 1 :]:
            if other.attributes == part.attributes:
                part.small, part.peculiar = True, Peculiar.LEVEL
                other.peculiar, other.target = Peculiar.TWIN, part.target
                return


def perform(parts: Sequence[Part], questionnaire: Questionnaire, material: Material) -> None:
    """Give every part of one questionnaire its answers: abilities are halved towards the rate aimed at."""
    mine = [part for part in parts if part.questionnaire_id == questionnaire.id]
    maker = Sheetmaker(questionnaire, material)
    bodies = [Body(maker, part.code, part.cohort, part.attributes, part.small) for part in mine]
    low, high = np.full(len(mine), LOGITS[0]), np.full(len(mine), LOGITS[1])
    best: list[tuple[float, Case | None]] = [(np.inf, None)] * len(mine)
    for _ in range(STEPS if mine else 0):
        middle = (low + high) / 2
        cases = [body.case(float(ability)) for body, ability in zip(bodies, middle, strict=True)]
        rates = np.nan_to_num(score(questionnaire, cases).rate_published)
        for place, part in enumerate(mine):
            miss = abs(float(rates[place]) - part.target)
            best[place] = min(best[place], (miss, cases[place]), key=lambda found: found[0])
            if rates[place] < part.target:
                low[place] = middle[place]
            else:
                high[place] = middle[place]
    for part, (_, case) in zip(mine, best, strict=True):
        part.case = case
    for part in mine:
        if part.peculiar is Peculiar.TWIN:
            first = next(one for one in mine if one.small and one.cohort == part.cohort)
            part.case = _doubled(questionnaire, first, part)


def _doubled(questionnaire: Questionnaire, first: Part, twin: Part) -> Case:
    """The first one's answers with both sides of each ratio twice as large: other figures, the same points."""
    values = dict(first.case.values) if first.case else {}
    for indicator in questionnaire.indicators:
        for number in () if isinstance(indicator.ask, Number) else indicator.numbers:
            value = values.get(number.key)
            if isinstance(value, Decimal) and first.case and value == first.case.values[number.key]:
                values[number.key] = value * 2
    return Case(twin.code, values, frozenset(), twin.attributes)
