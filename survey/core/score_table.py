"""Scores of a file of answers as a table and as JSON: what `sansangso score` writes and other programs read."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from survey.core.answer_file import AnswerFile, starts_formula
from survey.core.answers import Special
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.ranking import ranks
from survey.core.rules.exact import Exact, State, outcome
from survey.core.rules.group_words import too_few
from survey.core.rules.mean_words import mean_in_words
from survey.core.rules.peers import Peers, peers_of
from survey.core.rules.words import explain_exact
from survey.core.scoring import RATE_DECIMALS, Scores, interval_of, score

KAD = Special.NOT_APPLICABLE.value
PENDING = "pending"
RESULTS = ("total", "maximum", "rate", "rate_published", "level", "rank")

Progress = Callable[[Iterable[int]], Iterable[int]]  # passes rows on while telling how far they are


@dataclass(frozen=True)
class ScoredFile:
    """A file of answers with its scores; ranks are inside cohorts, None where there is no rate."""

    questionnaire: Questionnaire
    answers: AnswerFile
    scores: Scores
    ranks: tuple[int | None, ...]
    peers: Peers  # what bodies are held against

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The column of each scored indicator in `scores`."""
        return {code: place for place, code in enumerate(self.scores.codes)}

    def state(self, indicator: Indicator, row: int) -> State:
        """What one indicator counts for in one row; unscored texts are SCORED with 0 points once answered."""
        if indicator.scored:
            return State(int(self.scores.states[row, self.places[indicator.code]]))
        return outcome(self.questionnaire, indicator, self.answers.cases[row], self.peers).state

    def points(self, indicator: Indicator, row: int) -> float:
        """What one indicator earned in one row."""
        if not indicator.scored:
            return 0.0
        return float(self.scores.points[row, self.places[indicator.code]])


def score_answers(questionnaire: Questionnaire, answers: AnswerFile) -> ScoredFile:
    """Score every row; agencies without a cohort are ranked among themselves."""
    peers = peers_of(questionnaire, answers.cases)
    scores = score(questionnaire, answers.cases, peers=peers)
    places = ranks(scores.rate_published, answers.cohorts, [True] * len(answers.cases), scores.breaks)
    return ScoredFile(questionnaire, answers, scores, places, peers)


def score_csv(scored: ScoredFile) -> str:
    """agency, a column per indicator, per group, then RESULTS; empty is missing, KAD not applicable, pending waits.

    Numbers have a decimal point. A name that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    questionnaire = scored.questionnaire
    groups = [group.code for group in questionnaire.all_groups]
    writer.writerow(["agency", *(one.code for one in questionnaire.indicators), *groups, *RESULTS])
    for row, case in enumerate(scored.answers.cases):
        writer.writerow(
            [
                as_text_cell(case.agency),
                *_indicator_cells(scored, row),
                *_group_cells(scored, row),
                *_results(scored, row),
            ]
        )
    return stream.getvalue()


def as_text_cell(text: str) -> str:
    """A text as a CSV may carry it: an apostrophe keeps spreadsheets from taking it for a formula."""
    return f"'{text}" if starts_formula(text) else text


def _indicator_cells(scored: ScoredFile, row: int) -> Iterator[str]:
    for indicator in scored.questionnaire.indicators:
        match scored.state(indicator, row):
            case State.MISSING:
                yield ""
            case State.NOT_APPLICABLE:
                yield KAD
            case State.PENDING:
                yield PENDING
            case _:
                yield _number(scored.points(indicator, row))


def _group_cells(scored: ScoredFile, row: int) -> Iterator[str]:
    """Points of each group; KAD where nothing in it applies (a group of unscored texts earns 0), blank if left out."""
    for group in scored.questionnaire.all_groups:
        points = scored.scores.points_in(group, row)
        if scored.scores.left_out(scored.questionnaire, group, row):
            yield ""
        else:
            yield KAD if points is None else _number(points)


def _results(scored: ScoredFile, row: int) -> tuple[str, ...]:
    scores = scored.scores
    rate, published, level, rank = (
        float(scores.rate[row]),
        float(scores.rate_published[row]),
        scores.level[row],
        scored.ranks[row],
    )
    return (
        "" if scores.lacks(row) else _number(float(scores.total[row])),
        _number(float(scores.maximum[row])),
        "" if math.isnan(rate) else repr(rate),
        "" if math.isnan(published) else f"{published:.{RATE_DECIMALS}f}",
        "" if level is None else level.name.vi,
        "" if rank is None else str(rank),
    )


def _number(value: float) -> str:
    """The shortest decimal that is this number: 20, 13.77."""
    return str(int(value)) if value.is_integer() else repr(value)


def score_json(scored: ScoredFile, language: str = "vi", progress: Progress = iter) -> str:
    """The same figures with each indicator's state and reason; points are null but where earned or hidden."""
    questionnaire = scored.questionnaire
    rows = progress(range(len(scored.answers.cases)))
    content = {
        "questionnaire": questionnaire.id,
        "version": questionnaire.version,
        "title": questionnaire.title.in_language(language),
        "notice": questionnaire.notice.in_language(language),
        "maximum": float(questionnaire.maximum),
        "agencies": [_agency_json(scored, row, language) for row in rows],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _agency_json(scored: ScoredFile, row: int, language: str) -> dict[str, Any]:
    scores, level = scored.scores, scored.scores.level[row]
    exact = Exact(scored.questionnaire, scored.answers.cases[row], scored.peers)
    return {
        "agency": scored.answers.cases[row].agency,
        "cohort": scored.answers.cohorts[row],
        "total": scores.total_of(row),
        "maximum": float(scores.maximum[row]),
        "rate": _or_null(float(scores.rate[row])),
        "rate_published": _or_null(float(scores.rate_published[row])),
        "interval": [_or_null(end) for end in interval_of(exact)],
        **(_few_json(scored, row, language) or _made_json(exact, scored.questionnaire.whole, language)),
        "level": None if level is None else level.name.in_language(language),
        "rank": scored.ranks[row],
        "groups": {
            group.code: {
                "points": None if scores.left_out(scored.questionnaire, group, row) else scores.points_in(group, row),
                "maximum": float(scores.group_maximum[group.code][row]),
                **_made_json(exact, group, language),
            }
            for group in scored.questionnaire.all_groups
        },
        "indicators": {
            indicator.code: _indicator_json(scored, exact, indicator, row, language)
            for indicator in scored.questionnaire.indicators
        },
    }


def _few_json(scored: ScoredFile, row: int, language: str) -> dict[str, str]:
    """Why a body has neither total nor rate."""
    if not scored.scores.lacks(row):
        return {}
    whole = scored.questionnaire.whole
    return {"reason": too_few(whole, scored.scores.coverage(whole, row), language)}


def _made_json(exact: Exact, group: Group, language: str) -> dict[str, str]:
    """Of which shares and weights a mean is made."""
    made = mean_in_words(exact, group, language)
    return {"reason": made} if made else {}


def _indicator_json(scored: ScoredFile, exact: Exact, indicator: Indicator, row: int, language: str) -> dict[str, Any]:
    state = scored.state(indicator, row)
    has_points = state in (State.SCORED, State.HIDDEN)
    told = explain_exact(exact, indicator, language)
    return {
        "state": state.name.lower(),
        "points": scored.points(indicator, row) if has_points else None,
        "maximum": float(indicator.maximum),
        "reason": f"{told.headline} {told.because}".strip(),
    }


def _or_null(value: float) -> float | None:
    return None if math.isnan(value) else value
