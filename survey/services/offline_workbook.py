"""The phiếu of a body as a workbook to fill in offline: what stands now, each row with what it is known by again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from reports.offline_data import OfflineBook, OfflineRow
from survey.core import document as doc
from survey.core.answers import BLANK, fault_sentence, labels, number_kind
from survey.core.asks import Checks, Choice, Manual, Points, Text, YesNo
from survey.core.cell_figures import option_words
from survey.core.numbers_vi import format_date, format_time
from survey.core.offline_cells import cell_of, content_of, mark_of
from survey.core.offline_lines import Closed, Line, OfflinePhieu, asked_of
from survey.core.questionnaire import Group, Indicator
from survey.core.rules.words import explain_exact
from survey.core.text import say
from survey.services import audit
from survey.services.assign_groups import Holder
from survey.services.instance import Clock, Session, system_clock
from survey.services.note_access import note_export
from survey.services.offline_sheet import offline_phieu, whose_phieu
from survey.services.page_views import Asked
from survey.services.people import Person
from survey.services.print_phieu import notice_words
from survey.services.scope import find_submission
from survey.services.sheet import Sheet, read_sheet
from survey.storage import providers


def make_offline_workbook(
    session: Session, person: Person, submission_id: int, *, language: str = "vi", clock: Clock = system_clock
) -> tuple[bytes, str]:
    """(the .xlsx file, the body's code); its taking away is told in the log. Raises NotFound."""
    from reports.excel.offline_book import offline_workbook

    row = find_submission(session, person, submission_id)
    sheet = read_sheet(session, row)
    holders = {code: Holder(*found) for code, found in providers.holders(session, row.id).items()}
    now, pin = clock(), audit.take_pin(session)
    due = f"{format_time(row.deadline)}, {format_date(row.deadline)}"
    content = offline_workbook(
        OfflineBook(
            agency=row.agency_name,
            round_title=row.round_title,
            period=row.period,
            deadline=say("reports.offline_deadline", language, moment=due),
            title=sheet.questionnaire.title.in_language(language),
            version=row.version,
            taken_at=now,
            taken_by=person.name,
            audit_head=pin.head,
            notice=notice_words(session, sheet, language),
            whose=whose_phieu(sheet, now).written(),
            rows=tuple(_Rows(sheet, offline_phieu(sheet), holders, language).all()),
        ),
        language,
    )
    note_export(session, person, "offline", pin=pin, clock=clock, submission=row.id, agency=row.agency_code)
    return content, row.agency_code


class _Rows:
    """Writes the rows of one phiếu."""

    def __init__(self, sheet: Sheet, phieu: OfflinePhieu, holders: Mapping[str, Holder], language: str) -> None:
        self.sheet = sheet
        self.phieu = phieu
        self.holders = holders
        self.language = language

    def say(self, name: str, **values: object) -> str:
        return say(f"reports.offline_{name}", self.language, **values)

    def words(self, text: Text) -> str:
        return text.in_language(self.language)

    def all(self) -> Iterator[OfflineRow]:
        """Groups with their indicators below them."""
        for group in self.sheet.questionnaire.all_groups:
            yield self.group(group)
            for line in self.phieu.lines:
                if line.indicator in group.indicators:
                    yield self.line(line)

    def group(self, group: Group) -> OfflineRow:
        holder = self.holders.get(group.code)
        told = self.say("holder", who=holder.name) if holder else ""
        return OfflineRow("", f"{group.code}. {self.words(group.name)}", told=told, group=True)

    def line(self, line: Line) -> OfflineRow:
        sheet, indicator, heads = self.sheet, line.indicator, line.heads
        valued = bool(line.key) and not line.has_options and not line.entered_at
        kind, options = self.kind(line) if valued else ("", ())
        own = line.closed is None and valued
        told, wrong = self.told(line)
        return OfflineRow(
            code=line.code,
            name=self.name(line),
            unit=self.unit(line),
            value=cell_of(sheet.questionnaire, sheet.document, line, self.language),
            kind=kind,
            options=options,
            open=own,
            note=doc.note_of(sheet.document, indicator.code) if heads else "",
            may_note=heads,
            kad=str(self.content(doc.KAD + indicator.code).get("text", "")) if heads else "",
            why=doc.unproven_of(sheet.document, indicator.code) if heads else "",
            may_why=line.may_explain,
            may_kad=heads and line.closed is None and indicator.may_request_kad,
            maximum=_decimal(indicator) if heads and indicator.scored else None,
            help="\n".join(self.helps(line)),
            told=told,
            wrong=wrong,
            heads=heads,
            prompt=self.prompt(line, kind),
            was=self.was(line) if line.code else ("", "", "", ""),
        )

    def content(self, target: str) -> Mapping[str, object]:
        return content_of(self.sheet.questionnaire, self.sheet.document, target)

    def was(self, line: Line) -> tuple[str, str, str, str]:
        """The marks of what stands in the row."""
        value = mark_of(self.content(line.target)) if line.key else ""
        if not line.heads:
            return value, "", "", ""
        code = line.indicator.code
        note, kad, why = (mark_of(self.content(prefix + code)) for prefix in (doc.NOTE, doc.KAD, doc.UNPROVEN))
        return value, note, kad, why

    def name(self, line: Line) -> str:
        asked, name = asked_of(line, self.language), self.words(line.indicator.name)
        if not line.heads:
            return asked
        return f"{name}\n{asked}" if asked and line.key and asked != name else name

    def unit(self, line: Line) -> str:
        if isinstance(line.indicator.ask, Points | Manual):
            return self.say("points_unit")
        numbers = {number.key: number for number in line.indicator.numbers}
        return self.words(numbers[line.key].unit) if line.key in numbers else ""

    def kind(self, line: Line) -> tuple[str, tuple[str, ...]]:
        """How the value is typed, and what can be picked."""
        if line.option:
            return "choice", tuple(say(f"answers.{word}", self.language) for word in ("yes", "no"))
        if isinstance(line.indicator.ask, YesNo | Choice):
            return "choice", tuple(option_words(line.indicator, self.language).values())
        if isinstance(line.indicator.ask, Points | Manual):
            return "points", ()
        kind = number_kind(self.sheet.questionnaire, line.key)
        return (kind.value if kind else "text"), ()

    def told(self, line: Line) -> tuple[str, bool]:
        """Why a row is closed or waits, or what is wrong with what stands in it; whether that is a fault."""
        if line.entered_at:
            return self.say("entered_at", code=line.entered_at), False
        answer = self.sheet.answers.get(line.key, BLANK)
        if answer.fault and not line.option:
            return fault_sentence(self.sheet.questionnaire, line.key, answer, self.language), True
        return (self.of_indicator(line), False) if line.heads else ("", False)

    def of_indicator(self, line: Line) -> str:
        indicator = line.indicator
        match line.closed:
            case Closed.PROVIDED:
                by = self.words(indicator.provided_by) if indicator.provided_by else ""
                return self.say("provided", by=by) if by else self.say("provided_other")
            case Closed.GRADED:
                return self.say("graded")
            case Closed.NOT_APPLICABLE:
                told = explain_exact(self.sheet.exact, indicator, self.language)
                return f"{told.headline} {told.because}".strip()
        told_here = [self.when(indicator)] if self.sheet.asked(indicator) is Asked.HIDDEN else []
        if self.sheet.pending_kad(indicator):
            told_here.append(self.say("kad_pending"))
        if isinstance(indicator.ask, Checks):
            told_here.append(self.say("ticks"))
        return " ".join(told for told in told_here if told)

    def when(self, indicator: Indicator) -> str:
        """When a hidden indicator is to be filled in."""
        rule = indicator.show_when
        if rule is None:
            return ""
        options = labels(self.sheet.questionnaire.by_code[rule.code], self.language)
        values = ", ".join(f"“{options[value]}”" for value in options if value in rule.values)
        return self.say("only_when", code=rule.code, values=values)

    def helps(self, line: Line) -> list[str]:
        """Help, source and documents of an indicator, spread over its rows so that none of them is tall."""
        indicator, evidence = line.indicator, line.indicator.evidence
        source, what = self.words(indicator.data_source), self.words(evidence.what) if evidence else ""
        parts = [
            self.words(indicator.help),
            self.say("source", source=source) if source else "",
            self.say("evidence", what=what) if what else "",
        ]
        own = [one for one in self.phieu.lines if one.indicator is indicator]
        place, rows = own.index(line), len(own)
        share = parts if rows == 1 else parts[place : place + 1] if rows > 2 else (parts[:1], parts[1:])[place]
        return [part for part in (self.own_help(line), *share) if part]

    def own_help(self, line: Line) -> str:
        """What is said of a number itself."""
        numbers = {number.key: number for number in line.indicator.numbers}
        return self.words(numbers[line.key].help) if line.key in numbers and not line.entered_at else ""

    def prompt(self, line: Line, kind: str) -> str:
        """The word of help that Excel shows beside the cell."""
        general = self.say(f"prompt_{kind}") if kind in ("integer", "choice", "text") else self.say("prompt_decimal")
        return f"{general} {self.own_help(line) or self.words(line.indicator.help)}".strip()


def _decimal(indicator: Indicator) -> Decimal:
    return Decimal(indicator.maximum.numerator) / indicator.maximum.denominator
