"""Tờ trình: the result on one page, with what a leader must know before signing."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from reports.phieu_data import GroupResult, Statement
from survey.core.numbers_vi import format_number, format_percent
from survey.core.paper import letterhead
from survey.core.rules.words import format_points, signed_points
from survey.core.text import say
from survey.services.content import read_content
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.people import Person
from survey.services.print_phieu import CheckUrl, notice_words, seal_of
from survey.services.review_submission import full_without_evidence, lowest_of
from survey.services.scope import find_submission
from survey.services.sheet import Sheet, read_sheet

MOST_CODES = 8  # named in one remark, and
LONGEST_NAME = 80  # characters of an indicator's name in the list of the lowest, so that the page stays one


def write_statement(
    session: Session,
    person: Person,
    submission_id: int,
    check_url: CheckUrl,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> Statement:
    """The tờ trình of a phiếu as it stands. Raises NotFound."""
    row = find_submission(session, person, submission_id)
    sheet = read_sheet(session, row)
    seal = seal_of(read_content(session, sheet).digest, check_url)
    title = sheet.questionnaire.title.in_language(language)
    return Statement(
        letterhead=letterhead(row.kind, row.agency_name, row.parent_name or ""),
        agency=row.agency_name,
        about=say("print.statement_about", language, questionnaire=title),
        receiver=read_settings(session).name,
        opening=say(
            "print.opening",
            language,
            round=row.round_title,
            agency=row.agency_name,
            questionnaire=title,
            version=row.version,
            period=row.period,
        ),
        result=_result(sheet, language),
        groups=_groups(sheet, language),
        lowest=_lowest(sheet, language),
        remarks=_remarks(sheet, language),
        closing=say("print.closing", language, agency=row.agency_name, code=seal.short_hash),
        notice=notice_words(session, sheet, language),
        printed_at=clock(),
        seal=seal,
        language=language,
    )


def _result(sheet: Sheet, language: str) -> str:
    """Total, rate and level in one sentence; or that too little is known to tell them."""
    standing = sheet.standing()
    if standing.few is not None or standing.points is None:
        few = "" if standing.few is None else standing.few.in_language(language)
        return say("print.result_few", language, few=few)
    rate, level = standing.rate_published, standing.level
    return say(
        "print.result", language,
        points=format_points(standing.points, standing.decimals), maximum=format_number(standing.maximum),
        rate="" if rate is None else say("print.result_rate", language, rate=format_percent(rate)),
        level="" if level is None else say("print.result_level", language, level=level.name.in_language(language)),
    )  # fmt: skip


def _groups(sheet: Sheet, language: str) -> tuple[GroupResult, ...]:
    """The main groups; one that does not apply, or is left out since too little is known, shows no rate."""
    results = []
    for group in sheet.questionnaire.groups:
        points, maximum = sheet.group_points(group)
        name = group.name.in_language(language)
        if group.outside:
            shown = "", signed_points(points, group.decimals), ""
        elif sheet.left_out(group):
            shown = format_number(maximum), "–", "–"
            name = say("print.group_few", language, name=name)
        elif maximum > 0:
            share = sheet.exact.result(group).share or Fraction(0)
            shown = format_number(maximum), format_points(points, group.decimals), format_percent(share)
        else:
            shown = "0", say("print.kad_short", language), ""
            name = say("print.group_kad", language, name=name, short=shown[1])
        results.append(GroupResult(group.code, name, *shown))
    return tuple(results)


def _lowest(sheet: Sheet, language: str) -> tuple[str, ...]:
    shown = []
    for low in lowest_of(sheet):
        points = format_points(low.points, sheet.questionnaire.by_code[low.code].decimals)
        name = low.name.in_language(language)
        if len(name) > LONGEST_NAME:
            name = name[: LONGEST_NAME - 1].rsplit(" ", 1)[0] + "…"
        shown.append(f"{low.code} {name}: {points}\xa0/\xa0{format_number(low.maximum)}")
    return tuple(shown)


def _remarks(sheet: Sheet, language: str) -> tuple[str, ...]:
    """What to know before signing, one line a kind; a kind without any is left out."""
    every = sheet.questionnaire.indicators
    kinds = {
        "faulty": [one.code for one in every if sheet.faulty(one)],
        "missing": [one.code for one in every if sheet.missing(one)],
        "unproven": full_without_evidence(sheet),
        "pending": [one.code for one in every if sheet.pending_kad(one)],
    }
    return tuple(
        say(f"print.remark_{kind}", language, count=len(codes), codes=_named(codes, language))
        for kind, codes in kinds.items()
        if codes
    )


def _named(codes: Sequence[str], language: str) -> str:
    """The codes, the first ones where there are many."""
    named = ", ".join(codes[:MOST_CODES])
    if len(codes) <= MOST_CODES:
        return named
    return say("print.more", language, codes=named, count=len(codes) - MOST_CODES)
