"""Scores of a file in sentences: why each figure is what it is, what a change would bring, what gains most."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from survey.core.answers import Value, show_value
from survey.core.numbers_vi import format_number, format_percent
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.rules.exact import Exact, State
from survey.core.rules.gain import next_steps
from survey.core.rules.gain_words import tell_step
from survey.core.rules.group_words import too_few
from survey.core.rules.mean_words import mean_in_words
from survey.core.rules.peers import Peers, peers_of
from survey.core.rules.words import explain_exact, format_points
from survey.core.score_table import ScoredFile
from survey.core.scoring import interval_of
from survey.core.text import say
from survey.core.what_if import Place, WhatIf

MOST_STEPS = 10  # that are told of one body


def explanation(scored: ScoredFile, row: int, peers: Peers, language: str = "vi") -> Iterator[str]:
    """A sentence for the whole, every group and every indicator of one body."""
    questionnaire = scored.questionnaire
    exact = Exact(questionnaire, scored.answers.cases[row], peers)
    yield _whole(scored, row, language) + _made(exact, questionnaire.whole, language)
    low, high = interval_of(exact)
    if low < high:
        yield "  " + say("score.interval", language, low=format_percent(low), high=format_percent(high))
    for group in questionnaire.all_groups:
        yield _group(scored, group, row, language) + _made(exact, group, language)
        for indicator in group.indicators:
            yield "  " + _indicator(exact, indicator, language)


def _made(exact: Exact, group: Group, language: str) -> str:
    """Of which shares a mean is made."""
    made = mean_in_words(exact, group, language)
    return f", {made}" if made else ""


def _indicator(exact: Exact, indicator: Indicator, language: str) -> str:
    told = explain_exact(exact, indicator, language)
    name = indicator.name.in_language(language)
    return f"  {indicator.code} {name}: {told.headline} {told.because}".rstrip()


def _whole(scored: ScoredFile, row: int, language: str) -> str:
    questionnaire, scores, agency = scored.questionnaire, scored.scores, scored.answers.cases[row].agency
    total, whole = scores.total_of(row), questionnaire.whole
    if total is None:
        few = too_few(whole, scores.coverage(whole, row), language)
        return say("score.whole_lacks", language, agency=agency, few=few)
    rate, level, rank = float(scores.rate_published[row]), scores.level[row], scored.ranks[row]
    missing = scores.whole_state[row] == State.MISSING
    return say(
        "score.whole_missing" if missing else "score.whole", language, agency=agency,
        points=format_points(total, questionnaire.decimals),
        maximum=format_number(float(scores.maximum[row])),
        rate="–" if math.isnan(rate) else format_percent(rate),
        level=f", {level.name.in_language(language)}" if level else "",
        rank="" if rank is None else say("score.rank", language, rank=rank),
    )  # fmt: skip


def _group(scored: ScoredFile, group: Group, row: int, language: str) -> str:
    scores = scored.scores
    state = State(int(scores.group_state[group.code][row]))
    share = float(scores.group_share[group.code][row])
    missing = "group_left_out" if scores.left_out(scored.questionnaire, group, row) else "group_missing"
    key = {State.NOT_APPLICABLE: "group_kad", State.MISSING: missing}.get(state, "group")
    return "  " + say(
        f"score.{key}", language, code=group.code, name=group.name.in_language(language),
        points=format_points(float(scores.group_points[group.code][row]), group.decimals),
        maximum=format_number(float(scores.group_maximum[group.code][row])),
        share="" if math.isnan(share) else f" ({format_percent(share)})",
    )  # fmt: skip


def steps(scored: ScoredFile, row: int, peers: Peers, language: str = "vi") -> Iterator[str]:
    """The changes that gain most for one body, the largest first."""
    questionnaire, case = scored.questionnaire, scored.answers.cases[row]
    found = next_steps(questionnaire, case, peers)
    yield say("score.steps" if found else "score.no_steps", language, agency=case.agency)
    for step in found[:MOST_STEPS]:
        yield f"  {step.code}: {tell_step(questionnaire, case, step, language)}"
    if len(found) > MOST_STEPS:
        yield "  " + say("score.more_steps", language, count=len(found) - MOST_STEPS)


def change(
    scored: ScoredFile, row: int, changes: Mapping[str, Value], brought: WhatIf, language: str = "vi"
) -> Iterator[str]:
    """What changed answers would bring one body, the others as they are."""
    questionnaire, case = scored.questionnaire, scored.answers.cases[row]
    yield say("score.what_if", language, agency=case.agency)
    none = say("score.none", language)
    for key, value in changes.items():
        now = show_value(questionnaire, key, case.value(key), language) or none
        new = show_value(questionnaire, key, value, language) or none
        yield "  " + say("score.changed", language, key=key, now=now, then=new)
    yield from _why(scored, row, changes, language)
    before, after = brought.before, brought.after
    was, then = (_place_points(questionnaire, place, language) for place in (before, after))
    if brought.points is None:
        yield "  " + say("score.points_untold", language, before=was, after=then)
    else:
        gained = _signed(brought.points, questionnaire.decimals)
        yield "  " + say("score.points", language, before=was, after=then, change=gained)
    if before.published is not None and after.published is not None:
        moved = _signed((after.published - before.published) * 100, 2)
        rates = {"before": format_percent(before.published), "after": format_percent(after.published)}
        yield "  " + say("score.rate", language, **rates, change=moved)
    if brought.level_changes:
        names = [level.name.in_language(language) if level else none for level in (before.level, after.level)]
        yield "  " + say("score.level", language, before=names[0], after=names[1])
    if before.rank is not None and after.rank is not None:
        key = "rank_same" if before.rank == after.rank else "rank_moved"
        yield "  " + say(f"score.{key}", language, before=before.rank, after=after.rank)


def _why(scored: ScoredFile, row: int, changes: Mapping[str, Value], language: str) -> Iterator[str]:
    """What the indicators that use a changed answer would earn, and why."""
    questionnaire, cases = scored.questionnaire, list(scored.answers.cases)
    cases[row] = replace(cases[row], values={**cases[row].values, **changes})
    exact = Exact(questionnaire, cases[row], peers_of(questionnaire, cases))
    touched = {user.code for key in changes for user in questionnaire.users_of[key]}
    for indicator in questionnaire.indicators:
        if indicator.code in touched:
            yield _indicator(exact, indicator, language)


def _place_points(questionnaire: Questionnaire, place: Place, language: str) -> str:
    if place.points is None:
        return too_few(questionnaire.whole, place.coverage, language)
    return format_points(place.points, questionnaire.decimals)


def _signed(value: Fraction, decimals: int | None) -> str:
    text = format_points(abs(value), decimals)
    return ("−" if value < 0 else "+") + text
