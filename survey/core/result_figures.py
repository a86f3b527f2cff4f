"""Every figure of a result as exact text, by the exact reading: what a result file holds and what checks it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import isnan
from typing import NamedTuple

from survey.core.answers import Case
from survey.core.levels import level_reached
from survey.core.questionnaire import RATE, Questionnaire
from survey.core.ranking import SHARE_DIGITS
from survey.core.rounding import half_up
from survey.core.rules.exact import Exact
from survey.core.rules.outcomes import LEAVES_MAXIMUM, State
from survey.core.rules.peers import NOBODY, peers_of
from survey.core.scoring import Scores, published_rate

SAME = Fraction(1, 10**9)  # of unrounded figures, which scores hold in float64
LONGEST_DECIMAL = 60  # digits after the point; a fraction with more is written as one

_LEAVING = tuple(state.name.lower() for state in LEAVES_MAXIMUM)

Order = tuple[Fraction, ...]


class Name(NamedTuple):
    """A figure's name: what it is, and of which indicator or group ("" is the whole)."""

    what: str  # state, points, maximum, share, rate_published, level, rank
    code: str = ""


Figures = Mapping[Name, str]  # "" where there is none


def exact_text(value: Fraction | None) -> str:
    """`13.77`, or `1/3` where no decimal says it; "" for none."""
    if value is None:
        return ""
    scale, below = 0, value.denominator
    for prime in (2, 5):
        count = 0
        while below % prime == 0:
            below, count = below // prime, count + 1
        scale = max(scale, count)
    if below != 1 or scale > LONGEST_DECIMAL:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(value.numerator) * 10**scale // value.denominator).rjust(scale + 1, "0")
    sign, cut = "-" if value < 0 else "", len(digits) - scale
    return sign + digits[:cut] + ("." + digits[cut:] if scale else "")


def figures_of(questionnaire: Questionnaire, cases: Sequence[Case], among: Sequence[bool]) -> list[dict[Name, str]]:
    """The figures of every body but its rank; `among` are those whose values their peers are held against."""
    peers = peers_of(questionnaire, cases, among) if questionnaire.has_peers else NOBODY
    return [dict(_figures(Exact(questionnaire, case, peers))) for case in cases]


def _figures(body: Exact) -> Iterator[tuple[Name, str]]:
    questionnaire = body.questionnaire
    for indicator in questionnaire.indicators:
        earned = body.outcome(indicator)
        yield Name("state", indicator.code), earned.state.name.lower()
        yield Name("points", indicator.code), exact_text(earned.points)
    for group in questionnaire.all_groups:
        result = body.result(group)
        yield Name("state", group.code), result.state.name.lower()
        yield Name("points", group.code), exact_text(result.points)
        yield Name("maximum", group.code), exact_text(result.maximum)
        yield Name("share", group.code), exact_text(result.share)
    whole = body.result(questionnaire.whole)
    published = published_rate(whole)
    level = None if published is None else level_reached(body, published)
    yield Name("state"), whole.state.name.lower()
    yield Name("points"), exact_text(whole.told_points)
    yield Name("maximum"), exact_text(whole.maximum)
    yield Name("share"), exact_text(whole.share)
    yield Name("rate_published"), exact_text(published)
    yield Name("level"), level.name.vi if level else ""


def told_figures(scores: Scores, row: int) -> dict[Name, str]:
    """The figures of a body as scores have them, for one whose points came without answers; shares from its points."""
    found: dict[Name, str] = {}
    for column, code in enumerate(scores.codes):
        found[Name("state", code)] = State(int(scores.states[row, column])).name.lower()
        found[Name("points", code)] = exact_text(_exact(scores.points[row, column]))
    for code, points in scores.group_points.items():
        found[Name("state", code)] = State(int(scores.group_state[code][row])).name.lower()
        found |= _told(code, points[row], scores.group_maximum[code][row])
    level, published = scores.level[row], float(scores.rate_published[row])
    found |= {Name("state"): State(int(scores.whole_state[row])).name.lower()}
    found |= _told("", scores.total[row], scores.maximum[row])
    found[Name("rate_published")] = "" if isnan(published) else exact_text(_exact(published))
    found[Name("level")] = level.name.vi if level else ""
    return found


def _told(code: str, points: float, maximum: float) -> dict[Name, str]:
    if isnan(points):
        return {Name("points", code): "", Name("maximum", code): exact_text(_exact(maximum)), Name("share", code): ""}
    earned, most = _exact(points), _exact(maximum)
    share = earned / most if most else None
    names = (Name("points", code), Name("maximum", code), Name("share", code))
    return dict(zip(names, map(exact_text, (earned, most, share)), strict=True))


def _exact(value: float) -> Fraction:
    """The shortest decimal that names a float64."""
    return Fraction(repr(float(value)))


def disagreement(figures: Figures, scores: Scores, row: int) -> Name | None:
    """The first figure that the scoring path shows otherwise, to a billionth; None where the two readings agree."""
    for name, told in told_figures(scores, row).items():
        found = figures.get(name, "")
        if name.what in ("state", "level", "rate_published"):
            if found != told:
                return name
        elif name.what != "share" and abs(Fraction(found or 0) - Fraction(told or 0)) > SAME:
            return name
    return None


def order_of(questionnaire: Questionnaire, figures: Figures) -> Order | None:
    """What ranks a body, best first when falling: published rate, then the tie-breaks; None where there is no rate."""
    published = figures.get(Name("rate_published"))
    if not published:
        return None
    return (Fraction(published), *(_tie_break(questionnaire, figures, code) for code in questionnaire.tie_breaks))


def _tie_break(questionnaire: Questionnaire, figures: Figures, code: str) -> Fraction:
    """A share that decides between equal rates; what does not apply counts lowest."""
    indicator = questionnaire.by_code.get(code)
    if indicator is None:
        share = figures.get(Name("share", "" if code == RATE else code))
        return half_up(Fraction(share), SHARE_DIGITS) if share else Fraction(-1)
    points = figures.get(Name("points", code))
    if not points or figures.get(Name("state", code)) in _LEAVING:
        return Fraction(-1)
    return half_up(abs(Fraction(points)) / indicator.maximum, SHARE_DIGITS)


def ranks_by(orders: Sequence[Order | None], cohorts: Sequence[str], ranked: Sequence[bool]) -> list[int | None]:
    """1-2-2-4 inside cohorts, the highest order first; None for those not ranked and without a rate."""
    result: list[int | None] = [None] * len(orders)
    rows: dict[str, list[tuple[Order, int]]] = {}
    for row, (order, cohort, counts) in enumerate(zip(orders, cohorts, ranked, strict=True)):
        if counts and order is not None:
            rows.setdefault(cohort, []).append((order, row))
    for members in rows.values():
        members.sort(key=lambda member: member[0], reverse=True)
        rank, before = 0, None
        for place, (order, row) in enumerate(members, start=1):
            rank, before = (rank if order == before else place), order
            result[row] = rank
    return result
