"""Tờ trình in Word: one page in the layout of the State or of the Party, with code and QR."""

from __future__ import annotations

from collections.abc import Iterable

from reports.fitting import DENSITIES, Density, fit
from reports.phieu_data import Statement
from reports.qr import qr_png
from reports.word.letterhead import letterhead_table, number_line, signing_block
from reports.word.markup import Cell, paragraph, row, run, table
from reports.word.paper import Paper
from survey.core.numbers_vi import HANOI, format_date, format_time
from survey.core.paper import Layout
from survey.core.text import say

WIDTH = 16.5  # cm between the margins
ABOUT_SIDES = 1.4  # cm left free beside what it is about, so that a long one parts well
GROUP_COLUMNS = (1.1, 8.8, 2.3, 2.4, 1.9)


def statement_document(data: Statement) -> bytes:
    """The Word file."""
    fitted, number = fit(data)
    return _Writer(fitted, DENSITIES[number]).write()


class _Writer:
    """One tờ trình being written."""

    def __init__(self, data: Statement, sizes: Density) -> None:
        self.data = data
        self.sizes = sizes
        self.party = data.letterhead.layout is Layout.PARTY

    def words(self, key: str, **values: object) -> str:
        return say(f"print.{key}", self.data.language, **values)

    def write(self) -> bytes:
        data, body = self.data, self.sizes.body
        paper = Paper(
            title=f"{self.words('statement')} – {data.agency}", author=data.agency, language=data.language,
            at=data.printed_at, wide=False, size=body,
        )  # fmt: skip
        paper.add(self.head())
        paper.add(self.sentence(data.opening) + self.sentence(data.result))
        paper.add(self.titled("groups_title") + self.groups())
        paper.add(self.titled("lowest_title") + self.listed(data.lowest or (self.words("lowest_none"),)))
        paper.add(self.titled("remarks_title") + self.listed(data.remarks or (self.words("remarks_none"),)))
        paper.add(self.sentence(data.closing))
        self.add_end(paper)
        at = f"{format_time(data.printed_at)}, {format_date(data.printed_at)}"
        line = " · ".join((self.words("code", code=data.seal.short_hash), self.words("printed", at=at)))
        paper.add_foot((data.notice, line) if data.notice else (line,), self.words("page"))
        return paper.save()

    def head(self) -> str:
        """From the letterhead to whom it is for."""
        data, body = self.data, self.sizes.body
        year = data.printed_at.astimezone(HANOI).year
        number = number_line(data.letterhead, data.language)
        widths = (WIDTH * 0.43, WIDTH * 0.57)
        rule = paragraph(run("-----", body), align="center") if self.party else paragraph(rule=6.2, before=2)
        receiver = self.words("dear", receiver=data.receiver or "…" * 28)
        return (
            letterhead_table(data.letterhead, widths, data.language, year, number)
            + paragraph(run(self.words("statement"), 16 if self.party else 14, bold=True), align="center", before=8)
            + paragraph(run(data.about, body, bold=True), align="center", sides=ABOUT_SIDES)
            + rule
            + paragraph(run(receiver, body), align="center", before=4, after=4)
        )

    def sentence(self, words: str) -> str:
        return paragraph(run(words, self.sizes.body), align="both", first=1, before=1, after=2)

    def titled(self, key: str) -> str:
        return paragraph(run(self.words(key), self.sizes.body), first=1, before=2, keep=True)

    def listed(self, lines: Iterable[str]) -> str:
        return "".join(paragraph(run(f"- {line}", self.sizes.listed), first=1) for line in lines)

    def groups(self) -> str:
        """The table of main groups."""
        size = self.sizes.listed
        titles = ("col_code", "group_name", "group_maximum", "group_self", "group_rate")
        heading = [
            Cell(paragraph(run(self.words(title), size, bold=True), align="center"), shaded=True) for title in titles
        ]
        rows = [row(heading, GROUP_COLUMNS, header=True)]
        for group in self.data.groups:
            figures = (group.maximum, group.points, group.rate)
            cells = [Cell(paragraph(run(group.code, size), align="center")), Cell(paragraph(run(group.name, size)))]
            cells += [Cell(paragraph(run(figure, size), align="right")) for figure in figures]
            rows.append(row(cells, GROUP_COLUMNS))
        return table(rows, GROUP_COLUMNS)

    def add_end(self, paper: Paper) -> None:
        """Recipients and code on the left, the QR code, the leader's signature on the right."""
        data, widths = self.data, (5.2, 2.9, WIDTH - 8.1)
        left = paragraph(
            run(self.words("recipients"), 12, bold=not self.party, italic=not self.party, underlined=self.party)
        )
        left += "".join(paragraph(run(self.words(key), 11)) for key in ("recipients_above", "recipients_file"))
        left += paragraph(run(self.words("code", code=data.seal.short_hash), 11, bold=True), before=6)
        left += paragraph(run(self.words("check", url=data.seal.url), 7.5))
        signed = signing_block(data.letterhead, data.language, self.sizes.gap)
        cells = [Cell(left), Cell(paragraph(align="center", before=14)), Cell(signed)]
        paper.add(table([row(cells, widths)], widths, lines=False))
        place = paper.document.tables[-1].cell(0, 1).paragraphs[0]
        paper.add_picture(place, qr_png(data.seal.url), 2.5, self.words("check_alt"))
