"""Where everything lies: rows and columns of every sheet, settled before any is written, so that formulas can meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reports.excel.sheet import ROW, letter, quote
from reports.standing import Block
from survey.core.questionnaire import Group, Indicator, Questionnaire

FIRST = 8  # first row of agencies, under titles and headers
LONGEST_NAME = 31  # characters of a sheet's name
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Table:
    """A sheet's table: named columns over a block of rows."""

    sheet: str
    columns: Mapping[str, int]  # name → column, from 1
    first: int
    last: int

    def column(self, name: str) -> str:
        """A column's cells as formulas on any sheet write them: 'Điểm'!$E$8:$E$133."""
        at = letter(self.columns[name])
        return f"{quote(self.sheet)}!${at}${self.first}:${at}${self.last}"

    def cell(self, name: str) -> str:
        """The cell of a column in the formula's own row: $E8."""
        return f"${letter(self.columns[name])}{ROW}"

    def span(self, first: str, last: str) -> str:
        """Cells side by side in the formula's own row: $F8:$K8."""
        return f"${letter(self.columns[first])}{ROW}:${letter(self.columns[last])}{ROW}"

    def area(self, first: str, last: str) -> str:
        """The cells of columns on this sheet: E8:K133."""
        return f"{letter(self.columns[first])}{self.first}:{letter(self.columns[last])}{self.last}"


@dataclass(frozen=True)
class Plan:
    """Addresses of one questionnaire's three sheets; `Đối chiếu` is shared by all."""

    block: Block
    answers: Table  # Số liệu: code, name, cohort, state, has:<attribute>, in:<input key>, kad:<indicator>
    points: Table  # Điểm: code, name … place, group:<code>, in:<indicator>
    rules: Table  # Bộ chỉ số
    check: Table  # Đối chiếu
    levels_row: int  # of the highest level in Bộ chỉ số
    keys: tuple[str, ...]  # of the agencies: their codes, or made-up ones where Excel would confuse them
    short: str  # what tells the questionnaire apart from the round's others; its title where it is alone
    with_state: bool  # a round has states; scored files have none and all of them count

    @property
    def questionnaire(self) -> Questionnaire:
        """Whose sheets these are."""
        return self.block.result.questionnaire

    @cached_property
    def scored(self) -> tuple[Indicator, ...]:
        """The indicators that have a column in Điểm."""
        return tuple(indicator for indicator in self.questionnaire.indicators if indicator.scored)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Short names, valid on the sheet Điểm only, of the columns of Số liệu that points are counted from."""
        taken: dict[str, str] = {}
        for column in self.answers.columns:
            if ":" in column:
                taken[column] = _unique(_range_name(column), taken.values())
        return taken

    def input(self, column: str) -> str:
        """The agency's own cell in a column of Số liệu, from its row in Điểm."""
        return f"INDEX({self.names[column]},{self.points.cell('source')})"

    def scored_columns(self, group: Group) -> tuple[str, ...]:
        """Columns of a group's scored indicators at any depth: they lie side by side."""
        return tuple(f"in:{indicator.code}" for indicator in group.all_indicators() if indicator.scored)


@dataclass(frozen=True)
class SheetNames:
    """Names of a questionnaire's sheets."""

    points: str
    answers: str
    rules: str


def make_plan(block: Block, names: SheetNames, check: Table, short: str, *, with_state: bool) -> Plan:
    """Lay out the sheets of one questionnaire."""
    questionnaire = block.result.questionnaire
    count = max(len(block.standings), 1)
    last = FIRST + count - 1
    answers = [
        "code",
        "name",
        "cohort",
        *(["state"] if with_state else []),
    ]
    answers += [f"has:{name}" for name in questionnaire.attributes]
    answers += [*(f"in:{key}" for key in questionnaire.keys), *approval_columns(block)]
    points = ["code", "name", "cohort", *(["state"] if with_state else [])]
    points += ["total", "maximum", "rate", "published", "level", "rank", "order", "missing", "kad"]
    points += ["cohort_number", "official", "source", "sent", "key", "place"]
    points += [f"group:{group.code}" for group in questionnaire.all_groups]
    points += [f"in:{indicator.code}" for indicator in questionnaire.indicators if indicator.scored]
    levels_row = 6
    rules_first = levels_row + len(questionnaire.levels) + 3
    rules_last = rules_first + len(questionnaire.all_groups) + len(questionnaire.indicators) - 1
    columns = ["code", "name", "group_maximum", "maximum", "rule", "evidence", "source", "verified", "basis", "origin"]
    return Plan(
        block=block,
        answers=Table(names.answers, numbered(answers), FIRST, last),
        points=Table(names.points, numbered(points), FIRST, last),
        rules=Table(names.rules, numbered([*columns, "options", "path"]), rules_first, rules_last),
        check=check,
        levels_row=levels_row,
        keys=row_keys([agency.code for agency in block.result.agencies]),
        short=short,
        with_state=with_state,
    )


def numbered(columns: Iterable[str]) -> dict[str, int]:
    """Columns side by side from A on."""
    return {column: place for place, column in enumerate(columns, 1)}


def own_key(questionnaire: Questionnaire, indicator: Indicator) -> str | None:
    """The first input that only this indicator uses: where "K.a.d." says that it does not apply."""
    return next((key for key in indicator.keys if len(questionnaire.users_of[key]) == 1), None)


def approval_columns(block: Block) -> tuple[str, ...]:
    """`kad:<code>` for each approved indicator all of whose inputs it shares with others."""
    questionnaire = block.result.questionnaire
    approved = {code for case in block.result.cases for code in case.not_applicable}
    return tuple(
        f"kad:{indicator.code}"
        for indicator in questionnaire.indicators
        if indicator.code in approved and own_key(questionnaire, indicator) is None
    )


def row_keys(codes: Sequence[str]) -> tuple[str, ...]:
    """What rows are looked up by: the codes, unless Excel's MATCH would take one for another."""
    plain = all(0 < len(code) <= 200 and not re.search(r"[*?~\x00-\x1f]", code) for code in codes)
    if plain and len({code.casefold() for code in codes}) == len(codes):
        return tuple(codes)
    return tuple(f"DV{place:05}" for place in range(1, len(codes) + 1))


def sheet_name(text: str, taken: Iterable[str]) -> str:
    """A name that Excel takes, different from those taken: at most 31 characters, cut at a blank."""
    plain = " ".join(_FORBIDDEN.sub(" ", text).split()).strip("' ") or "Trang"
    if len(plain) > LONGEST_NAME:
        cut = plain[: LONGEST_NAME + 1].rsplit(" ", 1)[0] if " " in plain[:LONGEST_NAME] else plain
        plain = cut[:LONGEST_NAME].rstrip(" ,;-–'")
    used = {name.casefold() for name in taken}
    name, count = plain, 1
    while name.casefold() in used:
        count += 1
        name = f"{plain[: LONGEST_NAME - len(str(count)) - 1]} {count}"
    return name


def _range_name(column: str) -> str:
    kind, _, name = column.partition(":")
    return {"in": "_", "has": "dk.", "kad": "kad."}[kind] + re.sub(r"[^A-Za-z0-9_.]", ".", name)


def _unique(name: str, taken: Iterable[str]) -> str:
    used, base, count = {other.lower() for other in taken}, name, 1
    while name.lower() in used:
        count += 1
        name = f"{base}.{count}"
    return name
