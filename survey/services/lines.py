"""The task list: one line a group, with how far it is, what is wrong in it and its points so far."""

from __future__ import annotations

from functools import cached_property

from survey.core import document as doc
from survey.core.questionnaire import Group, Indicator
from survey.services.heads import Names
from survey.services.page_views import Asked
from survey.services.sheet import Sheet
from survey.services.stakes import may_bring
from survey.services.submission_views import GroupLine, LineStatus, Stamp


class Lines:
    """Lines of one submission's groups."""

    def __init__(self, sheet: Sheet, names: Names) -> None:
        self.sheet = sheet
        self.names = names

    @cached_property
    def depths(self) -> dict[str, int]:
        """Depth of every group by code, 0 for the top ones."""
        depths: dict[str, int] = {}

        def walk(groups: tuple[Group, ...], depth: int) -> None:
            for group in groups:
                depths[group.code] = depth
                walk(group.groups, depth + 1)

        walk(self.sheet.questionnaire.groups, 0)
        return depths

    def all(self) -> tuple[GroupLine, ...]:
        """Every line, parents first."""
        return tuple(self.line(group) for group in self.sheet.questionnaire.all_groups)

    def line(self, group: Group) -> GroupLine:
        """One line."""
        sheet = self.sheet
        members = tuple(group.all_indicators())
        asked = [indicator for indicator in members if sheet.asked(indicator) is Asked.YES]
        answered = sum(sheet.answered(indicator) for indicator in asked)
        faults = sum(sheet.faulty(indicator) for indicator in asked)
        lacking = sum(sheet.evidence_missing(indicator) for indicator in asked)
        points, maximum = sheet.group_points(group)
        touched = any(entries_of(sheet, indicator) for indicator in asked)
        own = (indicator for indicator in members if indicator.provided_by is None)  # givers are not named
        changes = [entry for indicator in own for entry in entries_of(sheet, indicator)]
        return GroupLine(
            code=group.code,
            name=group.name,
            short=group.short,
            depth=self.depths[group.code],
            is_page=bool(group.indicators),
            status=_status(answered, len(asked), faults, lacking, touched),
            answered=answered,
            total=len(asked),
            faults=faults,
            missing_evidence=lacking,
            pending_kad=sum(sheet.pending_kad(indicator) for indicator in asked),
            points=points,
            maximum=maximum,
            last_change=last_change(changes, self.names),
            missing_points=float(may_bring(sheet, [indicator for indicator in asked if sheet.missing(indicator)])),
            outside=group.outside,
            left_out=sheet.left_out(group),
            decimals=group.decimals,
            made=sheet.made(group),
        )

    def above(self, group: Group) -> tuple[Group, ...]:
        """The groups that a group is in, outermost first."""
        return tuple(
            other for other in self.sheet.questionnaire.all_groups if other is not group and group in other.walk()
        )


def _status(answered: int, total: int, faults: int, lacking: int, touched: bool) -> LineStatus:
    if faults or (lacking and answered == total):
        return LineStatus.FIX
    if answered == total:
        return LineStatus.DONE
    return LineStatus.DOING if answered or touched else LineStatus.NONE


def entries_of(sheet: Sheet, indicator: Indicator) -> list[doc.Entry]:
    """Everything the body has written at an indicator."""
    own, code = (doc.NOTE, doc.UNPROVEN, doc.EVIDENCE, doc.KAD, doc.RIGHT), indicator.code
    places = (doc.place_key(number, code) for number in doc.evidence_ids(sheet.document, code))
    keys = (*indicator.keys, *(prefix + code for prefix in own), *places)
    return [sheet.document[key] for key in keys if key in sheet.document]


def last_change(entries: list[doc.Entry], names: Names) -> Stamp | None:
    """Who wrote last."""
    if not entries:
        return None
    latest = max(entries, key=lambda entry: str(entry["at"]))
    return Stamp(doc.time_of(latest), names.get(latest["by"], ""))
