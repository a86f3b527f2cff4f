"""What robustness comes to as a report: rank intervals, parts left out, alphas, effective weights; JSON, CSV, text."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from survey.core.answers import Case
from survey.core.numbers_vi import format_number, format_percent
from survey.core.questionnaire import RATE, Group, Indicator, Questionnaire
from survey.core.ranking import told_apart
from survey.core.reliability import cronbach_alpha
from survey.core.robustness import (
    LeftOut,
    Method,
    Ranking,
    RankSpread,
    draw,
    leave_one_out,
    spread_of_ranks,
)
from survey.core.rules.outcomes import State
from survey.core.rules.peers import measured
from survey.core.scoring import RATE_DECIMALS, Scores
from survey.core.text import say
from survey.core.weights_file import as_cell
from survey.core.weights_tree import Floats, WeightsTree, effective_weights, weights_tree

MOST_DRAWS = 1_000_000
FIGURES = ("rank", "q05", "median", "q95", "mean")


@dataclass(frozen=True, slots=True)
class Drawing:
    """How weights are drawn."""

    draws: int = 1_000
    seed: int = 2026
    method: Method = Method.NOISE
    spread: float = 0.25


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of one group: of its parts' shares, and of what its indicators measured; nan where unknown."""

    code: str
    parts: int
    of_shares: float
    of_measured: float


@dataclass(frozen=True)
class Robustness:
    """The whole report over n bodies."""

    questionnaire: Questionnaire
    agencies: tuple[str, ...]
    cohorts: tuple[str, ...]
    sets: int
    drawing: Drawing | None  # None: the sets were given
    ranks: RankSpread
    left_out: tuple[LeftOut, ...]
    alphas: tuple[Alpha, ...]
    weights: tuple[tuple[str, float, float], ...]  # code, own weight, effective weight (nan: outside the maximum)


def tree_of(questionnaire: Questionnaire, scores: Scores) -> WeightsTree:
    """The weights tree of scored bodies."""
    return weights_tree(questionnaire, scores.points, scores.states, {**scores.group_state, "": scores.whole_state})


def ranking_of(questionnaire: Questionnaire, scores: Scores, cohorts: Sequence[str]) -> Ranking:
    """Ranks of those who have a published rate, on it and what the questionnaire breaks ties by."""
    shares = zip(questionnaire.tie_breaks, told_apart(scores.breaks).T, strict=True)
    breaks = tuple(None if code == RATE else share for code, share in shares)
    rated: list[bool] = (~np.isnan(scores.rate_published)).tolist()
    return Ranking(tuple(cohorts), tuple(rated), RATE_DECIMALS, breaks)


def robustness(
    questionnaire: Questionnaire,
    cases: Sequence[Case],
    scores: Scores,
    cohorts: Sequence[str],
    drawing: Drawing,
    given: Floats | None = None,
) -> Robustness:
    """Everything at once; `given` are sets of weights to be used instead of drawn ones."""
    tree, ranking = tree_of(questionnaire, scores), ranking_of(questionnaire, scores, cohorts)
    drawn = draw(tree, drawing.draws, drawing.seed, drawing.method, drawing.spread) if given is None else given
    effective = effective_weights(tree).tolist()
    return Robustness(
        questionnaire=questionnaire,
        agencies=scores.agencies,
        cohorts=tuple(cohorts),
        sets=drawn.shape[1],
        drawing=drawing if given is None else None,
        ranks=spread_of_ranks(tree, drawn, ranking),
        left_out=leave_one_out(tree, ranking),
        alphas=tuple(_alphas(questionnaire, cases, scores)),
        weights=tuple(zip(tree.codes, tree.weights.tolist(), effective, strict=True)),
    )


def _alphas(questionnaire: Questionnaire, cases: Sequence[Case], scores: Scores) -> Iterator[Alpha]:
    for group in (*questionnaire.all_groups, questionnaire.whole):
        if len(group.parts) > 1:
            shares = np.column_stack([_shares(part, scores) for part in group.parts])
            yield Alpha(group.code, len(group.parts), cronbach_alpha(shares), _of_measured(questionnaire, group, cases))


def _shares(part: Group | Indicator, scores: Scores) -> Floats:
    """The shares of a part, nan where it does not apply or is missing."""
    if isinstance(part, Group):
        known = scores.group_state[part.code] == State.SCORED
        return np.where(known, scores.group_share[part.code], np.nan)
    column = scores.codes.index(part.code)
    known = np.isin(scores.states[:, column], (State.SCORED, State.HIDDEN))
    return np.where(known, scores.points[:, column] / scores.maxima[column], np.nan)


def _of_measured(questionnaire: Questionnaire, group: Group, cases: Sequence[Case]) -> float:
    """Alpha of what was measured, before any scale or direction; nan where a part measures nothing."""
    columns = []
    for part in group.parts:
        if not isinstance(part, Indicator) or not part.numbers:
            return math.nan
        values = (measured(questionnaire, part, case) for case in cases)
        columns.append([math.nan if value is None else float(value) for value in values])
    return cronbach_alpha(np.array(columns, np.float64).T)


def as_json(report: Robustness) -> str:
    """Everything, also what each part left out does to each body's rank."""
    questionnaire, drawing = report.questionnaire, report.drawing
    content = {
        "questionnaire": questionnaire.id,
        "version": questionnaire.version,
        "sets": report.sets,
        "seed": None if drawing is None else drawing.seed,
        "method": "given" if drawing is None else drawing.method.value,
        "spread": drawing.spread if drawing is not None and drawing.method is Method.NOISE else None,
        "bodies": [
            {"agency": agency, "cohort": cohort, **dict(zip(FIGURES, _ranks(report, row), strict=True))}
            for row, (agency, cohort) in enumerate(zip(report.agencies, report.cohorts, strict=True))
        ],
        "left_out": [
            {
                "code": one.code,
                "mean_change": _number(one.mean_change),
                "changes": dict(zip(report.agencies, map(_number, one.change.tolist()), strict=True)),
            }
            for one in report.left_out
        ],
        "alphas": [
            {"code": a.code, "parts": a.parts, "shares": _number(a.of_shares), "measured": _number(a.of_measured)}
            for a in report.alphas
        ],
        "weights": [
            {"code": code, "weight": weight, "effective": _number(effective)}
            for code, weight, effective in report.weights
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _ranks(report: Robustness, row: int) -> list[float | None]:
    ranks = report.ranks
    return [_number(value) for value in (ranks.nominal[row], *ranks.at[row].tolist(), ranks.mean[row])]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def as_csv(report: Robustness) -> str:
    """The same figures in long form: table, code, agency, cohort, figure, value; empty is unknown."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["table", "code", "agency", "cohort", "figure", "value"])
    for row, (agency, cohort) in enumerate(zip(report.agencies, report.cohorts, strict=True)):
        for figure, value in zip(FIGURES, _ranks(report, row), strict=True):
            writer.writerow(["ranks", "", as_cell(agency), as_cell(cohort), figure, _cell(value)])
    for one in report.left_out:
        writer.writerow(["left_out", one.code, "", "", "mean_change", _cell(_number(one.mean_change))])
    for alpha in report.alphas:
        writer.writerow(["alphas", alpha.code, "", "", "shares", _cell(_number(alpha.of_shares))])
        writer.writerow(["alphas", alpha.code, "", "", "measured", _cell(_number(alpha.of_measured))])
    for code, _, effective in report.weights:
        writer.writerow(["weights", code, "", "", "effective", _cell(_number(effective))])
    return stream.getvalue()


def _cell(value: float | None) -> str:
    return "" if value is None else repr(value)


def as_text(report: Robustness, language: str = "vi") -> str:
    """The same for readers: who holds a place for sure, which parts matter most, what each weighs."""
    return "\n".join(_lines(report, language)) + "\n"


def _lines(report: Robustness, language: str) -> Iterator[str]:
    yield _how(report, language)
    order = np.argsort(np.nan_to_num(report.ranks.nominal, nan=math.inf), kind="stable").tolist()
    for row in sorted(order, key=lambda place: report.cohorts[place]):
        nominal, low, middle, high, mean = _ranks(report, row)
        if nominal is not None and low is not None and middle is not None and high is not None and mean is not None:
            key = "robustness.rank_firm" if _short(low) == _short(high) else "robustness.rank"
            yield say(
                key, language, agency=report.agencies[row], cohort=_cohort(report, row, language),
                rank=f"{nominal:.0f}", low=_short(low), high=_short(high),
                median=_short(middle), mean=format_number(mean, 2),
            )  # fmt: skip
    yield say("robustness.left_out", language)
    for one in sorted(report.left_out, key=lambda left: -np.nan_to_num(left.mean_change, nan=-1.0)):
        if not math.isnan(one.mean_change):
            yield f"  {_name(report, one.code, language)}: {format_number(one.mean_change, 2)}"
    yield say("robustness.alphas", language)
    for alpha in report.alphas:
        if not math.isnan(alpha.of_shares):
            yield f"  {_name(report, alpha.code, language)}: {format_number(alpha.of_shares, 3)}"
    yield say("robustness.weights", language)
    for code, _, effective in report.weights:
        if not math.isnan(effective):
            yield f"  {_name(report, code, language)}: {format_percent(effective)}"


def _short(rank: float) -> str:
    return format_number(round(rank, 1))


def _how(report: Robustness, language: str) -> str:
    drawing = report.drawing
    if drawing is None:
        return say("robustness.given", language, sets=format_number(report.sets))
    spread = format_percent(drawing.spread, 0)
    key = f"robustness.drawn_{drawing.method.value}"
    return say(key, language, sets=format_number(report.sets), seed=drawing.seed, spread=spread)


def _cohort(report: Robustness, row: int, language: str) -> str:
    cohort = report.cohorts[row]
    return say("robustness.in_cohort", language, cohort=cohort) if cohort else ""


def _name(report: Robustness, code: str, language: str) -> str:
    questionnaire = report.questionnaire
    part = questionnaire.by_code.get(code) or questionnaire.group_of[code]
    return f"{code} {part.name.in_language(language)}".strip()
