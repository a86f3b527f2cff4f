"""The formulas of the sheet Điểm: each refers to its own row, to header rows and to whole columns of other sheets."""

from __future__ import annotations

from reports.excel.book import Heading
from reports.excel.plan import FIRST, Plan
from reports.excel.sheet import letter, literal, quote
from reports.standing import PARTS, STEP
from survey.core.questionnaire import Indicator
from survey.core.rules.formula import NOT_APPLICABLE, Refs, points_formula
from survey.core.scoring import RATE_DECIMALS

MAXIMA_ROW = FIRST - 1


def rounded(expression: str, decimals: int | None) -> str:
    """An expression rounded half-up, or as it is."""
    return expression if decimals is None else f"ROUND({expression},{decimals})"


def header_maximum(plan: Plan, column: str, code: str, span: tuple[int, int] | None) -> tuple[str, float]:
    """The maximum over a column of Điểm, by code from Bộ chỉ số; that of a group is the sum over its indicators."""
    if column.startswith("in:"):
        maxima, codes = plan.rules.column("maximum"), plan.rules.column("code")
        at = letter(plan.points.columns[column])
        return f"IFERROR(INDEX({maxima},MATCH({at}${MAXIMA_ROW - 1},{codes},0)),0)", _maximum(plan, {column})
    if span is None:
        return "0", 0.0
    first, last = (letter(at) for at in span)
    inside = {name for name, at in plan.points.columns.items() if span[0] <= at <= span[1]}
    total = f"SUM({first}${MAXIMA_ROW}:{last}${MAXIMA_ROW})"
    return rounded(total, plan.questionnaire.decimals), _maximum(plan, inside)


def _maximum(plan: Plan, columns: set[str]) -> float:
    return float(sum(i.maximum for i in plan.scored if f"in:{i.code}" in columns))


def point_formula(plan: Plan, indicator: Indicator) -> str:
    """Points of one indicator; blank where the agency's row is gone from Số liệu."""
    maximum = f"{letter(plan.points.columns[f'in:{indicator.code}'])}${MAXIMA_ROW}"
    expression = points_formula(
        plan.questionnaire,
        indicator,
        Refs(lambda key: plan.input(f"in:{key}"), maximum, lambda name: plan.input(f"has:{name}")),
    )
    if f"kad:{indicator.code}" in plan.answers.columns:
        approved = plan.input(f"kad:{indicator.code}")
        expression = f'IF({approved}="{NOT_APPLICABLE}","{NOT_APPLICABLE}",{expression})'
    return _if_there(plan, expression)


def _if_there(plan: Plan, expression: str) -> str:
    return f'IF({plan.points.cell("source")}="","",{expression})'


def agency_formulas(plan: Plan, heading: Heading) -> dict[str, str]:
    """Every formula of an agency's row but those of its indicators, by column."""
    cell, answers = plan.points.cell, plan.answers
    sent = f'IF({cell("source")}="",0,1)'
    formulas = {"source": f'IFERROR(MATCH({cell("code")},{answers.column("code")},0),"")'}
    if plan.with_state:
        formulas["state"] = _if_there(plan, f"INDEX({answers.column('state')},{cell('source')})")
        sent = f"IF({cell('state')}={literal(heading.say('state_sent'))},1,0)"
    return formulas | _sums(plan) | _places(plan, sent) | {"level": _level(plan, heading)}


def _sums(plan: Plan) -> dict[str, str]:
    cell, columns, decimals = plan.points.cell, plan.points.columns, plan.questionnaire.decimals
    points, maxima = "0", "0"
    missing = kad = "0"
    if plan.scored:
        first, last = f"in:{plan.scored[0].code}", f"in:{plan.scored[-1].code}"
        row = plan.points.span(first, last)
        header = f"${letter(columns[first])}${MAXIMA_ROW}:${letter(columns[last])}${MAXIMA_ROW}"
        points = rounded(f"SUM({row})", decimals)
        maxima = f'SUMPRODUCT(--({row}<>"{NOT_APPLICABLE}"),{header})'
        kad = f'COUNTIF({row},"{NOT_APPLICABLE}")'
        missing = f"COLUMNS({row})-COUNT({row})-{kad}"
    sums = {"total": points, "maximum": maxima, "missing": missing, "kad": kad}
    for group in plan.questionnaire.all_groups:
        codes = plan.scored_columns(group)
        sums[f"group:{group.code}"] = _group_sum(plan.points.span(codes[0], codes[-1]), decimals) if codes else "0"
    formulas = {name: _if_there(plan, text) for name, text in sums.items()}
    formulas["rate"] = f'IF(N({cell("maximum")})=0,"",{cell("total")}/{cell("maximum")})'
    formulas["published"] = f'IF({cell("rate")}="","",ROUND({cell("rate")},{RATE_DECIMALS}))'
    return formulas


def _group_sum(row: str, decimals: int | None) -> str:
    """Points of a group; K.a.d. where nothing in it applies, so that no reader takes it for a 0 that was earned."""
    nothing = f'COUNTIF({row},"{NOT_APPLICABLE}")=COLUMNS({row})'
    return f'IF({nothing},"{NOT_APPLICABLE}",{rounded(f"SUM({row})", decimals)})'


def _places(plan: Plan, sent: str) -> dict[str, str]:
    """Rank and print order: counted over Điểm, and over Đối chiếu for agencies deleted from Điểm or Số liệu.

    key = ten-thousandths of the rate × 100,000, less the official place; −place where not ranked. So a row deleted
    in any one sheet moves nobody else's rank.
    """
    cell, points, check = plan.points.cell, plan.points, plan.check
    parts = f"ROUND({cell('published')}*{PARTS},0)"
    key, cohort = cell("key"), cell("cohort_number")

    def count(criterion: str) -> str:
        here = f"COUNTIFS({points.column('cohort_number')},{cohort},{points.column('key')},{criterion})"
        return f"{here}+COUNTIFS({check.column('cohort_number')},{cohort},{check.column('key')},{criterion})"

    ranked = f'AND({cell("sent")}=1,{cell("published")}<>"")'
    place = f"{parts}*{STEP}+{STEP - 1}-{cell('official')}"
    above = f'">="&({parts}+1)*{STEP}'
    return {
        "sent": sent,
        "key": _if_there(plan, f"IF({ranked},{place},-{cell('official')})"),
        "rank": f'IF(N({key})<0,"",IF({key}="","",1+{count(above)}))',
        "order": f'IF({key}="","",1+{count(f"{chr(34)}>{chr(34)}&{key}")})',
        "place": f'IF({cell("order")}="","",{cohort}*{STEP}+{cell("order")})',
    }


def _level(plan: Plan, heading: Heading) -> str:
    """The first level whose limit in Bộ chỉ số the published rate reaches."""
    cell, levels = plan.points.cell, plan.questionnaire.levels
    if not levels:
        return '""'
    sheet = quote(plan.rules.sheet)
    formula = '""'
    for row, level in reversed(list(enumerate(levels, plan.levels_row))):
        name = f"{sheet}!$B${row}"
        sign = ">" if level.exclusive else ">="
        formula = name if level.limit is None else f"IF({cell('published')}{sign}{sheet}!$C${row},{name},{formula})"
    return f'IF(OR({cell("sent")}=0,{cell("published")}=""),"",{formula})'
