"""From answers to points, totals, rates and levels: the one scoring path, for one agency or three thousand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import nan

import numpy as np

from survey.core.answers import Case
from survey.core.modifiers import Counts
from survey.core.questionnaire import RATE, Indicator, Questionnaire
from survey.core.rounding import half_up
from survey.core.rules.columns import Columns
from survey.core.rules.exact import Exact
from survey.core.rules.outcomes import Outcome, State
from survey.core.rules.peer_columns import peers_among
from survey.core.rules.peers import NOBODY, Peers, peers_of
from survey.core.rules.supposed import Supposed, earning
from survey.core.rules.totals import Result
from survey.core.rules.vectors import Vectors
from survey.core.score_sheet import Sheet, levels_of
from survey.core.scores import RATE_DECIMALS as RATE_DECIMALS
from survey.core.scores import Flags, Floats
from survey.core.scores import Scores as Scores
from survey.core.transfers import Peer

FEW = 4  # agencies that are read exactly sooner than 62 vectors are set up
SPAN = 32_768  # rows at a time: few enough for the caches, enough to outweigh what a step costs


def score(
    questionnaire: Questionnaire,
    cases: Sequence[Case],
    *,
    peers: Peers | None = None,
    among: Sequence[bool] | None = None,
) -> Scores:
    """Score every case. Sums and the published rate are rounded half-up, exactly (design: points, published rate).

    Bodies are held against `peers`; where none are given, against the cases themselves, those that `among` names.
    """
    columns = Columns(questionnaire, cases)
    if peers is None:
        peers = peers_of(questionnaire, cases, among) if columns.size <= FEW else peers_among(columns, among)
    return score_columns(columns, peers)


def score_columns(columns: Columns, peers: Peers = NOBODY) -> Scores:
    """Score agencies whose answers are already in columns, a span that fits into the caches at a time."""
    questionnaire = columns.questionnaire
    if columns.size <= FEW:
        return scores_of(questionnaire, [Exact(questionnaire, case, peers) for case in columns.cases])
    columns.build()
    sheet = Sheet.blank(questionnaire, columns.size)
    step = -(-columns.size // max(1, round(columns.size / SPAN)))  # spans alike in length
    for start in range(0, columns.size, step):
        stop = min(start + step, columns.size)
        rows = slice(start, stop)
        sheet.fill(rows, Vectors(columns.rows(start, stop), peers, sheet.room(rows)))
    return sheet.scores(columns.agencies)


def scores_of(questionnaire: Questionnaire, bodies: Sequence[Exact]) -> Scores:
    """The scores of bodies that are read exactly."""
    scored = [indicator for indicator in questionnaire.indicators if indicator.scored]
    outcomes = [[body.outcome(indicator) for indicator in scored] for body in bodies]
    results = {group.code: [body.result(group) for body in bodies] for group in questionnaire.all_groups}
    whole = [body.result(questionnaire.whole) for body in bodies]
    shape = (len(bodies), len(scored))
    published = np.array([_float(published_rate(one)) for one in whole], np.float64)
    rate = np.array([_float(one.share) for one in whole], np.float64)
    return Scores(
        agencies=tuple(body.case.agency for body in bodies),
        codes=tuple(indicator.code for indicator in scored),
        maxima=np.array([float(indicator.maximum) for indicator in scored], np.float64),
        counted=np.array([float(indicator.counted) for indicator in scored], np.float64),
        points=np.array([[float(one.points) for one in row] for row in outcomes], np.float64).reshape(shape),
        states=np.array([[one.state for one in row] for row in outcomes], np.int8).reshape(shape),
        group_points={code: np.array([float(one.points) for one in rows]) for code, rows in results.items()},
        group_maximum={code: np.array([float(one.maximum) for one in rows]) for code, rows in results.items()},
        group_share={code: np.array([_float(one.share) for one in rows]) for code, rows in results.items()},
        group_state={code: np.array([one.state for one in rows], np.int8) for code, rows in results.items()},
        total=np.array([_float(one.told_points) for one in whole], np.float64),
        maximum=np.array([float(one.maximum) for one in whole], np.float64),
        whole_state=np.array([one.state for one in whole], np.int8),
        rate=rate,
        rate_published=published,
        level=levels_of(questionnaire, published, _held(questionnaire, bodies)),
        breaks=_breaks(questionnaire, bodies, rate),
    )


def published_rate(whole: Result) -> Fraction | None:
    """The share of the whole, half-up to 4 decimals; None where nothing applies or too little is known."""
    return None if whole.share is None else half_up(whole.share, RATE_DECIMALS)


def _float(value: Fraction | None) -> float:
    return nan if value is None else float(value)


def _held(questionnaire: Questionnaire, bodies: Sequence[Exact]) -> list[Flags | None]:
    return [
        np.array([all(body.holds(gate) for gate in level.gates) for body in bodies], dtype=bool)
        if level.gates
        else None
        for level in questionnaire.levels
    ]


def _breaks(questionnaire: Questionnaire, bodies: Sequence[Exact], rate: Floats) -> Floats:
    columns = [
        rate if code == RATE else np.array([_float(body.share(code)) for body in bodies], np.float64)
        for code in questionnaire.tie_breaks
    ]
    return np.array(columns, np.float64).reshape(len(columns), len(bodies)).T


def most(indicator: Indicator) -> Fraction:
    """The largest share that an indicator can earn."""
    score = indicator.score
    return max(score.most, score.equal) if isinstance(score, Peer) else Fraction(1)


def interval(questionnaire: Questionnaire, case: Case, peers: Peers) -> tuple[float, float]:
    """[missing = 0, missing = full] of one agency's published rate, 4 decimals; nan where nothing applies."""
    return interval_of(Exact(questionnaire, case, peers))


def interval_of(read: Exact) -> tuple[float, float]:
    """The same of an agency that is read already; what is there is not read again.

    At the upper end gates on what is missing are open; a penalty not yet known counts in full at the lower end and
    not at all at the upper.
    """
    missing = [one for one in read.questionnaire.indicators if one.scored and read.outcome(one).state is State.MISSING]
    low, high = (
        published_rate(Supposed(read, filled(missing, best=best)).result(read.questionnaire.whole))
        for best in (False, True)
    )
    return _float(low), _float(high)


def filled(missing: Iterable[Indicator], *, best: bool) -> dict[str, Outcome]:
    """What missing indicators would come to at best (in full, a penalty nothing), or at worst."""
    return {
        one.code: earning(one, most(one) if best is not (one.counts is Counts.PENALTY) else Fraction(0))
        for one in missing
    }
