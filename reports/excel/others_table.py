"""The table of cohorts whose bodies the reader does not see: counts by state and the median, as constants."""

from __future__ import annotations

from collections.abc import Sequence

from reports.data import CohortTotals
from reports.excel.book import Heading
from reports.excel.sheet import Sheet, letter
from reports.excel.styles import BAND, CENTERED, GREY, HEADER, RATE, TEXT
from survey.core.workflow import SubmissionState

NAME = TEXT.but(horizontal="left", indent=1)
WIDE, NARROW = 46, 13  # of the sheet's columns


def write_others(sheet: Sheet, heading: Heading, others: Sequence[CohortTotals], row: int) -> int:
    """Write the table from `row` on; the row after it."""
    states = tuple(SubmissionState)
    total, rate = len(states) + 2, len(states) + 3
    sheet.put(row, 1, heading.say("cohort"), HEADER.but(horizontal="left", indent=1))
    names = [heading.say(f"state_{state.value}") for state in states]
    names += [heading.say("front_total"), heading.say("front_median")]
    for column, name in enumerate(names, 2):
        sheet.put(row, column, name, HEADER)
    sheet.fit(row, [(name, NARROW) for name in names], 9, bold=True)
    first = row + 1
    for row, other in enumerate(others, first):
        sheet.put(row, 1, other.cohort.name, NAME)
        sheet.fit(row, [(other.cohort.name, WIDE)])
        for column, state in enumerate(states, 2):
            sheet.put(row, column, other.counts[state], CENTERED)
        inside = f"SUM(B{row}:{letter(total - 1)}{row})"
        sheet.formula(row, total, inside, other.size, CENTERED.but(bold=True))
        if other.too_few:
            sheet.put(row, rate, heading.say("front_too_few"), CENTERED.but(size=8, color=GREY))
        else:
            sheet.put(row, rate, other.median_rate, RATE.but(horizontal="center"))
    _write_sums(sheet, heading, others, first, total)
    return first + len(others) + 1


def _write_sums(sheet: Sheet, heading: Heading, others: Sequence[CohortTotals], first: int, total: int) -> None:
    row = first + len(others)
    bold = CENTERED.but(bold=True, fill=BAND)
    sheet.put(row, 1, heading.say("front_all"), bold.but(horizontal="left", indent=1))
    sums = [sum(other.counts[state] for other in others) for state in SubmissionState]
    for column, value in enumerate([*sums, sum(sums)], 2):
        at = letter(column)
        sheet.formula(row, column, f"SUM({at}{first}:{at}{row - 1})", value, bold)
    sheet.put(row, total + 1, None, bold)
