"""The guide of the offline phiếu: whose it is, how to fill it in and hand it back, what the colours mean."""

from __future__ import annotations

from reports.excel.book import Heading
from reports.excel.page import freeze, set_page
from reports.excel.sheet import Sheet, letter
from reports.excel.styles import BAND, EDITABLE, GREY, LINE, NOTICE, RED, SUBTITLE, TEXT, TITLE
from reports.offline_data import OfflineBook

WIDTHS = (26.0, 96.0)
STEPS = ("yellow", "code", "blank", "number", "choice", "note", "kad", "share", "send", "conflict")
FACTS = ("round_title", "period", "title", "version", "deadline", "taken_by")


def write_guide(sheet: Sheet, heading: Heading, data: OfflineBook) -> None:
    """Fill the sheet."""
    sheet.widths(WIDTHS)
    sheet.put(1, 1, heading.say("offline_guide_title"), TITLE)
    sheet.set_height(1, 26)
    sheet.put(2, 1, data.agency, SUBTITLE.but(bold=True, size=12))
    sheet.put(3, 1, heading.notice or None, NOTICE)
    row = 4
    facts = {name: str(getattr(data, name)) for name in FACTS}
    facts["taken_at"], facts["log"] = heading.moment, data.audit_head[:16]
    for name, text in facts.items():
        if text:
            sheet.put(row, 1, heading.say(f"offline_fact_{name}"), TEXT.but(color=GREY))
            sheet.put(row, 2, text, TEXT)
            sheet.fit(row, [(text, WIDTHS[1])])
            row += 1
    secret = heading.say("offline_secret")
    sheet.merge(row + 1, 1, 2, secret, TEXT.but(bold=True, color=RED))
    sheet.fit(row + 1, [(secret, sum(WIDTHS))], bold=True)
    row = _write_steps(sheet, heading, row + 3)
    for fill, name in ((EDITABLE, "yellow"), (BAND, "grey")):
        sheet.put(row, 1, None, LINE.but(fill=fill))
        text = heading.say(f"offline_colour_{name}")
        sheet.put(row, 2, text, TEXT)
        sheet.fit(row, [(text, WIDTHS[1])])
        row += 1
    sheet.worksheet.protection.sheet = True
    freeze(sheet.worksheet, "A4", 100)
    set_page(sheet.worksheet, f"A1:{letter(len(WIDTHS))}{row - 1}", "1:2", heading.footer)
    sheet.worksheet.page_setup.fitToHeight = 1


def _write_steps(sheet: Sheet, heading: Heading, row: int) -> int:
    """The steps, numbered; the row behind them."""
    sheet.put(row, 1, heading.say("offline_steps"), SUBTITLE.but(bold=True))
    for number, step in enumerate(STEPS, 1):
        text = heading.say(f"offline_step_{step}")
        sheet.put(row + number, 1, f"{number}. {heading.say(f'offline_step_{step}_title')}", TEXT.but(bold=True))
        sheet.put(row + number, 2, text, TEXT)
        sheet.fit(row + number, [(text, WIDTHS[1])])
    return row + len(STEPS) + 2
