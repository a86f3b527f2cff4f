"""The workbook under construction: its sheets in order, and what each says at its top and foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from openpyxl.workbook import Workbook

from reports.excel.package import save
from reports.excel.sheet import Sheet
from reports.excel.strings import SharedTexts
from reports.excel.styles import NOTICE, SUBTITLE, TITLE, StyleBook
from survey.core.numbers_vi import format_date, format_time
from survey.core.text import say


@dataclass(frozen=True, slots=True)
class Heading:
    """What every sheet says of the whole: whose figures, from when, how far they may be trusted."""

    title: str
    taken_at: datetime
    notice: str  # "" where there is none
    stamp: str  # "số liệu tạm tính đến …"; "" once the round is closed
    language: str

    def say(self, name: str, /, **values: object) -> str:
        """A sentence of the reports' catalogue."""
        return say(f"reports.{name}", self.language, **values)

    @property
    def footer(self) -> str:
        """What is printed at the foot of each page."""
        return " – ".join(part for part in (self.notice, self.title, self.stamp or self.moment) if part)

    @property
    def moment(self) -> str:
        """When the figures were taken."""
        return f"{format_date(self.taken_at)} {format_time(self.taken_at)}"


class Book:
    """One workbook: sheets are added in the order of their tabs and saved once."""

    def __init__(self, heading: Heading, organisation: str = "") -> None:
        self.heading = heading
        self._workbook = Workbook()
        if self._workbook.active is not None:
            self._workbook.remove(self._workbook.active)
        self.styles = StyleBook(self._workbook)
        self.sheets: list[Sheet] = []
        self._texts = SharedTexts()
        properties = self._workbook.properties
        properties.title, properties.creator = heading.title, organisation or say("reports.product", "vi")
        properties.description = heading.notice
        properties.created = properties.modified = heading.taken_at.astimezone(UTC).replace(tzinfo=None)

    def add(self, name: str, colour: str) -> Sheet:
        """A new sheet behind the others."""
        worksheet = self._workbook.create_sheet(name)
        worksheet.sheet_properties.tabColor = colour
        self.sheets.append(Sheet(worksheet, self.styles, self._texts))
        return self.sheets[-1]

    def add_titled(self, name: str, colour: str, title: str, about: str, repeated: Sequence[float] = ()) -> Sheet:
        """A new sheet with its title, what it shows, and the notice and stamp in rows 1 to 3.

        Columns `repeated` on every printed page, by their widths, hold the title alone; the rest, which would be cut
        there, stands beside them.
        """
        sheet = self.add(name, colour)
        if repeated:
            sheet.merge(1, 1, len(repeated), title, TITLE.but(wrap=True))
            sheet.fit(1, [(title, sum(repeated))], TITLE.size, bold=True)
        else:
            sheet.put(1, 1, title, TITLE)
            sheet.set_height(1, 26)
        beside = len(repeated) + 1
        sheet.put(2, beside, about, SUBTITLE)
        sheet.put(3, beside, " – ".join(part for part in (self.heading.stamp, self.heading.notice) if part), NOTICE)
        sheet.set_height(3, 20)
        return sheet

    def finish(self) -> bytes:
        """The bytes of the .xlsx file."""
        self.styles.close()
        return save(self._workbook, self.sheets, self._texts, self.heading.taken_at)
