"""What the engine gives for the hidden columns of Điểm by which groups are counted."""

from __future__ import annotations

from reports.excel.plan import Plan
from reports.excel.sheet import Cached
from reports.standing import group_word
from survey.core.questionnaire import Group, Indicator
from survey.core.rules.exact import State
from survey.core.rules.formula import NOT_APPLICABLE, PENDING

WORDS = (NOT_APPLICABLE, PENDING)


def part_values(plan: Plan, index: int) -> dict[str, Cached]:
    """Maximum and share of each group of one agency, and the parts of each mean, by column."""
    if not plan.detailed:
        return {}
    scores = plan.block.result.scores
    values: dict[str, Cached] = {}
    for group in (*plan.questionnaire.all_groups, plan.questionnaire.whole):
        if not group.is_sum:
            values |= _mean(plan, group, index)
        if group.outside:
            continue
        if group.code:
            values[f"max:{group.code}"] = float(scores.group_maximum[group.code][index])
        values[f"share:{group.code}"] = share_cell(plan, group, index)
    return {name: value for name, value in values.items() if name in plan.points.columns}


def _mean(plan: Plan, group: Group, index: int) -> dict[str, Cached]:
    shares = {part.code: share_cell(plan, part, index) for part in group.parts}
    weights = {part.code: float(part.weight) for part in group.parts}
    duty = sum(weights[code] for code, share in shares.items() if share not in WORDS)
    there = sum(weights[code] for code, share in shares.items() if isinstance(share, float))
    parts: dict[str, Cached] = {f"part:{group.code}:{code}": share for code, share in shares.items()}
    return parts | {f"duty:{group.code}": duty, f"there:{group.code}": there}


def share_cell(plan: Plan, part: Group | Indicator, index: int) -> Cached:
    """The share of an indicator or a group as its cell shows it: None where it is missing."""
    result = plan.block.result
    scores = result.scores
    if isinstance(part, Indicator):
        at = scores.codes.index(part.code)
        match scores.states[index, at]:
            case State.NOT_APPLICABLE:
                return NOT_APPLICABLE
            case State.PENDING:
                return PENDING
            case State.MISSING:
                return None
        return float(scores.points[index, at]) / float(scores.maxima[at])
    state = scores.group_state[part.code][index] if part.code else scores.whole_state[index]
    if state == State.NOT_APPLICABLE:
        return group_word(result, part, index)
    if state == State.MISSING:
        return None
    return float(scores.group_share[part.code][index] if part.code else scores.rate[index])
