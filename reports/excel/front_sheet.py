"""Thông tin: what the workbook holds, of which round and moment, how many are where, and how to read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openpyxl.worksheet.pagebreak import Break

from reports.data import RoundData, short_hash
from reports.excel.book import Book, Heading
from reports.excel.others_table import write_others
from reports.excel.page import freeze, set_page
from reports.excel.plan import Plan
from reports.excel.sheet import Sheet, letter, literal, quote
from reports.excel.styles import (
    BAND,
    CENTERED,
    EDITABLE,
    GREY,
    HEADER,
    TEXT,
    TITLE,
    WARNING,
    Style,
)
from reports.palette import LEVEL_COLOURS, LEVEL_INKS, level_colour
from reports.standing import Standing
from survey.core.modifiers import Counts
from survey.core.questionnaire import Level
from survey.core.rules.formula import PENDING
from survey.core.text import say
from survey.core.workflow import SubmissionState

LAST = 9  # columns
ONE_LINE = 110  # letters that surely stand in one line across the sheet
WIDTHS = (46, 13, 13, 13, 13, 13, 13, 13, 13)
SECTION = Style(bold=True, size=12, color="12436D", border="bottom")
WORDS = TEXT.but(horizontal="left", indent=1)
LABEL = WORDS.but(color=GREY, fill=BAND)
LINK = WORDS.but(color="12436D", underline=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents."""

    sheet: str
    about: str


def write_front(sheet: Sheet, book: Book, data: RoundData, plans: Sequence[Plan], contents: Sequence[Entry]) -> None:
    """Fill the sheet, which stands first and is written last, when all other sheets are known."""
    heading = book.heading
    sheet.widths(WIDTHS)
    sheet.merge(1, 1, LAST, data.title, TITLE.but(size=18, wrap=True))
    sheet.set_height(1, 32)
    sheet.merge(2, 1, LAST, heading.say("front_subtitle"), Style(size=12, color=GREY))
    sheet.set_height(2, 22)
    row = 3
    for text in (heading.stamp, heading.notice):
        if text:
            look = Style(bold=True, color=WARNING, fill=EDITABLE, border="thin", wrap=True, horizontal="left", indent=1)
            sheet.merge(row, 1, LAST, text, look)
            sheet.set_height(row, 22)
            if len(text) > ONE_LINE:
                sheet.fit(row, [(text, sum(WIDTHS))], bold=True)
            row += 1
    row = _write_facts(sheet, heading, data, plans, row + 1)
    if plans:
        row = _write_states(sheet, heading, plans, row + 1)
    if data.others:
        row = write_others(sheet, heading, data.others, _section(sheet, row + 1, heading.say("front_others")))
    if plans:
        sheet.worksheet.row_breaks.append(Break(row))
        row = _write_levels(sheet, heading, plans, row + 1)
        row = _write_contents(sheet, heading, contents, row + 1)
        row = _write_legend(sheet, heading, row + 1, plans)
    freeze(sheet.worksheet, "A2", 100)
    set_page(sheet.worksheet, f"A1:{letter(LAST)}{row - 1}", "1:1", heading.footer)


def _section(sheet: Sheet, row: int, title: str) -> int:
    sheet.merge(row, 1, LAST, title, SECTION)
    sheet.set_height(row, 22)
    return row + 1


def _write_facts(sheet: Sheet, heading: Heading, data: RoundData, plans: Sequence[Plan], row: int) -> int:
    row = _section(sheet, row, heading.say("front_facts"))
    facts = [
        ("front_code", data.code),
        ("front_period", data.period),
        ("front_taken_at", heading.moment),
        ("front_state", heading.say("front_closed" if data.closed else "front_open")),
        ("front_sent", heading.say("front_sent_of", sent=data.sent, size=data.size)),
        *((("front_organisation", data.organisation),) if data.organisation else ()),
        *((("front_engine", data.engine),) if data.engine else ()),
        *((("front_audit", data.audit_head),) if data.audit_head else ()),
    ]
    for plan in plans:
        result = plan.block.result
        title = result.questionnaire.title.in_language(heading.language)
        version = heading.say("version", version=result.questionnaire.version, hash=short_hash(result.rules_hash))
        facts.append(("front_questionnaire", f"{title}. {version}"))
    for label, text in facts:
        sheet.put(row, 1, heading.say(label), LABEL)
        sheet.merge(row, 2, LAST, text, WORDS)
        sheet.fit(row, [(text, sum(WIDTHS[1:]))])
        row += 1
    return row


def _write_states(sheet: Sheet, heading: Heading, plans: Sequence[Plan], row: int) -> int:
    """Cohort × state, counted over Điểm."""
    states = [heading.say(f"state_{state.value}") for state in SubmissionState]
    row = _section(sheet, row, heading.say("front_states"))
    columns = [(name, "state", None) for name in states]

    def value(standing: Standing) -> str:
        return heading.say(f"state_{standing.row.state.value}")

    return _write_counts(sheet, heading, plans, row, _Counts(columns, value))


def _write_levels(sheet: Sheet, heading: Heading, plans: Sequence[Plan], row: int) -> int:
    """Cohort × level of those that have sent."""
    levels: dict[str, tuple[Level, int]] = {}
    for plan in plans:
        own = plan.questionnaire.levels
        for place, level in enumerate(own):
            levels.setdefault(level.name.in_language(heading.language), (level, level_colour(place, len(own))))
    if not levels:
        return row - 1
    row = _section(sheet, row, heading.say("front_levels"))
    columns: list[tuple[str, str, int | None]] = [(name, "level", colour) for name, (_, colour) in levels.items()]
    if _may_lack(plans):
        columns.append((say("words.too_few", heading.language), "level", None))

    def value(standing: Standing) -> str:
        return standing.level_name(heading.language)

    return _write_counts(sheet, heading, plans, row, _Counts(columns, value))


def _may_lack(plans: Sequence[Plan]) -> bool:
    return any(plan.questionnaire.whole.may_lack for plan in plans)


@dataclass(frozen=True)
class _Counts:
    """What a table of cohorts counts: (header, column of Điểm, level colour), and the same of one agency."""

    columns: Sequence[tuple[str, str, int | None]]
    value: Callable[[Standing], str]


def _write_counts(sheet: Sheet, heading: Heading, plans: Sequence[Plan], row: int, counts: _Counts) -> int:
    total_column = len(counts.columns) + 2
    sheet.put(row, 1, heading.say("cohort"), HEADER.but(horizontal="left", indent=1))
    for place, (name, _, colour) in enumerate(counts.columns, 2):
        look = HEADER
        if colour is not None:
            look = HEADER.but(fill=LEVEL_COLOURS[colour], color=LEVEL_INKS[colour])
        sheet.put(row, place, name, look)
    sheet.put(row, total_column, heading.say("front_total"), HEADER)
    sheet.fit(row, [(name, WIDTHS[1]) for name, _, _ in counts.columns], 9, bold=True)
    first = row + 1
    sums = [0] * len(counts.columns)
    for plan in plans:
        for cohort, standings in plan.block.by_cohort.items():
            row += 1
            sheet.put(row, 1, cohort.name, WORDS)
            sheet.fit(row, [(cohort.name, WIDTHS[0])])
            number = standings[0].cohort_number
            values = [sum(counts.value(s) == name for s in standings) for name, _, _ in counts.columns]
            for place, (name, column, _) in enumerate(counts.columns):
                where = f"{plan.points.column('cohort_number')},{number},{plan.points.column(column)}"
                sheet.formula(row, place + 2, f"COUNTIFS({where},{literal(name)})", values[place], CENTERED)
                sums[place] += values[place]
            inside = f"SUM(B{row}:{letter(total_column - 1)}{row})"
            sheet.formula(row, total_column, inside, sum(values), CENTERED.but(bold=True))
    row += 1
    bold = CENTERED.but(bold=True, fill=BAND)
    sheet.put(row, 1, heading.say("front_all"), bold.but(horizontal="left", indent=1))
    for at, value in enumerate([*sums, sum(sums)], 2):
        above = f"{letter(at)}{first}:{letter(at)}{row - 1}"
        sheet.formula(row, at, f"SUM({above})" if row > first else "0", value, bold)
    return row + 1


def _write_contents(sheet: Sheet, heading: Heading, contents: Sequence[Entry], row: int) -> int:
    row = _section(sheet, row, heading.say("front_contents"))
    for entry in contents:
        place = literal(f"#{quote(entry.sheet)}!A1")
        sheet.formula(row, 1, f"HYPERLINK({place},{literal(entry.sheet)})", entry.sheet, LINK)
        sheet.merge(row, 2, LAST, entry.about, WORDS)
        sheet.fit(row, [(entry.about, sum(WIDTHS[1:]))])
        row += 1
    return row


def _write_legend(sheet: Sheet, heading: Heading, row: int, plans: Sequence[Plan]) -> int:
    row = _section(sheet, row, heading.say("front_legend"))
    outside = any(i.counts is not Counts.POINTS for plan in plans for i in plan.scored)
    marks = (
        (heading.say("legend_kad_mark"), "legend_kad", LABEL),
        *(((PENDING, "legend_pending", LABEL),) if any(plan.waits for plan in plans) else ()),
        *(((heading.say("legend_outside_mark"), "legend_outside", LABEL),) if outside else ()),
        (heading.say("legend_blank_mark"), "legend_blank", LABEL),
        (heading.say("legend_yellow_mark"), "legend_yellow", WORDS.but(fill=EDITABLE)),
        (heading.say("legend_grey_mark"), "legend_grey", WORDS.but(italic=True, color=GREY)),
        *(((say("words.too_few", heading.language), "legend_too_few", LABEL),) if _may_lack(plans) else ()),
        (heading.say("legend_rate_mark"), "legend_rate", LABEL),
        (heading.say("legend_rank_mark"), "legend_rank", LABEL),
        (heading.say("legend_sort_mark"), "legend_sort", LABEL),
        (heading.say("legend_exclude_mark"), "legend_exclude", LABEL),
        (heading.say("legend_check_mark"), "legend_check", LABEL),
    )
    for mark, key, look in marks:
        text = heading.say(key)
        sheet.put(row, 1, mark, look)
        sheet.merge(row, 2, LAST, text, WORDS)
        sheet.fit(row, [(text, sum(WIDTHS[1:])), (mark, WIDTHS[0])])
        row += 1
    return row
