"""Drawn rules as a sheet of formulas: one row a body, every figure typed, all else worked out by LibreOffice."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from survey.core.answers import Case, Special, Value
from survey.core.asks import Checks
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.exact import Exact, Outcome, State
from survey.core.rules.formula import (
    NOT_APPLICABLE,
    PENDING,
    PeerCells,
    Refs,
    cell_text,
    measured_formulas,
    points_formula,
)
from survey.core.rules.peers import Peers, peers_of
from survey.core.transfers import Peer
from tests.core.rules import drawing
from tests.recalculate import recalculate

UNROUNDED = 1e-13  # of the maximum: how far a cell may be from points that no rule rounds
# Columns of a row: points, maximum, attributes, the measured fraction, the cohort's extent, what a gate looks at.
POINTS, MAXIMUM, VALUE, TOP, BOTTOM, TARGET, TARGET_MAXIMUM = "A", "B", "E", "F", "G", "O", "P"
ATTRIBUTES = dict(zip(drawing.ATTRIBUTES, "CD", strict=True))
EXTENT = ("H", "I", "J", "K", "L", "M", "N")  # count, lowest, highest, and the fractions that the two were
FIRST_INPUT = 17
ASKERS = {key: parent for parent in drawing.PARENTS for key in parent.keys}


@dataclass(frozen=True)
class Drawn:
    """One cell: a rule, answers, the peers they are held against, and what the cells of Số liệu hold."""

    indicator: Indicator
    questionnaire: Questionnaire
    case: Case
    peers: Peers
    cells: dict[str, object]
    among: bool
    cohort: tuple[int, int]  # rows of its cohort before and after it

    @property
    def exact(self) -> Outcome:
        """What the points must be."""
        return Exact(self.questionnaire, self.case, self.peers).outcome(self.indicator)


def draw(seed: object, source: str, transfer: str, count: int) -> Iterator[Drawn]:
    """At least so many cells of one source and transfer."""
    made = number = 0
    while made < count:
        chance = random.Random(f"{seed} {source} {transfer} {number}")
        block = drawing.block(chance, drawing.rule(chance, source, transfer))
        questionnaire = drawing.questionnaire(block.indicator)
        peers = peers_of(questionnaire, block.cases, block.among)
        keys = (*ASKERS, *block.indicator.keys)
        for place, (case, among) in enumerate(zip(block.cases, block.among, strict=True)):
            held = {key: _cell(chance, ASKERS.get(key, block.indicator), case.value(key)) for key in keys}
            span = (place, len(block.cases) - 1 - place)
            yield Drawn(block.indicator, questionnaire, case, peers, held, among, span)
        made += len(block.cases)
        number += 1


def _cell(chance: random.Random, indicator: Indicator, value: Value) -> object:
    """What a cell of Số liệu may hold for a value, hand edits included."""
    if value is Special.NOT_APPLICABLE:
        return chance.choice([NOT_APPLICABLE, "KAD"])
    if value is Special.MISSING:
        return chance.choice([None, None, "", "12 người"])
    if isinstance(value, frozenset):
        listed = sorted(value)
        chance.shuffle(listed)
        return chance.choice([";", ";", "; "]).join(listed) or "-"
    if isinstance(value, Decimal):
        return float(value)
    known = not isinstance(indicator.ask, Checks) and value in ("yes", "no")
    return cell_text(indicator, str(value)) if known else str(value)


def write(sheet: Worksheet, row: int, drawn: Drawn) -> None:
    """One row of figures and formulas."""
    indicator = drawn.indicator
    place = {key: f"{get_column_letter(FIRST_INPUT + n)}{row}" for n, key in enumerate(drawn.cells)}
    for key, cell in drawn.cells.items():
        sheet[place[key]] = cell
    sheet[f"{MAXIMUM}{row}"] = float(indicator.maximum)
    for name, column in ATTRIBUTES.items():
        sheet[f"{column}{row}"] = int(drawn.case.attributes[name])
    plain = Refs(place.__getitem__, f"{MAXIMUM}{row}", lambda name: f"{ATTRIBUTES[name]}{row}")
    target = f"{TARGET}{row}" if indicator.gate is not None else ""
    share_only = indicator.gate is not None and indicator.gate.condition.code not in ASKERS
    peers = _write_cohort(sheet, row, drawn, plain) if isinstance(indicator.score, Peer) else None
    maximum = "" if share_only else f"{TARGET_MAXIMUM}{row}"
    refs = Refs(plain.cell, plain.maximum, plain.attribute, peers, target, maximum)
    if target:
        _write_target(sheet, row, drawn, plain)
    sheet[f"{POINTS}{row}"] = "=" + points_formula(drawn.questionnaire, indicator, refs)


def _write_target(sheet: Worksheet, row: int, drawn: Drawn, plain: Refs) -> None:
    """The points of the indicator that the gate looks at, as a formula; or the share of the group."""
    gate = drawn.indicator.gate
    assert gate is not None
    code = gate.condition.code
    if code in ASKERS:
        target = drawn.questionnaire.by_code[code]
        sheet[f"{TARGET_MAXIMUM}{row}"] = float(target.maximum)
        own = Refs(plain.cell, f"{TARGET_MAXIMUM}{row}", plain.attribute)
        sheet[f"{TARGET}{row}"] = "=" + points_formula(drawn.questionnaire, target, own)
        return
    result = Exact(drawn.questionnaire, drawn.case).result(drawn.questionnaire.group_of[code])
    words = {State.NOT_APPLICABLE: NOT_APPLICABLE, State.PENDING: PENDING, State.MISSING: ""}
    sheet[f"{TARGET}{row}"] = words[result.state] if result.state in words else float(result.share or 0)


def _write_cohort(sheet: Worksheet, row: int, drawn: Drawn, plain: Refs) -> PeerCells:
    """What the body measured, and the extent of its cohort over the rows beside it."""
    top, bottom = measured_formulas(drawn.questionnaire, drawn.indicator, plain)
    sheet[f"{TOP}{row}"] = f"={top}"
    sheet[f"{BOTTOM}{row}"] = f'=IF({TOP}{row}="","",{bottom})'
    counted = f'OR({TOP}{row}="",{int(not drawn.among)}=1)'
    sheet[f"{VALUE}{row}"] = f'=IF({counted},"",{TOP}{row}/{BOTTOM}{row})'
    before, after = drawn.cohort

    def rows(column: str) -> str:
        return f"{column}{row - before}:{column}{row + after}"

    count, low, high, *fractions = (f"{column}{row}" for column in EXTENT)
    sheet[count] = f"=COUNT({rows(VALUE)})"
    sheet[low], sheet[high] = f"=MIN({rows(VALUE)})", f"=MAX({rows(VALUE)})"
    for cell, end, column in zip(fractions, (low, low, high, high), (TOP, BOTTOM, TOP, BOTTOM), strict=True):
        sheet[cell] = f'=IF({count}=0,"",INDEX({rows(column)},MATCH({end},{rows(VALUE)},0)))'
    return PeerCells(count, low, high, *fractions)


def recalculated(cells: Sequence[Drawn], folder: Path, soffice: str) -> list[object]:
    """What LibreOffice makes of each row's points, every cached value stripped first."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row, drawn in enumerate(cells, start=1):
        write(sheet, row, drawn)
    folder.mkdir(parents=True, exist_ok=True)
    workbook.save(folder / "cells.xlsx")
    copy = recalculate(folder / "cells.xlsx", folder / "out", soffice)
    again = openpyxl.load_workbook(copy, data_only=True, read_only=True)
    shown = [value for (value,) in again.active.iter_rows(max_row=len(cells), max_col=1, values_only=True)]
    again.close()
    return shown


def differs(exact: Outcome, shown: object, indicator: Indicator) -> bool:
    """Whether a cell shows something else than the exact reading."""
    match exact.state:
        case State.NOT_APPLICABLE:
            return shown != NOT_APPLICABLE
        case State.PENDING:
            return shown != PENDING
        case State.MISSING:
            return shown not in ("", None)
        case _ if not isinstance(shown, int | float):
            return True
        case _ if indicator.decimals is None:
            return abs(float(shown) - float(exact.points)) > UNROUNDED * float(indicator.maximum)
        case _:
            return Fraction(shown) != Fraction(float(exact.points))
