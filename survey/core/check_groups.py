"""Whether sums, means, gates, levels and tie-breaks can be computed: what lies above a single indicator's rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from survey.core import shapes
from survey.core.check_rules import Found, as_written
from survey.core.modifiers import Condition, Counts, MissingRule
from survey.core.questionnaire import RATE, Group, Indicator, Questionnaire
from survey.core.rounding import half_up
from survey.core.source import Path
from survey.core.transfers import MapShares


def group_faults(questionnaire: Questionnaire, shape: shapes.QuestionnaireShape) -> Iterator[Found]:
    """Faults of the whole and of every group: how it is made of its parts, and their weights."""
    yield from _group(questionnaire.whole, shape, ())
    if questionnaire.indicators and not any(indicator.scored for indicator in questionnaire.indicators):
        yield ("groups",), "nothing_scored", {}
    if questionnaire.whole.outside:
        yield ("groups",), "nothing_counts", {}


def _group(group: Group, written: shapes.GroupShape | shapes.QuestionnaireShape, path: Path) -> Iterator[Found]:
    yield from _aggregate(group, written, path)
    below = [
        ("groups", n, part, shape) for n, (part, shape) in enumerate(zip(group.groups, written.groups, strict=True))
    ]
    for key, number, part, shape in below:
        here = (*path, key, number)
        yield from _part(group, part, shape, here)
        yield from _group(part, shape, here)
    indicators = written.indicators if isinstance(written, shapes.GroupShape) else []
    for number, (indicator, text) in enumerate(zip(group.indicators, indicators, strict=True)):
        yield from _part(group, indicator, text, (*path, "indicators", number))


def _aggregate(group: Group, written: shapes.AggregateShape, path: Path) -> Iterator[Found]:
    name: dict[str, object] = {"code": group.code or "groups"}
    given = written.model_fields_set
    if group.is_sum:
        if "max" in given:
            yield (*path, "max"), "scale_useless", name
        inherits = isinstance(written, shapes.QuestionnaireShape)  # the whole says it for the groups below
        for key in ("missing", "coverage"):
            if key in given and not inherits:
                yield (*path, key), "missing_useless", {**name, "key": key}
    elif written.max is None:
        yield path, "scale_absent", name
    elif group.scale <= 0:
        yield (*path, "max"), "scale_not_positive", name
    elif half_up(group.scale, group.decimals) != group.scale:
        yield (*path, "max"), "max_too_precise", {**name, "decimals": group.decimals}
    if written.coverage is not None and not 0 <= written.coverage <= 1:
        yield (*path, "coverage"), "coverage_out_of_range", {"coverage": as_written(written.coverage)}
    told = group.is_sum and not isinstance(written, shapes.QuestionnaireShape)
    if written.coverage is not None and group.missing is MissingRule.ZERO and not told:
        yield (*path, "coverage"), "coverage_useless", name


def _part(
    group: Group, part: Group | Indicator, written: shapes.GroupShape | shapes.IndicatorShape, path: Path
) -> Iterator[Found]:
    name: dict[str, object] = {"code": part.code, "group": group.code or "groups"}
    if "weight" in written.model_fields_set:
        if group.is_sum:
            yield (*path, "weight"), "weight_useless", name
        elif part.weight <= 0:
            yield (*path, "weight"), "weight_not_positive", {**name, "weight": as_written(part.weight)}
    outside = part.outside if isinstance(part, Group) else part.counts is not Counts.POINTS
    if outside and not group.is_sum:
        at = path if isinstance(part, Group) else (*path, "counts")
        yield at, "outside_in_mean", name


def gate_faults(
    questionnaire: Questionnaire,
    indicator: Indicator,
    written: shapes.IndicatorShape,
    seen: Mapping[str, Indicator],
    path: Path,
) -> Iterator[Found]:
    """Faults of an indicator's gate; `seen` are the indicators before it."""
    gate = indicator.gate
    if gate is None or written.gate is None:
        return
    here: Path = (*path, "gate")
    if not indicator.scored:
        yield here, "gate_useless", {"code": indicator.code}
    yield from _condition(questionnaire, gate.condition, written.gate, here)
    if not 0 <= gate.otherwise < 1:
        yield (*here, "otherwise"), "gate_otherwise", {"share": as_written(gate.otherwise)}
    why = _why_not_before(questionnaire, indicator, gate.condition.code, seen)
    if why:
        yield (*here, "code"), why, {"code": gate.condition.code, "indicator": indicator.code}
    elif _never_opens(seen, indicator, gate.condition):
        yield here, "gate_never", {"code": gate.condition.code, "indicator": indicator.code}


def _never_opens(seen: Mapping[str, Indicator], indicator: Indicator, condition: Condition) -> bool:
    """Whether it is asked only after answers of another indicator that its gate on that one refuses."""
    shown, target = indicator.show_when, seen.get(condition.code)
    if shown is None or target is None or target.code != shown.code or not isinstance(target.score, MapShares):
        return False
    shares = [target.score.shares[answer] for answer in shown.values if answer in target.score.shares]
    return bool(shares) and not any(condition.holds(share) for share in shares)


def _why_not_before(
    questionnaire: Questionnaire, indicator: Indicator, code: str, seen: Mapping[str, Indicator]
) -> str:
    """Why the share of an indicator or a group is not settled before this indicator; empty where it is."""
    if code == indicator.code:
        return "gate_self"
    if code in questionnaire.by_code:
        return "" if code in seen else "gate_later"
    group = questionnaire.group_of.get(code)
    members = {one.code for one in group.all_indicators()} if group is not None else set()
    if indicator.code in members:
        return "gate_inside"
    return "gate_later" if members - seen.keys() else ""


def _condition(
    questionnaire: Questionnaire, condition: Condition, written: shapes.ConditionShape, path: Path
) -> Iterator[Found]:
    """Whether a share is named that there is, with a limit that can be missed and reached."""
    yield from _has_share(questionnaire, condition.code, (*path, "code"))
    limit = condition.limit
    if written.above is None and written.from_ is None:
        yield path, "condition_no_limit", {"code": condition.code}
    elif not 0 <= limit <= 1 or (condition.exclusive and limit == 1):
        yield path, "condition_out_of_range", {"code": condition.code, "limit": as_written(limit)}
    elif limit == 0 and not condition.exclusive:
        yield path, "condition_always", {"code": condition.code}


def _has_share(questionnaire: Questionnaire, code: str, path: Path) -> Iterator[Found]:
    """Whether an indicator or a group with this code earns a share of a maximum."""
    if code in questionnaire.by_code:
        indicator = questionnaire.by_code[code]
        has_share = indicator.scored and indicator.counts is Counts.POINTS
    elif code in questionnaire.group_of:
        has_share = bool(questionnaire.group_of[code].maximum)
    else:
        yield path, "share_code_unknown", {"code": code}
        return
    if not has_share:
        yield path, "share_code_without", {"code": code}


def level_gate_faults(questionnaire: Questionnaire, written: Sequence[shapes.LevelShape]) -> Iterator[Found]:
    """Faults of the gates of levels."""
    for index, (level, shape) in enumerate(zip(questionnaire.levels, written, strict=True)):
        if level.gates and index == len(questionnaire.levels) - 1:
            yield ("levels", index, "gates"), "level_floor_gates", {"level": level.name.vi}
        for number, (gate, text) in enumerate(zip(level.gates, shape.gates, strict=True)):
            yield from _condition(questionnaire, gate, text, ("levels", index, "gates", number))


def tie_break_faults(questionnaire: Questionnaire) -> Iterator[Found]:
    """Faults of what decides between equal rates."""
    for index, code in enumerate(questionnaire.tie_breaks):
        place: Path = ("tie_breaks", index)
        if code in questionnaire.tie_breaks[:index]:
            yield place, "tie_break_repeated", {"code": code}
        elif code != RATE:
            yield from _has_share(questionnaire, code, place)
