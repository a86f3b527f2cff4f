"""Bộ chỉ số: the questionnaire as the annex of a decision prints it; its maxima and level limits feed every formula."""

from __future__ import annotations

from reports.data import short_hash
from reports.excel.book import Book, Heading
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
from survey.core.questionnaire import Group, Indicator
from survey.core.rules.formula import cell_text
from survey.core.rules.words import rule_in_words

WIDTHS = {
    "code": 7,
    "name": 34,
    "group_maximum": 9,
    "maximum": 9,
    "rule": 44,
    "evidence": 36,
    "source": 24,
    "verified": 18,
    "basis": 28,
    "origin": 11,
    "options": 30,
    "path": 12,
}
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
    sheet.widths(list(WIDTHS.values()))
    row = table.first
    for depth, part, path in _walk(plan.questionnaire.groups):
        if isinstance(part, Group):
            _write_group(sheet, plan, row, part, depth, heading.language)
        else:
            _write_indicator(sheet, plan, row, part, path, heading)
        row += 1
    sheet.hide_columns(columns["path"], columns["path"])
    worksheet = sheet.worksheet
    freeze(worksheet, f"C{table.first}", 90)
    worksheet.auto_filter.ref = f"A{table.first - 1}:{letter(columns['path'])}{table.last}"
    header = f"{table.first - 1}:{table.first - 1}"
    set_page(worksheet, f"A1:{letter(columns['origin'])}{table.last}", header, heading.footer)


def _about(plan: Plan, heading: Heading) -> str:
    version = heading.say("version", version=plan.questionnaire.version, hash=short_hash(plan.block.result.rules_hash))
    notice = plan.questionnaire.notice.in_language(heading.language)
    return " ".join(part for part in (version, heading.say("about_rules"), notice) if part)


def _walk(groups: tuple[Group, ...], depth: int = 0, path: str = "|") -> list[tuple[int, Group | Indicator, str]]:
    """Groups and indicators in file order, with depth and the groups above: |4|4.22|."""
    found: list[tuple[int, Group | Indicator, str]] = []
    for group in groups:
        inside = f"{path}{group.code}|"
        found.append((depth, group, path))
        found += _walk(group.groups, depth + 1, inside)
        found += [(depth + 1, indicator, inside) for indicator in group.indicators]
    return found


def _write_levels(sheet: Sheet, plan: Plan, heading: Heading) -> None:
    """The levels above the table, where neither sorting nor deleting rows reaches them."""
    total = float(plan.questionnaire.maximum)
    label = Style(bold=True, horizontal="right")
    sheet.put(plan.levels_row - 1, plan.rules.columns["rule"], heading.say("rules_total"), label)
    look = Style(bold=True, horizontal="left", size=12, number=maxima_format(plan.questionnaire))
    inside = f"SUM({plan.rules.area('maximum', 'maximum')})"
    sheet.formula(plan.levels_row - 1, plan.rules.columns["evidence"], inside, total, look)
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
        sheet.put(row, 4, heading.say(f"levels_{sides}"), SUBTITLE)


def _write_group(sheet: Sheet, plan: Plan, row: int, group: Group, depth: int, language: str) -> None:
    table = plan.rules
    size = 11 if depth == 0 else 10
    look = Style(bold=True, fill=BAND, border="thin", wrap=True, size=size)
    name = group.name.in_language(language)
    for column in range(1, len(table.columns) + 1):
        sheet.put(row, column, None, look)
    sheet.put(row, table.columns["code"], group.code, look)
    sheet.put(row, table.columns["name"], name, look)
    places, maxima = table.column("path"), table.column("maximum")
    total = f'SUMIFS({maxima},{places},"*|"&{table.cell("code")}&"|*")'
    decimals = plan.questionnaire.decimals
    summed = total if decimals is None else f"ROUND({total},{decimals})"
    value = float(sum((indicator.maximum for indicator in group.all_indicators()), start=0))
    look = look.but(number=maxima_format(plan.questionnaire), horizontal="right")
    sheet.fill(row, table.columns["group_maximum"], Formula(summed), value, sheet.style(look))
    sheet.fit(row, [(name, WIDTHS["name"])], size, bold=True)


def _write_indicator(sheet: Sheet, plan: Plan, row: int, indicator: Indicator, path: str, heading: Heading) -> None:
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
        "path": path,
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
