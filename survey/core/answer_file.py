"""Answers of many agencies in one table: headings and cells to cases, every fault with its row and column."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from survey.core.answers import (
    LONGEST_TEXT,
    SHOWN_TYPED,
    Answer,
    AnswerFault,
    Case,
    Value,
    clean_text,
    number_kind,
    read_cell,
    to_cell,
)
from survey.core.asks import NO, YES, Checks, Choice, Manual, MeanRatio, Points, Text, YesNo
from survey.core.errors import Fault, Faults
from survey.core.numbers_vi import most_decimals
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.exact import Why, outcome
from survey.core.rules.measure import asked_pairs, number

AGENCY, COHORT = "agency", "cohort"
LONGEST_NAME = 300  # characters of an agency or a cohort

_TRUE = frozenset({"true", "1", "có", "co", "yes"})
_FALSE = frozenset({"false", "0", "không", "khong", "no", ""})
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")  # what spreadsheets take for a formula when they open a CSV
_BELOW_ZERO = re.compile(r"-[0-9]+([.,][0-9]+)*([eE][+-]?[0-9]+)?%?")  # a number, and no formula


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `line` is its number in the file, from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read from a file: headings first, rows without any content left out."""

    name: str
    header: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """What a table of answers says; cases and cohorts follow its rows."""

    cases: tuple[Case, ...]
    cohorts: tuple[str, ...]  # "" where no cohort is given
    warnings: tuple[Fault, ...]  # what was taken, but should be looked at


@dataclass
class _Reading:
    """A table on the way to cases."""

    questionnaire: Questionnaire
    table: Table
    columns: dict[str, int] = field(default_factory=dict)  # heading → place
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def fault(self, line: int, key: str, column: str = "", **data: object) -> None:
        """Note a fault."""
        self.faults.append(Fault(self.table.name, line, f"answer_file.{key}", data, column))

    def warn(self, line: int, key: str, column: str = "", **data: object) -> None:
        """Note what is taken, but should be looked at."""
        self.warnings.append(Fault(self.table.name, line, f"answer_file.{key}", data, column))


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet that opens a CSV would take this text for a formula; a number below 0 is none."""
    return text.startswith(_FORMULA_STARTS) and not _BELOW_ZERO.fullmatch(text)


def read_answer_table(questionnaire: Questionnaire, table: Table) -> AnswerFile:
    """Every agency's answers, KAD taken as approved. Raises Faults with all faults of the table; nothing is taken then.

    Columns: agency, one per input key, optional cohort and attributes (true/false, 1/0, có/không; absent is false).
    """
    reading = _Reading(questionnaire, table)
    _read_header(reading)
    if AGENCY not in reading.columns:
        raise Faults(reading.faults)
    seen: dict[str, int] = {}
    cases = [_case(reading, row, seen) for row in table.rows if _is_whole(reading, row)]
    if not table.rows:
        reading.fault(table.header.line, "no_rows")
    if reading.faults:
        raise Faults(reading.faults)
    for row, case in zip(table.rows, cases, strict=True):
        _warn_of_parts(reading, row, case)
    return AnswerFile(tuple(cases), tuple(case.cohort for case in cases), tuple(reading.warnings))


def _read_header(reading: _Reading) -> None:
    questionnaire, line = reading.questionnaire, reading.table.header.line
    known = {AGENCY, COHORT, *questionnaire.attributes, *questionnaire.keys}
    by_lower = {name.lower(): name for name in known}
    repeated: set[str] = set()
    for place, cell in enumerate(reading.table.header.cells):
        heading = clean_text(cell).strip()
        name = by_lower.get(heading.lower(), heading)
        if not heading:
            if any(len(row.cells) > place and row.cells[place].strip() for row in reading.table.rows):
                reading.fault(line, "column_unnamed", number=place + 1)
        elif name not in known:
            near = difflib.get_close_matches(heading, sorted(known), n=1)
            key = "column_unknown_near" if near else "column_unknown"
            reading.fault(line, key, heading[:SHOWN_TYPED], near=near[0] if near else "")
        elif name in reading.columns:
            if name not in repeated:
                reading.fault(line, "column_repeated", name, first=reading.columns[name] + 1, again=place + 1)
            repeated.add(name)
        else:
            reading.columns[name] = place
    missing = [name for name in (AGENCY, *_needed_keys(questionnaire)) if name not in reading.columns]
    if missing:
        reading.fault(line, "columns_missing", columns=", ".join(missing))
    absent = [name for name in questionnaire.attributes if name not in reading.columns]
    if absent:
        reading.warn(line, "attributes_absent", columns=", ".join(absent))


def _needed_keys(questionnaire: Questionnaire) -> Iterator[str]:
    """Every input key but those of unscored texts and of verifiers' points, which a file of figures may leave out."""
    for key in questionnaire.keys:
        if any(indicator.scored and indicator.by_agency for indicator in questionnaire.users_of[key]):
            yield key


def _is_whole(reading: _Reading, row: Row) -> bool:
    """Whether a row has as many cells as there are headings; blank cells beyond them do not count."""
    width = len(reading.table.header.cells)
    if len(row.cells) >= width and not any(cell.strip() for cell in row.cells[width:]):
        return True
    reading.fault(row.line, "row_width", cells=len(row.cells), columns=width)
    return False


def _case(reading: _Reading, row: Row, seen: dict[str, int]) -> Case:
    questionnaire = reading.questionnaire
    agency = _name(reading, row, AGENCY)
    if not agency:
        reading.fault(row.line, "agency_blank", AGENCY)
    elif agency in seen:
        reading.fault(row.line, "agency_repeated", AGENCY, agency=agency[:SHOWN_TYPED], first=seen[agency])
    else:
        seen[agency] = row.line
    if starts_formula(agency):
        reading.warn(row.line, "formula", AGENCY, typed=agency[:SHOWN_TYPED])
    values: dict[str, Value] = {}
    for key in questionnaire.keys:
        if key in reading.columns:
            answer = read_cell(questionnaire, key, row.cells[reading.columns[key]])
            values[key] = answer.value
            if answer.fault is not None:
                reading.fault(row.line, answer.fault.value, key, **_fault_data(questionnaire, key, answer))
    cohort = _name(reading, row, COHORT) if COHORT in reading.columns else ""
    return Case(agency, values, frozenset(), dict(_attributes(reading, row)), cohort)


def _name(reading: _Reading, row: Row, column: str) -> str:
    text = " ".join(clean_text(row.cells[reading.columns[column]]).split())
    if len(text) > LONGEST_NAME:
        reading.fault(row.line, "name_long", column, longest=LONGEST_NAME)
    return text


def _attributes(reading: _Reading, row: Row) -> Iterator[tuple[str, bool]]:
    for name in reading.questionnaire.attributes:
        if name not in reading.columns:
            continue
        typed = clean_text(row.cells[reading.columns[name]]).strip()
        if typed.lower() not in _TRUE | _FALSE:
            reading.fault(row.line, "attribute_unknown", name, typed=typed[:SHOWN_TYPED])
        yield name, typed.lower() in _TRUE


def _fault_data(questionnaire: Questionnaire, key: str, answer: Answer) -> Mapping[str, object]:
    """What the sentence of a faulty cell needs to know."""
    indicator = questionnaire.users_of[key][0]
    stated = isinstance(indicator.ask, Points | Manual)
    decimals = indicator.decimals if stated else most_decimals(number_kind(questionnaire, key))
    return {
        "typed": answer.typed[:SHOWN_TYPED],
        "label": _label(indicator, key),
        "options": ", ".join(_options(indicator)),
        "maximum": f"{float(indicator.maximum):g}",
        "decimals": decimals if answer.fault is AnswerFault.TOO_PRECISE else 0,
        "longest": LONGEST_TEXT,
    }


def _label(indicator: Indicator, key: str) -> Text:
    return next((asked.label for asked in indicator.numbers if asked.key == key), indicator.name)


def _options(indicator: Indicator) -> tuple[str, ...]:
    match indicator.ask:
        case YesNo():
            return (YES, NO)
        case Choice(options=options) | Checks(options=options):
            return tuple(option.code for option in options)
        case _:
            return ()


def _warn_of_parts(reading: _Reading, row: Row, case: Case) -> None:
    """Tell where a > b though a is part of b: it is scored as missing, not refused."""
    for indicator in reading.questionnaire.indicators:
        ask = indicator.ask
        for pair in asked_pairs(ask, case) if isinstance(ask, MeanRatio) else indicator.pairs:
            a, b = number(case.value(pair.a.key)), number(case.value(pair.b.key))
            if not pair.part or a is None or b is None or a <= b:
                continue
            if outcome(reading.questionnaire, indicator, case).why is Why.A_ABOVE_B:
                values = {"a": to_cell(case.value(pair.a.key)), "b": to_cell(case.value(pair.b.key))}
                reading.warn(row.line, "part", pair.a.key, other=pair.b.key, code=indicator.code, **values)
