"""Phiếu tự đánh giá in Word: a table on A4 across, blank to collect figures or filled with code and QR to be signed."""

from __future__ import annotations

from dataclasses import dataclass

from reports.phieu_data import Figure, Line, Part, PhieuSheet, Seal
from reports.qr import qr_png
from reports.word.letterhead import letterhead_table, signing_block
from reports.word.markup import Cell, paragraph, row, run, table
from reports.word.paper import Paper
from survey.core.numbers_vi import HANOI, format_date, format_time
from survey.core.text import say

WIDTH = 26.2  # cm between the margins
BLANK_COLUMNS = {
    "code": 1.5,
    "indicator": 5.7,
    "asked": 6.6,
    "unit": 2.0,
    "value": 2.9,
    "evidence": 4.2,
    "provider": 3.3,
}
FILLED_COLUMNS = {
    "code": 1.5, "indicator": 5.9, "asked": 5.6, "unit": 1.8, "value": 2.6, "points": 1.7, "evidence": 4.5,
    "provider": 2.6,
}  # fmt: skip
BOX, TICKED = "☐", "☒"
SIZE, SMALL = 11, 10  # points, in the table


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet being written."""

    data: PhieuSheet

    @property
    def columns(self) -> dict[str, float]:
        return BLANK_COLUMNS if self.data.blank else FILLED_COLUMNS

    def say(self, key: str, **values: object) -> str:
        return say(f"print.{key}", self.data.language, **values)

    def row(self, cells: list[Cell], *, header: bool = False, height: float = 0) -> str:
        return row(cells, tuple(self.columns.values()), header=header, height=height)


def phieu_document(data: PhieuSheet) -> bytes:
    """The Word file."""
    sheet = _Sheet(data)
    title = sheet.say("phieu_blank" if data.blank else "phieu")
    paper = Paper(
        title=f"{title} – {data.agency}", author=data.agency, language=data.language, at=data.printed_at, wide=True,
        size=SIZE,
    )  # fmt: skip
    year = data.printed_at.astimezone(HANOI).year
    paper.add(letterhead_table(data.letterhead, (WIDTH * 0.46, WIDTH * 0.54), data.language, year, ""))
    paper.add(_titles(sheet, title))
    signed = data.parts[-1].lines[-1] if data.seal and data.parts and data.parts[-1].lines else None
    rows = [_heading(sheet), *(one for part in data.parts for one in _part(sheet, part, signed))]
    if data.seal is not None:
        rows.append(_end(sheet, data.seal))
    paper.add(table(rows, tuple(sheet.columns.values())))
    if data.seal is not None:
        place = paper.document.tables[-1].rows[-1].cells[0].tables[0].cell(0, 0).paragraphs[0]
        paper.add_picture(place, qr_png(data.seal.url), 3.0, sheet.say("check_alt"))
    paper.add_foot(_foot(sheet), sheet.say("page"))
    return paper.save()


def _foot(sheet: _Sheet) -> tuple[str, ...]:
    data = sheet.data
    at = f"{format_time(data.printed_at)}, {format_date(data.printed_at)}"
    code = [sheet.say("code", code=data.seal.short_hash)] if data.seal else []
    line = " · ".join((data.agency, *code, sheet.say("printed", at=at)))
    return (data.notice, line) if data.notice else (line,)


def _titles(sheet: _Sheet, title: str) -> str:
    data = sheet.data
    lines = [
        paragraph(run(title, 14, bold=True), align="center", before=10, heading=True),
        paragraph(run(f"{data.questionnaire} ({data.version})", 13, bold=True), align="center"),
        paragraph(
            run(sheet.say("whose", agency=data.agency, round=data.round_title, period=data.period), 12), align="center"
        ),
    ]
    if data.part:
        lines.append(paragraph(run(sheet.say("part", part=data.part), 12, bold=True), align="center"))
    if data.blank:
        words = f"{sheet.say('blank_lead')} {sheet.say('deadline', deadline=data.deadline)}."
    else:
        words = sheet.say("total_of_whole" if data.part else "total_label", total=data.total)
    return "".join(lines) + paragraph(run(words, 12, italic=data.blank), align="center", before=4, after=6)


def _heading(sheet: _Sheet) -> str:
    cells = [
        Cell(paragraph(run(sheet.say(f"col_{name}"), SMALL, bold=True), align="center"), shaded=True)
        for name in sheet.columns
    ]
    return sheet.row(cells, header=True)


def _part(sheet: _Sheet, part: Part, signed: Line | None) -> list[str]:
    points = f" – {sheet.say('group_points', points=part.points)}" if part.points else ""
    words = sheet.say("group", code=part.code, name=part.name) + points
    name = Cell(paragraph(run(words, SIZE, bold=True), keep=True), span=len(sheet.columns), shaded=True)
    return [sheet.row([name]), *(one for line in part.lines for one in _line(sheet, line, signed=line is signed))]


def _line(sheet: _Sheet, line: Line, *, signed: bool) -> list[str]:
    """The rows of one indicator, held together on a page; of a long one the first two and the last two.

    `signed`: it is the last one, and stays with the signatures, which never stand on a page of their own.
    """
    figures: tuple[Figure | None, ...] = line.figures or (None,)
    several = len(figures) > 1
    rows = []
    for place, figure in enumerate(figures):
        first, last = place == 0, place == len(figures) - 1
        merge = ("restart" if first else "continue") if several else ""
        keep = signed if last else not line.long or place == 0 or place == len(figures) - 2

        def own(content: str, merge: str = merge, first: bool = first, keep: bool = keep) -> Cell:
            """A cell of the indicator as a whole."""
            return Cell(content if first else paragraph(keep=keep), merge=merge)

        cells = [own(_text(line.code, keep)), own(_name(sheet, line, keep))]
        cells += _figure(sheet, line, figure, keep)
        if not sheet.data.blank:
            cells.append(own(paragraph(run(line.points, SIZE), align="center", keep=keep)))
        cells += [own(_evidence(sheet, line, keep)), own(paragraph(keep=keep))]
        rows.append(sheet.row(cells, height=0.85 if sheet.data.blank else 0.6))
    return rows


def _text(words: str, keep: bool, *, align: str = "left") -> str:
    return paragraph(run(words, SIZE), keep=keep, align=align)


def _name(sheet: _Sheet, line: Line, keep: bool) -> str:
    limit = sheet.say(line.limit, points=line.maximum)
    told = paragraph(run(f"{line.name} ", SIZE), run(limit, SMALL, italic=True), keep=keep)
    if line.remark and line.figures:
        told += paragraph(run(line.remark, SMALL, italic=True), keep=keep)
    return told


def _figure(sheet: _Sheet, line: Line, figure: Figure | None, keep: bool) -> list[Cell]:
    """The cells from what is asked to its value."""
    if figure is None:
        return [Cell(paragraph(run(line.remark, SIZE, italic=True), keep=keep), span=3)]
    if figure.choices and not figure.entered_at:
        lines = paragraph(run(figure.label, SMALL, italic=True), keep=True)
        for choice in figure.choices:
            words = f"{TICKED if choice.chosen else BOX} {choice.label}"
            lines += paragraph(run(words, SIZE, bold=choice.chosen), keep=keep)
        return [Cell(lines, span=3)]
    return [
        Cell(_text(figure.label, keep)),
        Cell(paragraph(run(figure.unit.replace("/", "/\u200b"), SMALL), align="center", keep=keep)),  # may part there
        Cell(_value(sheet, figure, keep)),
    ]


def _value(sheet: _Sheet, figure: Figure, keep: bool) -> str:
    if sheet.data.blank:
        words = sheet.say("entered_at", code=figure.entered_at) if figure.entered_at else ""
        return paragraph(run(words, SMALL, italic=True), align="center", keep=keep)
    if not figure.value:
        return paragraph(run(sheet.say("no_data"), SMALL, italic=True), align="center", keep=keep)
    faulty = [run(" " + sheet.say("faulty"), SMALL, italic=True)] if figure.faulty else []
    long = len(figure.value) > 24
    return paragraph(run(figure.value, SMALL if long else SIZE, bold=not long), *faulty, align="center", keep=keep)


def _evidence(sheet: _Sheet, line: Line, keep: bool) -> str:
    lines = [run(words, SMALL) for words in line.evidence]
    if sheet.data.blank and line.evidence_wanted and line.figures:
        lines.append(run(sheet.say("evidence_wanted", what=line.evidence_wanted), SMALL, italic=True))
    if line.note:
        lines.append(run(sheet.say("note", note=line.note), SMALL, italic=True))
    return "".join(paragraph(words, keep=keep) for words in lines) or paragraph(keep=keep)


def _end(sheet: _Sheet, seal: Seal) -> str:
    """The last row, without lines: the code with room for its QR on the left, then who compiled it and who signs.

    A row, since not every program keeps what follows a table on the page of the table's last row.
    """
    widths = (3.7, 7.9, 6.0, WIDTH - 17.6)
    told = paragraph(run(sheet.say("code", code=seal.short_hash), 13, bold=True), keep=True)
    told += paragraph(run(seal.content_hash, 7), keep=True)
    told += paragraph(run(sheet.say("check", url=seal.url), 9), keep=True, before=2)
    told += paragraph(run(sheet.say("scope"), 9, italic=True), before=2)
    compiled = paragraph(run(sheet.say("compiler"), 12, bold=True), align="center", keep=True)
    compiled += paragraph(run(sheet.say("compiler_hint"), 10, italic=True), align="center")
    signed = signing_block(sheet.data.letterhead, sheet.data.language, 50)
    cells = [Cell(paragraph(keep=True)), Cell(told), Cell(compiled), Cell(signed)]
    inner = paragraph(before=6, keep=True) + table([row(cells, widths)], widths, lines=False, gap=60) + paragraph()
    return sheet.row([Cell(inner, span=len(sheet.columns), open=True)])
