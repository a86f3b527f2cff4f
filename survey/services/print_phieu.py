"""The phiếu on paper: blank to collect figures, or filled to be signed; whole or one group."""

from __future__ import annotations

from collections.abc import Callable

from reports.phieu_data import Choice as Ticked
from reports.phieu_data import Figure, Line, Part, PhieuSheet, Seal
from survey.core.answers import labels
from survey.core.asks import Checks, Choice, MeanRatio, Text, YesNo
from survey.core.document import short_hash
from survey.core.modifiers import Counts
from survey.core.numbers_vi import format_date, format_number, format_percent, format_time
from survey.core.paper import letterhead
from survey.core.questionnaire import Group
from survey.core.rules.exact import State
from survey.core.rules.words import format_points, signed_points
from survey.core.text import say
from survey.services.content import read_content
from survey.services.errors import NotFound
from survey.services.evidence_rows import read_views
from survey.services.heads import names_for
from survey.services.indicator_pages import IndicatorPages
from survey.services.instance import Clock, Session, read_settings, system_clock
from survey.services.page_views import Asked, EvidenceView, FieldView, IndicatorView
from survey.services.people import Person
from survey.services.scope import find_submission
from survey.services.sheet import Sheet, read_sheet

CheckUrl = Callable[[str], str]  # first digits of a content hash → address of its check page
LINKED = 16  # of them: enough to tell two contents apart, few enough for a small QR code


def print_phieu(
    session: Session,
    person: Person,
    submission_id: int,
    check_url: CheckUrl,
    *,
    blank: bool = False,
    group_code: str = "",
    language: str = "vi",
    clock: Clock = system_clock,
) -> PhieuSheet:
    """The sheet as it stands; `group_code` is that of any group, "" for all. Raises NotFound."""
    row = find_submission(session, person, submission_id)
    sheet = read_sheet(session, row)
    questionnaire = sheet.questionnaire
    pages = questionnaire.pages
    chosen = next((group for group in questionnaire.all_groups if group.code == group_code), None)
    if group_code:
        if chosen is None:
            raise NotFound
        pages = tuple(group for group in chosen.walk() if group.indicators)
    documents = read_views(session, row.id, sheet.document, questionnaire.by_code)
    views = IndicatorPages(sheet, names_for(session, row, documents=True), documents, language)
    writer = _Writer(sheet, views, language, blank)
    moment = row.deadline
    return PhieuSheet(
        letterhead=letterhead(row.kind, row.agency_name, row.parent_name or ""),
        agency=row.agency_name,
        questionnaire=questionnaire.title.in_language(language),
        version=row.version,
        round_title=row.round_title,
        period=row.period,
        deadline=f"{format_time(moment)}, {format_date(moment)}",
        part=f"{chosen.code}. {chosen.name.in_language(language)}" if chosen else "",
        parts=tuple(writer.part(page) for page in pages),
        total="" if blank else total_words(sheet, language),
        notice=" ".join(one for one in (notice_words(session, sheet, language), legend(sheet, blank, language)) if one),
        printed_at=clock(),
        seal=None if blank else seal_of(read_content(session, sheet).digest, check_url),
        language=language,
    )


def seal_of(digest: str, check_url: CheckUrl) -> Seal:
    """What is printed of a content hash."""
    return Seal(short_hash(digest), digest, check_url(digest[:LINKED]))


def notice_words(session: Session, sheet: Sheet, language: str) -> str:
    """That the figures are made up, and what the questionnaire says of itself."""
    made_up = say("reports.demonstration", language) if read_settings(session).demonstration else ""
    return " ".join(words for words in (made_up, sheet.questionnaire.notice.in_language(language)) if words)


def legend(sheet: Sheet, blank: bool, language: str) -> str:
    """What "chờ" means, where it is printed."""
    states = (sheet.outcome(indicator).state for indicator in sheet.questionnaire.indicators)
    return say("print.pending_legend", language) if not blank and State.PENDING in states else ""


def total_words(sheet: Sheet, language: str) -> str:
    """ "712,50 / 1.000 điểm · 71,25%", or that too little is known to tell it."""
    standing = sheet.standing()
    if standing.points is None:
        return sheet.few.in_language(language) if sheet.few else ""
    points = f"{format_points(standing.points, standing.decimals)} / {format_number(standing.maximum)}"
    rate = "" if standing.rate_published is None else f" · {format_percent(standing.rate_published)}"
    return say("print.total", language, points=points) + rate


class _Writer:
    """Writes the parts of one sheet; a number asked twice is entered where it comes first."""

    def __init__(self, sheet: Sheet, views: IndicatorPages, language: str, blank: bool) -> None:
        self.sheet = sheet
        self.views = views
        self.language = language
        self.blank = blank
        self.homes: dict[str, str] = {}

    def words(self, text: Text) -> str:
        return text.in_language(self.language)

    def say(self, key: str, **values: object) -> str:
        return say(f"print.{key}", self.language, **values)

    def part(self, page: Group) -> Part:
        points, maximum = self.sheet.group_points(page)
        shown = f"{format_points(points, page.decimals)} / {format_number(maximum)}"
        if page.outside:
            shown = signed_points(points, page.decimals)
        elif self.sheet.left_out(page):
            shown = say("words.too_few", self.language)
        lines = tuple(self.line(self.views.view(indicator)) for indicator in page.indicators)
        return Part(page.code, self.words(page.name), "" if self.blank else shown, lines)

    def line(self, view: IndicatorView) -> Line:
        wanted = view.evidence_rule
        asked = view.asked in (Asked.YES, Asked.HIDDEN) if self.blank else view.asked is Asked.YES
        provided = view.asked is Asked.PROVIDED and not self.blank
        return Line(
            code=view.code,
            name=self.words(view.name),
            maximum=format_number(view.maximum) if view.scored else "",
            points="" if self.blank else self.points(view),
            counts=view.counts,
            figures=self.figures(view) if asked or provided else (),
            remark=self.remark(view),
            evidence=() if self.blank else self.evidence(view),
            evidence_wanted=self.words(wanted.what) if wanted else "",
            note="" if self.blank else view.note,
        )

    def evidence(self, view: IndicatorView) -> tuple[str, ...]:
        """Its documents with the places in them, or why there is none."""
        told = [document_words(one, self.sheet.row.agency_name) for one in view.evidence]
        if view.evidence_explained:
            told.append(self.say("unproven", reason=view.unproven))
        return tuple(told)

    def points(self, view: IndicatorView) -> str:
        """Its points as the cell shows them."""
        if view.points is None:
            return self.say("pending_short") if view.pending else ""
        if view.counts is not Counts.POINTS:
            return signed_points(view.points, view.decimals)
        return format_points(view.points, view.decimals)

    def remark(self, view: IndicatorView) -> str:
        match view.asked:
            case Asked.PROVIDED:
                by = self.words(view.provided_by) if view.provided_by else ""
                return self.say("provided", by=by)
            case Asked.NOT_APPLICABLE:
                return self.say("not_applicable")
            case Asked.GRADED:
                return self.say("graded")
            case Asked.HIDDEN:
                return self.hidden(view)
            case Asked.YES if view.kad and not view.kad.decision and not self.blank:
                return self.say("kad_pending", reason=view.kad.reason)
            case _:
                return " ".join(view.faults) if not self.blank else ""

    def hidden(self, view: IndicatorView) -> str:
        """On a blank sheet: when it is to be filled in; else why it is not asked."""
        rule = self.sheet.questionnaire.by_code[view.code].show_when
        if not self.blank or rule is None:
            return view.why_not_asked
        other = self.sheet.questionnaire.by_code[rule.code]
        options = labels(other, self.language)
        told = ", ".join(f"“{options[value]}”" for value in options if value in rule.values)
        return self.say("only_when", code=rule.code, values=told)

    def figures(self, view: IndicatorView) -> tuple[Figure, ...]:
        pairs = view.ask.pairs if isinstance(view.ask, MeanRatio) else ()
        whose = {number.key: self.words(pair.label) for pair in pairs for number in (pair.a, pair.b)}
        return tuple(self.figure(view, field, whose.get(field.key, "")) for field in view.fields)

    def figure(self, view: IndicatorView, field: FieldView, whose: str) -> Figure:
        home = self.homes.setdefault(field.key, view.code)
        label = self.words(field.label) or self.question(view)
        return Figure(
            label=f"{whose}: {label}" if whose and not label.startswith(whose) else label,
            unit=self.words(field.unit) or (self.say("points_unit") if field.kind == "points" else ""),
            value="" if self.blank else field.shown,
            choices=self.choices(view, field),
            entered_at="" if home == view.code else home,
            faulty=bool(field.fault) and not self.blank,
        )

    def question(self, view: IndicatorView) -> str:
        question = self.words(view.ask.question) if isinstance(view.ask, YesNo) else ""
        if question:
            return question
        return self.say(f"ask_{_asking(view)}")

    def choices(self, view: IndicatorView, field: FieldView) -> tuple[Ticked, ...]:
        options = labels(self.sheet.questionnaire.by_code[view.code], self.language)
        chosen = frozenset[str]() if self.blank else field.chosen
        ticks = [Ticked(label, code in chosen) for code, label in options.items()]
        if isinstance(view.ask, Checks):
            none = bool(field.shown) and not field.chosen and not field.fault and not self.blank
            ticks.append(Ticked(say("answers.nothing_ticked", self.language), none))
        return tuple(ticks)


def _asking(view: IndicatorView) -> str:
    match view.ask:
        case YesNo() | Choice():
            return "one"
        case Checks():
            return "some"
        case _:
            return "text" if view.fields and view.fields[0].kind == "text" else "number"


def document_words(one: EvidenceView, agency: str) -> str:
    """A document in one line: "12/BC-STC, 15/03/2026, Sở Tài chính: trích yếu"; the body's own name is left out."""
    issuer = "" if one.issuer.casefold() == agency.casefold() else one.issuer
    named = ", ".join(word for word in (one.number, format_date(one.issued) if one.issued else "", issuer) if word)
    told = ": ".join(word for word in (named, one.summary) if word) or one.link
    return f"{told} ({one.place})" if one.place else told
