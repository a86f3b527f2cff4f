"""The head of an official document in Word, in the layout of the State (NĐ 30/2020) or of the Party (HD 36)."""

from __future__ import annotations

from reports.word.markup import Cell, paragraph, row, run, table
from survey.core.paper import Layout, Letterhead
from survey.core.text import say


def letterhead_table(head: Letterhead, widths: tuple[float, float], language: str, year: int, number: str) -> str:
    """Body names on the left, nation or Party on the right; `number` is the line of số, "" where there is none."""
    left, right = widths
    place = say("print.place_date", language, place=head.place or "……………", year=year)
    dated = paragraph(run(place, 13, italic=True), align="center", before=4) if number else ""
    numbered = paragraph(run(number, 13), align="center", before=4) if number else ""
    if head.layout is Layout.PARTY:
        own = _names(head, 13) + paragraph(run("*", 13), align="center") + numbered
        party = say("print.party", language)
        others = paragraph(run(party, 15, bold=True), align="center") + _rule(right, 7.0) + dated
    else:
        own = _names(head, 12.5) + _rule(left, left * 0.36) + numbered
        nation, motto = say("print.nation", language), say("print.motto", language)
        others = paragraph(run(nation, 12.5, bold=True), align="center")
        others += paragraph(run(motto, 13.5, bold=True), align="center") + _rule(right, 6.1) + dated
    return table([row([Cell(own), Cell(others)], widths)], widths, lines=False, gap=28)


def _names(head: Letterhead, size: float) -> str:
    above = "".join(paragraph(run(line, size), align="center") for line in head.above)
    return above + "".join(paragraph(run(line, size, bold=True), align="center") for line in head.body)


def _rule(width: float, length: float) -> str:
    """A line of this length in the middle of a column."""
    return paragraph(rule=(width - length) / 2, before=2)


def number_line(head: Letterhead, language: str) -> str:
    """Where the number of the document is written in."""
    return say(
        f"print.number_{head.layout.value}", language, symbol=head.symbol + ("……" if head.symbol[-1] in "-/" else "")
    )


def signing_block(head: Letterhead, language: str, gap: float) -> str:
    """Where the leader signs: capacity and office above, room for hand and seal, the name below."""
    hint = "signer_hint_party" if head.layout is Layout.PARTY else "signer_hint"
    dots = "…" * 17
    return (
        paragraph(run(dots, 13, bold=True), align="center", keep=True)
        + paragraph(run(say(f"print.{hint}", language), 10, italic=True), align="center", keep=True)
        + paragraph(run(" ", 10), before=gap, keep=True)
        + paragraph(run(dots, 13, bold=True), align="center", keep=True)
        + paragraph(run(say("print.name_hint", language), 10, italic=True), align="center")
    )
