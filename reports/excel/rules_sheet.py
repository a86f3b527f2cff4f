"""Bộ chỉ số: the questionnaire as the annex of a decision prints it; its maxima and level limits feed every formula."""

from __future__ import annotations

from dataclasses import dataclass

from reports.data import short_hash
from reports.excel.book import Book, Heading
from reports.excel.group_formulas import CLEAN, rounded
from reports.excel.page import freeze, set_page
from reports.excel.plan import Plan
from reports.excel.sheet import Formula, Sheet, letter
from reports.excel.styles import (
    BAND,
    CENTERED,
    EDITABLE,
    HEADER,
    PERCENT,
    SUBTITLE,
    TEXT,
    Style,
    maxima_format,
)
from survey.core.answers import labels
from survey.core.modifiers import Condition, Counts
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Group, Indicator
from survey.core.rules.formula import cell_text
from survey.core.rules.words import rule_in_words

WIDTHS = {
    "code": 7,
    "name": 34,
    "group_maximum": 9,
    "maximum": 9,
    "weight": 9,
    "rule": 44,
    "evidence": 36,
    "source": 24,
    "verified": 18,
    "basis": 28,
    "origin": 11,
    "options": 30,
    "path": 12,
    "counts": 12,
}
WHOLE = "+"  # stands for the whole among the groups above
WEIGHT = Style(border="thin", fill=EDITABLE, number="General", vertical="top", horizontal="center")
SMALL = TEXT.but(size=9, vertical="top")


def write_rules(book: Book, plan: Plan) -> None:
    """Add the sheet."""
    heading, table = book.heading, plan.rules
    title = plan.questionnaire.title.in_language(heading.language)
    sheet = book.add_titled(table.sheet, "B8C2CC", title, _about(plan, heading))
    _write_levels(sheet, plan, heading)
    columns = table.columns
    for name, column in columns.items():
        sheet.put(table.first - 1, column, heading.say(f"rules_{name}"), HEADER)
    sheet.fit(table.first - 1, [(heading.say(f"rules_{name}"), WIDTHS[name]) for name in columns], 9, bold=True)
    sheet.widths([WIDTHS[name] for name in columns])
    row = table.first
    for line in _walk(plan.questionnaire.whole):
        if isinstance(line.part, Group):
            _write_group(sheet, plan, row, line, line.part, heading.language)
        else:
            _write_indicator(sheet, plan, row, line, line.part, heading)
        row += 1
    sheet.hide_columns(columns["path"], len(columns))
    worksheet = sheet.worksheet
    freeze(worksheet, f"C{table.first}", 90)
    worksheet.auto_filter.ref = f"A{table.first - 1}:{letter(len(columns))}{table.last}"
    header = f"{table.first - 1}:{table.first - 1}"
    set_page(worksheet, f"A1:{letter(columns['origin'])}{table.last}", header, heading.footer)


def _about(plan: Plan, heading: Heading) -> str:
    version = heading.say("version", version=plan.questionnaire.version, hash=short_hash(plan.block.result.rules_hash))
    notice = plan.questionnaire.notice.in_language(heading.language)
    return " ".join(part for part in (version, heading.say("about_rules"), notice) if part)


@dataclass(frozen=True, slots=True)
class _Line:
    """A group or an indicator with where it stands."""

    part: Group | Indicator
    depth: int
    path: str  # the groups above whose points it adds to, and the whole: |+|4|4.22|
    weighed: bool  # a part of a mean


def _walk(group: Group, depth: int = 0, path: str = "") -> list[_Line]:
    """All below a group in file order. A mean is a part by its own maximum: what is below adds to nothing above."""
    inside = f"{path or '|'}{group.code or WHOLE}|" if group.is_sum else f"|{group.code or WHOLE}|"
    found: list[_Line] = []
    for part in group.groups or group.indicators:
        found.append(_Line(part, depth, inside, not group.is_sum))
        if isinstance(part, Group):
            found += _walk(part, depth + 1, inside if group.is_sum else "")
    return found


def _write_levels(sheet: Sheet, plan: Plan, heading: Heading) -> None:
    """The levels above the table, where neither sorting nor deleting rows reaches them."""
    whole = plan.questionnaire.whole
    at = plan.levels_row - 1
    label = Style(bold=True, horizontal="right")
    sheet.put(at, plan.rules.columns["rule"], heading.say("rules_total"), label)
    look = Style(bold=True, horizontal="left", size=12, number=maxima_format(plan.questionnaire))
    if whole.is_sum:
        inside = f"SUM({plan.rules.area('maximum', 'maximum')})"
        if plan.detailed:
            inside = _summed(plan, WHOLE)
        sheet.formula(at, plan.rules.columns["evidence"], inside, float(whole.maximum), look)
    else:
        sheet.put(at, plan.rules.columns["evidence"], float(whole.scale), look.but(fill=EDITABLE))
    levels = plan.questionnaire.levels
    if not levels:
        return
    sheet.put(plan.levels_row - 1, 2, heading.say("levels_head"), HEADER.but(horizontal="left"))
    sheet.put(plan.levels_row - 1, 3, heading.say("levels_limit"), HEADER)
    sheet.fit(plan.levels_row - 1, [(heading.say("levels_limit"), WIDTHS["group_maximum"])], 9, bold=True)
    for row, level in enumerate(levels, plan.levels_row):
        sheet.put(row, 2, level.name.in_language(heading.language), TEXT)
        limit = None if level.limit is None else float(level.limit)
        sheet.put(row, 3, limit, CENTERED.but(number=PERCENT, fill=EDITABLE if limit is not None else ""))
        sides = "floor" if level.limit is None else "above" if level.exclusive else "from"
        told = [heading.say(f"levels_{sides}"), *(_gate(gate, heading) for gate in level.gates)]
        sheet.put(row, 4, "; ".join(told), SUBTITLE)


def _gate(gate: Condition, heading: Heading) -> str:
    """What else a level asks for."""
    sides = "above" if gate.exclusive else "from"
    return heading.say(f"levels_gate_{sides}", code=gate.code, limit=format_number(gate.limit * 100, 2))


def _summed(plan: Plan, code: str) -> str:
    """What adds to the points of a group, or of the whole."""
    return f'SUMIFS({plan.rules.column("counts")},{plan.rules.column("path")},"*|{code}|*")'


def _write_group(sheet: Sheet, plan: Plan, row: int, line: _Line, group: Group, language: str) -> None:
    table = plan.rules
    size = 11 if line.depth == 0 else 10
    look = Style(bold=True, fill=BAND, border="thin", wrap=True, size=size)
    name = group.name.in_language(language)
    for column in range(1, len(table.columns) + 1):
        sheet.put(row, column, None, look)
    sheet.put(row, table.columns["code"], group.code, look)
    sheet.put(row, table.columns["name"], name, look)
    sheet.fit(row, [(name, WIDTHS["name"])], size, bold=True)
    look = look.but(number=maxima_format(plan.questionnaire), horizontal="right")
    at = table.columns["group_maximum"]
    if not group.is_sum:
        sheet.put(row, at, float(group.scale), look.but(fill=EDITABLE))
    elif not group.outside:
        places, maxima = table.column("path"), table.column("maximum")
        total = f'SUMIFS({maxima},{places},"*|"&{table.cell("code")}&"|*")'
        if plan.detailed:
            total = _summed(plan, group.code)
        sheet.fill(row, at, Formula(rounded(total, CLEAN)), float(group.maximum), sheet.style(look))
    if plan.detailed:
        sheet.put(row, table.columns["path"], line.path, SMALL)
        if not group.is_sum:
            sheet.formula(row, table.columns["counts"], table.cell("group_maximum"), float(group.scale), SMALL)
    if line.weighed:
        sheet.put(row, table.columns["weight"], float(group.weight), WEIGHT.but(vertical="center"))


def _write_indicator(sheet: Sheet, plan: Plan, row: int, line: _Line, indicator: Indicator, heading: Heading) -> None:
    columns, language = plan.rules.columns, heading.language
    texts: dict[str, str] = {
        "code": indicator.code,
        "name": indicator.name.in_language(language),
        "rule": _rule(plan, indicator, heading),
        "evidence": _evidence(indicator, heading),
        "source": _source(indicator, heading),
        "verified": indicator.verified_with.in_language(language),
        "basis": indicator.basis.in_language(language),
        "origin": heading.say(f"origin_{indicator.origin.value}"),
        "options": _options(indicator, language),
        "path": line.path,
    }
    for name, text in texts.items():
        sheet.put(row, columns[name], text, SMALL.but(size=10) if name in ("code", "name") else SMALL)
    sheet.put(row, columns["group_maximum"], None, SMALL)
    look = Style(
        border="thin", fill=EDITABLE, number=maxima_format(plan.questionnaire), vertical="top", horizontal="right"
    )
    if indicator.scored:
        sheet.put(row, columns["maximum"], float(indicator.maximum), look)
    else:
        sheet.put(row, columns["maximum"], heading.say("unscored"), SMALL)
    if "weight" in columns:
        weighed = line.weighed and indicator.scored
        sheet.put(row, columns["weight"], float(indicator.weight) if weighed else None, WEIGHT if weighed else SMALL)
    if plan.detailed and indicator.scored and indicator.counts is Counts.POINTS:
        sheet.formula(row, columns["counts"], plan.rules.cell("maximum"), float(indicator.maximum), SMALL)
    sheet.fit(row, [(texts["name"], WIDTHS["name"])])
    sheet.fit(row, [(text, WIDTHS[name]) for name, text in texts.items() if name not in ("name", "path")], 9)


def _rule(plan: Plan, indicator: Indicator, heading: Heading) -> str:
    """How it is scored, and what a and b are."""
    language = heading.language
    lines = [rule_in_words(plan.questionnaire, indicator, language)]
    for pair in indicator.pairs:
        label = pair.label.in_language(language)
        parts = [
            f"{name}: {number.label.in_language(language)} ({number.unit.in_language(language)})"
            for name, number in (("a", pair.a), ("b", pair.b))
        ]
        lines.append((f"{label} – " if label else "") + "; ".join(parts) + ".")
    return "\n".join(lines)


def _evidence(indicator: Indicator, heading: Heading) -> str:
    proof = indicator.evidence
    if proof is None:
        return ""
    parts = [proof.what.in_language(heading.language), proof.caution.in_language(heading.language)]
    if not proof.required:
        parts.insert(0, heading.say("evidence_optional"))
    return "\n".join(part for part in parts if part)


def _source(indicator: Indicator, heading: Heading) -> str:
    parts = [indicator.data_source.in_language(heading.language)]
    if indicator.provided_by is not None:
        parts.append(heading.say("provided_by", owner=indicator.provided_by.in_language(heading.language)))
    return "\n".join(part for part in parts if part)


def _options(indicator: Indicator, language: str) -> str:
    """The words that Số liệu takes for each option."""
    named = ((cell_text(indicator, code), label) for code, label in labels(indicator, language).items())
    return "\n".join(word if word == label else f"{word}: {label}" for word, label in named)
