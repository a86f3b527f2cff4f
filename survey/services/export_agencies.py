"""The whole register as a file that can be changed and taken in again: a workbook with guide and drop-downs, or CSV."""

from __future__ import annotations

import csv
import io
import re

from survey.core.numbers_vi import format_date
from survey.core.text import say
from survey.services import audit
from survey.services.agency_file import FILE_FIELDS
from survey.services.check_agency import REQUIRED
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.note_access import note_export
from survey.services.people import Person
from survey.services.read_register import EVERY, AgencyView, RegisterFilter, list_agencies
from survey.services.register_values import PERSONAL, heading, show
from survey.services.register_words import ATTRIBUTE, PICKED, RegisterWords, register_words

_FORMULA = re.compile(r"'*[=+\-@\t\r]")  # what a spreadsheet that opens a CSV would take for a formula


def export_workbook(
    session: Session,
    person: Person,
    narrow: RegisterFilter = EVERY,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> bytes:
    """The bodies that the person sees as .xlsx; taken in again, it changes nothing. Told in the log."""
    from reports.excel.register_book import RegisterBook, RegisterColumn, register_workbook

    words = register_words(session)
    bodies = list_agencies(session, person, narrow)
    pin = audit.take_pin(session)
    columns = tuple(
        RegisterColumn(
            heading(name, words, language),
            say(f"registry.help_{'attribute' if name.startswith(ATTRIBUTE) else name}", language),
            _options(name, words, language),
            required=name in ("code", *REQUIRED, "assessed"),
            locked=name == "closed",
            width=_width(name),
        )
        for name in _names(words)
    )
    rows = tuple(tuple(_cell(name, body, words, language) for name in _names(words)) for body in bodies)
    settings = read_settings(session)
    note_export(session, person, "register", pin=pin, clock=clock, count=len(bodies), form="xlsx")
    notice = say("reports.demonstration", language) if settings.demonstration else ""
    book = RegisterBook(settings.name, clock(), notice, pin.head, columns, rows)
    return register_workbook(book, language)


def export_csv(
    session: Session,
    person: Person,
    narrow: RegisterFilter = EVERY,
    *,
    language: str = "vi",
    clock: Clock = system_clock,
) -> bytes:
    """The same as CSV in UTF-8 with its mark, an apostrophe before what looks like a formula. Told in the log."""
    words = register_words(session)
    bodies = list_agencies(session, person, narrow)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heading(name, words, language) for name in _names(words))
    for body in bodies:
        cells = (_cell(name, body, words, language) for name in _names(words))
        writer.writerow(f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells)
    pin = audit.take_pin(session)
    note_export(session, person, "register", pin=pin, clock=clock, count=len(bodies), form="csv")
    return out.getvalue().encode("utf-8-sig")


def _names(words: RegisterWords) -> list[str]:
    """The columns in their order."""
    names = ["code"]
    for name in FILE_FIELDS:
        names += [ATTRIBUTE + one for one in words.attributes] if name == ATTRIBUTE else [name]
    return [*names, "closed"]


def _options(name: str, words: RegisterWords, language: str) -> tuple[str, ...]:
    if name == "assessed" or name.startswith(ATTRIBUTE):
        return say("registry.yes", language), say("registry.no", language)
    return (
        tuple(dict.fromkeys(_word(name, code, words, language) for code, _ in words.options(name)))
        if (name in PICKED)
        else ()
    )


def _word(name: str, code: str, words: RegisterWords, language: str) -> str:
    """What a code is called; the code itself where its name could mean another as well."""
    said = words.called(name, code, language)
    return said if words.read(name, said) == code else code


def _cell(name: str, body: AgencyView, words: RegisterWords, language: str) -> str:
    match name:
        case "code":
            return body.ref.code
        case "closed":
            return format_date(body.closed_at) if body.closed_at else ""
        case _ if name in PICKED and body.values.get(name):
            return _word(name, str(body.values[name]), words, language)
        case _:
            return show(name, body.values.get(name), words, language)


def _width(name: str) -> float:
    """In Excel's units."""
    if name.startswith(ATTRIBUTE) or name in ("assessed", "level", "ward_code_gso", "closed"):
        return 13.0
    if name in ("name", "questionnaire", "cohort", "type"):
        return 34.0 if name != "name" else 46.0
    if name == "code":
        return 21.0
    return 26.0 if name in PERSONAL or name in ("note", "basis", "kind") else 17.0
