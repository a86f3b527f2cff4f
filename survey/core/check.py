"""What a questionnaire must mean to be scored: unknown names, repeated codes, rules that cannot hold, sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.core import asks, shapes
from survey.core.check_fits import fit_faults
from survey.core.check_groups import gate_faults, group_faults, level_gate_faults, tie_break_faults
from survey.core.check_rules import Found, as_written, number_places, pair_place, rule_faults
from survey.core.errors import Fault
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.source import Path, Source


def check(questionnaire: Questionnaire, shape: shapes.QuestionnaireShape, source: Source) -> list[Fault]:
    """Every fault of meaning, each with its line."""
    return [
        Fault(source.name, source.line(path), f"faults.{key}", data) for path, key, data in _all(questionnaire, shape)
    ]


def _all(questionnaire: Questionnaire, shape: shapes.QuestionnaireShape) -> Iterator[Found]:
    yield from _levels(questionnaire)
    yield from _inputs(questionnaire)
    for index, group in enumerate(questionnaire.groups):
        yield from _group(group, ("groups", index), None)
    yield from _repeated_codes(questionnaire)
    yield from group_faults(questionnaire, shape)
    yield from level_gate_faults(questionnaire, shape.levels)
    yield from tie_break_faults(questionnaire)
    yield from fit_faults(questionnaire, shape.fits)
    seen: dict[str, Indicator] = {}
    for path, indicator, written in walk(questionnaire, shape):
        yield from _names(questionnaire, indicator, written, path)
        yield from _show_when(questionnaire, indicator, seen, path)
        yield from gate_faults(questionnaire, indicator, written, seen, path)
        yield from rule_faults(indicator, written, path)
        seen[indicator.code] = indicator


def walk(
    questionnaire: Questionnaire, shape: shapes.QuestionnaireShape
) -> Iterator[tuple[Path, Indicator, shapes.IndicatorShape]]:
    """Every indicator with its place in the file and its written form."""
    yield from _walk(questionnaire.groups, shape.groups, ("groups",))


def _walk(
    groups: Sequence[Group], written: Sequence[shapes.GroupShape], path: Path
) -> Iterator[tuple[Path, Indicator, shapes.IndicatorShape]]:
    for index, (group, shape) in enumerate(zip(groups, written, strict=True)):
        here = (*path, index)
        yield from _walk(group.groups, shape.groups, (*here, "groups"))
        for number, (indicator, text) in enumerate(zip(group.indicators, shape.indicators, strict=True)):
            yield (*here, "indicators", number), indicator, text


def _levels(questionnaire: Questionnaire) -> Iterator[Found]:
    levels = questionnaire.levels
    names: set[str] = set()
    for index, level in enumerate(levels):
        path: Path = ("levels", index)
        if index == len(levels) - 1:
            if level.limit is not None:
                yield path, "level_no_floor", {"level": level.name.vi}
        elif level.limit is None:
            yield path, "level_no_limit", {"level": level.name.vi}
        elif not 0 <= level.limit <= 1 or level.limit == (1 if level.exclusive else 0):
            yield path, "level_out_of_range", {"level": level.name.vi, "limit": as_written(level.limit)}
        above = levels[index - 1].limit if index else None
        if above is not None and level.limit is not None and level.limit >= above:
            yield path, "level_order", {"level": level.name.vi, "before": levels[index - 1].name.vi}
        if level.name.vi in names:
            yield path, "level_repeated", {"level": level.name.vi}
        names.add(level.name.vi)


def _inputs(questionnaire: Questionnaire) -> Iterator[Found]:
    used = set(questionnaire.keys)
    for name in questionnaire.inputs:
        if name not in used:
            yield ("inputs", name), "input_unused", {"name": name}


def _group(group: Group, path: Path, parent: Group | None) -> Iterator[Found]:
    if group.groups and group.indicators:
        yield (*path, "indicators"), "group_mixed", {"code": group.code}
    if not group.groups and not group.indicators:
        yield path, "group_empty", {"code": group.code}
    if parent is not None and not group.code.startswith(parent.code + "."):
        yield (*path, "code"), "code_prefix", {"code": group.code, "group": parent.code}
    for index, child in enumerate(group.groups):
        yield from _group(child, (*path, "groups", index), group)
    for index, indicator in enumerate(group.indicators):
        stem = _numeric_stem(group.code)
        if not indicator.code.startswith(stem + "."):
            yield (*path, "indicators", index, "code"), "code_prefix", {"code": indicator.code, "group": stem}


def _numeric_stem(code: str) -> str:
    """A group code without its lettered ends: 4.A stands for a part of 4, whose indicators keep official codes."""
    parts = code.split(".")
    while len(parts) > 1 and not parts[-1].isdigit():
        parts.pop()
    return ".".join(parts)


def _repeated_codes(questionnaire: Questionnaire) -> Iterator[Found]:
    seen: set[str] = set()

    def codes(groups: Sequence[Group], path: Path) -> Iterator[tuple[Path, str]]:
        for index, group in enumerate(groups):
            yield (*path, index, "code"), group.code
            yield from codes(group.groups, (*path, index, "groups"))
            for number, indicator in enumerate(group.indicators):
                yield (*path, index, "indicators", number, "code"), indicator.code

    for path, code in codes(questionnaire.groups, ("groups",)):
        if code in seen:
            yield path, "code_repeated", {"code": code}
        seen.add(code)


def _names(
    questionnaire: Questionnaire, indicator: Indicator, written: shapes.IndicatorShape, path: Path
) -> Iterator[Found]:
    for name in indicator.applies_when:
        if name not in questionnaire.attributes:
            yield (*path, "applies_when", name), "attribute_unknown", {"name": name}
    for number, pair in enumerate(indicator.pairs):
        here = pair_place(indicator, number, path)
        for name, wanted in pair.applies_when.items():
            if name not in questionnaire.attributes:
                yield (*here, "applies_when", name), "attribute_unknown", {"name": name}
            if indicator.applies_when.get(name, wanted) != wanted:
                yield (*here, "applies_when", name), "applies_never", {"name": name, "code": indicator.code}
        if pair.a.key == pair.b.key:
            yield here, "same_input_twice", {"name": pair.a.key}
    for place, asked in number_places(indicator, path):
        if asked.shared and asked.key not in questionnaire.inputs:
            yield place, "input_unknown", {"name": asked.key}
    owners = (user for asked in indicator.numbers for user in questionnaire.users_of[asked.key])
    if indicator.provided_by and any(user.provided_by is None for user in owners):
        yield (*path, "provided_by"), "provided_shared", {"code": indicator.code}


def _show_when(
    questionnaire: Questionnaire, indicator: Indicator, seen: dict[str, Indicator], path: Path
) -> Iterator[Found]:
    shown = indicator.show_when
    if shown is None:
        return
    here: Path = (*path, "show_when")
    parent = seen.get(shown.code)
    if parent is None:
        yield (*here, "code"), _why_not_above(questionnaire, indicator, shown.code), {"code": shown.code}
        return
    match parent.ask:
        case asks.YesNo():
            known = [asks.YES, asks.NO]
        case asks.Choice(options=options) | asks.Checks(options=options):
            known = [option.code for option in options]
        case _:
            yield (*here, "code"), "show_when_kind", {"code": shown.code}
            return
    for value in sorted(shown.values.difference(known)):
        data: dict[str, object] = {"code": shown.code, "answer": value, "options": ", ".join(known)}
        yield (*here, "is"), "show_when_answer", data
    if parent.show_when is not None:
        yield (*here, "code"), "show_when_chain", {"code": shown.code, "first": parent.show_when.code}
    for name, wanted in parent.applies_when.items():
        if indicator.applies_when.get(name) != wanted:
            written = "true" if wanted else "false"
            yield here, "show_when_applies", {"code": shown.code, "name": name, "written": written}


def _why_not_above(questionnaire: Questionnaire, indicator: Indicator, code: str) -> str:
    if code == indicator.code:
        return "show_when_self"
    return "show_when_later" if code in questionnaire.by_code else "show_when_unknown"
