"""The two workbooks: the summary of a round, and the scores of one questionnaire without any database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from reports.data import AgencyRow, Cohort, QuestionnaireResult, RoundData, fingerprint
from reports.excel.annex_sheet import annexes, write_annex
from reports.excel.answers_sheet import write_answers
from reports.excel.book import Book, Heading
from reports.excel.check_sheet import check_table, write_check
from reports.excel.front_sheet import Entry, write_front
from reports.excel.peers_sheet import write_peers
from reports.excel.plan import LONGEST_NAME, Plan, SheetNames, make_plan, sheet_name
from reports.excel.points_sheet import write_points
from reports.excel.rules_sheet import write_rules
from reports.excel.statistics_sheet import write_statistics
from reports.excel.summary_sheet import summary_table, write_summary
from reports.excel.titles import annex_names, short_titles
from reports.excel.unsent_sheet import write_unsent
from reports.standing import Block, blocks
from survey.core.answers import Case
from survey.core.numbers_vi import format_date, format_time
from survey.core.questionnaire import Questionnaire
from survey.core.ranking import ranks
from survey.core.scoring import score
from survey.core.text import say


def summary_workbook(data: RoundData, language: str = "vi") -> bytes:
    """The Excel summary of a round: .xlsx bytes, the same for the same snapshot."""
    heading = Heading(data.title, data.taken_at, data.notice, provisional_stamp(data, language), language)
    book = Book(heading, data.organisation)
    names = {key: heading.say(f"sheet_{key}") for key in ("front", "summary", "statistics", "unsent", "check")}
    if data.others and not data.results:  # the reader sees totals alone
        write_front(book.add(names["front"], "A61B1B"), book, data, (), ())
        return book.finish()
    plans = _plans(data, heading, names["check"], with_state=True)
    summary = summary_table(names["summary"], plans)
    sheets = annexes(plans, annex_names(data, heading), summary)
    contents = [Entry(names["summary"], heading.say("content_summary"))]
    contents += [Entry(annex.name, heading.say("content_annex", cohort=annex.cohort.name)) for annex in sheets]
    contents += [Entry(names[key], heading.say(f"content_{key}")) for key in ("statistics", "unsent", "check")]
    front = book.add(names["front"], "A61B1B")
    write_summary(book, plans, summary)
    for annex in sheets:
        write_annex(book, annex, heading.say("annex_title", title=data.title.upper()))
    write_statistics(book, plans, names["statistics"])
    write_unsent(book, plans, summary, names["unsent"])
    check = plans[0].check if plans else check_table(names["check"], 0)
    write_check(book, plans, check)
    for plan in plans:
        _write_questionnaire(book, plan)
        title = plan.questionnaire.title.in_language(language)
        tables = [("points", plan.points), ("answers", plan.answers), ("rules", plan.rules)]
        if plan.held:
            tables.insert(2, ("peers", plan.peers))
        for key, table in tables:
            contents.append(Entry(table.sheet, heading.say(f"content_{key}", title=title)))
    write_front(front, book, data, plans, contents)
    return book.finish()


def score_workbook(
    questionnaire: Questionnaire,
    cases: Sequence[Case],
    cohorts: Sequence[str] = (),
    *,
    names: Sequence[str] = (),
    taken_at: datetime | None = None,
    engine: str = "",
    rules_hash: str = "",
    language: str = "vi",
) -> bytes:
    """The live workbook of scored cases: Điểm, Số liệu, Bộ chỉ số and Đối chiếu; every case is ranked in its cohort.

    `cohorts` and `names` (shown instead of the agency's code) follow `cases`; empty: one cohort, the codes.
    """
    groups = list(cohorts) or [""] * len(cases)
    if cohorts:
        cases = [replace(case, cohort=cohort) for case, cohort in zip(cases, cohorts, strict=True)]
    scores = score(questionnaire, cases)
    agencies = tuple(
        AgencyRow(case.agency, name, Cohort(cohort, cohort))
        for case, name, cohort in zip(cases, names or [case.agency for case in cases], groups, strict=True)
    )
    placed = ranks(scores.rate_published, groups, [True] * len(cases), scores.breaks)
    digest = rules_hash or fingerprint(questionnaire)
    result = QuestionnaireResult(questionnaire, agencies, tuple(cases), scores, placed, digest)
    notice = questionnaire.notice.in_language(language)
    at = taken_at or datetime.now(UTC)
    title = questionnaire.title.in_language(language)
    data = RoundData("", title, "", at, True, (result,), notice, engine=engine)
    book = Book(Heading(title, at, notice, "", language))
    plans = _plans(data, book.heading, book.heading.say("sheet_check"), with_state=False)
    _write_questionnaire(book, plans[0])
    write_check(book, plans, plans[0].check)
    return book.finish()


def provisional_stamp(data: RoundData, language: str = "vi") -> str:
    """ "số liệu tạm tính đến 23/11/2026 09:15 – 126/408 đơn vị"; empty once the round is closed."""
    if data.closed:
        return ""
    moment = f"{format_date(data.taken_at)} {format_time(data.taken_at)}"
    return say("reports.stamp", language, moment=moment, sent=data.sent, size=data.size)


def _write_questionnaire(book: Book, plan: Plan) -> None:
    write_points(book, plan)
    write_answers(book, plan)
    if plan.held:
        write_peers(book, plan)
    write_rules(book, plan)


def _plans(data: RoundData, heading: Heading, check_name: str, *, with_state: bool) -> list[Plan]:
    """The layout of every questionnaire's sheets."""
    rooms = {key: heading.say(f"sheet_{key}") for key in ("points", "answers", "rules", "peers")}
    held = any(result.questionnaire.has_peers for result in data.results)
    room = LONGEST_NAME - 1 - max(len(name) for key, name in rooms.items() if held or key != "peers")
    shorts = short_titles([result.questionnaire.title.in_language(heading.language) for result in data.results], room)
    check = check_table(check_name, data.listed, [result.questionnaire for result in data.results])
    taken: list[str] = [check_name]
    plans = []
    for block, short in zip(blocks(data), shorts, strict=True):
        names = {key: _name(f"{word} {short}".strip(), taken) for key, word in rooms.items()}
        plans.append(make_plan(block, SheetNames(**names), check, _label(block, short, heading), with_state=with_state))
    return plans


def _label(block: Block, short: str, heading: Heading) -> str:
    title = block.result.questionnaire.title.in_language(heading.language)
    return short[:1].upper() + short[1:] if short else title


def _name(text: str, taken: list[str]) -> str:
    name = sheet_name(text, taken)
    taken.append(name)
    return name
