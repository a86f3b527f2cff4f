"""Printed invitations in Word: one A4 page a person, the code in letters that cannot be misread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from reports.letter import LetterWords
from reports.word.markup import Cell, paragraph, row, run, table
from reports.word.paper import Paper

WIDTHS = (5.5, 11.0)  # cm: what it is, what is typed


def write_letters(letters: Sequence[LetterWords], *, at: datetime) -> bytes:
    """The bytes of the .docx file; there is at least one letter."""
    first = letters[0]
    paper = Paper(title=first.title, author=first.office, language=first.language, at=at, wide=False, size=13)
    for place, letter in enumerate(letters):
        paper.add(("" if place == 0 else _NEW_PAGE) + _letter(letter))
    return paper.save()


_NEW_PAGE = '<w:p><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>'


def _letter(letter: LetterWords) -> str:
    parts = [
        paragraph(run(letter.office, 13, bold=True), align="center"),
        paragraph(run(letter.title, 15, bold=True), align="center", before=18, after=12),
        paragraph(run(letter.to, 13), after=6),
        paragraph(run(letter.opening, 13), align="both", after=6),
    ]
    if letter.work:
        parts.append(paragraph(run(letter.work_title, 13), keep=True))
        parts += [paragraph(run(f"- {line}", 13)) for line in letter.work]
    parts.append(paragraph(run(letter.steps_title, 13), before=6, after=4, keep=True))
    parts.append(_steps(letter))
    for line in (letter.until, letter.care, letter.ask):
        parts.append(paragraph(run(line, 13), align="both", before=6))
    return "".join(parts)


def _steps(letter: LetterWords) -> str:
    """The four steps, each beside what is typed there."""
    typed = (run(letter.address, 12, bold=True), run(letter.login, 13, bold=True), run(letter.code, 20, bold=True), "")
    rows = []
    for number, (step, value) in enumerate(zip(letter.steps, typed, strict=True), start=1):
        left = Cell(paragraph(run(f"{number}. {step}", 13), before=3, after=3), span=1 if value else 2)
        rows.append(row([left, Cell(paragraph(value, before=3, after=3))] if value else [left], WIDTHS))
    return table(rows, WIDTHS)
