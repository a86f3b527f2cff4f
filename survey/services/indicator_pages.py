"""Indicators as pages show them: fields with what was typed, points with their reason, documents and requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import assert_never

from survey.core import document as doc
from survey.core.answers import BLANK, Answer, Special, fault_sentence, number_of, show_value
from survey.core.asks import (
    Checks,
    Choice,
    FreeText,
    Input,
    Manual,
    MeanRatio,
    Number,
    Points,
    Ratio,
    Survey,
    Text,
    YesNo,
)
from survey.core.modifiers import Counts
from survey.core.numbers_vi import format_number
from survey.core.questionnaire import Indicator, Questionnaire
from survey.core.rules.exact import State
from survey.core.rules.measure import number
from survey.core.rules.rule_words import gate_words
from survey.core.rules.words import explain_exact, rule_in_words
from survey.core.text import say
from survey.core.transfers import Peer
from survey.services.heads import Names, stamp
from survey.services.lines import entries_of, last_change
from survey.services.page_views import Asked, Confirmed, EvidenceView, FieldView, IndicatorView, KadView, LastValue
from survey.services.provided_source import given_since, source_sentence
from survey.services.questions_back import Backdrop, QuestionsBack
from survey.services.sheet import Sheet
from survey.services.submission_views import Stamp


class IndicatorPages:
    """Views of one submission's indicators in one language."""

    def __init__(
        self,
        sheet: Sheet,
        names: Names,
        evidence: Sequence[EvidenceView],
        language: str,
        backdrop: Backdrop | None = None,
    ) -> None:
        self.sheet = sheet
        self.names = names
        self.evidence = {view.id: view for view in evidence}
        self.language = language
        self.last_year = backdrop.last_year if backdrop else None
        self.questions = QuestionsBack(sheet, backdrop, language)

    def view(self, indicator: Indicator) -> IndicatorView:
        """One indicator, whole."""
        sheet, code = self.sheet, indicator.code
        asked = sheet.asked(indicator)
        told = explain_exact(sheet.exact, indicator, self.language)
        reason = f"{told.headline} {told.because}".strip()
        return IndicatorView(
            code=code,
            name=indicator.name,
            ask=indicator.ask,
            fields=tuple(self.field(indicator, key) for key in self.sheet.asked_keys(indicator)),
            asked=asked,
            why_not_asked=reason if asked in (Asked.NOT_APPLICABLE, Asked.HIDDEN) else "",
            provided_by=indicator.provided_by,
            points=sheet.points(indicator),
            maximum=float(indicator.maximum),
            decimals=indicator.decimals,
            scored=indicator.scored,
            missing=sheet.missing(indicator),
            reason=reason,
            rule=rule_in_words(sheet.questionnaire, indicator, self.language),
            faults=self.faults(indicator),
            evidence_rule=indicator.evidence,
            evidence=self.cited(code),
            evidence_missing=sheet.evidence_missing(indicator),
            evidence_explained=sheet.evidence_explained(indicator),
            unproven=doc.unproven_of(sheet.document, code),
            unproven_revision=doc.revision_of(sheet.document.get(doc.UNPROVEN + code)),
            may_request_kad=indicator.may_request_kad and indicator.provided_by is None and indicator.by_agency,
            kad=kad_view(doc.request_of(sheet.document, code), self.names),
            note=doc.note_of(sheet.document, code),
            note_revision=doc.revision_of(sheet.document.get(doc.NOTE + code)),
            help=indicator.help,
            data_source=indicator.data_source,
            verified_with=indicator.verified_with,
            basis=indicator.basis,
            last_change=self.changed(indicator),
            headline=told.headline,
            origin=indicator.origin,
            source=source_sentence(indicator, sheet.document, self.language),
            given_since=given_since(sheet.row, indicator),
            pending=sheet.outcome(indicator).state is State.PENDING,
            counts=indicator.counts,
            people=people_of(sheet, indicator),
            notice=notice_of(sheet.questionnaire, indicator, self.language),
            last=self.last(indicator) if asked in (Asked.YES, Asked.HIDDEN) else (),
            last_period=self.last_year.period if self.last_year else "",
            questions=self.questions.asked(indicator),
            confirmed=self.confirmed(indicator),
        )

    def changed(self, indicator: Indicator) -> Stamp | None:
        """Who of the body wrote last at it; of a provided figure nobody is named."""
        return last_change(entries_of(self.sheet, indicator), self.names) if indicator.provided_by is None else None

    def cited(self, code: str) -> tuple[EvidenceView, ...]:
        """The documents of an indicator, each with the place in it."""
        known = self.sheet.document
        return tuple(
            replace(
                self.evidence[number],
                place=doc.place_of(known, number, code),
                place_revision=doc.revision_of(known.get(doc.place_key(number, code))),
            )
            for number in doc.evidence_ids(known, code)
            if number in self.evidence
        )

    def faults(self, indicator: Indicator) -> tuple[str, ...]:
        """What is wrong with the indicator as a whole: a > b where a is part of b."""
        if not self.sheet.part_broken(indicator):
            return ()
        return (explain_exact(self.sheet.exact, indicator, self.language).because,)

    def confirmed(self, indicator: Indicator) -> Confirmed | None:
        """The body's word that what is asked back is right; None where nothing is asked back."""
        entry = self.questions.right(indicator)
        if entry is None or not self.questions.asked(indicator):
            return None
        return Confirmed(str(entry["text"]), Stamp(doc.time_of(entry), self.names.get(entry["by"], "")))

    def last(self, indicator: Indicator) -> tuple[LastValue, ...]:
        """What the body answered the period before."""
        if self.last_year is None:
            return ()
        questionnaire, known = self.sheet.questionnaire, self.last_year.answers
        found = []
        for key in self.sheet.asked_keys(indicator):
            if key in known:
                number = number_of(questionnaire, key) if indicator.numbers else None
                label, unit = (number.label, number.unit) if number else (Text(""), Text(""))
                shown = show_value(questionnaire, key, known[key].value, self.language)
                found.append(LastValue(key, label, shown, unit, known[key].typed))
        return tuple(found)

    def field(self, indicator: Indicator, key: str) -> FieldView:
        """One input."""
        questionnaire = self.sheet.questionnaire
        answer = self.sheet.answers.get(key, BLANK)
        entry = self.sheet.document.get(key)
        number = number_of(questionnaire, key) if indicator.numbers else None
        kind = _kind(indicator, number)
        return FieldView(
            key=key,
            kind=kind,
            label=number.label if number else Text(""),
            unit=number.unit if number else Text(""),
            typed=answer.typed,
            chosen=_chosen(answer),
            shown=show_value(questionnaire, key, answer.value, self.language) if answer.fault is None else answer.typed,
            revision=doc.revision_of(entry),
            fault=fault_sentence(questionnaire, key, answer, self.language),
            help=number.help if number else Text(""),
            shared_with=tuple(user.code for user in questionnaire.users_of[key] if user is not indicator),
            last_change=_written(entry, self.names) if indicator.provided_by is None else None,
        )


def people_of(sheet: Sheet, indicator: Indicator) -> str:
    """How many people a survey's counts add up to, as far as they are there."""
    counts = [number(sheet.case.value(grade.count.key)) for grade in indicator.grades]
    known = [count for count in counts if count is not None]
    return format_number(sum(known, Fraction(0))) if known else ""


def notice_of(questionnaire: Questionnaire, indicator: Indicator, language: str) -> str:
    """What a body must know of how an indicator counts, in one line: bonus, penalty, gate, held against the cohort."""
    told = []
    if indicator.counts is not Counts.POINTS:
        maximum = format_number(indicator.maximum)
        told.append(say(f"words.rule_{indicator.counts.value}", language, maximum=maximum))
    if indicator.gate is not None:
        told.append(gate_words(questionnaire, indicator, indicator.gate, language))
    if isinstance(indicator.score, Peer):
        told.append(say("services.notice_peer", language))
    return " ".join(told)


def _kind(indicator: Indicator, number: Input | None) -> str:
    match indicator.ask:
        case YesNo():
            return "yes_no"
        case Choice():
            return "choice"
        case Checks():
            return "checks"
        case Points() | Manual():
            return "points"
        case FreeText():
            return "text"
        case Number() | Ratio() | MeanRatio() | Survey():
            return number.kind.value if number else "decimal"
        case _:
            assert_never(indicator.ask)


def _chosen(answer: Answer) -> frozenset[str]:
    match answer.value:
        case frozenset():
            return answer.value
        case Special():
            return frozenset()
        case str():
            return frozenset({answer.value})
        case _:
            return frozenset()


def _written(entry: doc.Entry | None, names: Names) -> Stamp | None:
    return None if entry is None else stamp(names, doc.time_of(entry), entry["by"])


def kad_view(entry: doc.Entry | None, names: Names) -> KadView | None:
    """A request and what was decided on it."""
    if entry is None:
        return None
    asked = Stamp(doc.time_of(entry), names.get(entry["by"], ""))
    decided = entry.get("decided_at")
    return KadView(
        reason=str(entry["reason"]),
        asked=asked,
        decision=entry.get("decision"),
        decision_reason=str(entry.get("decision_reason", "")),
        decided=stamp(names, doc.parse_time(decided), entry.get("decided_by")) if decided else None,
    )
