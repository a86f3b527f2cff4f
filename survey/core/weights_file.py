"""Sets of weights from a table: a code a row, a set a column; scores and ranks under each set as a table."""

from __future__ import annotations

import csv
import difflib
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from survey.core.answer_file import Table, starts_formula
from survey.core.answers import SHOWN_TYPED, clean_text
from survey.core.errors import Fault, Faults
from survey.core.robustness import Ranking, ranks_of
from survey.core.weights_tree import Floats, WeightsTree, index_scores

CODE = "code"
_WEIGHT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,30})?(/[1-9][0-9]{0,14})?")


@dataclass(frozen=True)
class WeightSets:
    """Named sets of weights: a column each, a row for every weight of the tree."""

    names: tuple[str, ...]
    weights: Floats


def read_weights(tree: WeightsTree, table: Table) -> WeightSets:
    """Columns `code` and one for each set; a code not listed keeps its own weight. Raises Faults with all of them.

    Weights are 0 or more, written as in rules (`0.25`, `1/3`). In a sum the weight of a part is its maximum.
    """
    faults: list[Fault] = []
    names = _names(table, faults)
    places = {code: place for place, code in enumerate(tree.codes)}
    weights = np.repeat(tree.weights[:, None], len(names), axis=1)
    seen: dict[str, int] = {}
    for row in table.rows:
        code, *cells = (clean_text(cell).strip() for cell in row.cells)
        if len(cells) != len(names):
            faults.append(_fault(table, row.line, "row_width", cells=len(cells) + 1, columns=len(names) + 1))
        elif code not in places:
            near = difflib.get_close_matches(code, list(places), n=1)
            key = "code_unknown_near" if near else "code_unknown"
            faults.append(_fault(table, row.line, key, code=code[:SHOWN_TYPED], near=near[0] if near else ""))
        elif code in seen:
            faults.append(_fault(table, row.line, "code_repeated", code=code, first=seen[code]))
        else:
            seen[code] = row.line
            for column, (name, cell) in enumerate(zip(names, cells, strict=True)):
                weight = _weight(cell)
                if weight is None:
                    faults.append(_fault(table, row.line, "not_a_weight", name, typed=cell[:SHOWN_TYPED]))
                else:
                    weights[places[code], column] = weight
    if not table.rows:
        faults.append(_fault(table, table.header.line, "no_rows"))
    if not faults:
        faults = _empty(tree, table, names, weights)
    if faults:
        raise Faults(faults)
    return WeightSets(tuple(names), weights)


def _names(table: Table, faults: list[Fault]) -> list[str]:
    heads = [clean_text(cell).strip() for cell in table.header.cells]
    names, line = heads[1:], table.header.line
    if not heads or heads[0].lower() != CODE:
        faults.append(_fault(table, line, "no_code", found=heads[0][:SHOWN_TYPED] if heads else ""))
    if not names:
        faults.append(_fault(table, line, "no_sets"))
    for place, name in enumerate(names):
        if not name:
            faults.append(_fault(table, line, "set_unnamed", number=place + 2))
        elif name in names[:place]:
            faults.append(_fault(table, line, "set_repeated", name[:SHOWN_TYPED]))
    return names


def _weight(cell: str) -> float | None:
    if not _WEIGHT.fullmatch(cell):
        return None
    number, _, below = cell.partition("/")
    return float(Fraction(number) / (int(below) if below else 1))


def _empty(tree: WeightsTree, table: Table, names: Sequence[str], weights: Floats) -> list[Fault]:
    """Sets in which nothing of the whole has a weight."""
    top = [node.place for node in tree.whole.inside]
    totals = weights[top].sum(axis=0)
    return [
        _fault(table, table.header.line, "set_empty", name)
        for name, total in zip(names, totals, strict=True)
        if total <= 0
    ]


def _fault(table: Table, line: int, key: str, column: str = "", **data: object) -> Fault:
    return Fault(table.name, line, f"robustness.{key}", data, column)


def reweighed_csv(tree: WeightsTree, sets: WeightSets, ranking: Ranking, agencies: Sequence[str]) -> str:
    """agency, cohort, then the score (share of the whole, not rounded) and the rank under each set."""
    scores = index_scores(tree, sets.weights)
    ranks = ranks_of(scores, ranking)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        ["agency", "cohort", *(as_cell(f"{name}:{what}") for name in sets.names for what in ("score", "rank"))]
    )
    for row, agency in enumerate(agencies):
        cells = (text for pair in zip(scores[row], ranks[row], strict=True) for text in _pair(*map(float, pair)))
        writer.writerow([as_cell(agency), as_cell(ranking.cohorts[row]), *cells])
    return stream.getvalue()


def _pair(score: float, rank: float) -> tuple[str, str]:
    return ("" if math.isnan(score) else repr(score), "" if math.isnan(rank) else str(int(rank)))


def as_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if starts_formula(text) else text
