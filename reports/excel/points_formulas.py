"""The formulas of the sheet Điểm: each refers to its own row, to header rows and to whole columns of other sheets."""

from __future__ import annotations

from reports.excel.book import Heading
from reports.excel.group_formulas import (
    CLEAN,
    MAXIMA_ROW,
    group_formulas,
    reference_of_share,
    rounded,
    share_as_number,
)
from reports.excel.plan import Plan, Table
from reports.excel.sheet import letter, literal, quote
from reports.standing import PARTS, STEP
from survey.core.questionnaire import RATE, Indicator
from survey.core.ranking import SHARE_DIGITS
from survey.core.rules.formula import NOT_APPLICABLE, PENDING, PeerCells, Refs, points_formula
from survey.core.rules.formula_modifiers import reached
from survey.core.text import say


def header_maximum(plan: Plan, column: str, code: str) -> tuple[str, float]:
    """What stands over a column of Điểm: a maximum, or the weight of a part of a mean, by code from Bộ chỉ số."""
    questionnaire, kind = plan.questionnaire, column.split(":")[0]
    part = questionnaire.by_code.get(code) or questionnaire.group_of[code]
    if kind == "group" and not plan.detailed:
        codes = plan.scored_columns(questionnaire.group_of[code])
        if not codes:
            return "0", 0.0
        first, last = (letter(plan.points.columns[one]) for one in (codes[0], codes[-1]))
        total = f"SUM({first}${MAXIMA_ROW}:{last}${MAXIMA_ROW})"
        return rounded(total, CLEAN), float(part.maximum)
    name, value = {
        "in": ("maximum", part.maximum),
        "group": ("group_maximum", part.maximum),
        "part": ("weight", part.weight),
    }[kind]
    at = letter(plan.points.columns[column])
    found = f"INDEX({plan.rules.column(name)},MATCH({at}${MAXIMA_ROW - 1},{plan.rules.column('code')},0))"
    return f"IFERROR({found},0)", float(value)


def point_formula(plan: Plan, indicator: Indicator) -> str:
    """Points of one indicator; blank where the agency's row is gone from Số liệu."""
    maximum = f"{letter(plan.points.columns[f'in:{indicator.code}'])}${MAXIMA_ROW}"
    target, target_maximum = "", ""
    if indicator.gate is not None:
        target, target_maximum = reference_of_share(plan, indicator.gate.condition.code)
    refs = Refs(
        lambda key: plan.input(f"in:{key}"),
        maximum,
        lambda name: plan.input(f"has:{name}"),
        peer_cells(plan, indicator) if indicator in plan.held else None,
        target,
        target_maximum,
    )
    expression = points_formula(plan.questionnaire, indicator, refs)
    if f"kad:{indicator.code}" in plan.answers.columns:
        approved = plan.input(f"kad:{indicator.code}")
        expression = f'IF({approved}="{NOT_APPLICABLE}","{NOT_APPLICABLE}",{expression})'
    return _if_there(plan, expression)


def peer_cells(plan: Plan, indicator: Indicator) -> PeerCells:
    """Where Mốc so sánh has the extent of the agency's cohort."""
    row = plan.points.cell(f"held:{indicator.code}")
    count, *ends = (
        f"INDEX({plan.peers.column(name)},{row})"
        for name in ("count", "low", "high", "low_top", "low_bottom", "high_top", "high_bottom")
    )
    return PeerCells(f'IF({row}="",0,{count})', *ends)


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
    for indicator in plan.held:
        key = f"{cell('cohort_number')}&{literal('|' + indicator.code)}"
        formulas[f"held:{indicator.code}"] = _if_there(plan, f'IFERROR(MATCH({key},{plan.peers.column("key")},0),"")')
    sums = {name: _if_there(plan, text) for name, text in (_counts(plan) | group_formulas(plan)).items()}
    return formulas | sums | _places(plan, sent) | {"level": _level(plan, heading)}


def _counts(plan: Plan) -> dict[str, str]:
    """How many indicators are missing, not applicable, pending."""
    missing = kad = waiting = "0"
    if plan.scored:
        row = plan.points.span(f"in:{plan.scored[0].code}", f"in:{plan.scored[-1].code}")
        kad, waiting = (f'COUNTIF({row},"{word}")' for word in (NOT_APPLICABLE, PENDING))
        missing = f"COLUMNS({row})-COUNT({row})-{kad}" + (f"-{waiting}" if plan.waits else "")
    return {"missing": missing, "kad": kad, **({"pending": waiting} if plan.waits else {})}


def _places(plan: Plan, sent: str) -> dict[str, str]:
    """Rank and print order: counted over Điểm, and over Đối chiếu for agencies deleted from Điểm or Số liệu.

    key = ten-thousandths of the rate × 100,000, less the official place; −place where not ranked. So a row deleted
    in any one sheet moves nobody else's rank. Where ties are broken, the place among equal rates stands between.
    """
    cell, points, check = plan.points.cell, plan.points, plan.check
    key, cohort = cell("key"), cell("cohort_number")

    def count(criterion: str) -> str:
        here = f"COUNTIFS({points.column('cohort_number')},{cohort},{points.column('key')},{criterion})"
        return f"{here}+COUNTIFS({check.column('cohort_number')},{cohort},{check.column('key')},{criterion})"

    ranked = f'AND({cell("sent")}=1,{cell("published")}<>"")'
    parts = f"ROUND({cell('published')}*{PARTS},0)"
    ties = _ties(plan, ranked, parts)
    if ties:
        parts = f"({cell('parts')}*{STEP}+{cell('tie')})"
    place = f"{parts}*{STEP}+{STEP - 1}-{cell('official')}"
    above = f'">="&({parts}+1)*{STEP}'
    return ties | {
        "sent": sent,
        "key": _if_there(plan, f"IF({ranked},{place},-{cell('official')})"),
        "rank": f'IF(N({key})<0,"",IF({key}="","",1+{count(above)}))',
        "order": f'IF({key}="","",1+{count(f"{chr(34)}>{chr(34)}&{key}")})',
        "place": f'IF({cell("order")}="","",{cohort}*{STEP}+{cell("order")})',
    }


def _ties(plan: Plan, ranked: str, parts: str) -> dict[str, str]:
    """What parts equal rates: the shares that are looked at, and how many of the cohort's equals are beaten by them."""
    codes = plan.questionnaire.tie_breaks
    if not codes:
        return {}
    cell = plan.points.cell
    formulas = {"parts": _if_there(plan, f'IF({ranked},{parts},"")')}
    for place, code in enumerate(codes, 1):
        rate = f'IF({cell("rate")}="",-1,ROUND({cell("rate")},{SHARE_DIGITS}))'
        formulas[f"break:{place}"] = _if_there(plan, rate if code == RATE else share_as_number(plan, code))
    formulas["tie"] = f"IF(ISNUMBER({cell('parts')}),{beaten(plan, plan.points)},0)"
    return formulas


def beaten(plan: Plan, own: Table) -> str:
    """How many of the cohort have the same published rate as the row of `own` and lose by the tie-breaks."""
    cohort, parts = own.cell("cohort_number"), own.cell("parts")
    counts = []
    for last in range(1, len(plan.questionnaire.tie_breaks) + 1):
        for table in (plan.points, plan.check):
            wanted = [f"{table.column('cohort_number')},{cohort}", f"{table.column('parts')},{parts}"]
            for place in range(1, last + 1):
                sign = "<" if place == last else "="
                wanted.append(f'{table.column(f"break:{place}")},"{sign}"&{own.cell(f"break:{place}")}')
            counts.append(f"COUNTIFS({','.join(wanted)})")
    return "+".join(counts)


def _level(plan: Plan, heading: Heading) -> str:
    """The first level whose limit in Bộ chỉ số the published rate reaches."""
    cell, levels = plan.points.cell, plan.questionnaire.levels
    if not levels:
        return _unless_lacking(plan, heading, '""')
    sheet = quote(plan.rules.sheet)
    formula, condition = '""', ""
    for row, level in reversed(list(enumerate(levels, plan.levels_row))):
        name = f"{sheet}!$B${row}"
        sign = ">" if level.exclusive else ">="
        if level.limit is not None:
            reaches = [f"{cell('published')}{sign}{sheet}!$C${row}"]
            reaches += [reached(*reference_of_share(plan, gate.code), gate) for gate in level.gates]
            condition = reaches[0] if len(reaches) == 1 else f"AND({','.join(reaches)})"
        formula = name if level.limit is None else f"IF({condition},{name},{formula})"
    return _unless_lacking(plan, heading, f'IF(OR({cell("sent")}=0,{cell("published")}=""),"",{formula})')


def _unless_lacking(plan: Plan, heading: Heading, level: str) -> str:
    """A level, or the words for a body that has sent and of which too little is known."""
    if not plan.questionnaire.whole.may_lack:
        return level
    cell, words = plan.points.cell, literal(say("words.too_few", heading.language))
    return f'IF(AND({cell("sent")}=1,{cell("total")}="",N({cell("maximum")})>0),{words},{level})'
