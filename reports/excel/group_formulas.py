"""Formulas of groups and of the whole on the sheet Điểm: sums inside their maximum, weighted means of shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from reports.excel.plan import FIRST, Plan, part_columns
from reports.excel.sheet import letter
from survey.core.modifiers import Aggregate, Counts, MissingRule
from survey.core.questionnaire import Group, Indicator
from survey.core.ranking import SHARE_DIGITS
from survey.core.rounding import half_up
from survey.core.rules.formula_cells import COMPARED, NOT_APPLICABLE, PENDING, SETTLED, constant, is_word
from survey.core.scoring import RATE_DECIMALS

MAXIMA_ROW = FIRST - 1
CLEAN = 9  # digits to which sums of maxima are rounded, since float64 adds crumbs


def rounded(expression: str, decimals: int | None) -> str:
    """An expression rounded half-up, or as it is."""
    return expression if decimals is None else f"ROUND({expression},{decimals})"


def points_column(group: Group) -> str:
    """Where the points of a group stand; those of the whole are the total."""
    return f"group:{group.code}" if group.code else "total"


def maximum_column(group: Group) -> str:
    """Where its applicable maximum stands, where Điểm has it."""
    return f"max:{group.code}" if group.code else "maximum"


def group_formulas(plan: Plan) -> dict[str, str]:
    """Formulas of every group and of the whole, by column; rate and published rate too."""
    formulas: dict[str, str] = {}
    whole = plan.questionnaire.whole
    for group in (*plan.questionnaire.all_groups, whole):
        if group.is_sum:
            formulas |= _sum(plan, group)
        else:
            formulas |= _mean(plan, group)
    cell = plan.points.cell
    share = f"{cell('total')}/{cell('maximum')}" if whole.is_sum else f"N({cell('share:')})"
    if whole.may_lack:
        share = f'IF(ISNUMBER({cell("share:")}),{share},"")'
    published = cell("rate") if whole.is_sum else f"ROUND({cell('rate')},{COMPARED})"
    formulas["rate"] = f'IF(N({cell("maximum")})=0,"",{share})'
    formulas["published"] = f'IF({cell("rate")}="","",ROUND({published},{RATE_DECIMALS}))'
    return formulas


def header(plan: Plan, column: str) -> str:
    """The cell over a column that holds its maximum, or a part's weight."""
    return f"{letter(plan.points.columns[column])}${MAXIMA_ROW}"


def _scored(group: Group) -> bool:
    return any(indicator.scored for indicator in group.all_indicators())


def _cells(plan: Plan, group: Group) -> list[str]:
    """References to the points of its parts."""
    if group.groups:
        return [plan.points.cell(points_column(part)) for part in group.groups if _scored(part)]
    codes = plan.scored_columns(group)
    return [plan.points.span(codes[0], codes[-1])] if codes else []


def _word(cells: list[str]) -> str:
    """What a group says to which nothing applies: that it waits, where one of its parts does."""
    waits = "+".join(f'COUNTIF({cell},"{PENDING}")' for cell in cells)
    return f'IF({waits}>0,"{PENDING}","{NOT_APPLICABLE}")'


def _sum(plan: Plan, group: Group) -> dict[str, str]:
    cells, column = _cells(plan, group), points_column(group)
    points = f"SUM({','.join(cells)})" if cells else "0"
    if not plan.detailed:
        return _plain_sum(plan, group, cells, points)
    if group.outside:
        return {column: rounded(points, group.decimals)}
    maximum = plan.points.cell(maximum_column(group))
    if any(indicator.counts is not Counts.POINTS for indicator in group.all_indicators()):
        points = f"MIN({maximum},MAX(0,{points}))"
    word = _word(cells) if cells and plan.waits else f'"{NOT_APPLICABLE}"'
    nothing = word if group.code else "0"
    settled = rounded(points, group.decimals)
    own, there = plan.points.cell(column), f"{_there(plan, group)}+"
    if group.code and cells and _is_left_out(plan, group):
        settled, there = f'IF({there}{settled}=0,"",{settled})', ""
    formulas = {
        maximum_column(group): _sum_maximum(plan, group),
        column: f"IF({maximum}=0,{nothing},{settled})" if cells else "0",
    }
    if group.code:
        blank = f"{there}{own}=0" if there else f'{own}=""'
        formulas[f"share:{group.code}"] = f'IF({maximum}=0,{word},IF({blank},"",{own}/{maximum}))' if cells else word
    return formulas


def _is_left_out(plan: Plan, group: Group) -> bool:
    """Whether the mean above leaves it out where it is missing, so that it shows nothing and not 0."""
    return bool(group.code) and plan.questionnaire.above[group.code].leaves_out


def _plain_sum(plan: Plan, group: Group, cells: list[str], points: str) -> dict[str, str]:
    """A sum of points that stay inside their maximum: no further columns are needed."""
    total = rounded(points, group.decimals)
    if not group.code:
        return {"total": total, "maximum": _all_maxima(plan)}
    if not cells:
        return {points_column(group): "0"}
    if group.groups:
        nothing = f"COUNT({','.join(cells)})=0"
    else:
        words = [NOT_APPLICABLE, *([PENDING] if plan.waits else [])]
        counts = "+".join(f'COUNTIF({cells[0]},"{word}")' for word in words)
        nothing = f"{counts}=COLUMNS({cells[0]})"
    word = _word(cells) if plan.waits else f'"{NOT_APPLICABLE}"'
    return {points_column(group): f"IF({nothing},{word},{total})"}


def _all_maxima(plan: Plan) -> str:
    if not plan.scored:
        return "0"
    return _applicable(plan, [f"in:{indicator.code}" for indicator in plan.scored])


def _applicable(plan: Plan, columns: list[str]) -> str:
    """The maxima of those columns, side by side, that apply."""
    row = plan.points.span(columns[0], columns[-1])
    first, last = (letter(plan.points.columns[column]) for column in (columns[0], columns[-1]))
    conditions = f'--({row}<>"{NOT_APPLICABLE}")' + (f',--({row}<>"{PENDING}")' if plan.waits else "")
    return f"SUMPRODUCT({conditions},${first}${MAXIMA_ROW}:${last}${MAXIMA_ROW})"


def _runs(group: Group) -> Iterator[list[str]]:
    """The columns of indicators that count in the maximum, each run of neighbours for itself."""
    scored = [indicator for indicator in group.indicators if indicator.scored]
    for counted, run in groupby(scored, lambda indicator: indicator.counts is Counts.POINTS):
        if counted:
            yield [f"in:{indicator.code}" for indicator in run]


def _inner(group: Group) -> Iterable[Group]:
    """The groups inside it that have a maximum."""
    return (part for part in group.groups if _scored(part) and not part.outside)


def _sum_maximum(plan: Plan, group: Group) -> str:
    if group.groups:
        return f"SUM({','.join(plan.points.cell(maximum_column(part)) for part in _inner(group))})"
    return "+".join(_applicable(plan, run) for run in _runs(group)) or "0"


def _there(plan: Plan, group: Group) -> str:
    """How many of the parts that count have something to count."""
    if group.groups:
        cells = [plan.points.cell(f"share:{part.code}") for part in _inner(group)]
    else:
        cells = [plan.points.span(run[0], run[-1]) for run in _runs(group)]
    return f"COUNT({','.join(cells)})"


def _mean(plan: Plan, group: Group) -> dict[str, str]:
    """Its parts' shares side by side, the weights of those that apply and that are there, and their mean."""
    cell, parts, code = plan.points.cell, part_columns(group), group.code
    below: tuple[Group | Indicator, ...] = group.parts
    span = plan.points.span(parts[0], parts[-1])
    first, last = (letter(plan.points.columns[column]) for column in (parts[0], parts[-1]))
    weights = f"${first}${MAXIMA_ROW}:${last}${MAXIMA_ROW}"
    duty, there, share = cell(f"duty:{code}"), cell(f"there:{code}"), cell(f"share:{code}")
    word = f'IF(COUNTIF({span},"{PENDING}")>0,"{PENDING}","{NOT_APPLICABLE}")'
    left_out = group.missing is MissingRule.LEFT_OUT
    value = _average(plan, group, span, weights, there if left_out else duty)
    if left_out and group.coverage:
        limit = constant(half_up(group.coverage, COMPARED))
        value = f'IF(ROUND({there}/{duty},{COMPARED})<{limit},"",{value})'
    scale = header(plan, points_column(group)) if code else plan.whole_maximum
    settled = f"{share}*{scale}"
    if group.decimals is not None:
        settled = rounded(f"ROUND({settled},{SETTLED - len(str(int(group.scale)))})", group.decimals)
    nothing = share if code else "0"
    missing = '""' if group.may_lack or _is_left_out(plan, group) else "0"
    return {
        **{name: _part(plan, part) for name, part in zip(parts, below, strict=True)},
        f"duty:{code}": f'SUMPRODUCT(--({span}<>"{NOT_APPLICABLE}"),--({span}<>"{PENDING}"),{weights})',
        f"there:{code}": f"SUMPRODUCT(--ISNUMBER({span}),{weights})",
        f"share:{code}": f'IF({duty}=0,{word},IF({there}=0,"",{value}))',
        points_column(group): f"IF(ISNUMBER({share}),{settled},IF({duty}=0,{nothing},{missing}))",
        maximum_column(group): f"IF({duty}=0,0,{scale})",
    }


def _part(plan: Plan, part: Group | Indicator) -> str:
    """The share of a part: a number, "" where it is missing, a word where it leaves the maximum."""
    if isinstance(part, Group):
        return plan.points.cell(f"share:{part.code}") if _scored(part) else f'"{NOT_APPLICABLE}"'
    points = plan.points.cell(f"in:{part.code}")
    return f"IF(ISNUMBER({points}),{points}/{header(plan, f'in:{part.code}')},{points})"


def _average(plan: Plan, group: Group, span: str, weights: str, weight: str) -> str:
    if group.aggregate is not Aggregate.GEOMETRIC:
        return f"SUMPRODUCT(--ISNUMBER({span}),{span},{weights})/{weight}"
    factors = []
    for column in part_columns(group):
        share, own = plan.points.cell(column), header(plan, column)
        without = "1" if group.missing is MissingRule.LEFT_OUT else f'IF({share}="",0,1)'
        factors.append(f"IF(ISNUMBER({share}),{share}^({own}/{weight}),{without})")
    return "*".join(factors)


def reference_of_share(plan: Plan, code: str) -> tuple[str, str]:
    """(cell, cell of its maximum) of what a gate or a tie-break names; no maximum where the cell is a share."""
    if code in plan.questionnaire.by_code:
        return plan.points.cell(f"in:{code}"), header(plan, f"in:{code}")
    group = plan.questionnaire.group_of[code]
    return plan.points.cell(f"share:{group.code}"), ""


def share_as_number(plan: Plan, code: str) -> str:
    """The share of an indicator or a group as it is compared; 0 where it is missing, −1 where it does not apply."""
    cell, maximum = reference_of_share(plan, code)
    share = f"{cell}/{maximum}" if maximum else cell
    return f"IF(ISNUMBER({cell}),ROUND({share},{SHARE_DIGITS}),IF({is_word(cell)},-1,0))"
