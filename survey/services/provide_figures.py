"""Figures that the body which owns them gives for others: read-only to the agency, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from survey.core import document as doc
from survey.core.answers import clean_text, fault_sentence, from_stored, read_typed, show_value, to_stored
from survey.core.asks import Pair
from survey.core.numbers_vi import format_date, parse_date
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.text import say
from survey.core.workflow import Step
from survey.services.checks import Checks
from survey.services.errors import NotFound, Refused
from survey.services.instance import Clock, Session, system_clock
from survey.services.people import Person
from survey.services.provide_duty import Item, open_provided
from survey.services.provided_source import value_of
from survey.services.published import published
from survey.services.writing import take_step
from survey.storage.submission_rows import SubmissionRow

LONGEST_NUMBER = 100


@dataclass(frozen=True, slots=True)
class Source:
    """The letter that figures came with."""

    number: str = ""  # số, ký hiệu
    dated: date | None = None

    def __bool__(self) -> bool:
        return bool(self.number or self.dated)


NO_SOURCE = Source()


def read_source(number: str, dated: str, today: date) -> Source:
    """A letter as typed. Raises Refused, naming the field `number` or `dated`."""
    checks = Checks()
    number, day = checks.take("", _read_number, number), checks.take(None, _read_day, dated, today)
    checks.settle()
    return Source(number, day)


def _read_number(typed: str) -> str:
    number = " ".join(clean_text(typed).split())
    if len(number) > LONGEST_NUMBER:
        raise Refused("web_provide.number_long", "number", longest=LONGEST_NUMBER)
    return number


def _read_day(typed: str, today: date) -> date | None:
    if not typed.strip():
        return None
    day = parse_date(typed)
    if day is None:
        raise Refused("web_provide.date_form", "dated", typed=typed.strip()[:40])
    if day > today or day.year < 2000:
        raise Refused("web_provide.date_odd", "dated", typed=format_date(day))
    return day


def with_source(value: Mapping[str, Any], source: Source, body: str) -> dict[str, Any]:
    """A figure with where it comes from, as entries keep it."""
    told = {
        "source": source.number,
        "dated": source.dated.isoformat() if source.dated else "",
        "body": body if value else "",
    }
    return {**value, **{key: text for key, text in told.items() if text}}


def broken_pairs(
    questionnaire: Questionnaire, indicator: Indicator, document: doc.Document
) -> tuple[tuple[Pair, Decimal, Decimal], ...]:
    """Ratios whose a counts a part of b and is larger, with both figures."""
    found = []
    for pair in indicator.pairs:
        a, b = (from_stored(questionnaire, number.key, document.get(number.key) or {}) for number in (pair.a, pair.b))
        if pair.part and isinstance(a.value, Decimal) and isinstance(b.value, Decimal) and a.value > b.value:
            found.append((pair, a.value, b.value))
    return tuple(found)


def pair_sentence(questionnaire: Questionnaire, broken: tuple[Pair, Decimal, Decimal], language: str) -> str:
    """That a is larger than b, in words."""
    pair, a, b = broken
    return say(
        "web_provide.a_above_b",
        language,
        a=pair.a.label.in_language(language),
        b=pair.b.label.in_language(language),
        a_value=show_value(questionnaire, pair.a.key, a, language),
        b_value=show_value(questionnaire, pair.b.key, b, language),
    )


def merged(
    row: SubmissionRow,
    values: Mapping[str, Mapping[str, Any]],
    bodies: Mapping[str, str],
    source: Source,
    now: datetime,
    by: int,
    *,
    renew: bool = False,
    **told: str,
) -> dict[str, dict[str, Any]]:
    """The entries that values by key make: of those that differ, or had no source; `renew` also where the source does.

    `bodies` names the giver of each key; `told` goes into each entry as well.
    """
    written = {}
    for key, value in values.items():
        before = row.answers.get(key)
        sourced = bool(value) and bool(source) and (not (before or {}).get("source") or renew)
        content = {**with_source(value, source, bodies[key]), **told}
        if dict(value) != value_of(before) or (sourced and content != doc.content_of(before)):
            written[key] = doc.stamped(content, before, now, by)
    return written


def changes_of(row: SubmissionRow, written: Mapping[str, Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """What the log tells of written entries."""
    return {key: [doc.content_of(row.answers.get(key)), doc.content_of(new)] for key, new in written.items()}


def require_pairs(questionnaire: Questionnaire, items: Iterable[Item], document: doc.Document, language: str) -> None:
    """Raise Refused, naming the key, for the first ratio whose a is larger than its b."""
    for item in items:
        for broken in broken_pairs(questionnaire, item.indicator, document):
            sentence = pair_sentence(questionnaire, broken, language)
            raise Refused("services.figure_fault", broken[0].a.key, sentence=sentence)


def provide_figures(
    session: Session,
    person: Person,
    submission_id: int,
    typed: Mapping[str, str],
    *,
    source: Source = NO_SOURCE,
    clock: Clock = system_clock,
) -> int:
    """Set provided figures (input key → text as typed, blank clears), all or none; how many were written.

    By the clerk of the body that owns them, or by a coordinator. Raises NotFound for a submission or key that is not
    this person's, Refused for a text that cannot be taken or a > b, Blocked in a closed round.
    """
    row, items = open_provided(session, person, submission_id, clock)
    now = clock()
    questionnaire = published(session, row.version_id, row.sha256)
    owner = {key: item for item in items.values() for key in item.indicator.keys}
    values = {}
    for key, text in typed.items():
        if key not in owner:
            raise NotFound
        answer = read_typed(questionnaire, key, text)
        if answer.fault is not None:
            sentence = fault_sentence(questionnaire, key, answer, person.language)
            raise Refused("services.figure_fault", key, sentence=sentence)
        values[key] = to_stored(answer)
    bodies = {key: owner[key].body for key in values}
    written = merged(row, values, bodies, source, now, person.account_id, renew=True)
    require_pairs(
        questionnaire,
        {owner[key].indicator.code: owner[key] for key in written}.values(),
        {**row.answers, **written},
        person.language,
    )
    if written:
        told = {"changes": changes_of(row, written)}
        answers = {**row.answers, **written}
        take_step(session, row, person, Step.PROVIDE, now, "figures_provided", told, answers=answers)
    return len(written)
