"""Where everything lies: rows and columns of every sheet, settled before any is written, so that formulas can meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reports.excel.sheet import ROW, letter, quote
from reports.standing import Block
from survey.core.asks import Manual
from survey.core.modifiers import Counts
from survey.core.questionnaire import Group, Indicator, Questionnaire
from survey.core.transfers import Peer

FIRST = 8  # first row of agencies, under titles and headers
PEERS_FIRST = 6  # first row of Mốc so sánh
PEER_COLUMNS = (
    "cohort", "code", "name", "low", "high", "count", "rule",
    "key", "cohort_number", "here", "left", "low_top", "low_bottom", "high_top", "high_bottom",
)  # fmt: skip
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
    peers: Table  # Mốc so sánh; written only where something is held against the cohort
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
    def held(self) -> tuple[Indicator, ...]:
        """The indicators whose values are held against those of the cohort."""
        return held_indicators(self.questionnaire)

    @cached_property
    def waits(self) -> bool:
        """Whether points may be pending."""
        return bool(self.held) or any(isinstance(indicator.ask, Manual) for indicator in self.scored)

    @cached_property
    def detailed(self) -> bool:
        """Whether groups need columns of their own for maximum and share: see `is_detailed`."""
        return is_detailed(self.questionnaire)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Short names, valid on the sheet Điểm only, of the columns of Số liệu that points are counted from."""
        taken: dict[str, str] = {}
        for column in self.answers.columns:
            if column.startswith(("in:", "has:", "kad:")):
                taken[column] = _unique(_range_name(column), taken.values())
        return taken

    def input(self, column: str) -> str:
        """The agency's own cell in a column of Số liệu, from its row in Điểm."""
        return f"INDEX({self.names[column]},{self.points.cell('source')})"

    @property
    def whole_maximum(self) -> str:
        """The cell of Bộ chỉ số that holds the maximum of the whole."""
        return f"{quote(self.rules.sheet)}!${letter(self.rules.columns['evidence'])}${self.levels_row - 1}"

    def scored_columns(self, group: Group) -> tuple[str, ...]:
        """Columns of a group's scored indicators at any depth: they lie side by side."""
        return tuple(f"in:{indicator.code}" for indicator in group.all_indicators() if indicator.scored)


@dataclass(frozen=True)
class SheetNames:
    """Names of a questionnaire's sheets."""

    points: str
    answers: str
    rules: str
    peers: str


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
    held = held_indicators(questionnaire)
    if held:
        answers += ["cohort_number", *(f"{part}:{one.code}" for one in held for part in ("top", "bottom", "value"))]
    points = ["code", "name", "cohort", *(["state"] if with_state else [])]
    points += ["total", "maximum", "rate", "published", "level", "rank", "order", "missing", "kad"]
    waits = held or any(isinstance(indicator.ask, Manual) for indicator in questionnaire.indicators)
    points += [*(["pending"] if waits else []), "cohort_number", "official", "source", "sent"]
    points += [*(f"held:{indicator.code}" for indicator in held), *group_helpers(questionnaire)]
    points += [*tie_columns(questionnaire), "key", "place"]
    points += [f"group:{group.code}" for group in questionnaire.all_groups]
    points += [f"in:{indicator.code}" for indicator in questionnaire.indicators if indicator.scored]
    levels_row = 6
    rules_first = levels_row + len(questionnaire.levels) + 3
    rules_last = rules_first + len(questionnaire.all_groups) + len(questionnaire.indicators) - 1
    weighed = any(not group.is_sum for group in questionnaire.group_of.values())
    columns = ["code", "name", "group_maximum", "maximum", *(["weight"] if weighed else [])]
    columns += ["rule", "evidence", "source", "verified", "basis", "origin", "options", "path"]
    peer_rows = len(held) * len(block.result.cohorts)
    return Plan(
        block=block,
        answers=Table(names.answers, numbered(answers), FIRST, last),
        points=Table(names.points, numbered(points), FIRST, last),
        rules=Table(
            names.rules,
            numbered([*columns, *(["counts"] if is_detailed(questionnaire) else [])]),
            rules_first,
            rules_last,
        ),
        peers=Table(names.peers, numbered(PEER_COLUMNS), PEERS_FIRST, PEERS_FIRST + max(peer_rows, 1) - 1),
        check=check,
        levels_row=levels_row,
        keys=row_keys([agency.code for agency in block.result.agencies]),
        short=short,
        with_state=with_state,
    )


def held_indicators(questionnaire: Questionnaire) -> tuple[Indicator, ...]:
    """The indicators whose values are held against those of the cohort."""
    return tuple(indicator for indicator in questionnaire.indicators if isinstance(indicator.score, Peer))


def is_detailed(questionnaire: Questionnaire) -> bool:
    """Whether groups need columns for maximum and share: means, bonus and penalty, what gates and tie-breaks name."""
    groups = questionnaire.group_of
    gates = [indicator.gate.condition for indicator in questionnaire.indicators if indicator.gate is not None]
    named = [*gates, *(gate for level in questionnaire.levels for gate in level.gates)]
    return (
        any(not group.is_sum for group in groups.values())
        or any(indicator.counts is not Counts.POINTS for indicator in questionnaire.indicators)
        or any(condition.code in groups for condition in named)
        or any(code in groups for code in questionnaire.tie_breaks)
    )


def group_helpers(questionnaire: Questionnaire) -> Iterable[str]:
    """Hidden columns of Điểm that groups are counted by, the parts of a mean side by side under their weights."""
    if not is_detailed(questionnaire):
        return
    for group in (*questionnaire.all_groups, questionnaire.whole):
        if not group.is_sum:
            yield from part_columns(group)
            yield from (f"duty:{group.code}", f"there:{group.code}")
        if group.outside:
            continue
        if group.code:
            yield f"max:{group.code}"
        if group.code or not group.is_sum:
            yield f"share:{group.code}"


def part_columns(group: Group) -> tuple[str, ...]:
    """One column for the share of each part of a mean."""
    return tuple(f"part:{group.code}:{part.code}" for part in group.parts)


def tie_columns(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Hidden columns by which equal rates are told apart: the rate in whole parts, the shares, the place among them."""
    breaks = tuple(f"break:{place}" for place in range(1, len(questionnaire.tie_breaks) + 1))
    return ("parts", *breaks, "tie") if breaks else ()


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
